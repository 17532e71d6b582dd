"""What the dialplan recorded by itself becomes a report, once, whatever dies in between."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.exc import OperationalError

from ivr.conversation import recording_name
from ivr.drivers.agi_sweep import Sweep
from ivr.models import Call, CallStatus
from speech.sound import write_wav
from storage.database import open_engine, transaction
from tests.ivr.conftest import House
from tests.ivr.test_sweep import at_statement, begin, note_end, notes, spool, sweep
from tests.speech.sounds import a_tone, some_silence

__all__ = ["notes", "spool", "sweep"]

ID = "1795000000.1"
SPOKEN_BEFORE = timedelta(minutes=3)


def leave(
    house: House,
    sweep: Sweep,
    unique_id: str = ID,
    sound_s: float | None = 2.0,
    caller: str = "0912345678",
    presentation: str = "allowed_not_screened",
) -> Path:
    """What the dialplan leaves of a call that hung up; the sound's path."""
    folder = sweep.spool.last_resort
    epoch = int((house.clock.now - SPOKEN_BEFORE).timestamp())
    (folder / f"{unique_id}.note").write_text(f"{epoch}|19009120|{presentation}|{caller}\n")
    sound = folder / f"{unique_id}.wav"
    if sound_s is not None:
        write_wav(sound, a_tone(sound_s))
    note_end(sweep.spool.ended, unique_id)
    return sound


def emptied(sweep: Sweep) -> bool:
    return not [*sweep.spool.last_resort.iterdir(), *sweep.spool.ended.iterdir()]


def test_a_call_that_no_server_ever_saw_becomes_a_report_of_when_it_was_spoken(
    house: House, sweep: Sweep
) -> None:
    sound = leave(house, sweep)
    content = sound.read_bytes()

    assert sweep.once() == 1

    [call], [report], [recording] = house.calls(), house.reports(), house.recordings()
    assert (call.driver_call_id, call.status) == (ID, CallStatus.FAILED)
    assert (call.caller_number, call.called_number) == ("+84912345678", "19009120")
    assert call.ended_at is not None
    assert (report.partial, report.requested_at) == (True, house.clock.now - SPOKEN_BEFORE)
    assert (recording.name, recording.report_id) == (f"{call.id}-last", report.id)
    assert (house.folder / f"{recording.name}.wav").read_bytes() == content
    assert emptied(sweep) and sweep.once() == 0
    assert [name for name, _ in house.jobs()].count("transcribe") == 1


@pytest.mark.slow
def test_a_call_whose_servers_died_gets_it_added_to_its_report(house: House, sweep: Sweep) -> None:
    at = at_statement(house)
    write_wav(house.folder / f"{recording_name(at)}.wav", a_tone(3.0))
    leave(house, sweep)

    assert sweep.once() == 1

    [call], [report] = house.calls(), house.reports()
    assert report.partial and report.category == "giao_thong"
    assert {r.name: r.report_id for r in house.recordings()} == {
        recording_name(at): report.id,
        f"{call.id}-last": report.id,
    }


def test_a_call_that_had_given_nothing_is_filed_by_its_last_words_alone(
    house: House, sweep: Sweep
) -> None:
    begin(house)
    leave(house, sweep)

    sweep.once()

    [call], [report], [recording] = house.calls(), house.reports(), house.recordings()
    assert (report.call_id, recording.report_id) == (call.id, report.id)


@pytest.mark.parametrize("steps", range(1, 5))
def test_whatever_dies_in_between_there_is_one_report(
    house: House, sweep: Sweep, steps: int
) -> None:
    """A server that dies while filing leaves the files; the next one does all of it again."""
    leave(house, sweep)
    kept = {path: path.read_bytes() for path in sweep.spool.last_resort.iterdir()}

    for _ in range(steps):
        sweep.once()
        for path, content in kept.items():
            path.write_bytes(content)
        note_end(sweep.spool.ended)
    sweep.once()

    assert len(house.calls()) == len(house.reports()) == len(house.recordings()) == 1
    assert emptied(sweep)


@pytest.mark.parametrize("sound_s", [None, 0.0])
def test_without_words_the_call_is_known_and_no_report_is_made(
    house: House, sweep: Sweep, sound_s: float | None
) -> None:
    sound = leave(house, sweep, sound_s=None)
    if sound_s is not None:
        write_wav(sound, some_silence(3.0))

    assert sweep.once() == 1

    assert house.reports() == [] and len(house.calls()) == 1 and emptied(sweep)


def test_whoever_declined_recording_is_not_kept_although_it_was_recorded(
    house: House, sweep: Sweep
) -> None:
    begin(house)
    with transaction(house.database) as session:
        session.execute(update(Call).values(recording_declined=True))
    leave(house, sweep)

    sweep.once()

    assert house.recordings() == [] and list(house.folder.iterdir()) == [] and emptied(sweep)


@pytest.mark.parametrize(
    ("caller", "presentation"),
    [
        ("", "allowed_not_screened"),
        ("anonymous", "unavailable"),
        ("0912345678", "prohib_passed_screen"),
        ("|x|", "allowed"),
    ],
)
def test_a_withheld_number_is_not_kept(
    house: House, sweep: Sweep, caller: str, presentation: str
) -> None:
    leave(house, sweep, caller=caller, presentation=presentation)

    sweep.once()

    assert house.calls()[0].caller_number is None and len(house.reports()) == 1


@pytest.mark.slow
def test_a_note_that_a_full_disk_cut_short_does_not_cost_the_words(
    house: House, sweep: Sweep
) -> None:
    sound = leave(house, sweep)
    sound.with_suffix(".note").write_text("")

    assert sweep.once() == 1

    assert house.reports()[0].requested_at == house.clock.now


def test_who_still_speaks_is_left_alone(house: House, sweep: Sweep) -> None:
    leave(house, sweep)
    (sweep.spool.ended / ID).unlink()

    assert sweep.once() == 0

    assert house.calls() == [] and not emptied(sweep)


def test_while_the_database_is_away_everything_stays_and_is_filed_when_it_is_back(
    house: House, sweep: Sweep, tmp_path: Path
) -> None:
    for number in range(10):
        leave(house, sweep, f"1795000000.{number}")
    elsewhere: Engine = open_engine(f"sqlite:///{tmp_path / 'no such folder' / 'x.sqlite3'}")
    away = replace(sweep, conversations=replace(sweep.conversations, database=elsewhere))

    with pytest.raises(OperationalError):
        away.once()
    assert len(list(sweep.spool.last_resort.iterdir())) == 20

    assert sweep.once() == 10
    assert len(house.reports()) == len(house.recordings()) == 10 and emptied(sweep)
