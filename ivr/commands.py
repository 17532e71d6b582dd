"""What a conversation may ask for its own call. Plain data; `hotline.calls` wires the handlers.

Each docstring tells what its handler returns: plain JSON data, kept in the call's journal.
"""

from dataclasses import dataclass
from typing import Literal

Danger = Literal["police", "fire", "medical", "rescue", "child"]


@dataclass(frozen=True)
class DeclineRecording:
    """The caller does not want to be recorded: the call is marked so, for good."""


@dataclass(frozen=True)
class BecomeAnonymous:
    """Wipe the caller's number from everything that this call has stored, now.

    Only a keyed hash stays for a short time, so that a dropped line can go on.
    """


@dataclass(frozen=True)
class SetLanguage:
    """The caller chose a language: staff and messages follow."""

    language: str


@dataclass(frozen=True)
class AskForWords:
    """Have the worker transcribe a recording ahead of others; `Hear` waits for it."""

    recording: str


@dataclass(frozen=True)
class ProposePlace:
    """Units named in a recording's words, the likeliest first, at most three:
    [{"unit": "2025:31894", "old": "pre2025:31900" or None}]; empty where none was understood."""

    recording: str


@dataclass(frozen=True)
class RaiseAlarm:
    """Somebody is in danger: staff are alerted at once."""

    danger: Danger | None


@dataclass(frozen=True)
class WithdrawAlarm:
    """The caller pressed the danger key by mistake; staff see that too."""


@dataclass(frozen=True)
class ReserveConnection:
    """Seconds for which the hotline may connect to an emergency number; 0: not today."""

    number: str


@dataclass(frozen=True)
class PromiseCallback:
    """Staff ring back in order: {"ahead": how many are rung before}.

    `number` is `reports.commands.THE_CALLER` or a keyed-in number; `waited_s` is how long the
    caller waited in the queue: the place there is kept. `report` is what it is about, if filed.
    """

    number: str
    waited_s: int = 0
    report: str | None = None


@dataclass(frozen=True)
class KeepCallback:
    """What became of an outgoing call that kept a promise: `reached` the person or not."""

    callback: str
    reached: bool
