"""A report comes with its words, its SMS and its jobs, or it does not come."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from notifications.models import Message
from reports.commands import FileReport
from reports.errors import NoFreeReference, UnknownRecording
from reports.models import Recording, Report, Transcript
from reports.recordings import keep_recording, unfiled_recording
from reports.reference import new_reference
from reports.service import Reporter, discard_recordings, file_report
from reports.transcription import erase_discarded
from storage.database import reading, transaction
from tests.builders import NOON, a_recording, a_report
from tests.ivr.databases import jobs_of

MOBILE = Reporter("c1", 3, "vi", "+84912345678")
WITHHELD = Reporter("c1", 3, "vi", None)


def everything(engine: Engine) -> list[list[object]]:
    with reading(engine) as session:
        tables = (Report, Message, Transcript)
        return [list(session.scalars(select(table))) for table in tables]


def recorded(session: Session, name: str = "c1-1", **given: Any) -> None:
    call_id, _, position = name.partition("-")
    session.add(a_recording(name=name, call_id=call_id, position=int(position), **given))
    session.flush()


def test_a_report_has_its_words_its_sms_and_its_jobs(database: Engine) -> None:
    with transaction(database) as session:
        recorded(session)
        spoken = file_report(session, FileReport("giao_thong", "c1-1"), MOBILE, NOON)

    with reading(database) as session:
        report = session.scalars(select(Report)).one()
        message = session.scalars(select(Message)).one()
        assert spoken.replace("-", "") == report.reference
        assert [recording.name for recording in report.recordings] == ["c1-1"]
        assert message.text_values == {"reference": spoken}
        assert message.idempotency_key == f"received:{report.id}"
        assert jobs_of(database) == [("send_message", message.id), ("transcribe", "c1-1")]


def test_a_withheld_number_gets_no_sms_and_no_words_no_transcript(database: Engine) -> None:
    with transaction(database) as session:
        file_report(session, FileReport("giao_thong", None), WITHHELD, NOON)

    reports, messages, transcripts = everything(database)
    assert (len(reports), messages, transcripts) == (1, [], [])
    assert jobs_of(database) == []


@pytest.mark.parametrize("name", ["c1-2", "c2-1"])
def test_a_recording_that_the_call_does_not_have_files_nothing(database: Engine, name: str) -> None:
    with transaction(database) as session:
        recorded(session, "c1-1")
        recorded(session, "c2-1")

    with pytest.raises(UnknownRecording), transaction(database) as session:
        file_report(session, FileReport(None, name), MOBILE, NOON)

    assert everything(database) == [[], [], []] and jobs_of(database) == []


def test_a_taken_reference_is_drawn_again(database: Engine) -> None:
    taken, free = new_reference(), new_reference()
    draws = iter([taken, taken, free])
    with transaction(database) as session:
        session.add(a_report(reference=taken))

    with transaction(database) as session:
        spoken = file_report(
            session, FileReport("x", None), WITHHELD, NOON, make_reference=lambda: next(draws)
        )

    assert spoken.replace("-", "") == free


def test_a_generator_without_luck_is_an_error_and_leaves_nothing(database: Engine) -> None:
    taken = new_reference()
    with transaction(database) as session:
        session.add(a_report(reference=taken))

    with pytest.raises(NoFreeReference), transaction(database) as session:
        recorded(session)
        file_report(session, FileReport("x", "c1-1"), MOBILE, NOON, make_reference=lambda: taken)

    reports, messages, transcripts = everything(database)
    assert (len(reports), messages, transcripts) == (1, [], [])
    assert jobs_of(database) == []


def test_what_a_caller_takes_back_is_marked_and_its_files_go(
    database: Engine, tmp_path: Path
) -> None:
    names = ["c1-1", "c1-3", "c2-1"]
    with transaction(database) as session:
        for name in names:
            recorded(session, name)
            (tmp_path / f"{name}.wav").write_bytes(b"words")

    with transaction(database) as session:
        discard_recordings(session, "c1", NOON)
    assert jobs_of(database) == [("erase_recordings", "c1")]
    erase_discarded(database, tmp_path, "c1")
    erase_discarded(database, tmp_path, "c1")

    assert [path.name for path in tmp_path.glob("*.wav")] == ["c2-1.wav"]
    with reading(database) as session:
        marked = {row.name: row.discarded_at for row in session.scalars(select(Recording))}
    assert marked == {"c1-1": NOON, "c1-3": NOON, "c2-1": None}


def test_words_that_are_filed_cannot_be_taken_back(database: Engine, tmp_path: Path) -> None:
    (tmp_path / "c1-1.wav").write_bytes(b"words")
    with transaction(database) as session:
        recorded(session)
        file_report(session, FileReport("x", "c1-1"), MOBILE, NOON)
        discard_recordings(session, "c1", NOON)

    erase_discarded(database, tmp_path, "c1")

    assert (tmp_path / "c1-1.wav").exists()


def test_a_recording_is_noted_once(database: Engine) -> None:
    sound = a_recording(name="c1-1", call_id="c1")

    for _ in range(2):
        with transaction(database) as session:
            keep_recording(session, sound, "c1", 1, NOON)

    with reading(database) as session:
        assert len(session.scalars(select(Recording)).all()) == 1


def test_the_newest_audible_words_are_what_is_left_to_file(database: Engine) -> None:
    with transaction(database) as session:
        recorded(session, "c1-1")
        recorded(session, "c1-3")
        recorded(session, "c1-5", silent=True)
        recorded(session, "c1-7", discarded_at=NOON)
        recorded(session, "c2-9")

        assert unfiled_recording(session, "c1") == "c1-3"
        file_report(session, FileReport(None, "c1-3"), WITHHELD, NOON)
        assert unfiled_recording(session, "c1") is None
