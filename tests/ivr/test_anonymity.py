"""Who wants to be nobody leaves no number: in no row, not in the file, nor for long in a hash."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from ivr.anonymity import become_anonymous, erase_expired_hashes, forget_earlier_call
from ivr.codec import decode
from ivr.models import Block, Call, JournalEntry
from ivr.steps import Digits
from ivr.treatment import block_caller, note_objection
from notifications.models import Message
from notifications.service import queue_message
from reports.callbacks import Promise, promise
from reports.commands import FileReport
from reports.models import Callback, CallbackKind, LookupTry, Report, Supporter
from reports.service import Reporter, file_report
from reports.supporting import Voice, support, supporters
from reports.tries import Asker, note_try
from storage.crypto import current_box
from storage.database import reading, transaction
from storage.traces import erase_traces
from tests.builders import CALLER_NUMBER, NOON, a_call, a_journal, a_report
from tests.ivr.databases import jobs_of

KEEP = timedelta(minutes=60)
OTHER_NUMBER = "0987654321"


def a_talkative_call(engine: Engine, call_id: str = "c" * 32) -> str:
    """A call that has left its number wherever a call can."""
    with transaction(engine) as session:
        caller_hash = current_box().keyed_hash(CALLER_NUMBER)
        call = a_call(id=call_id, status="in-progress", caller_hash=caller_hash)
        session.add(call)
        session.flush()
        session.add_all(
            a_journal(
                call,
                ("Gather:contact", Digits("2")),
                ("Gather:other_number", Digits(OTHER_NUMBER)),
            )
        )
        reporter = Reporter(call_id, 2, "vi", CALLER_NUMBER, caller_hash)
        told = file_report(session, FileReport(None, None, contact=OTHER_NUMBER), reporter, NOON)
        queue_message(
            session,
            idempotency_key=f"sent:{call_id}",
            to_number=CALLER_NUMBER,
            text_key="x",
            values={},
            language="vi",
            report_id=None,
            call_id=call_id,
            now=NOON,
        )
        promise(
            session,
            Promise(CallbackKind.CALLBACK, OTHER_NUMBER, "vi", 0, told["report"], call_id, 5),
            NOON,
        )
        note_try(session, Asker(call_id, caller_hash), None, False, NOON)
        until = NOON + timedelta(days=9)
        block_caller(session, caller_hash, "blocked", "x", "u", until, NOON)
        note_objection(session, caller_hash, told["report"], NOON)
    return call_id


def everything_sealed(engine: Engine) -> Iterator[bytes]:
    """Every ciphertext that holds one of the numbers."""
    columns = (
        ("calls", "caller_number"),
        ("messages", "to_number"),
        ("callbacks", "number"),
        ("supporters", "number"),
        ("reports", "contact_number"),
        ("journal_entries", "result"),
    )
    with reading(engine) as session:
        for table, column in columns:
            for (value,) in session.execute(text(f"SELECT {column} FROM {table}")):
                if value is None:
                    continue
                opened = current_box().open(bytes(value))  # type: ignore[arg-type]
                if CALLER_NUMBER[3:] in opened or OTHER_NUMBER[1:] in opened:
                    yield bytes(value)


def on_disk(folder: Path) -> bytes:
    """Database, write-ahead log and all."""
    return b"".join(path.read_bytes() for path in folder.glob("hotline.sqlite3*"))


def anonymous(engine: Engine, call_id: str) -> None:
    with transaction(engine) as session:
        become_anonymous(session, session.get_one(Call, call_id), KEEP, NOON)


def test_no_row_holds_the_number_after_the_choice(database: Engine) -> None:
    call_id = a_talkative_call(database)
    # The call, two messages, the callback, the report, the journal.
    assert len(list(everything_sealed(database))) == 6

    anonymous(database, call_id)

    assert list(everything_sealed(database)) == []
    with reading(database) as session:
        call = session.get_one(Call, call_id)
        assert (call.anonymous, call.caller_number) == (True, None)
        assert call.caller_hash is not None and call.hash_expires_at == NOON + KEEP
        assert {row.status for row in session.scalars(select(Message))} == {"cancelled"}
        assert session.scalars(select(Callback)).one().state == "given_up"
        report = session.scalars(select(Report)).one()
        assert (report.anonymous, report.contact, report.contact_number) == (True, "nobody", None)
    assert ("erase_traces", call_id) in jobs_of(database)


def test_whom_a_report_concerned_too_is_nobody_and_still_counts(database: Engine) -> None:
    call_id = a_talkative_call(database)
    with transaction(database) as session:
        session.add(a_report(id="another's"))
        session.flush()
        for number in (CALLER_NUMBER, OTHER_NUMBER):
            support(session, "another's", Voice("key", "web", number=number), NOON)
    assert len(list(everything_sealed(database))) == 8

    anonymous(database, call_id)

    with reading(database) as session:
        assert supporters(session, "another's") == 2
        left = session.scalars(select(Supporter).where(Supporter.number.is_not(None))).one()
        assert left.number == f"+84{OTHER_NUMBER[1:]}"  # whose voice that is, this call cannot say
        assert current_box().keyed_hash(CALLER_NUMBER) not in session.scalars(
            select(Supporter.person_hash)
        )


def test_the_choice_is_undone_with_its_transaction(database: Engine) -> None:
    call_id = a_talkative_call(database)

    with pytest.raises(RuntimeError), transaction(database) as session:
        become_anonymous(session, session.get_one(Call, call_id), KEEP, NOON)
        raise RuntimeError

    assert len(list(everything_sealed(database))) == 6


def test_neither_database_file_nor_log_holds_what_was_wiped(sqlite: Engine, tmp_path: Path) -> None:
    call_id = a_talkative_call(sqlite)
    wiped = list(everything_sealed(sqlite))
    before = on_disk(tmp_path)
    assert all(value in before for value in wiped)

    anonymous(sqlite, call_id)
    sqlite.dispose()
    erase_traces(sqlite)

    left = on_disk(tmp_path)
    assert [value for value in wiped if value in left] == []
    # Not even a piece of it, as a page that was reused in part would keep.
    assert [value for value in wiped if value[16:48] in left] == []
    for number in (CALLER_NUMBER[3:], OTHER_NUMBER[1:]):
        assert number.encode() not in left


def test_a_wiped_entry_is_taken_by_a_replay_like_the_true_one(database: Engine) -> None:
    call_id = a_talkative_call(database)

    anonymous(database, call_id)

    with reading(database) as session:
        results = [
            decode(row.result)
            for row in session.scalars(select(JournalEntry).order_by(JournalEntry.position))
        ]
    assert results == [Digits("2"), Digits("0000000000")]


def test_the_hash_goes_when_a_dropped_line_is_past(database: Engine) -> None:
    call_id = a_talkative_call(database)
    anonymous(database, call_id)

    with transaction(database) as session:
        assert erase_expired_hashes(session, NOON + KEEP - timedelta(seconds=1)) == 0
        assert erase_expired_hashes(session, NOON + KEEP) == 1
        assert erase_expired_hashes(session, NOON + KEEP) == 0

    with reading(database) as session:
        assert session.get_one(Call, call_id).caller_hash is None
        assert session.scalars(select(Report)).one().caller_hash is None
        assert session.scalars(select(LookupTry)).one().asker == "forgotten"
        # The block stays, but leads to no report any more.
        assert session.scalars(select(Block)).one().appeal_report_id is None


@pytest.mark.slow
def test_the_hash_is_gone_from_the_file_too(sqlite: Engine, tmp_path: Path) -> None:
    call_id = a_talkative_call(sqlite)
    assert current_box().keyed_hash(CALLER_NUMBER).encode() in on_disk(tmp_path)
    anonymous(sqlite, call_id)
    with transaction(sqlite) as session:
        for block in session.scalars(select(Block)):
            session.delete(block)  # a block knows the number by its hash until it ends

    with transaction(sqlite) as session:
        erase_expired_hashes(session, NOON + KEEP)
    sqlite.dispose()
    erase_traces(sqlite)

    assert current_box().keyed_hash(CALLER_NUMBER).encode() not in on_disk(tmp_path)


def test_the_call_of_the_line_that_dropped_is_wiped_with_it(database: Engine) -> None:
    earlier = a_talkative_call(database)

    with transaction(database) as session:
        forget_earlier_call(session, earlier, KEEP, NOON)
        forget_earlier_call(session, earlier, KEEP, NOON + KEEP)
        forget_earlier_call(session, None, KEEP, NOON)

    assert list(everything_sealed(database)) == []
    with reading(database) as session:
        assert session.get_one(Call, earlier).hash_expires_at == NOON + KEEP


def test_other_callers_keep_their_numbers(database: Engine) -> None:
    call_id = a_talkative_call(database)
    with transaction(database) as session:
        session.add(a_call(id="d" * 32))

    anonymous(database, call_id)

    assert len(list(everything_sealed(database))) == 1
