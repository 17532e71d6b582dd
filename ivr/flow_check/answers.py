"""What may come back from each wait: what callers do, and what handlers may return.

Of answers that a flow cannot tell apart one stands for all.
"""

from collections.abc import Mapping

from ivr.commands import PromiseCallback, ProposePlace, ReserveConnection
from ivr.dialogue import DANGER, PERSON, REPEAT
from ivr.flow_check.states import Alike
from ivr.steps import (
    Dial,
    DialEnded,
    Digits,
    Do,
    Done,
    Enqueue,
    Gather,
    Hear,
    Heard,
    Json,
    LookAtQueue,
    NoInput,
    QueueEnded,
    QueueSeen,
    Record,
    Recorded,
    Result,
    Said,
    Wait,
)
from monitoring.commands import LONGEST_FIGURE, KeepAnswer
from reports.commands import FileReport, FindReport, OpenReport

# What is keyed in where several digits are wanted: of the right length, and too short.
ENTRIES: Mapping[int, tuple[str, ...]] = {
    11: ("0912345678", "123"),  # a telephone number
    9: ("482173905", "12"),  # a reference
    LONGEST_FIGURE: ("0", "8", "250", "9999999"),  # an amount, the last one implausible
    4: ("4711",),  # a PIN
}
LONG_WAIT_S = 300
_OPEN: Json = {"status": "in_progress", "due": [24, 11], "updated": [20, 11], "update": None}
_SOLVED: Json = {"status": "resolved", "due": None, "updated": [31, 12], "update": None}

# What the commands' docstrings allow. A command that is not here returns nothing.
HANDLED: Mapping[type, tuple[Json, ...]] = {
    ProposePlace: ([],),  # for a silent caller; `_proposals` has the others
    FileReport: ({"report": "r1", "reference": "482-173-905", "pin": "4711"},),
    FindReport: (
        {"report": "r1", "status": "in_progress"},
        {"problem": "malformed"},
        {"problem": "unknown"},
        {"problem": "locked"},
    ),
    OpenReport: (_OPEN, _SOLVED, {"problem": "wrong"}, {"problem": "locked"}),
    ReserveConnection: (0, 180),
    PromiseCallback: ({"ahead": 0}, {"ahead": 120}),
    KeepAnswer: ({"again": False},),
}


def answers(wait: Wait, alike: Alike) -> tuple[Result, ...]:
    """What is walked on from `wait`, silence first; hangups apart, and `*`, which only repeats."""
    match wait:
        case Gather(max_digits=1, by_word=True):
            # A clear word is its key; one that was not understood is asked for again.
            return (NoInput(), Said("", "", 0.0), *(Digits(key) for key in "1234567890"))
        case Gather(max_digits=1):
            return (NoInput(), *(Digits(key) for key in "1234567890"))
        case Gather(max_digits=most, amount=True):
            return (NoInput(), *(Digits(keys) for keys in ENTRIES.get(most, ("1" * most,))))
        case Gather(max_digits=most):
            entries = ENTRIES.get(most, ("1" * most,))
            return (NoInput(), *(Digits(keys) for keys in (*entries, PERSON, DANGER)))
        case Record(end_keys=keys):
            ended = [key for key in keys if key != REPEAT]
            return (
                recording(silent=True),
                NoInput(),  # the recording failed
                recording(silent=False),
                *(recording(silent, key) for key in ended for silent in (True, False)),
            )
        case Hear():
            return (NoInput(), Heard())
        case LookAtQueue():
            return (QueueSeen(0, 0, 0), QueueSeen(0, 2, 0), QueueSeen(120, 1, 36_000), NoInput())
        case Enqueue(wait_s=wait_s, leave_keys=keys):
            return (
                QueueEnded("timeout", max(wait_s, LONG_WAIT_S)),
                QueueEnded("answered", 20),
                QueueEnded("unavailable", 5),
                *(QueueEnded("key", 30, key) for key in keys),
            )
        case Dial():
            return (
                DialEnded("no_answer"),
                DialEnded("answered", 60),
                DialEnded("busy"),
                DialEnded("failed"),
            )
        case Do(command=ProposePlace()):
            return tuple(Done(proposals) for proposals in _proposals(alike))
        case Do(command=KeepAnswer(outcome="later")):
            return (Done({"again": True}), Done({"again": False}))
        case Do(command=command):
            return tuple(Done(value) for value in HANDLED.get(type(command), (None,)))


def silence(wait: Wait) -> Result:
    """What comes back from `wait` when the caller does nothing, and all goes as usual."""
    match wait:
        case LookAtQueue():
            return QueueSeen(3, 1, 240)
        case Hear():
            return Heard()
        case Record():
            return recording(silent=True)
        case Enqueue(wait_s=wait_s):
            return QueueEnded("timeout", wait_s)
        case Dial():
            return DialEnded("no_answer")
        case Do(command=command):
            return Done(HANDLED.get(type(command), (None,))[0])
        case Gather():
            return NoInput()


def recording(silent: bool, key: str = "") -> Recorded:
    return Recorded("checked-0", 5.0, 80_044, "0" * 64, silent, key)


def repeats(wait: Wait) -> Result | None:
    """The `*` at a wait that hears keys."""
    match wait:
        case Gather():
            return Digits(REPEAT)
        case Record():
            return recording(silent=False, key=REPEAT)
        case _:
            return None


def _proposals(alike: Alike) -> tuple[Json, ...]:
    """Nothing understood, one unit, and an old name before another unit."""
    units = sorted(alike.units)
    if not units:
        return ([],)
    first, second = units[0], units[-1]
    return (
        [],
        [{"unit": first, "old": None}],
        [{"unit": first, "old": first}, {"unit": second, "old": None}],
    )
