"""Calls in progress as staff watch them: read when they move, and only then."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, text, update

from ivr.flows.registry import INCOMING
from ivr.live_calls import Did, LiveCall, LiveCalls
from ivr.models import Call, CallStatus
from ivr.steps import Digits, NoInput, QueueEnded, QueueSeen, Recorded, Said
from reports.models import Transcript, TranscriptStatus
from storage.database import reading, transaction
from tests.builders import NOON, a_call, a_journal, a_recording, a_report, a_transcript

FACTS = {"language": "vi", "menu": {"1": "GT"}, "submenu": {"1": {"1": "GT01"}}}
TO_STATEMENT = (
    ("Gather:main_menu", Digits("1")),
    ("Gather:category", Said("1", "cầu đường", 0.9)),
    ("Gather:subcategory", NoInput()),
)


def begun(**given: object) -> Call:
    values = {"status": CallStatus.IN_PROGRESS, "flow_version": INCOMING[1], "facts": FACTS}
    return a_call(**{**values, "ended_at": None, **given})


def look(engine: Engine, known: LiveCalls) -> list[LiveCall]:
    with reading(engine) as session:
        return list(known.look(session).values())


def test_a_call_stands_where_its_journal_says_with_what_was_done_last(database: Engine) -> None:
    call = begun(facts={**FACTS, "hears_words": True})
    call_id = call.id
    with transaction(database) as session:
        session.add_all([call, a_call(), *a_journal(call, *TO_STATEMENT)])
        session.add(a_report(call_id=call_id, call_position=3, reference="482173908"))

    (seen,) = look(database, LiveCalls())

    assert (seen.id, seen.step, seen.number) == (call_id, "Record:statement", "…678")
    assert [(each.did, each.text) for each in seen.answers] == [
        (Did.PRESSED, "1"),
        (Did.SAID, "cầu đường"),
        (Did.SILENT, ""),
    ]
    assert seen.reference == "482173908"


def test_words_come_once_they_are_there_though_the_call_stands(database: Engine) -> None:
    call, known = begun(), LiveCalls()
    spoken = ("Record:statement", Recorded("x", 5.0, 1, "", False))
    transcript = a_transcript(status=TranscriptStatus.PENDING, text=None, confidence=None)
    recording = a_recording(transcript, call_id=call.id)
    with transaction(database) as session:
        session.add_all([call, recording, *a_journal(call, *TO_STATEMENT, spoken)])
    (before,) = look(database, known)
    with transaction(database) as session:
        words = {"status": TranscriptStatus.DONE, "text": "ngập nước", "confidence": 0.5}
        session.execute(update(Transcript).values(**words))

    (after,) = look(database, known)

    assert [each.text for each in before.heard] == [None]
    assert [(each.text, each.doubtful) for each in after.heard] == [("ngập nước", True)]


def test_calls_that_stand_cost_one_statement_and_ended_ones_go(engine: Engine) -> None:
    calls, known = [begun() for _ in range(5)], LiveCalls()
    ids = [call.id for call in calls]
    with transaction(engine) as session:
        session.add_all(calls)
    assert len(look(engine, known)) == 5
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    assert len(look(engine, known)) == 5
    statements = [each for each in asked if each.startswith("SELECT")]
    with transaction(engine) as session:
        ended = {"status": CallStatus.COMPLETED, "ended_at": NOON}
        session.execute(update(Call).where(Call.id == ids[0]).values(**ended))
        moved = {"advanced_at": NOON + timedelta(minutes=9)}
        session.execute(update(Call).where(Call.id == ids[1]).values(**moved))

    assert len(statements) == 1
    assert {each.id for each in look(engine, known)} == set(ids[1:])


@pytest.mark.parametrize(
    "given", [{"flow_version": 77}, {"facts": {"nonsense": 1}}, {"rescued_from": 99}]
)
def test_a_call_that_cannot_be_told_is_shown_all_the_same(
    engine: Engine, given: dict[str, object]
) -> None:
    call = begun(anonymous=True, **given)
    with transaction(engine) as session:
        session.add_all([call, *a_journal(call, *TO_STATEMENT)])

    (seen,) = look(engine, LiveCalls())

    assert seen.number is None
    assert seen.step == ("Gather:main_menu" if "rescued_from" in given else "")


def test_who_came_back_from_the_queue_is_told_apart(engine: Engine) -> None:
    call = begun()
    journal = a_journal(
        call,
        ("Gather:main_menu", Digits("0")),
        ("LookAtQueue:queue_seen", QueueSeen(0, 1, 10)),
        ("Enqueue:queue", QueueEnded("timeout", 60)),
    )
    with transaction(engine) as session:
        session.add_all([call, *journal])

    (seen,) = look(engine, LiveCalls())

    assert seen.step == "LookAtQueue:queue_seen"
    assert (seen.answers[-1].did, seen.answers[-1].count) == (Did.QUEUED, 60)


def test_a_row_that_cannot_be_opened_hides_no_other_call(database: Engine) -> None:
    sealed_otherwise, other = begun(), begun()
    ids = sealed_otherwise.id, other.id
    with transaction(database) as session:
        session.add_all([sealed_otherwise, other])
        session.add_all(a_journal(sealed_otherwise, *TO_STATEMENT))
        session.add_all(a_journal(other, *TO_STATEMENT))
        session.flush()
        spoiled = text("UPDATE journal_entries SET result = :junk WHERE call_id = :call_id")
        session.execute(spoiled, {"junk": b"junk", "call_id": ids[0]})

    seen = {each.id: each.step for each in look(database, LiveCalls())}

    assert seen == {ids[0]: "", ids[1]: "Record:statement"}
