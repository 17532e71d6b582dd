"""A server may be killed at any instant: the next one goes on, nothing is lost or done twice.

A few cases of each kind; `python -m benchmarks.kill_matrix` prints the whole table.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.telephony.installation import Installation
from tests.whole.dying_agi import Instant
from tests.whole.kill_matrix import CONVERSATIONS, Case, all_cases, run_cases
from tests.whole.lane import Lane, running_lane

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(300)]

TAKEOVER_S = 2.0
AROUND_THE_COMMIT = (
    Case("report", "Gather:confirm_report", Instant.RECEIVED),
    Case("report", "Gather:confirm_report", Instant.COMMITTED),
)
A_FEW = (
    *AROUND_THE_COMMIT,
    Case("report", "Gather:category", Instant.SENT),
    Case("report", "Record:statement", Instant.WAITING),
    Case("report", "Hear:place_words", Instant.WAITING),
    Case("follow_up", "Record:addition", Instant.RECEIVED),
)


@pytest.fixture
def lane(installation: Installation, database_url: str, tmp_path: Path) -> Iterator[Lane]:
    with running_lane(installation, tmp_path / "lane", database_url) as running:
        yield running


def test_a_killed_server_costs_the_caller_at_most_one_question_wherever_it_dies(lane: Lane) -> None:
    # On PostgreSQL only what a database can do otherwise: around the commit.
    cases = A_FEW if lane.database.dialect.name == "sqlite" else AROUND_THE_COMMIT

    outcomes = run_cases(lane, cases)

    assert {str(outcome.case): outcome.wrong for outcome in outcomes} == {
        str(case): [] for case in (Case("report"), *cases)
    }
    assert max(outcome.takeover_s or 0.0 for outcome in outcomes) < TAKEOVER_S
    if lane.database.dialect.name == "sqlite":  # steps do not depend on the database
        asked = {event["step"] for event in lane.trace()[0] if event["what"] == "turn"} - {"end"}
        killed = {case.step for case in all_cases()}
        assert asked == killed
        answered = {step for steps in CONVERSATIONS.values() for step in steps}
        assert answered - {"Gather:line_dropped"} == killed  # that one has a test of its own
