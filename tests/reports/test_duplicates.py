"""What may be the same matter is proposed with its reasons; what only shares an hour is not."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from reports.duplicates import Candidate, duplicate_candidates
from reports.models import Report
from storage.database import reading, transaction
from tests.builders import NOON, a_recording, a_report, a_transcript
from tests.provinces.packs import bac_lieu

HOUR = timedelta(hours=1)
FLOOD: dict[str, Any] = {
    "category": "NG01",
    "place": "2025:31942",
    "latitude": 9.2366,
    "longitude": 105.4561,
    "description": "đường Trần Hưng Đạo ngập tới đầu gối",
}


def candidates(engine: Engine, *others: dict[str, Any]) -> tuple[Candidate, ...]:
    with transaction(engine) as session:
        session.add(a_report(id="mine", requested_at=NOON, **FLOOD))
        for index, other in enumerate(others):
            given: dict[str, Any] = {"id": f"other{index}", "requested_at": NOON - HOUR}
            session.add(a_report(**(given | other)))
    with reading(engine) as session:
        mine = session.get_one(Report, "mine")
        return duplicate_candidates(session, bac_lieu(), mine)


def test_the_same_flood_is_proposed_with_its_reasons(database: Engine) -> None:
    told = {"description": "ngập đường Trần Hưng Đạo", "latitude": 9.2370}
    (found,) = candidates(database, FLOOD | told)

    reasons = {reason.why: reason.value for reason in found.reasons}
    assert reasons["near"] == pytest.approx(44, abs=1)
    assert reasons["time"] == 1.0 and reasons["category"] is None
    assert reasons["words"] == "đường, trần, hưng, đạo, ngập"
    assert found.score > 0.8


@pytest.mark.parametrize(
    "other",
    [
        {"category": "AN01", "description": "hàng xóm đánh nhau"},
        {"place": "2025:31951"},
        {"latitude": 9.30, "description": "nước tràn vô trường học"},
        {"requested_at": NOON - timedelta(days=8)},
        {"status": "rejected"},
        {"status": "duplicate"},
    ],
)
def test_other_matters_are_not(database: Engine, other: dict[str, Any]) -> None:
    assert candidates(database, FLOOD | other) == ()


def test_words_of_a_recording_count_and_those_taken_back_do_not(database: Engine) -> None:
    spoken = {"description": None, "latitude": None, "longitude": None, "category": "ngap"}
    with transaction(database) as session:
        words = a_transcript(text="trần hưng đạo ngập quá trời")
        gone = a_transcript(text="trần hưng đạo ngập quá trời")
        session.add(a_report([a_recording(transcript=words)], id="said", **(FLOOD | spoken)))
        taken_back = a_recording(transcript=gone, discarded_at=NOON)
        session.add(a_report([taken_back], id="gone", **(FLOOD | spoken)))

    assert [found.report.id for found in candidates(database)] == ["said"]
