"""What reporters add comes once, and lands with the report it belongs to."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from reports.additions import Answer, add_to_report, rate_report, reopen_report
from reports.commands import AddToReport, RateReport, ReopenReport
from reports.errors import BadScore, NotAllowed, UnknownRecording, UnknownReport
from reports.lifecycle import ENDED, NEXT, change_status
from reports.models import Recording, Report, ReportStatus, Update
from storage.database import reading, transaction
from tests.builders import NOON, a_recording, a_report
from tests.ivr.databases import jobs_of

ANSWER = Answer("c2", 4, "vi")


@pytest.fixture
def kept(database: Engine) -> Engine:
    """A database with one resolved report and one new recording of another call."""
    with transaction(database) as session:
        session.add(a_report(id="r1", status="resolved", pin_hash=None))
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
            add_to_report(session, AddToReport("r1", "c2-3"), ANSWER, NOON)

    with reading(kept) as session:
        recording = session.get_one(Recording, "c2-3")
    assert (recording.report_id, recording.kind) == ("r1", "addition")
    assert updates(kept) == [("addition", None, "c2-3", None)]
    assert jobs_of(kept) == [("transcribe", "c2-3")]


def test_what_is_not_solved_begins_anew_and_is_due_again(kept: Engine) -> None:
    for _ in range(2):
        with transaction(kept) as session:
            reopen_report(session, ReopenReport("r1", "c2-3"), ANSWER, NOON, NOON)

    with reading(kept) as session:
        report = session.get_one(Report, "r1")
    assert (report.status, report.expected_at, report.closed_at) == ("reopened", NOON, None)
    assert updates(kept) == [("reopened", "reopened", "c2-3", None)]


def test_a_report_on_which_work_goes_on_is_not_set_back(kept: Engine) -> None:
    with transaction(kept) as session:
        session.get_one(Report, "r1").status = "in_progress"

    with transaction(kept) as session:
        reopen_report(session, ReopenReport("r1", None), ANSWER, NOON, NOON)

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
        (lambda s: add_to_report(s, AddToReport("r7", "c2-3"), ANSWER, NOON), UnknownReport),
        (lambda s: add_to_report(s, AddToReport("r1", "c9-1"), ANSWER, NOON), UnknownRecording),
        (lambda s: add_to_report(s, AddToReport("r1", "c2-8"), ANSWER, NOON), UnknownRecording),
    ],
)
def test_what_does_not_exist_or_belong_to_the_call_changes_nothing(
    kept: Engine, act: Callable[[Session], None], error: type[Exception]
) -> None:
    with pytest.raises(error), transaction(kept) as session:
        act(session)

    assert updates(kept) == [] and jobs_of(kept) == []


@pytest.mark.parametrize("before", ReportStatus)
@pytest.mark.parametrize("after", ReportStatus)
def test_a_report_goes_only_where_its_state_leads(
    engine: Engine, before: ReportStatus, after: ReportStatus
) -> None:
    with transaction(engine) as session:
        report = a_report(status=before, closed_at=NOON if before == "closed" else None)
        session.add(report)
        session.flush()
        if after is before:
            assert change_status(session, report, after, "u", NOON) is None
        elif after in NEXT[before]:
            update = change_status(session, report, after, "u", NOON, "wording")
            assert update is not None and update.wording_key == "wording"
            assert (report.status, report.closed_at is not None) == (after, after == "closed")
        else:
            with pytest.raises(NotAllowed):
                change_status(session, report, after, "u", NOON)


def test_everything_that_has_ended_can_be_reopened_and_nothing_else() -> None:
    assert {state for state in NEXT if ReportStatus.REOPENED in NEXT[state]} == ENDED
