"""`hotline setup`: everything that has to be there before the first call."""

import time

import click

from hotline.errors import HotlineError, SetupFailed
from hotline.settings import Settings, read_settings
from hotline.setup import steps


@click.command()
def setup() -> None:
    """Fetch, make and check what is missing; what is done is skipped."""
    run_setup(read_settings())


def run_setup(settings: Settings) -> None:
    """Do every step, a line each.

    Raises:
        SetupFailed: a step that calls cannot do without failed.
    """
    for step in steps(settings):
        began = time.monotonic()
        click.echo(f"  {step.name:<15}", nl=False)
        told: list[str] = []

        def say(line: str, told: list[str] = told) -> None:
            told.append(line)
            click.echo(("\n" if len(told) == 1 else "") + f"      {line}")

        try:
            found = step.work(settings, say)
        except SetupFailed as error:
            click.echo("failed")
            if step.needed:
                raise
            click.echo(f"    {error}")
            continue
        except HotlineError:
            click.echo("failed")
            raise
        took = time.monotonic() - began
        timing = f"  ({took:.1f} s)" if took >= 1 else ""
        click.echo(("    → " if told else "") + found + timing)
