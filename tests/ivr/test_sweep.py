"""Calls that ended while nobody listened are filed afterwards."""

import fcntl
import io
import os
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.exc import OperationalError

from ivr.conversation import Conversations, recording_name
from ivr.drivers.agi_sweep import LONGEST_TALK, LONGEST_TURN, Spool, Sweep
from ivr.engine import Arrival, Pending
from ivr.models import Call, CallStatus
from ivr.steps import Digits, Enqueue, Gather, NoInput, QueueSeen, Record, Result
from speech.sound import write_wav
from storage.database import open_engine, transaction
from tests.ivr.conftest import House
from tests.speech.sounds import a_tone, some_silence


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    folder = tmp_path / "spool"
    for name in ("ended", "last_resort", "unreached"):
        (folder / name).mkdir(parents=True)
    return Spool(
        folder / "ended",
        folder / "last_resort",
        folder / "unreached",
        tmp_path / "asterisk.pid",
    )


@pytest.fixture
def notes(spool: Spool) -> Path:
    return spool.ended


@pytest.fixture
def sweep(house: House, spool: Spool) -> Sweep:
    return Sweep(house.hotline.conversations, house.hotline.recorder, spool)


def begin(
    house: House, unique_id: str = "1795000000.1", driver: str = "agi", holder: str = "gone-1"
) -> Pending:
    arrival = Arrival(driver, unique_id, "+84912345678", "19009120", holder)
    return house.hotline.conversations.begin(arrival, house.hotline.recorder.take)


def bring(house: House, at: Pending, *answers: tuple[str, Result]) -> Pending:
    """The call after each answer, which must answer the step that is named."""
    for step, result in answers:
        assert at.turn.wait is not None and at.turn.wait.key == step
        at = house.hotline.conversations.advance(at, result)
    return at


def at_statement(house: House, unique_id: str = "1795000000.1") -> Pending:
    at = bring(
        house,
        begin(house, unique_id),
        ("main_menu", Digits("1")),
        ("category", Digits("1")),
    )
    while isinstance(at.turn.wait, Gather):  # a category below it
        at = house.hotline.conversations.advance(at, NoInput())
    assert isinstance(at.turn.wait, Record)
    return at


def note_end(notes: Path, unique_id: str = "1795000000.1") -> Path:
    note = notes / unique_id
    note.write_text("ended\n")
    return note


def test_a_noted_call_is_filed_with_the_words_that_lie_on_disk(
    house: House, sweep: Sweep, notes: Path
) -> None:
    at = at_statement(house)
    write_wav(house.folder / f"{recording_name(at)}.wav", a_tone(2.0))
    note = note_end(notes)

    assert sweep.once() == 1

    [report], [recording], [call] = house.reports(), house.recordings(), house.calls()
    assert (report.category, report.partial) == ("giao_thong", True)
    assert recording.report_id == report.id
    assert (call.status, call.ended_at) == (CallStatus.COMPLETED, house.clock.now)
    assert not note.exists()
    assert sweep.once() == 0 and len(house.reports()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("sound", [None, b"", b"RIFF", "silence"])
def test_a_noted_call_without_usable_words_is_filed_by_its_category(
    house: House, sweep: Sweep, notes: Path, sound: bytes | str | None
) -> None:
    at = at_statement(house)
    path = house.folder / f"{recording_name(at)}.wav"
    if sound == "silence":
        write_wav(path, some_silence(3.0))
    elif isinstance(sound, bytes):
        path.write_bytes(sound)
    note_end(notes)

    sweep.once()

    assert [(r.category, r.partial) for r in house.reports()] == [("giao_thong", True)]


def test_a_noted_call_that_had_given_nothing_ends_without_a_report(
    house: House, sweep: Sweep, notes: Path
) -> None:
    begin(house)
    note_end(notes)

    assert sweep.once() == 1

    assert house.reports() == [] and house.calls()[0].ended_at is not None


@pytest.mark.parametrize("ended", [True, False])
def test_a_note_of_an_ended_or_unknown_call_is_removed(
    house: House, sweep: Sweep, notes: Path, ended: bool
) -> None:
    if ended:
        house.hotline.conversations.end(begin(house).call_id)
    note = note_end(notes)

    assert sweep.once() == 0

    assert not note.exists() and house.reports() == []


def test_a_note_of_another_drivers_call_ends_nothing(
    house: House, sweep: Sweep, notes: Path
) -> None:
    begin(house, driver="simulator")
    note_end(notes)

    assert sweep.once() == 0
    assert house.calls()[0].ended_at is None


def test_a_call_nobody_noted_ends_when_it_has_been_silent_too_long(
    house: House, sweep: Sweep
) -> None:
    at = at_statement(house, "quiet")
    write_wav(house.folder / f"{recording_name(at)}.wav", a_tone(2.0))
    house.clock.pass_by(LONGEST_TURN)
    at_statement(house, "lively")
    assert sweep.once() == 0

    house.clock.pass_by(timedelta(seconds=1))

    assert sweep.once() == 1
    assert [call.driver_call_id for call in house.calls() if call.ended_at] == ["quiet"]
    assert house.reports()[0].call_id == at.call_id
    assert house.recordings()[0].report_id == house.reports()[0].id


def test_a_sweep_of_another_server_at_the_same_time_files_nothing_twice(
    house: House, notes: Path, sweep: Sweep
) -> None:
    at = at_statement(house)
    write_wav(house.folder / f"{recording_name(at)}.wav", a_tone(2.0))
    stale = house.hotline.conversations.open_calls("agi")

    for call_id in [*stale.values()] * 3:
        house.hotline.conversations.caller_left(call_id, house.hotline.recorder.take)

    assert len(house.reports()) == len(house.recordings()) == 1


def test_a_call_that_cannot_be_replayed_is_filed_and_hides_no_other(
    house: House, sweep: Sweep, notes: Path
) -> None:
    for number in range(3):
        at = at_statement(house, f"1795000000.{number}")
        write_wav(house.folder / f"{recording_name(at)}.wav", a_tone(2.0))
        note_end(notes, f"1795000000.{number}")
    with transaction(house.database) as session:
        spoilt = update(Call).where(Call.driver_call_id == "1795000000.1")
        session.execute(spoilt.values(flow_version=99))

    assert sweep.once() == 3

    assert len(house.reports()) == 3 and all(r.partial for r in house.reports())
    assert {r.report_id for r in house.recordings()} == {r.id for r in house.reports()}
    assert list(notes.iterdir()) == []
    status = {call.driver_call_id: call.status for call in house.calls()}
    assert status["1795000000.1"] == CallStatus.FAILED


def test_a_call_that_cannot_be_ended_keeps_its_note_and_hides_no_other(
    house: House, sweep: Sweep, notes: Path, logged: io.StringIO
) -> None:
    held = [note_end(notes, at.call_id) for at in (begin(house, "a"), begin(house, "b"))]
    for note in held:
        note.unlink()
    note_end(notes, "a"), note_end(notes, "b")

    class OneFails(Conversations):
        def caller_left(self, call_id: str, *more: object, **named: object) -> None:
            if call_id == house.id_of("a"):
                raise RuntimeError("no luck")
            super().caller_left(call_id, lambda name: None)

    known = house.hotline.conversations
    unlucky = OneFails(known.database, known.handlers, known.prepare, known.clock)

    assert replace(sweep, conversations=unlucky).once() == 1

    assert [note.name for note in notes.iterdir()] == ["a"]
    assert sweep.once() == 1 and list(notes.iterdir()) == []


def test_while_the_database_is_away_notes_stay(
    house: House, sweep: Sweep, notes: Path, tmp_path: Path
) -> None:
    at_statement(house)
    note = note_end(notes)
    elsewhere: Engine = open_engine(f"sqlite:///{tmp_path / 'no such folder' / 'x.sqlite3'}")
    away = replace(sweep, conversations=replace(sweep.conversations, database=elsewhere))

    with pytest.raises(OperationalError):
        away.once()

    assert note.exists()
    assert sweep.once() == 1 and not note.exists() and len(house.reports()) == 1


def test_folders_and_a_missing_folder_are_no_notes(house: House, sweep: Sweep, notes: Path) -> None:
    (notes / "lost+found").mkdir()

    assert sweep.once() == 0
    assert replace(sweep, spool=replace(sweep.spool, ended=notes / "missing")).once() == 0


def test_a_call_in_the_queue_is_not_taken_for_a_silent_one(house: House, sweep: Sweep) -> None:
    at = bring(house, begin(house), ("main_menu", Digits("0")), ("queue_seen", QueueSeen(0, 1, 0)))
    assert isinstance(at.turn.wait, Enqueue)

    house.clock.pass_by(LONGEST_TURN + timedelta(minutes=1))
    assert sweep.once() == 0

    house.clock.pass_by(LONGEST_TALK)
    assert sweep.once() == 1 and house.calls()[0].ended_at is not None


def test_who_hung_up_after_a_talk_with_a_person_has_had_it(
    house: House, sweep: Sweep, notes: Path
) -> None:
    at = bring(house, begin(house), ("main_menu", Digits("0")), ("queue_seen", QueueSeen(0, 1, 0)))
    (notes / "1795000000.1").write_text(f"{at.position}:CONTINUE:12:\n")

    assert sweep.once() == 1

    journal = house.journal(house.calls()[0])
    assert journal[at.position].result == {
        "type": "queue_ended", "outcome": "answered", "waited_s": 12, "key": "",
    }  # fmt: skip


def test_one_server_sweeps_at_a_time(house: House, sweep: Sweep, notes: Path) -> None:
    at_statement(house)
    note_end(notes)
    other = os.open(notes.parent / ".sweep", os.O_RDWR | os.O_CREAT)
    fcntl.flock(other, fcntl.LOCK_EX)

    assert sweep.once() == 0

    os.close(other)  # as the kernel does for a server that was killed
    assert sweep.once() == 1


def test_calls_of_a_former_asterisk_end_at_once(house: House, sweep: Sweep, spool: Spool) -> None:
    now = time.time()
    begin(house, f"{int(now) - 100}.1")
    spool.asterisk_pid.write_text("100\n")
    os.utime(spool.asterisk_pid, (now - 1000, now - 1000))
    assert sweep.once() == 0, "it has run for long: nothing is known to be former"

    spool.asterisk_pid.write_text("200\n")
    begin(house, f"{int(now) + 2}.1")

    assert sweep.once() == 1
    open_ones = house.hotline.conversations.open_calls("agi")
    assert list(open_ones) == [f"{int(now) + 2}.1"]
    assert sweep.once() == 0
