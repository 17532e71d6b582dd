"""`hotline run`: sets up what is missing, then starts everything under one supervisor."""

import contextlib
import os

import click

from hotline.announcing import announce_when_ready
from hotline.commands.setup import run_setup
from hotline.ports import check_ports
from hotline.settings import Settings, read_settings
from hotline.supervisor import processes, supervisor_command, write_configuration
from hotline.telephony.fetch import provide_asterisk
from hotline.telephony.process import asterisk_command
from hotline.telephony.render import render
from hotline.telephony.wanted import NONE, wanted_telephony
from hotline.wiring import the_province


@click.command()
def run() -> None:
    """Start the hotline; Ctrl-C stops all of it."""
    settings = read_settings()
    check_ports(settings)
    click.echo("setting up")
    run_setup(settings)
    configuration = write_configuration(settings, processes(settings, _asterisk(settings)))
    click.echo("starting")
    if os.fork() == 0:
        with contextlib.suppress(KeyboardInterrupt):
            announce_when_ready(settings)
        os._exit(0)
    command = supervisor_command(configuration)
    os.execv(command[0], command)


def _asterisk(settings: Settings) -> list[str] | None:
    if settings.asterisk == NONE:
        return None
    installation = provide_asterisk(settings.asterisk, settings.cache)
    province = the_province(settings)
    numbers = tuple(danger.number for danger in province.dangers)
    telephony = wanted_telephony(settings, province.hotline_number, numbers)
    return asterisk_command(installation, render(telephony, installation))
