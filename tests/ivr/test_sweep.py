"""Calls that ended while nobody listened are filed afterwards."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.exc import OperationalError

from ivr.conversation import Conversations, recording_name
from ivr.drivers.agi_sweep import LONGEST_TURN, Sweep
from ivr.engine import Arrival, Pending
from ivr.facts import CallFacts
from ivr.models import Call, CallStatus
from ivr.steps import Digits
from speech.sound import write_wav
from storage.database import open_engine, transaction
from tests.ivr.conftest import House
from tests.speech.sounds import a_tone, some_silence

FACTS = CallFacts("vi", {"1": "giao_thong"}, can_text=True)


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "ended"
    folder.mkdir()
    return folder


@pytest.fixture
def sweep(house: House, notes: Path) -> Sweep:
    return Sweep(house.hotline.conversations, house.hotline.recorder, notes)


def begin(house: House, unique_id: str = "1795000000.1", driver: str = "agi") -> Pending:
    arrival = Arrival(driver, unique_id, "+84912345678", "19009120", FACTS)
    return house.hotline.conversations.begin(arrival, house.hotline.recorder.take)


def at_statement(house: House, unique_id: str = "1795000000.1") -> Pending:
    return house.hotline.conversations.advance(begin(house, unique_id), Digits("1"))


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
    house: House, sweep: Sweep, notes: Path
) -> None:
    held = [note_end(notes, at.call_id) for at in (begin(house, "a"), begin(house, "b"))]
    for note in held:
        note.unlink()
    note_end(notes, "a"), note_end(notes, "b")

    class OneFails(Conversations):
        def caller_left(self, call_id: str, find_recording: object) -> None:
            if call_id == house.id_of("a"):
                raise RuntimeError("no luck")
            super().caller_left(call_id, lambda name: None)

    conversations = house.hotline.conversations
    unlucky = OneFails(conversations.database, conversations.handlers, conversations.clock)

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
    assert replace(sweep, ended_calls=notes / "missing").once() == 0
