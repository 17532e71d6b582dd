"""One answer, one transaction: it counts once, whole, or not at all."""

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from ivr import engine
from ivr.conversation import Conversations, recording_name
from ivr.engine import Arrival, Handlers, Pending
from ivr.errors import BadEntry, FlowDiverged, FlowFailed, UnknownFlow
from ivr.models import Call, CallStatus, JournalEntry
from ivr.steps import (
    Digits,
    Enqueue,
    Gather,
    HungUp,
    LookAtQueue,
    NoInput,
    QueueEnded,
    QueueSeen,
    Record,
    Recorded,
    Result,
)
from reports.commands import FileReport
from storage.database import reading, transaction
from tests.ivr import short_flow
from tests.ivr.conftest import House

ARRIVAL = Arrival("agi", "1795000000.1", "+84912345678", "19009120", "server-1")


def nothing_on_disk(name: str) -> None:
    return None


def spoken(at: Pending, silent: bool = False) -> Recorded:
    return Recorded(recording_name(at), 2.0, 32_044, "ab" * 32, silent)


@pytest.fixture
def conversations(house: House, monkeypatch: pytest.MonkeyPatch) -> Conversations:
    short_flow.register(monkeypatch)
    return with_handlers(house, house.hotline.conversations.handlers)


def with_handlers(house: House, handlers: Handlers) -> Conversations:
    return Conversations(house.database, handlers, short_flow.prepare, house.clock)


@pytest.fixture
def at(conversations: Conversations) -> Pending:
    """A call at its first question."""
    return conversations.begin(ARRIVAL, nothing_on_disk)


def at_confirmation(conversations: Conversations, at: Pending) -> Pending:
    at = conversations.advance(at, Digits("2"))
    return conversations.advance(at, spoken(at))


def forgotten(at: Pending) -> Pending:
    """As a server knows the call that has not kept its session in memory."""
    return replace(at, live=None)


def steps(house: House) -> list[str]:
    return [entry.step for entry in house.journal(house.calls()[0])]


def test_a_driver_that_comes_again_finds_the_call_as_it_was(
    house: House, conversations: Conversations, at: Pending
) -> None:
    further = conversations.advance(at, Digits("2"))

    again = conversations.begin(ARRIVAL, nothing_on_disk)

    assert again == further
    assert len(house.calls()) == 1


def test_the_same_unique_id_at_another_driver_is_another_call(
    house: House, conversations: Conversations, at: Pending
) -> None:
    other = Arrival("simulator", ARRIVAL.driver_call_id, None, "19009120", "server-1")

    assert conversations.begin(other, nothing_on_disk).call_id != at.call_id


@pytest.mark.parametrize("late", [Digits("1"), NoInput(), HungUp(), Recorded("x", 1, 1, "", False)])
def test_a_late_or_repeated_answer_changes_nothing(
    house: House, conversations: Conversations, at: Pending, late: Result
) -> None:
    now = at_confirmation(conversations, at)
    before = steps(house)

    answered = conversations.advance(at, late)

    assert answered == now
    assert steps(house) == before and len(house.recordings()) == 1
    assert house.calls()[0].ended_at is None


def test_an_answer_to_a_question_not_yet_asked_changes_nothing(
    house: House, conversations: Conversations, at: Pending
) -> None:
    early = Pending(at.call_id, at.turn, at.position + 1, at.holder)

    assert conversations.advance(early, Digits("2")) == at
    assert steps(house) == []


def test_of_two_answers_at_once_only_one_counts(
    house: House, conversations: Conversations, at: Pending
) -> None:
    at = at_confirmation(conversations, at)
    together = threading.Barrier(4)
    turns: list[Pending] = []

    def answer(key: str) -> None:
        together.wait()
        turns.append(conversations.advance(at, Digits(key)))

    threads = [threading.Thread(target=answer, args=("1",)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(turns) == 4 and all(turn == turns[0] for turn in turns)
    assert steps(house)[2:] == ["Gather:confirm_statement", "Do:file_report"]
    assert len(house.reports()) == len(house.messages()) == len(house.transcripts()) == 1


def test_two_servers_that_hear_of_a_call_at_once_begin_it_once(
    house: House, conversations: Conversations
) -> None:
    together = threading.Barrier(4)

    def begin() -> None:
        together.wait()
        conversations.begin(ARRIVAL, nothing_on_disk)

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(house.calls()) == 1


class Trouble(Exception):
    """What a handler runs into."""


def failing_after(handlers: Handlers) -> Handlers:
    """Handlers that file the report, with its SMS and jobs, and only then fail."""

    def file_and_fail(
        session: Session, call: Call, position: int, command: object, now: datetime
    ) -> None:
        handlers[FileReport](session, call, position, command, now)
        raise Trouble

    return {**handlers, FileReport: file_and_fail}


def test_a_handler_that_fails_leaves_no_trace_and_the_answer_can_be_given_again(
    house: House, conversations: Conversations, at: Pending
) -> None:
    at = at_confirmation(conversations, at)
    broken = with_handlers(house, failing_after(conversations.handlers))
    before = steps(house)

    with pytest.raises(Trouble):
        broken.advance(at, Digits("1"))

    assert steps(house) == before
    traces = (house.reports(), house.messages(), house.transcripts(), house.jobs())
    assert traces == ([], [], [], [])
    assert house.recordings()[0].report_id is None
    conversations.advance(at, Digits("1"))
    assert len(house.reports()) == len(house.messages()) == len(house.jobs()) == 1


def test_a_command_that_always_fails_costs_the_caller_a_person_and_not_their_words(
    house: House, conversations: Conversations, at: Pending
) -> None:
    """Asked the same question again, they would meet the same defect again."""
    at = at_confirmation(conversations, at)
    handlers = conversations.handlers

    def fails_on_whole_reports(
        session: Session, call: Call, position: int, command: FileReport, now: datetime
    ) -> Any:
        if not command.partial:
            raise Trouble
        return handlers[FileReport](session, call, position, command, now)

    broken = with_handlers(house, {**handlers, FileReport: fails_on_whole_reports})

    at = broken.advance(at, Digits("1"))

    assert [say.key for say in at.turn.says] == ["apology"]
    assert at.turn.wait == LookAtQueue("queue_seen")
    (report,) = house.reports()
    assert report.partial and house.recordings()[0].report_id == report.id


def test_asking_where_a_call_stands_changes_nothing(
    house: House, conversations: Conversations, at: Pending
) -> None:
    with reading(house.database) as session:
        assert engine.pending(session, at.call_id) == at
    assert steps(house) == []


def tamper(house: House, **changes: Any) -> None:
    """Make the call one that this release cannot replay."""
    with transaction(house.database) as session:
        session.execute(update(Call).values(**changes))


def tamper_entry(house: House, position: int, **changes: Any) -> None:
    with transaction(house.database) as session:
        session.execute(
            update(JournalEntry).where(JournalEntry.position == position).values(**changes)
        )


Fault = tuple[type[Exception], dict[str, Any], dict[str, Any]]
"""The error, and what in the call and in its first entry is changed to provoke it."""

FAULTS: Mapping[str, Fault] = {
    "diverged": (FlowDiverged, {}, {"step": "Gather:district"}),
    "unknown result": (BadEntry, {}, {"result": {"type": "telepathy"}}),
    "a result without its field": (BadEntry, {}, {"result": {"type": "digits"}}),
    "a result that is a list": (BadEntry, {}, {"result": ["digits"]}),
    "retired flow": (UnknownFlow, {"flow_version": 99}, {}),
    "failing flow": (FlowFailed, {"facts": {"language": "vi", "menu": None}}, {}),
    "other facts": (FlowDiverged, {"facts": {"language": "vi", "former": 1}}, {}),
}


def spoil(house: House, fault: Fault) -> None:
    _, call, entry = fault
    if call:
        tamper(house, **call)
    if entry:
        tamper_entry(house, 0, **entry)


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_call_that_cannot_go_on_is_filed_and_apologised_for_once(
    house: House,
    conversations: Conversations,
    at: Pending,
    fault: Fault,
) -> None:
    at = at_confirmation(conversations, at)
    spoil(house, fault)
    with reading(house.database) as session, pytest.raises(fault[0]):
        engine.pending(session, at.call_id)

    rescued = conversations.advance(forgotten(at), Digits("1"))
    again = conversations.advance(at, Digits("1"))
    returned = conversations.begin(ARRIVAL, nothing_on_disk)

    for turn in (rescued.turn, again.turn, returned.turn):
        assert [say.key for say in turn.says] == ["apology"]
        assert turn.wait == LookAtQueue("queue_seen")
    [report], [recording] = house.reports(), house.recordings()
    assert report.partial and recording.report_id == report.id
    conversations.advance(returned, HungUp())
    assert house.calls()[0].status == CallStatus.FAILED
    # The SMS needs no job: the sender takes every queued row.
    assert len(house.messages()) == 1 and len(house.jobs()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_returning_driver_finds_a_call_that_cannot_go_on_filed(
    house: House,
    conversations: Conversations,
    at: Pending,
    fault: Fault,
) -> None:
    at_confirmation(conversations, at)
    spoil(house, fault)

    returned = conversations.begin(ARRIVAL, nothing_on_disk)

    assert [say.key for say in returned.turn.says] == ["apology"]
    assert len(house.reports()) == 1


def test_a_call_that_could_not_go_on_leads_to_a_person_and_its_journal_says_why(
    house: House, conversations: Conversations, at: Pending
) -> None:
    at = at_confirmation(conversations, at)
    tamper(house, flow_version=99)

    at = conversations.advance(forgotten(at), Digits("1"))
    at = conversations.advance(at, QueueSeen(0, 2, 0))
    assert at.turn.wait == Enqueue("queue", 60, 0, "12")
    at = conversations.advance(forgotten(at), QueueEnded("answered", 5))

    assert at.turn.wait is None and [say.key for say in at.turn.says] == ["goodbye"]
    assert steps(house)[2:] == ["rescued", "LookAtQueue:queue_seen", "Enqueue:queue"]
    assert [entry.position for entry in house.journal(house.calls()[0])] == [0, 1, 2, 3, 4]
    assert house.calls()[0].status == CallStatus.FAILED and len(house.reports()) == 1


def test_a_rescued_caller_who_declined_recording_is_not_recorded_after_all(
    house: House, conversations: Conversations, at: Pending
) -> None:
    tamper(house, flow_version=99, recording_declined=True)

    at = conversations.advance(forgotten(at), Digits("1"))
    at = conversations.advance(at, QueueSeen(0, 0, 0))

    assert at.turn.wait is not None and at.turn.wait.key == "instead_unrecorded"


def test_a_rescue_that_fails_too_ends_with_an_apology(
    house: House, conversations: Conversations, at: Pending
) -> None:
    at = at_confirmation(conversations, at)
    tamper(house, flow_version=99)
    at = conversations.advance(forgotten(at), Digits("1"))
    tamper(house, flow_version=99)

    ended = conversations.advance(forgotten(at), QueueSeen(0, 2, 0))
    returned = conversations.begin(ARRIVAL, nothing_on_disk)

    for turn in (ended.turn, returned.turn):
        assert [say.key for say in turn.says] == ["apology", "goodbye"] and turn.wait is None
    assert house.calls()[0].status == CallStatus.FAILED and len(house.reports()) == 1


def test_words_that_were_just_spoken_survive_a_call_that_cannot_go_on(
    house: House, conversations: Conversations, at: Pending
) -> None:
    at = conversations.advance(at, Digits("2"))
    tamper(house, flow_version=99)

    conversations.advance(forgotten(at), spoken(at))

    [report], [recording] = house.reports(), house.recordings()
    assert recording.report_id == report.id


def test_words_left_on_disk_survive_a_call_that_cannot_go_on(
    house: House, conversations: Conversations, at: Pending
) -> None:
    at = conversations.advance(at, Digits("2"))
    tamper(house, flow_version=99)
    on_disk = {recording_name(at): spoken(at)}

    conversations.begin(ARRIVAL, on_disk.get)

    [report], [recording] = house.reports(), house.recordings()
    assert (recording.name, recording.report_id) == (recording_name(at), report.id)


def test_a_statement_that_was_replaced_is_not_filed_a_second_time_by_a_fault(
    house: House, conversations: Conversations, at: Pending
) -> None:
    at = at_confirmation(conversations, at)
    at = conversations.advance(at, Digits("2"))
    at = conversations.advance(at, spoken(at))
    conversations.advance(at, Digits("1"))
    tamper(house, flow_version=99)

    conversations.begin(ARRIVAL, nothing_on_disk)

    assert len(house.reports()) == 1


@pytest.mark.parametrize("key", ["1", "3"])
def test_a_call_that_is_over_is_left_alone_by_a_fault(
    house: House, conversations: Conversations, at: Pending, key: str
) -> None:
    at = at_confirmation(conversations, at)
    conversations.advance(at, Digits(key))
    conversations.end(at.call_id)
    before = len(house.reports()), len(house.jobs())
    tamper(house, flow_version=99)

    returned = conversations.begin(ARRIVAL, nothing_on_disk)

    assert returned.turn.wait is None and returned.turn.says == ()
    assert (len(house.reports()), len(house.jobs())) == before
    assert house.calls()[0].status == CallStatus.COMPLETED


def test_silence_and_refusal_give_a_fault_nothing_to_file(
    house: House, conversations: Conversations, at: Pending
) -> None:
    at = conversations.advance(at, Digits("2"))
    at = conversations.advance(at, spoken(at, silent=True))
    tamper(house, flow_version=99)

    conversations.advance(forgotten(at), NoInput())

    assert house.reports() == [] and house.calls()[0].rescued_from == 3


def test_a_call_ends_once(house: House, conversations: Conversations, at: Pending) -> None:
    conversations.end(at.call_id)
    ended_at = house.calls()[0].ended_at
    house.clock.pass_by(house.clock() - house.clock().replace(hour=4))

    conversations.end(at.call_id)
    conversations.advance(at, Digits("2"))

    assert house.calls()[0].ended_at == ended_at
    assert steps(house) == []


def test_turns_are_what_the_flow_asks(conversations: Conversations, at: Pending) -> None:
    assert isinstance(at.turn.wait, Gather)

    at = conversations.advance(at, Digits("2"))

    assert isinstance(at.turn.wait, Record)
    assert recording_name(at) == f"{at.call_id}-1"
