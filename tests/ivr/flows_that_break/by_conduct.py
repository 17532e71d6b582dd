"""Flows that treat a caller badly. Each is `sound` with one thing wrong."""

from collections.abc import Callable, Mapping

from ivr.commands import DeclineRecording, RaiseAlarm, ReserveConnection
from ivr.dialogue import DANGER, PERSON, InDanger, Talk, WantsPerson, ask, do, menu, record
from ivr.facts import CallFacts
from ivr.steps import (
    CallerHungUp,
    Dial,
    Digits,
    Do,
    Enqueue,
    Flow,
    Gather,
    LookAtQueue,
    Record,
    Say,
)
from reports.commands import FileReport

ROADS = "roads"


def _held(talk: Callable[[CallFacts, Talk], Flow[None]]) -> Callable[[CallFacts], Flow[None]]:
    """`talk` with what every call has: a person, danger, a goodbye."""

    def flow(facts: CallFacts) -> Flow[None]:
        try:
            yield from talk(facts, Talk(facts.language))
        except WantsPerson:
            yield LookAtQueue("queue_seen")
            yield Enqueue("queue", 60)
        except InDanger:
            yield Do("raise_alarm", RaiseAlarm(None))
        except CallerHungUp:
            return
        yield Say("goodbye")

    flow.__name__ = talk.__name__
    return flow


@_held
def sound(facts: CallFacts, talk: Talk) -> Flow[None]:
    said = yield from record(talk, Record("statement", end_keys="#0*8"))
    if said is not None and said.key == PERSON:
        raise WantsPerson
    if said is not None and said.key == DANGER:
        raise InDanger
    yield from menu(talk, "confirm", {"1": True, "2": False})


@_held
def hurries(facts: CallFacts, talk: Talk) -> Flow[None]:
    yield from ask(talk, Gather("confirm", timeout_s=3.0))
    yield from menu(talk, "confirm", {"1": True, "2": False})


@_held
def dawdles(facts: CallFacts, talk: Talk) -> Flow[None]:
    yield from ask(talk, Gather("confirm", timeout_s=20.0))
    yield from menu(talk, "confirm", {"1": True, "2": False})


@_held
def waits_too_shortly_between_digits(facts: CallFacts, talk: Talk) -> Flow[None]:
    yield from ask(talk, Gather("confirm", max_digits=4, between_digits_s=1.0))
    yield from ask(talk, Gather("confirm", max_digits=4))


@_held
def cuts_a_sentence(facts: CallFacts, talk: Talk) -> Flow[None]:
    said = yield from record(talk, Record("statement", silence_s=1, end_keys="#0*8"))
    yield from _heed(said.key if said else None)


@_held
def cannot_be_finished_by_key(facts: CallFacts, talk: Talk) -> Flow[None]:
    said = yield from record(talk, Record("statement", end_keys="0*8"))
    yield from _heed(said.key if said else None)


@_held
def records_past_a_cry_for_help(facts: CallFacts, talk: Talk) -> Flow[None]:
    yield from record(talk, Record("statement"))


@_held
def keeps_everybody_from_a_person(facts: CallFacts, talk: Talk) -> Flow[None]:
    for _ in range(2):
        result = yield Gather("confirm")
        if isinstance(result, Digits) and result.value == DANGER:
            raise InDanger


@_held
def does_not_hear_of_danger(facts: CallFacts, talk: Talk) -> Flow[None]:
    for _ in range(2):
        result = yield Gather("confirm")
        if isinstance(result, Digits) and result.value == PERSON:
            raise WantsPerson


@_held
def does_not_repeat(facts: CallFacts, talk: Talk) -> Flow[None]:
    result = yield Gather("confirm")
    yield from _heed(result.value if isinstance(result, Digits) else "")
    yield from menu(talk, "other", {"1": True})


@_held
def asks_once(facts: CallFacts, talk: Talk) -> Flow[None]:
    yield from menu(talk, "confirm", {"1": True, "2": False}, attempts=1)


def hangs_up_without_a_word(facts: CallFacts) -> Flow[None]:
    yield Say("confirm")


@_held
def speaks_to_who_has_left(facts: CallFacts, talk: Talk) -> Flow[None]:
    try:
        yield from menu(talk, "confirm", {"1": True, "2": False})
    except CallerHungUp:
        yield Gather("other")


@_held
def records_who_declined(facts: CallFacts, talk: Talk) -> Flow[None]:
    yield from menu(talk, "confirm", {"1": True, "2": False})
    yield from do("decline_recording", DeclineRecording())
    said = yield from record(talk, Record("statement", end_keys="#0*8"))
    yield from _heed(said.key if said else None)


@_held
def takes_a_number_for_granted(facts: CallFacts, talk: Talk) -> Flow[None]:
    keyed = yield from ask(talk, Gather("number", max_digits=11))
    if not isinstance(keyed, Digits):
        return
    yield from ask(talk, Gather("number", max_digits=11))
    yield from do("file_report", FileReport(ROADS, None, contact=keyed.value))


@_held
def takes_a_place_for_granted(facts: CallFacts, talk: Talk) -> Flow[None]:
    yield from menu(talk, "confirm", {"1": True, "2": False})
    yield from do("file_report", FileReport(ROADS, None, place="2025:31894"))


@_held
def connects_unasked(facts: CallFacts, talk: Talk) -> Flow[None]:
    yield from menu(talk, "confirm", {"1": True, "2": False})
    yield from do("reserve_connection", ReserveConnection("114"))
    yield Dial("danger_line", "114", 60)


@_held
def holds_a_silent_caller(facts: CallFacts, talk: Talk) -> Flow[None]:
    for _ in range(8):
        yield from menu(talk, "confirm", {"1": True, "2": False})


@_held
def goes_round_for_ever(facts: CallFacts, talk: Talk) -> Flow[None]:
    while (yield from menu(talk, "confirm", {"1": True})) is None:
        pass


def speaks_for_ever(facts: CallFacts) -> Flow[None]:
    while True:
        yield Say("confirm")


def commands_for_ever(facts: CallFacts) -> Flow[None]:
    while True:
        yield Do("decline_recording", DeclineRecording())


@_held
def raises(facts: CallFacts, talk: Talk) -> Flow[None]:
    chosen = yield from menu(talk, "confirm", {"1": "a"})
    yield Say({"a": "other"}[chosen or "b"])


def _heed(key: str | None) -> Flow[None]:
    if key == PERSON:
        raise WantsPerson
    if key == DANGER:
        raise InDanger
    yield Say("other")


BREAKS: Mapping[Callable[[CallFacts], Flow[None]], str] = {
    hurries: "expected a time-out from 5 to 15 s, found 3 s",
    dawdles: "expected a time-out from 5 to 15 s, found 20 s",
    waits_too_shortly_between_digits: "expected from 2 to 5 s between digits, found 1 s",
    cuts_a_sentence: "expected at least 1.5 s of silence, found 1 s",
    cannot_be_finished_by_key: "expected # to end the recording",
    records_past_a_cry_for_help: "expected *, 0, 8 to end the recording too",
    keeps_everybody_from_a_person: "0 does not lead to a person",
    does_not_hear_of_danger: "8 does not raise the alarm",
    does_not_repeat: "* does not repeat the question",
    asks_once: "whoever presses a wrong key is not asked again",
    hangs_up_without_a_word: "the call ends without a goodbye",
    speaks_to_who_has_left: "after a hangup a flow may only Do, found Gather:other",
    records_who_declined: "records a caller who declined it",
    takes_a_number_for_granted: "FileReport: the number was not read back and agreed to",
    takes_a_place_for_granted: "FileReport: the place was not read back and agreed to",
    connects_unasked: "ReserveConnection: the number was not read back and agreed to",
    holds_a_silent_caller: "a silent caller is held for more than 10 turns",
    goes_round_for_ever: "a silent caller is held for more than 10 turns",
    speaks_for_ever: "100 prompts in a row and no question",
    commands_for_ever: "more than 20 commands in one turn",
    raises: "KeyError in the flow",
}
