"""`hotline check-flows`: walks every flow and checks the rules of good prompts."""

import json
import sys
from dataclasses import asdict, replace

import click

from hotline.settings import read_settings


@click.command("check-flows")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--pack",
    metavar="KEY|FOLDER",
    help="With this pack as its files are. Default: the province as it was last published.",
)
def check_flows(as_json: bool, pack: str | None) -> None:
    """Walk every way through every flow; say what breaks a rule.

    A problem names the caller, the question and the keys that lead to it. Exit code 1 if any.
    """
    from hotline.call_facts import province_facts
    from hotline.voices import spoken_languages, the_voices
    from hotline.wiring import the_province
    from ivr.flow_check.report import check
    from ivr.flows.registry import FLOWS
    from ivr.prompt_sounds import read_manifest
    from provinces.errors import ProvinceError
    from provinces.loader import find_province, load_province

    settings = read_settings()
    try:
        province = load_province(find_province(pack)) if pack else the_province(settings)
    except ProvinceError as error:
        raise click.ClickException(str(error)) from error
    voices = the_voices(settings, province)
    lengths_s = {
        language: {
            name: made.length_s
            for name, made in read_manifest(voices[language, False].folder).items()
        }
        for language in voices.languages
    }
    same = province_facts(province, spoken_languages(province))
    # A number that an SMS can reach meets every prompt that others meet, and one more.
    facts = replace(same, can_text=True, number_known=True)
    checked = check(FLOWS, facts, voices, province.wording, lengths_s)
    silent = [
        f"{language}: worded, but no voice speaks it and it is not recorded whole"
        for language in province.wording
        if language not in voices.languages
    ]
    problems = checked.problems + len(silent)
    if as_json:
        content = {**asdict(checked), "words": [*checked.words, *silent], "problems": problems}
        click.echo(json.dumps(content, ensure_ascii=False))
        sys.exit(1 if problems else 0)
    for flow in checked.flows:
        for problem in flow.problems:
            click.echo(f"{flow.name} {flow.version}: {problem}", err=True)
        click.echo(
            f"{flow.name} {flow.version}: {flow.cases} kinds of calls, {flow.moments} moments, "
            f"{flow.answers} answers tried, {len(flow.problems)} problems"
        )
    for problem in (*checked.words, *silent):
        click.echo(problem, err=True)
    click.echo(f"words: {checked.prompts} prompts, {len(checked.words) + len(silent)} problems")
    sys.exit(1 if problems else 0)
