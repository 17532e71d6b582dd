"""The rules of a good conversation, held against what a walk has met.

Figures that no source sets are ours. Sources and reasons: docs/decisions/0004-prompt-rules.md.
"""

from collections.abc import Callable, Iterator

from ivr.commands import DeclineRecording, PromiseCallback, RaiseAlarm, ReserveConnection
from ivr.dialogue import DANGER, PERSON
from ivr.errors import IvrError
from ivr.flow_check.answers import repeats, silence
from ivr.flow_check.heard import steps_of
from ivr.flow_check.limits import (
    LEAST_BETWEEN_DIGITS_S,
    LEAST_SILENCE_S,
    LEAST_TIMEOUT_S,
    MOST_BETWEEN_DIGITS_S,
    MOST_TIMEOUT_S,
)
from ivr.flow_check.walk import Edge, Moment, Walk
from ivr.session import Entry, Turn
from ivr.steps import (
    DialEnded,
    Digits,
    Do,
    Done,
    Enqueue,
    Gather,
    HungUp,
    LookAtQueue,
    QueueEnded,
    Record,
    Recorded,
    step_name,
)
from monitoring.commands import KeepAnswer
from reports.commands import NOBODY, THE_CALLER, FileReport

GOODBYE = "goodbye"
# What a caller hears who asks for a person and cannot have one; something else is offered then.
NO_PERSON = frozenset({"nobody_signed_in", "closed_hours", "closed_holiday"})
# Numbers that call too often: being let to nobody is what the limit means.
LIMITED = frozenset({"blocked", "record_only"})

Rule = Callable[[Moment, Walk], Iterator[str]]


def times(moment: Moment, walk: Walk) -> Iterator[str]:
    """Nobody is hurried, nobody is left in silence. Drivers double the times of slow calls."""
    match moment.turn.wait:
        case Gather(timeout_s=timeout_s, between_digits_s=between_s):
            if not LEAST_TIMEOUT_S <= timeout_s <= MOST_TIMEOUT_S:
                expected = f"from {LEAST_TIMEOUT_S:g} to {MOST_TIMEOUT_S:g} s"
                yield f"expected a time-out {expected}, found {timeout_s:g} s"
            if not LEAST_BETWEEN_DIGITS_S <= between_s <= MOST_BETWEEN_DIGITS_S:
                expected = f"from {LEAST_BETWEEN_DIGITS_S:g} to {MOST_BETWEEN_DIGITS_S:g} s"
                yield f"expected {expected} between digits, found {between_s:g} s"
        case Record(silence_s=silence_s, end_keys=end_keys):
            if silence_s < LEAST_SILENCE_S:
                yield f"expected at least {LEAST_SILENCE_S:g} s of silence, found {silence_s} s"
            if "#" not in end_keys:
                yield "expected # to end the recording"


def a_person(moment: Moment, walk: Walk) -> Iterator[str]:
    """`0` leads to the queue, or to the word that nobody is there and what there is instead."""
    if walk.facts.treatment in LIMITED:
        return
    for edge in _pressed(moment, PERSON):
        heard = {say.key for say in edge.turn.says}
        if not (isinstance(edge.turn.wait, LookAtQueue | Enqueue) or heard & NO_PERSON):
            yield f"{PERSON} does not lead to a person but to {step_name(edge.turn.wait)}"


def danger(moment: Moment, walk: Walk) -> Iterator[str]:
    """`8` alerts staff before anything is said or asked."""
    for edge in _pressed(moment, DANGER):
        if not any(isinstance(command, RaiseAlarm) for command in edge.commands):
            yield f"{DANGER} does not raise the alarm but leads to {step_name(edge.turn.wait)}"


def both_keys(moment: Moment, walk: Walk) -> Iterator[str]:
    """A recording can be left for a person, for danger, and to hear the question again."""
    wait = moment.turn.wait
    if isinstance(wait, Record) and (missing := set("0*8") - set(wait.end_keys)):
        yield f"expected {', '.join(sorted(missing))} to end the recording too"


def repeated(moment: Moment, walk: Walk) -> Iterator[str]:
    """`*` puts the question again, and `**` more slowly."""
    wait = moment.turn.wait if moment.edges else None
    star = None if wait is None else repeats(wait)
    if star is None:
        return
    try:
        session = walk.session(moment.way)
        for _ in range(2):
            session.resume(star)
            if session.turn.wait != wait:
                yield f"* does not repeat the question but leads to {step_name(session.turn.wait)}"
                return
    except IvrError as error:
        yield f"*: {error}"
        return
    if not session.turn.manner.slow:
        yield "** does not make the call slower"


def hung_up(moment: Moment, walk: Walk) -> Iterator[str]:
    """Who has left is spoken to no more, and the flow ends."""
    if moment.turn.wait is None or isinstance(moment.turn.wait, Do):
        return
    try:
        session = walk.session(moment.way)
        session.resume(HungUp())
        while (wait := session.turn.wait) is not None:
            session.resume(silence(wait))
    except IvrError as error:
        yield f"after a hangup: {error}"


def goodbye(moment: Moment, walk: Walk) -> Iterator[str]:
    """No bare hangup: the last thing heard is a goodbye, or a person."""
    if moment.turn.wait is not None:
        return
    match moment.way[-1].result if moment.way else None:
        case QueueEnded(outcome="answered") | DialEnded(outcome="answered"):
            return
    if not moment.turn.says or moment.turn.says[-1].key != GOODBYE:
        yield "the call ends without a goodbye"


def declined(moment: Moment, walk: Walk) -> Iterator[str]:
    """Nothing of somebody who does not want it is recorded."""
    if not isinstance(moment.turn.wait, Record):
        return
    waits = (turn.wait for turn, _ in _turns(walk, moment.way))
    if any(isinstance(w, Do) and isinstance(w.command, DeclineRecording) for w in waits):
        yield "records a caller who declined it"


def confirmed(moment: Moment, walk: Walk) -> Iterator[str]:
    """A place, a number to ring, a connection and a figure are read back and agreed to by key."""
    for edge in moment.edges:
        for command in edge.commands:
            for what, value in _severe(command):
                if value not in _agreed(moment, edge, walk):
                    yield f"{type(command).__name__}: the {what} was not read back and agreed to"


def _attempts(walk: Walk) -> Iterator[tuple[str, str]]:
    """Whoever presses a wrong key is asked again, at every question."""
    asked: dict[str, bool] = {}
    for moment in walk.moments:
        question = _keyed_in_at(moment)
        if question is None or not moment.edges:
            continue
        again = any(
            isinstance(moment.turn.wait, Do) or isinstance(edge.answer, Digits)
            for edge in moment.edges
            if step_name(edge.turn.wait) == question
        )
        asked[question] = asked.get(question, False) or again
    for question, again in asked.items():
        if not again:
            yield question, "whoever presses a wrong key is not asked again"


def _keyed_in_at(moment: Moment) -> str | None:
    """The question that is put here, or whose answer a command is looking at."""
    match moment.turn.wait:
        case Gather() as gather:
            return step_name(gather)
        case Do():
            last = next((e for e in reversed(moment.way) if not isinstance(e.result, Done)), None)
            return last.step if last and isinstance(last.result, Digits) else None
        case _:
            return None


RULES: tuple[Rule, ...] = (
    times,
    both_keys,
    a_person,
    danger,
    repeated,
    hung_up,
    goodbye,
    declined,
    confirmed,
)


def broken_rules(walk: Walk) -> Iterator[tuple[str, str]]:
    """(where, what), each once for each wait, with a shortest way that leads there."""
    yield from walk.problems
    known: set[tuple[str, str]] = set()
    for moment in walk.moments:
        for rule in RULES:
            for problem in rule(moment, walk):
                if (cause := (step_name(moment.turn.wait), problem)) not in known:
                    known.add(cause)
                    yield moment.name, problem
    yield from _attempts(walk)


def _pressed(moment: Moment, key: str) -> Iterator[Edge]:
    wait = moment.turn.wait
    # An amount may be 0 or 8. The questions around it are not exempt: docs/decisions/0037.
    if not isinstance(wait, Gather | Record) or (isinstance(wait, Gather) and wait.amount):
        return
    for edge in moment.edges:
        match edge.answer:
            case Digits(value) if value == key:
                yield edge
            case Recorded(key=ending) if ending == key:
                yield edge


def _turns(walk: Walk, way: tuple[Entry, ...]) -> Iterator[tuple[Turn, Entry]]:
    """The turns of a journal, each with its answer."""
    session = walk.session()
    for entry in way:
        yield session.turn, entry
        session.resume(entry.result)


def _agreed(moment: Moment, edge: Edge, walk: Walk) -> set[str]:
    """The values that the caller heard in a question and answered by key."""
    answered = [*_turns(walk, moment.way), (moment.turn, Entry("", edge.answer))]
    agreed: set[str] = set()
    for turn, entry in answered:
        if isinstance(turn.wait, Gather) and isinstance(entry.result, Digits):
            for step in steps_of(turn):
                agreed |= {_code(value) for value in step.values.values()}
    return agreed


def _code(value: str) -> str:
    """`@unit_31894` and `0912-345-678` as commands have them."""
    return value.rpartition("_")[2] if value.startswith("@") else value.replace("-", "")


def _severe(command: object) -> Iterator[tuple[str, str]]:
    """What of a command costs most when it is wrong."""
    match command:
        case FileReport(partial=False, place=place, contact=contact):
            if place is not None:
                yield "place", place.partition(":")[2]
            if contact not in (THE_CALLER, NOBODY):
                yield "number", contact
        case PromiseCallback(number=number) if number != THE_CALLER:
            yield "number", number
        case ReserveConnection(number=number):
            yield "number", number
        case KeepAnswer(figure=figure) if figure is not None:
            yield "figure", str(figure)
