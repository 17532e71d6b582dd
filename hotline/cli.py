"""The program `hotline`. Each command is imported when it is called, so each starts quickly."""

import importlib
import os
import sys

import click

from hotline.errors import HotlineError

COMMANDS = {
    "run": "run",
    "setup": "setup",
    "agi": "agi",
    "web": "web",
    "worker": "worker",
    "speech": "speech",
    "call": "call",
    "simulate": "simulate",
    "replay": "replay",
    "check-flows": "check_flows",
    "doctor": "doctor",
    "migrate": "migrate",
    "reindex": "reindex",
    "user": "user",
    "models": "models",
    "prompts": "prompts",
    "province": "province",
    "audit": "audit",
    "report": "report",
    "purge": "purge",
    "person": "person",
    "monitoring": "monitoring",
    "demo": "demo",
    "sms": "sms",
    "backup": "backup",
    "restore": "restore",
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"hotline.commands.{COMMANDS[name]}")
        command = getattr(module, COMMANDS[name])
        assert isinstance(command, click.Command)
        return command


@click.command(cls=_Commands)
@click.version_option(package_name="hotline-19009120")
def hotline() -> None:
    """The citizen hotline: calls become field reports."""


def main() -> None:
    """Run the program; what the operator can mend is one line, not a traceback."""
    from accounts.errors import AccountsError
    from ivr.errors import IvrError
    from notifications.errors import NotificationsError
    from provinces.errors import ProvinceError
    from speech.errors import SpeechError
    from storage.errors import StorageError

    # Recordings and the database are people's words and numbers: nobody else here may read them.
    os.umask(0o077)
    try:
        hotline()
    except (
        AccountsError,
        HotlineError,
        IvrError,
        NotificationsError,
        ProvinceError,
        SpeechError,
        StorageError,
    ) as error:
        click.echo(f"hotline: {error}", err=True)
        sys.exit(1)
