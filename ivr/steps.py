"""What a flow may ask for, and what may come back.

A flow yields steps and is sent results; it knows no telephone, socket, clock or
database. Each `key` names a place in the conversation and its wording, never the
words themselves, so a prompt can be reworded while calls are in progress.
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, TypeVar

T = TypeVar("T")
QueueOutcome = Literal["answered", "timeout", "key", "unavailable"]
DialOutcome = Literal["answered", "busy", "no_answer", "failed"]
Json = None | bool | int | float | str | list[Any] | dict[str, Any]
_NO_VALUES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Say:
    """Play a prompt; nothing comes back. `values` fill its wording's placeholders.

    `language` is for words that are not in the call's own: "For English, press 6".
    """

    key: str
    values: Mapping[str, str] = field(default_factory=lambda: _NO_VALUES)
    language: str | None = None


@dataclass(frozen=True)
class Manner:
    """How the call is spoken from here on; nothing comes back. `slow` also doubles the times."""

    language: str
    slow: bool = False


@dataclass(frozen=True)
class Gather:
    """Play a prompt and collect keypad digits.

    Keys count from the turn's first sound on: whoever knows the menu need not listen
    to it, for each minute costs. `finish_on` ends an entry and is not part of it. `by_word`: a
    word of the province's list for this question counts as its key, where it can be heard.
    `amount`: a number is asked for that may be 0 or 8; these keys alone mean nothing else here.
    """

    key: str
    values: Mapping[str, str] = field(default_factory=lambda: _NO_VALUES)
    max_digits: int = 1
    timeout_s: float = 7.0
    between_digits_s: float = 3.0
    finish_on: str = "#"
    by_word: bool = False
    amount: bool = False


@dataclass(frozen=True)
class Record:
    """Play a prompt and a beep, then record the caller until a key of `end_keys`, silence or the
    limit."""

    key: str
    values: Mapping[str, str] = field(default_factory=lambda: _NO_VALUES)
    max_length_s: int = 120
    # Whoever is old, upset or looking for a street's name pauses long in mid-sentence.
    silence_s: int = 4
    end_keys: str = "#"


@dataclass(frozen=True)
class Hear:
    """Give the recogniser a moment to find the words of a recording that was just made."""

    key: str
    recording: str
    limit_s: float = 6.0


@dataclass(frozen=True)
class LookAtQueue:
    """Ask how long the wait for a person is. Nothing is spoken."""

    key: str


@dataclass(frozen=True)
class Enqueue:
    """Let the caller wait for a person, and talk to one.

    A key of `leave_keys` leaves the queue; so does the end of `wait_s`. `waited_s` is how long
    this caller has waited before: who comes back to the queue finds their place again.
    """

    key: str
    wait_s: int
    waited_s: int = 0
    leave_keys: str = ""


@dataclass(frozen=True)
class Dial:
    """Connect the caller to an outside number of the province's allow-list."""

    key: str
    number: str
    limit_s: int


@dataclass(frozen=True)
class Do:
    """Have the engine carry out a command in the transaction that journals it."""

    key: str
    command: object


# A flow that returns hangs up.
Wait = Gather | Record | Hear | LookAtQueue | Enqueue | Dial | Do
Step = Say | Manner | Wait


@dataclass(frozen=True)
class Digits:
    """What the caller keyed in, without the finish key."""

    value: str


@dataclass(frozen=True)
class Said:
    """The caller said one of the words that stand for `key`; '' where it was none of them.

    `words` are those of the list, never the caller's own. `confidence` is from 0 to 1.
    """

    key: str
    words: str
    confidence: float


@dataclass(frozen=True)
class Recorded:
    """A recording lies safe on disk. `silent`: nothing audible is in it; `key` ended it.

    With a `remote_id` it lies at the telephone provider still and is fetched from there: until
    then it has no hash, and what is told of its length and silence is the provider's word.
    """

    name: str
    length_s: float
    size_bytes: int
    sha256: str
    silent: bool
    key: str = ""
    remote_id: str = ""


@dataclass(frozen=True)
class Heard:
    """The words of a recording lie in the database; what they say is for a command to find."""


@dataclass(frozen=True)
class QueueSeen:
    """`waiting` callers are ahead, `agents` are signed in, the wait is about `wait_s`."""

    waiting: int
    agents: int
    wait_s: int


@dataclass(frozen=True)
class QueueEnded:
    """`answered`: a person talked to the caller; `key`: what the caller pressed to leave.

    `talked_s` is 0 where nobody talked, or nobody measured how long.
    """

    outcome: QueueOutcome
    waited_s: int
    key: str = ""
    talked_s: int = 0


@dataclass(frozen=True)
class DialEnded:
    outcome: DialOutcome
    talked_s: int = 0


@dataclass(frozen=True)
class NoInput:
    """The caller stayed silent until the step's timeout."""


@dataclass(frozen=True)
class Done:
    """What a command's handler returned: plain data, as its command tells."""

    value: Json = None


@dataclass(frozen=True)
class HungUp:
    """The caller left; raised in the flow as `CallerHungUp`."""


Result = (
    Digits | Said | Recorded | NoInput | Heard | QueueSeen | QueueEnded | DialEnded | Done | HungUp
)
Flow = Generator[Step, Any, T]


class CallerHungUp(Exception):
    """Raised at a flow's current step; the flow may still `Do`, but speak no more."""


def step_name(wait: Wait | None) -> str:
    """How the journal names a wait: `Gather:category`; `end` where the flow has returned."""
    return f"{type(wait).__name__}:{wait.key}" if wait else "end"
