"""What reporters add comes once, and lands with the report it belongs to."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from reports.additions import Answer, add_to_report, rate_report, reopen_report
from reports.commands import AddToReport, RateReport, ReopenReport
from reports.due import expected_at
from reports.errors import BadScore, UnknownRecording, UnknownReport
from reports.models import Recording, Report, Update
from storage.database import reading, transaction
from tests.builders import NOON, a_recording, a_report
from tests.ivr.databases import jobs_of
from tests.provinces.packs import bac_lieu

ANSWER = Answer("c2", 4, "vi")


@pytest.fixture
def kept(database: Engine) -> Engine:
    """A database with one resolved report and one new recording of another call."""
    with transaction(database) as session:
        session.add(a_report(id="r1", status="resolved", category="GT01", pin_hash=None))
        session.add(a_recording(name="c2-3", call_id="c2", position=3))
        session.add(a_recording(name="c9-1", call_id="c9", position=1))
    return database


def updates(engine: Engine) -> list[tuple[str, str | None, str | None, int | None]]:
    with reading(engine) as session:
        rows = session.scalars(select(Update).order_by(Update.id))
        return [(row.kind, row.status, row.recording_name, row.score) for row in rows]


def test_an_addition_lies_with_its_report_and_its_words_are_found(kept: Engine) -> None:
    for _ in range(2):
        with transaction(kept) as session:
            add_to_report(session, bac_lieu(), AddToReport("r1", "c2-3"), ANSWER, NOON)

    with reading(kept) as session:
        recording = session.get_one(Recording, "c2-3")
    assert (recording.report_id, recording.kind) == ("r1", "addition")
    assert updates(kept) == [("addition", None, "c2-3", None)]
    assert jobs_of(kept) == [("transcribe", "c2-3")]


def test_what_is_not_solved_begins_anew_and_is_due_again(kept: Engine) -> None:
    for _ in range(2):
        with transaction(kept) as session:
            reopen_report(session, bac_lieu(), ReopenReport("r1", "c2-3"), ANSWER, NOON)

    with reading(kept) as session:
        report = session.get_one(Report, "r1")
    assert (report.status, report.closed_at, report.version) == ("reopened", None, 2)
    assert report.clock_since == NOON and report.expected_at == expected_at(
        bac_lieu(), "GT01", NOON
    )
    assert updates(kept) == [("reopened", "reopened", "c2-3", None)]


def test_the_reporter_of_a_duplicate_reopens_its_original(kept: Engine) -> None:
    with transaction(kept) as session:
        session.add(a_report(id="r2", status="duplicate", original_id="r1"))
        session.flush()
        reopen_report(session, bac_lieu(), ReopenReport("r2", None), ANSWER, NOON)

    with reading(kept) as session:
        states = {row.id: row.status for row in session.scalars(select(Report))}
    assert states == {"r1": "reopened", "r2": "duplicate"}


def test_what_ended_long_ago_is_not_reopened(kept: Engine) -> None:
    late = NOON + timedelta(days=bac_lieu().handling.reopen_within_days + 1)

    with transaction(kept) as session:
        reopen_report(session, bac_lieu(), ReopenReport("r1", None), ANSWER, late)

    assert updates(kept) == [("addition", None, None, None)]


def test_the_citizens_answer_starts_the_clock_again(kept: Engine) -> None:
    with transaction(kept) as session:
        report = session.get_one(Report, "r1")
        report.status, report.paused_from, report.paused_at = "waiting_citizen", "assigned", NOON

    with transaction(kept) as session:
        add_to_report(session, bac_lieu(), AddToReport("r1", "c2-3"), ANSWER, NOON)

    with reading(kept) as session:
        report = session.get_one(Report, "r1")
    assert (report.status, report.paused_from, report.paused_at) == ("assigned", None, None)


def test_a_report_on_which_work_goes_on_is_not_set_back(kept: Engine) -> None:
    with transaction(kept) as session:
        session.get_one(Report, "r1").status = "in_progress"

    with transaction(kept) as session:
        reopen_report(session, bac_lieu(), ReopenReport("r1", None), ANSWER, NOON)

    with reading(kept) as session:
        assert session.get_one(Report, "r1").status == "in_progress"
    assert updates(kept) == [("addition", None, None, None)]


@pytest.mark.parametrize("score", [1, 5])
def test_a_rating_is_kept_once(kept: Engine, score: int) -> None:
    for _ in range(2):
        with transaction(kept) as session:
            rate_report(session, RateReport("r1", score), ANSWER, NOON)

    assert updates(kept) == [("rating", None, None, score)]


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (lambda s: rate_report(s, RateReport("r1", 6), ANSWER, NOON), BadScore),
        (lambda s: rate_report(s, RateReport("r1", 0), ANSWER, NOON), BadScore),
        (lambda s: rate_report(s, RateReport("r7", 3), ANSWER, NOON), UnknownReport),
        (
            lambda s: add_to_report(s, bac_lieu(), AddToReport("r7", "c2-3"), ANSWER, NOON),
            UnknownReport,
        ),
        (
            lambda s: add_to_report(s, bac_lieu(), AddToReport("r1", "c9-1"), ANSWER, NOON),
            UnknownRecording,
        ),
        (
            lambda s: add_to_report(s, bac_lieu(), AddToReport("r1", "c2-8"), ANSWER, NOON),
            UnknownRecording,
        ),
    ],
)
def test_what_does_not_exist_or_belong_to_the_call_changes_nothing(
    kept: Engine, act: Callable[[Session], None], error: type[Exception]
) -> None:
    with pytest.raises(error), transaction(kept) as session:
        act(session)

    assert updates(kept) == [] and jobs_of(kept) == []


def test_saying_so_twice_does_not_reopen_what_ended_long_ago(kept: Engine) -> None:
    late = NOON + timedelta(days=bac_lieu().handling.reopen_within_days + 1)
    again = Answer("c2", 9, "vi")
    with transaction(kept) as session:
        session.get_one(Report, "r1").status = "closed"
        session.get_one(Report, "r1").closed_at = NOON

    for answer in (ANSWER, again):
        with transaction(kept) as session:
            reopen_report(session, bac_lieu(), ReopenReport("r1", None), answer, late)

    with reading(kept) as session:
        assert session.get_one(Report, "r1").status == "closed"


def test_what_a_duplicates_reporter_says_is_seen_at_an_original_in_work(kept: Engine) -> None:
    with transaction(kept) as session:
        session.get_one(Report, "r1").status = "in_progress"
        session.add(a_report(id="r2", status="duplicate", original_id="r1"))
        session.flush()
        reopen_report(session, bac_lieu(), ReopenReport("r2", "c2-3"), ANSWER, NOON)

    with reading(kept) as session:
        shown = select(Update.recording_name).where(Update.report_id == "r1")
        assert list(session.scalars(shown)) == ["c2-3"]
