"""A small world whose figures are counted by hand: some calls, and reports of two months."""

from datetime import timedelta

from ivr.summing import sum_up_calls
from reports.models import Update, UpdateKind
from reports.word_models import WordCheck
from storage.database import transaction
from tests.builders import NOON, a_report
from tests.console.conftest import Browser
from tests.ivr.test_call_figures import ZONE, keep

OTHER = "so_y_te"
AGENCY = "so_xay_dung"
HOUR = timedelta(hours=1)


def fill(visitor: Browser) -> None:
    """Of 22 November 2026: 11 calls, and 5 reports that `test_statistics_page` tells of."""
    keep(visitor.engine)
    sum_up_calls(visitor.engine, ZONE)
    due = NOON + 8 * HOUR
    reports = [
        a_report(category="GT01", place="2025:31942", agency=AGENCY, status="closed",
                 resolved_at=NOON + HOUR, expected_at=due),
        a_report(category="GT01", place="2025:31942", agency=AGENCY, status="closed",
                 resolved_at=NOON + 9 * HOUR, expected_at=due),
        a_report(category="MT01", agency=OTHER, status="resolved", source="web",
                 resolved_at=NOON + 2 * HOUR, expected_at=due),
        a_report(category=None, status="new", expected_at=NOON - HOUR, urgent=True,
                 requested_at=NOON - 2 * HOUR),
        a_report(category="DT01", status="new", partial=True),
        a_report(category="DT01", status="closed", requested_at=NOON - timedelta(days=1)),
        a_report(category="DT01", status="closed", requested_at=NOON - timedelta(days=40)),
    ]  # fmt: skip
    ids = [each.id for each in reports]
    with transaction(visitor.engine) as session:
        session.add_all(reports)
        session.flush()
        # The first one was reopened, and rated again.
        for at, score in ((0, 1), (0, 5), (1, 2)):
            session.add(
                Update(
                    report_id=ids[at], kind=UpdateKind.RATING, at=NOON, author="caller", score=score
                )
            )
            session.flush()
        for at, name, model, words, wrong in (
            (0, "r-0", "small", 40, 4),
            (1, "r-1", "small", 10, 1),
            (2, "r-2", "large", 50, 0),
            (6, "r-6", "small", 100, 50),
        ):
            session.add(
                WordCheck(
                    recording_name=name,
                    report_id=ids[at],
                    model=model,
                    checked_at=NOON,
                    words=words,
                    wrong=wrong,
                )
            )
