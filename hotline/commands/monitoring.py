"""`hotline monitoring`: figures from files, rounds by telephone, and who is asked in them."""

import click

from hotline.commands.monitoring_import import import_figures
from hotline.commands.monitoring_rounds import respondent, round


@click.group()
def monitoring() -> None:
    """What the operations centre watches: figures from files, and asked for by telephone."""


monitoring.add_command(import_figures)
monitoring.add_command(respondent)
monitoring.add_command(round)
