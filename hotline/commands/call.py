"""`hotline call`: a scripted caller that places a real SIP call and tells what happened."""

import asyncio
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hotline.errors import HotlineError
from hotline.settings import Settings, read_settings
from provinces.errors import ProvinceError
from speech.errors import SpeechError

if TYPE_CHECKING:
    from hotline.caller.script import Action
    from speech.sound import Sound

DEFAULT_CALLER = "0912345678"
SECRET_FILE = "phone"
TOKEN_FILE = "caller.token"
SPOKEN_LANGUAGE = "vi"

ANONYMOUS = "anonymous"
PATIENCE_S = 20.0

_CALLER_NUMBER = re.compile(r"\+?[0-9]{3,15}")
_ADDRESS = re.compile(r"(\S+):([0-9]{1,5})")
_CALLED_NUMBER = re.compile(r"\+?[0-9A-Za-z*#_.-]{1,40}")
_ACTIONS = (
    "keys",
    "at_once",
    "play",
    "say",
    "answer",
    "answer_at_once",
    "silence",
    "wait_prompt",
    "hangup",
)
_EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]", "::": "::1"}


class _ScriptCommand(click.Command):
    """Keeps the actions in the order in which they were written; click sorts them by name."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        rest = super().parse_args(ctx, args)
        values: dict[str, Iterator[Any]] = {}
        for name in _ACTIONS:
            value = ctx.params.pop(name)
            # A count stands for an action without a value.
            values[name] = iter([""] * value if isinstance(value, int) else value)
        written = [option.name for option in order if option.name in values]
        ctx.params["script"] = tuple((name, str(next(values[name]))) for name in written)
        return rest


def _address(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None:
        found = _ADDRESS.fullmatch(value)
        if not found or not 0 < int(found[2]) < 65536:
            raise click.BadParameter(f"expected HOST:PORT, found {value!r}")
    return value


def _caller(ctx: click.Context, parameter: click.Parameter, value: str) -> str:
    if value != ANONYMOUS and not _CALLER_NUMBER.fullmatch(value):
        raise click.BadParameter(f"expected 3 to 15 digits or {ANONYMOUS!r}, found {value!r}")
    return value


def _called(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not _CALLED_NUMBER.fullmatch(value):
        raise click.BadParameter(f"expected a telephone number, found {value!r}")
    return value


@click.command(cls=_ScriptCommand)
@click.option("--keys", multiple=True, metavar="DIGITS", help="Press these at the prompt's end.")
@click.option("--at-once", multiple=True, metavar="DIGITS", help="Press these into the prompt.")
@click.option(
    "--play",
    multiple=True,
    metavar="FILE.wav",
    help="Play this after the beep, then press # (unless --silence, --hangup or # follows).",
)
@click.option("--say", multiple=True, metavar="TEXT", help="Like --play, with a rendered sentence.")
@click.option(
    "--answer",
    multiple=True,
    metavar="TEXT|FILE.wav",
    help="Answer a question in words at the prompt's end.",
)
@click.option(
    "--answer-at-once", multiple=True, metavar="TEXT|FILE.wav", help="The same, into the prompt."
)
@click.option("--silence", multiple=True, metavar="SECONDS", help="Neither speak nor press.")
@click.option("--wait-prompt", count=True, help="Let one prompt pass without an answer.")
@click.option("--hangup", count=True, help="Leave here; otherwise the hotline has the last word.")
@click.option(
    "--from",
    "caller",
    default=DEFAULT_CALLER,
    show_default=True,
    metavar="NUMBER",
    callback=_caller,
    help="The caller's number, or anonymous.",
)
@click.option(
    "--to", "called", metavar="NUMBER", callback=_called, help="Default: the province's hotline."
)
@click.option("--target", metavar="HOST:PORT", callback=_address, help="Default: HOTLINE_SIP_BIND.")
@click.option(
    "--secret-file",
    type=click.Path(path_type=Path),
    help=f"The local telephone's SIP secret. Default: {SECRET_FILE} among the secrets.",
)
@click.option("--save", type=click.Path(path_type=Path), help="Keep what was heard, 8 kHz WAV.")
@click.option("--save-said", type=click.Path(path_type=Path), help="Keep what was said, 8 kHz WAV.")
@click.option(
    "--timeout",
    "patience_s",
    type=click.FloatRange(1, 600),
    default=PATIENCE_S,
    show_default=True,
    metavar="SECONDS",
    help="How long the line may be quiet while a prompt or beep is awaited.",
)
@click.option("--api", metavar="URL", help="Default: HOTLINE_WEB_BIND over http.")
@click.option(
    "--token-file",
    type=click.Path(path_type=Path),
    help=f"A token of the web API. Default: {TOKEN_FILE} among the secrets.",
)
@click.option(
    "--words-wait",
    "words_wait_s",
    type=click.FloatRange(0, 3600),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for the words of the statement.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def call(
    script: tuple[tuple[str, str], ...],
    caller: str,
    called: str | None,
    target: str | None,
    secret_file: Path | None,
    save: Path | None,
    save_said: Path | None,
    patience_s: float,
    api: str | None,
    token_file: Path | None,
    words_wait_s: float,
    as_json: bool,
) -> None:
    """Call the hotline, carry out the actions in their order, tell what happened.

    Prompts are awaited by ear: keys are pressed when a prompt has ended, a sound is played when
    the beep has sounded.

    \b
    Example:
      hotline call --keys 2 --play statement.wav --keys 1 --save heard.wav
    """
    # Imported here, not above: whoever asks another command for help should not wait for them.
    from hotline.caller.errors import BadScript
    from hotline.caller.placing import CallPlan
    from hotline.caller.told import ring
    from speech.sound import write_wav

    try:
        settings = read_settings()
        plan = CallPlan(
            script=_actions(script),
            caller=caller,
            called=called or _hotline_number(settings),
            patience_s=patience_s,
        )
        secret = _one_line(secret_file or settings.secrets / SECRET_FILE)
        token = token_file or settings.secrets / TOKEN_FILE
        told = asyncio.run(
            ring(
                plan,
                target or _reachable(settings.sip_bind),
                secret,
                api or f"http://{_reachable(settings.web_bind)}",
                _one_line(token) if token_file or token.exists() else None,
                words_wait_s,
            )
        )
        if save:
            write_wav(save, told.placed.heard)
        if save_said:
            write_wav(save_said, told.placed.said)
    except BadScript as error:
        raise click.UsageError(str(error)) from error
    except (HotlineError, ProvinceError, SpeechError) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(told.as_json(), ensure_ascii=False, indent=1))
    else:
        for line in told.lines():
            click.echo(line)
    if told.placed.problem:
        raise click.ClickException(str(told.placed.problem))
    if told.untold:
        click.echo(f"No report: {told.untold}", err=True)


def _actions(written: Sequence[tuple[str, str]]) -> "tuple[Action, ...]":
    from hotline.caller.script import Asked, actions
    from speech.sound import read_wav

    asked = [Asked(name, value) for name, value in written]
    return actions(asked, read=lambda name: read_wav(Path(name)), render=_rendered)


def _rendered(text: str) -> "Sound":
    from speech.synthesis import Synthesiser
    from speech.voices import default_voice

    with Synthesiser() as synthesiser:
        return synthesiser.speak(text, default_voice(SPOKEN_LANGUAGE))


def _hotline_number(settings: Settings) -> str:
    from provinces.loader import find_province, load_province

    return load_province(find_province(settings.province)).hotline_number


def _one_line(file: Path) -> str:
    try:
        content = file.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not a text"
        raise click.ClickException(f"{file}: {why.lower()}; `make run` makes it") from error
    if not content:
        raise click.ClickException(f"{file}: expected a secret, found an empty file")
    return content


def _reachable(bind: str) -> str:
    host, _, port = bind.rpartition(":")
    return f"{_EVERY_ADDRESS.get(host, host)}:{port}"
