"""What a scripted caller does, in order; pure data, made from the command line's words."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hotline.caller.errors import BadScript
from speech.sound import TELEPHONE_HZ, Sound, resampled

KEYS = re.compile(r"[0-9*#]+")
FINISH_KEY = "#"


@dataclass(frozen=True)
class Press:
    """Wait for the prompt's end, then press these keys."""

    digits: str


@dataclass(frozen=True, eq=False)
class Speak:
    """Wait for the beep, then play this sound; `label` names it in the timeline."""

    sound: Sound
    label: str


@dataclass(frozen=True, eq=False)
class Answer:
    """Say this in answer to a question: at the prompt's end, or `at_once` into the prompt."""

    sound: Sound
    label: str
    at_once: bool = False


@dataclass(frozen=True)
class PressAtOnce:
    """Press these keys without waiting for a prompt; ends a statement."""

    digits: str


@dataclass(frozen=True)
class KeepSilent:
    """Neither speak nor press for `length_s` seconds."""

    length_s: float


@dataclass(frozen=True)
class WaitForPrompt:
    """Let one prompt pass without an answer."""


@dataclass(frozen=True)
class HangUp:
    """Leave at this point, without waiting for anything."""


Action = Press | PressAtOnce | Speak | Answer | KeepSilent | WaitForPrompt | HangUp


@dataclass(frozen=True)
class Asked:
    """One action as written on the command line: the option's name and its value."""

    name: str
    value: str


def actions(
    asked: Sequence[Asked],
    read: Callable[[str], Sound],
    render: Callable[[str], Sound],
) -> tuple[Action, ...]:
    """The actions of a command line, in its order.

    `read` gives the sound of a file, `render` the sound of a sentence. A statement is ended with
    `#`, as the prompt asks, unless the next action is silence, a hangup or keys that begin so.

    Raises:
        BadScript: a value cannot be used, or something follows the hangup.
    """
    made: list[Action] = []
    for position, each in enumerate(asked):
        after = asked[position + 1] if position + 1 < len(asked) else None
        match each.name:
            case "keys":
                made.append(_keys(each.value, asked[position - 1] if position else None))
            case "play" | "say":
                made.append(_speech(each, read, render))
                if not _caller_ends_it(after):
                    made.append(PressAtOnce(FINISH_KEY))
            case "answer" | "answer_at_once":
                sound, label = _sound(each, _file_or_text(each.value, read, render))
                made.append(Answer(sound, label, each.name == "answer_at_once"))
            case "at_once":
                made.append(PressAtOnce(_checked(each)))
            case "silence":
                made.append(_silence(each.value))
            case "wait_prompt":
                made.append(WaitForPrompt())
            case "hangup":
                if after is not None:
                    raise BadScript(f"expected nothing after --hangup, found --{after.name}")
                made.append(HangUp())
            case other:
                raise BadScript(f"expected an action, found {other!r}")
    return tuple(made)


def _keys(value: str, before: Asked | None) -> Press | PressAtOnce:
    _checked(Asked("keys", value))
    if value.startswith(FINISH_KEY) and before and before.name in ("play", "say"):
        return PressAtOnce(value)
    return Press(value)


def _checked(asked: Asked) -> str:
    if not KEYS.fullmatch(asked.value):
        option = asked.name.replace("_", "-")
        raise BadScript(f"--{option}: expected digits, * or #, found {asked.value!r}")
    return asked.value


def _speech(asked: Asked, read: Callable[[str], Sound], render: Callable[[str], Sound]) -> Speak:
    return Speak(*_sound(asked, read if asked.name == "play" else render))


def _file_or_text(
    value: str, read: Callable[[str], Sound], render: Callable[[str], Sound]
) -> Callable[[str], Sound]:
    return read if value.endswith(".wav") else render


def _sound(asked: Asked, make: Callable[[str], Sound]) -> tuple[Sound, str]:
    if not asked.value.strip():
        option = asked.name.replace("_", "-")
        raise BadScript(f"--{option}: expected a text or a file, found nothing")
    return resampled(make(asked.value), TELEPHONE_HZ), asked.value


def _silence(value: str) -> KeepSilent:
    try:
        length_s = float(value)
    except ValueError:
        length_s = -1.0
    if not 0 < length_s <= 600:
        raise BadScript(f"--silence: expected 0 to 600 seconds, found {value!r}")
    return KeepSilent(length_s)


def _caller_ends_it(after: Asked | None) -> bool:
    if after is None:
        return False
    return after.name in ("silence", "hangup") or (
        after.name in ("keys", "at_once") and after.value.startswith(FINISH_KEY)
    )
