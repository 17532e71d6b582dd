"""A report comes with its words, its SMS and its jobs, or it does not come."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from notifications.models import Message
from reports.commands import DiscardRecordings, FileReport
from reports.errors import NoFreeReference, UnknownRecording
from reports.models import Recording, Report, Transcript
from reports.pins import pin_is_right
from reports.recordings import ask_for_words, keep_recording, unfiled_recording
from reports.reference import new_reference
from reports.service import Reporter, discard_recordings, file_report
from reports.transcription import erase_recording
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
        told = file_report(session, FileReport("giao_thong", "c1-1"), MOBILE, NOON)

    with reading(database) as session:
        report = session.scalars(select(Report)).one()
        message = session.scalars(select(Message)).one()
        assert told["report"] == report.id
        assert told["reference"].replace("-", "") == report.reference
        assert pin_is_right(report, told["pin"])
        assert [recording.name for recording in report.recordings] == ["c1-1"]
        assert message.text_values == {"reference": told["reference"], "pin": told["pin"]}
        assert message.idempotency_key == f"received:{report.id}"
        assert message.status == "queued"
        assert jobs_of(database) == [("transcribe", "c1-1")]


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
        told = file_report(
            session, FileReport("x", None), WITHHELD, NOON, make_reference=lambda: next(draws)
        )

    assert told["reference"].replace("-", "") == free


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
    jobs = jobs_of(database)
    assert jobs == [("erase_recording", "c1-1"), ("erase_recording", "c1-3")]
    for _, name in jobs * 2:
        erase_recording(database, tmp_path, name)

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

    erase_recording(database, tmp_path, "c1-1")

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


def test_words_that_are_taken_back_go_with_their_sound(database: Engine, tmp_path: Path) -> None:
    with transaction(database) as session:
        recorded(session)
        ask_for_words(session, session.get_one(Recording, "c1-1"), "vi", NOON, at_once=True)
        discard_recordings(session, "c1", NOON)

    erase_recording(database, tmp_path, "c1-1")

    assert everything(database) == [[], [], []]


def test_taking_back_twice_in_one_call_erases_both_times(database: Engine) -> None:
    for name in ("c1-1", "c1-5"):
        with transaction(database) as session:
            recorded(session, name)
            discard_recordings(session, "c1", NOON)

    assert jobs_of(database) == [("erase_recording", "c1-1"), ("erase_recording", "c1-5")]


def test_one_answer_files_one_report_however_often_it_comes(database: Engine) -> None:
    told = []
    for _ in range(2):
        with transaction(database) as session:
            told.append(file_report(session, FileReport("dien_nuoc", None), MOBILE, NOON))

    reports, messages, _ = everything(database)
    assert told[0] == told[1]
    assert (len(reports), len(messages)) == (1, 1)


def test_whoever_goes_on_with_a_partial_report_keeps_its_reference_and_pin(
    database: Engine,
) -> None:
    with transaction(database) as session:
        recorded(session, "c1-1")
        partial = FileReport("giao_thong", "c1-1", partial=True)
        first = file_report(session, partial, MOBILE, NOON)
    later = replace(MOBILE, call_id="c2", call_position=9)

    with transaction(database) as session:
        recorded(session, "c2-4")
        whole = FileReport(
            None,
            "c1-1",
            place="2025:31825",
            place_recording="c2-4",
            contact="0291 3822 222",
            continues=first["report"],
        )
        second = file_report(session, whole, later, NOON)
        again = file_report(session, whole, later, NOON)

    assert first == second == again
    with reading(database) as session:
        report = session.scalars(select(Report)).one()
        assert (report.partial, report.category, report.place) == (
            False, "giao_thong", "2025:31825",
        )  # fmt: skip
        assert (report.contact, report.contact_number) == ("other", "+842913822222")
        assert [(each.name, each.kind) for each in report.recordings] == [
            ("c1-1", "statement"),
            ("c2-4", "place"),
        ]
        assert [update.kind for update in report.updates] == ["continued"]
        assert len(session.scalars(select(Message)).all()) == 1


def test_a_report_that_is_whole_is_not_gone_on_with(database: Engine) -> None:
    with transaction(database) as session:
        first = file_report(session, FileReport("giao_thong", None), MOBILE, NOON)

    with transaction(database) as session:
        later = replace(MOBILE, call_id="c2")
        more = FileReport("dien_nuoc", None, continues=first["report"])
        second = file_report(session, more, later, NOON)

    assert first["report"] != second["report"] and len(everything(database)[0]) == 2


def test_a_continued_report_that_is_taken_back_is_closed_and_its_words_go(
    database: Engine,
) -> None:
    with transaction(database) as session:
        recorded(session, "c1-1")
        told = file_report(session, FileReport(None, "c1-1", partial=True), MOBILE, NOON)

    with transaction(database) as session:
        command = DiscardRecordings(continues=told["report"])
        discard_recordings(session, "c2", NOON, command, 7)

    with reading(database) as session:
        report = session.scalars(select(Report)).one()
        assert (report.status, report.closed_at) == ("closed", NOON)
        assert report.recordings[0].discarded_at == NOON
    assert ("erase_recording", "c1-1") in jobs_of(database)


@pytest.mark.parametrize(
    ("contact", "kept"),
    [
        ("caller", ("caller", None)),
        ("nobody", ("nobody", None)),
        ("0912345678", ("other", "+84912345678")),
        ("01239999999", ("other", "+84839999999")),
        ("0123", ("other", "0123")),
    ],
)
def test_where_the_reporter_may_be_rung_is_kept(
    database: Engine, contact: str, kept: tuple[str, str | None]
) -> None:
    with transaction(database) as session:
        file_report(session, FileReport("x", None, contact=contact), MOBILE, NOON)

    with reading(database) as session:
        report = session.scalars(select(Report)).one()
    assert (report.contact, report.contact_number) == kept


def test_an_anonymous_report_keeps_no_number_at_all(database: Engine) -> None:
    nobody = replace(MOBILE, text_number=None, anonymous=True, caller_hash="h" * 64)

    with transaction(database) as session:
        file_report(session, FileReport("x", None, contact="0912345678"), nobody, NOON)

    reports, messages, _ = everything(database)
    [report] = reports
    assert isinstance(report, Report)
    assert (report.anonymous, report.contact, report.contact_number) == (True, "nobody", None)
    assert messages == []


@pytest.mark.parametrize("meanwhile", ["completed", "taken back"])
def test_of_two_calls_that_go_on_with_one_draft_the_slower_files_its_own(
    database: Engine, meanwhile: str
) -> None:
    with transaction(database) as session:
        recorded(session, "c1-1")
        told = file_report(session, FileReport("x", "c1-1", partial=True), MOBILE, NOON)
        going_on = FileReport("x", "c1-1", continues=told["report"])
        if meanwhile == "completed":
            file_report(session, going_on, replace(MOBILE, call_id="c2"), NOON)
        else:
            discard_recordings(session, "c2", NOON, DiscardRecordings(told["report"]), 4)

    with transaction(database) as session:
        later = file_report(session, going_on, replace(MOBILE, call_id="c3"), NOON)

    assert later["report"] != told["report"]
    with reading(database) as session:
        assert session.get_one(Report, later["report"]).recordings == []
