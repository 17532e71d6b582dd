"""`hotline check-flows`: walks every flow and checks the rules of good prompts."""

import sys

import click

from hotline.settings import read_settings


@click.command("check-flows")
def check_flows() -> None:
    """Walk every way through every flow; say what breaks a rule."""
    from hotline.calls import facts_of
    from hotline.wiring import LANGUAGE, the_prompts, the_province
    from ivr.flow_checker import check_wording, walk
    from ivr.flows.registry import FLOWS
    from understanding.phone_number import PhoneNumber

    settings = read_settings()
    province = the_province(settings)
    prompts = the_prompts(settings, province)
    bad = 0
    for (name, version), flow in FLOWS.items():
        # A number that SMS can reach meets every prompt that others meet, and one more.
        facts = facts_of(province, PhoneNumber("+84900000000", mobile=True))
        found = walk(lambda flow=flow, facts=facts: flow(facts))  # type: ignore[misc]
        problems = found.problems + check_wording(found, province.wording[LANGUAGE], prompts)
        bad += len(problems)
        for problem in problems:
            click.echo(f"{name} {version}: {problem}", err=True)
        click.echo(
            f"{name} {version}: {found.states} states, {len(found.prompts)} prompts, "
            f"{len(problems)} problems"
        )
    sys.exit(1 if bad else 0)
