"""What the pages of prompts work with, and how their addresses name a voice and a sentence."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from flask import url_for

from console.errors import BadForm
from ivr.prompts import Prompts
from ivr.spoken import Prompt
from ivr.voices import Voices

SLOW = "-slow"
MOST_SAID = 40  # of one turn; the longest has a dozen


@dataclass(frozen=True)
class PromptDesk:
    """`voices` are the prompts as they are made, without what was recorded here; `takes` is the
    folder of what was."""

    voices: Callable[[], Voices]
    takes: Path


@dataclass(frozen=True)
class Voice:
    """A language at one pace; `name` is what addresses call it: `vi` or `vi-slow`."""

    name: str
    language: str
    slow: bool
    prompts: Prompts


def voices_of(made: Voices) -> Sequence[Voice]:
    """All that can be listened to, each language at its ordinary pace first."""
    return [
        Voice(f"{language}{SLOW if slow else ''}", language, slow, prompts)
        for (language, slow), prompts in made.items()
    ]


def find_voice(made: Voices, name: str) -> Voice | None:
    """The voice of that name."""
    return next((voice for voice in voices_of(made) if voice.name == name), None)


def spoken_url(
    slow: bool, said: Iterable[Prompt] = (), sound: tuple[str, str] | None = None, **more: str
) -> str:
    """Where `said`, or the one sound (language, name), is heard in one go."""
    says = ["|".join((language, key, urlencode(values))) for key, values, language in said]
    asked: dict[str, str | list[str]] = {"slow": "1"} if slow else {}
    if says:
        asked["say"] = says
    if sound is not None:
        asked["sound"] = "|".join(sound)
    return url_for("console.spoken_prompts", **asked, **more)  # type: ignore[arg-type]


def read_said(says: Sequence[str]) -> Sequence[Prompt]:
    """What `spoken_url` wrote.

    Raises:
        BadForm: it cannot be read.
    """
    if len(says) > MOST_SAID:
        raise BadForm("prompt_bad_address")
    found: list[Prompt] = []
    for say in says:
        language, _, rest = say.partition("|")
        key, _, values = rest.partition("|")
        found.append((key, dict(parse_qsl(values)), language))
    return found
