"""Staff and agencies change reports by the table: nothing is lost, and nobody is overwritten."""

from typing import Any

import pytest
from sqlalchemy import Engine, select

from reports.actors import CITIZEN, SYSTEM, Actor, Party
from reports.change import Change
from reports.changes import change_report
from reports.errors import (
    BadChange,
    ChangedMeanwhile,
    Incomplete,
    NotAllowed,
    ReportsError,
    UnknownReport,
)
from reports.models import Report, ReportStatus, Update
from storage.database import reading, transaction
from tests.builders import NOON, a_report
from tests.provinces.packs import bac_lieu

STAFF = Actor("u1", Party.STAFF)
WARD = "ubnd_xa@2025:31942"
OFFICER = Actor("u2", Party.AGENCY, WARD)
STRANGER = Actor("u3", Party.AGENCY, "so_xay_dung")
S = ReportStatus


@pytest.fixture
def kept(database: Engine) -> Engine:
    with transaction(database) as session:
        session.add(a_report(id="r1", category="GT01", place="2025:31942"))
        session.add(a_report(id="r2", category="GT01"))
    return database


def change(engine: Engine, actor: Actor = STAFF, version: int | None = None, **what: Any) -> None:
    with transaction(engine) as session:
        change_report(session, bac_lieu(), "r1", Change(**what), actor, NOON, version)


def report(engine: Engine, report_id: str = "r1") -> Report:
    with reading(engine) as session:
        return session.get_one(Report, report_id)


def updates(engine: Engine) -> list[Update]:
    with reading(engine) as session:
        return list(session.scalars(select(Update).order_by(Update.id)))


def test_from_new_to_closed(kept: Engine) -> None:
    change(kept, status=S.TRIAGED)
    change(kept, status=S.ASSIGNED, agency=WARD, internal_text="gấp giùm")
    change(kept, OFFICER, status=S.IN_PROGRESS)
    change(kept, OFFICER, status=S.RESOLVED, text="Đã vá xong ổ gà.")
    change(kept, SYSTEM, status=S.CLOSED)

    found = report(kept)
    assert (found.status, found.agency, found.version, found.closed_at) == ("closed", WARD, 6, NOON)
    assert [(u.status, u.author, u.internal) for u in updates(kept)] == [
        ("triaged", "u1", True),
        ("assigned", "u1", False),
        ("in_progress", "u2", False),
        ("resolved", "u2", False),
        ("closed", "system", False),
    ]
    assert updates(kept)[1].changes == {"agency": [None, WARD]}


def test_a_correction_keeps_what_was_there(kept: Engine) -> None:
    change(kept, category="CN01", place="2025:31951", urgent=True, officer="u9")
    change(kept, officer="")

    first, second = updates(kept)
    assert first.changes == {
        "category": ["GT01", "CN01"],
        "place": ["2025:31942", "2025:31951"],
        "urgent": [False, True],
        "officer": [None, "u9"],
    }
    assert (first.kind, first.internal, second.changes) == (
        "changed",
        True,
        {"officer": ["u9", None]},
    )


def test_nothing_changed_leaves_no_trace(kept: Engine) -> None:
    change(kept, category="GT01")

    assert updates(kept) == [] and report(kept).version == 1


def test_the_second_of_two_is_told_and_overwrites_nothing(kept: Engine) -> None:
    change(kept, version=1, category="CN01")

    with pytest.raises(ChangedMeanwhile) as told:
        change(kept, version=1, category="DI01")

    assert told.value.version == 2 and report(kept).category == "CN01"


def test_an_agency_hands_back_with_a_reason_and_staff_hand_on(kept: Engine) -> None:
    change(kept, status=S.ASSIGNED, agency=WARD, officer="u2")
    with pytest.raises(Incomplete):
        change(kept, OFFICER, status=S.TRIAGED)
    change(kept, OFFICER, status=S.TRIAGED, reason="not_ours")

    found = report(kept)
    assert (found.status, found.agency, found.officer) == ("triaged", None, None)
    assert updates(kept)[-1].changes == {"agency": [WARD, None], "officer": ["u2", None]}

    change(kept, status=S.ASSIGNED, agency="so_xay_dung")
    change(kept, status=S.ASSIGNED, agency="cong_an_tinh")
    assert report(kept).agency == "cong_an_tinh"


def test_an_officer_sees_the_reports_of_their_agency_alone(kept: Engine) -> None:
    change(kept, status=S.ASSIGNED, agency=WARD)

    with pytest.raises(UnknownReport):
        change(kept, STRANGER, status=S.IN_PROGRESS)


WRONG: list[tuple[Actor, dict[str, Any], type[ReportsError]]] = [
    (OFFICER, {"status": S.IN_PROGRESS}, UnknownReport),
    (CITIZEN, {"status": S.ASSIGNED, "agency": WARD}, NotAllowed),
    (CITIZEN, {"category": "GT01x"}, NotAllowed),
    (STAFF, {"status": S.IN_PROGRESS}, NotAllowed),
    (STAFF, {"status": S.ASSIGNED}, Incomplete),
    (STAFF, {"status": S.RESOLVED}, Incomplete),
    (STAFF, {"status": S.WAITING_CITIZEN}, Incomplete),
    (STAFF, {"status": S.REJECTED, "text": "không"}, Incomplete),
    (STAFF, {"status": S.REJECTED, "reason": "not_ours"}, BadChange),
    (STAFF, {"status": S.DIVERTED, "reason": "elsewhere"}, BadChange),
    (STAFF, {"status": S.DUPLICATE}, Incomplete),
    (STAFF, {"status": S.DUPLICATE, "original": "r1"}, BadChange),
    (STAFF, {"status": S.DUPLICATE, "original": "r9"}, BadChange),
    (STAFF, {"status": S.ASSIGNED, "agency": "so_gtvt"}, BadChange),  # ended with the reform
    (STAFF, {"status": S.ASSIGNED, "agency": "ubnd_xa"}, BadChange),  # of which commune?
    (STAFF, {"status": S.ASSIGNED, "agency": "ubnd_xa@pre2025:31942"}, BadChange),
    (STAFF, {"agency": "so_xay_dung"}, Incomplete),
    (STAFF, {"category": "XX99"}, BadChange),
    (STAFF, {"place": "31942"}, BadChange),
    (STAFF, {"latitude": 9.2}, BadChange),
]


@pytest.mark.parametrize(("actor", "what", "error"), WRONG)
def test_what_the_table_or_the_province_does_not_have_changes_nothing(
    kept: Engine, actor: Actor, what: dict[str, Any], error: type[ReportsError]
) -> None:
    with pytest.raises(error):
        change(kept, actor, **what)

    assert updates(kept) == [] and report(kept).status == "new"


def test_a_duplicate_names_an_original_and_no_other_duplicate(kept: Engine) -> None:
    change(kept, status=S.DUPLICATE, original="r2")
    assert report(kept).original_id == "r2"

    with pytest.raises(BadChange), transaction(kept) as session:
        third = a_report(id="r3")
        session.add(third)
        session.flush()
        wrong = Change(status=S.DUPLICATE, original="r1")
        change_report(session, bac_lieu(), "r3", wrong, STAFF, NOON)
