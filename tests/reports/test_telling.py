"""Everybody whom a matter concerns is told once, in their language, and nobody who is anonymous."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select

from notifications.models import Message, MessageStatus
from reports.actors import Actor, Party
from reports.change import Change
from reports.changes import change_report
from reports.errors import BadChange, CannotUndo, NotAllowed, UnknownReport
from reports.lifecycle import ENDED
from reports.merging import merge
from reports.models import Report, ReportStatus, Supporter, Update
from reports.supporting import Voice, support, supporters
from reports.telling import UNDONE_WITHIN
from reports.undoing import undo_last
from storage.crypto import current_box
from storage.database import reading, transaction
from tests.builders import NOON, a_report
from tests.provinces.packs import bac_lieu

STAFF = Actor("u1", Party.STAFF)
S = ReportStatus
AN, BINH, CUC = "+84912000001", "+84912000002", "+84912000003"


@pytest.fixture
def flood(database: Engine) -> Engine:
    """Three reports of one flood by three people; the third of them wants to be nobody."""
    with transaction(database) as session:
        session.add(a_report(id="r1", category="NG01", text_number=AN))
        session.add(a_report(id="r2", category="NG01", text_number=BINH, language="en"))
        session.add(a_report(id="r3", category="NG01", anonymous=True))
    return database


def change(engine: Engine, report_id: str = "r1", **what: Any) -> None:
    with transaction(engine) as session:
        change_report(session, bac_lieu(), report_id, Change(**what), STAFF, NOON)


def join(engine: Engine, duplicate: str, original: str) -> None:
    with transaction(engine) as session:
        merge(session, bac_lieu(), duplicate, original, STAFF, NOON)


def told(engine: Engine, *keys: str) -> list[tuple[str, str | None, str]]:
    with reading(engine) as session:
        found = session.scalars(select(Message))
        return sorted(
            (each.text_key, each.to_number, each.language)
            for each in found
            if each.text_key in keys or not keys
        )


def test_all_reporters_of_a_flood_learn_once_that_it_is_solved(flood: Engine) -> None:
    join(flood, "r2", "r1")
    join(flood, "r3", "r1")
    with transaction(flood) as session:
        support(session, "r2", Voice("browser", "web", number="0912 000 003"), NOON)
        support(session, "r1", Voice("other", "web", number=CUC), NOON)
    change(flood, status=S.RESOLVED, text="Nước đã rút.")

    assert told(flood, "report_resolved", "duplicate_resolved") == [
        ("duplicate_resolved", BINH, "en"),
        ("report_resolved", AN, "vi"),
        ("report_resolved", CUC, "vi"),
    ]


def test_who_reported_twice_is_told_once(flood: Engine) -> None:
    with transaction(flood) as session:
        session.get_one(Report, "r2").text_number = AN
    join(flood, "r2", "r1")
    change(flood, status=S.RESOLVED, text="Xong.")

    assert told(flood, "report_resolved", "duplicate_resolved") == [("report_resolved", AN, "vi")]


def test_a_citizen_hears_once_that_it_was_assigned_and_each_time_what_is_asked(
    flood: Engine,
) -> None:
    change(flood, status=S.ASSIGNED, agency="so_xay_dung")
    change(flood, status=S.ASSIGNED, agency="cong_an_tinh")
    change(flood, status=S.WAITING_CITIZEN, text="Ở khóm mấy?")
    change(flood, status=S.ASSIGNED)
    change(flood, status=S.WAITING_CITIZEN, text="Gần nhà ai?")

    assert [key for key, _, _ in told(flood)] == [
        "report_assigned",
        "report_waiting",
        "report_waiting",
    ]


def undo(engine: Engine, report_id: str = "r1") -> None:
    with transaction(engine) as session:
        version = session.get_one(Report, report_id).version
        undo_last(session, bac_lieu(), report_id, version, STAFF, NOON)


def test_a_wrong_agency_that_was_taken_back_is_never_told_and_the_right_one_is(
    flood: Engine,
) -> None:
    change(flood, status=S.ASSIGNED, agency="so_xay_dung")
    undo(flood)
    change(flood, status=S.ASSIGNED, agency="cong_an_tinh")

    with reading(flood) as session:
        wrong, right = session.scalars(select(Message).order_by(Message.id))
    assert (wrong.status, wrong.text_values) == (MessageStatus.CANCELLED, {})
    assert right.status == MessageStatus.QUEUED
    assert right.text_values["agency"] == "cong_an_tinh"
    assert right.next_at is not None and right.next_at > NOON + UNDONE_WITHIN


def test_an_urgent_report_goes_to_its_agency_at_once_and_can_then_not_be_taken_back(
    flood: Engine,
) -> None:
    change(flood, status=S.ASSIGNED, agency="so_xay_dung", urgent=True)
    with transaction(flood) as session:
        session.add(
            Message(
                id="m",
                idempotency_key=f"urgent:{session.scalars(select(Update.id)).one()}:r1",
                to_number=CUC,
                text_key="report_urgent",
                text_values={},
                language="vi",
                report_id="r1",
                status=MessageStatus.SENT,
                queued_at=NOON,
            )
        )

    with pytest.raises(CannotUndo):
        undo(flood)

    with reading(flood) as session:
        assert session.get_one(Report, "r1").agency == "so_xay_dung"
        told = session.scalars(select(Message).where(Message.text_key == "report_assigned")).one()
    assert told.status == MessageStatus.QUEUED


def test_duplicates_of_a_duplicate_move_along_and_nobody_is_lost(flood: Engine) -> None:
    join(flood, "r3", "r2")
    join(flood, "r2", "r1")

    with reading(flood) as session:
        originals = {r.id: r.original_id for r in session.scalars(select(Report))}
    assert originals == {"r1": None, "r2": "r1", "r3": "r1"}


def test_urgency_of_a_duplicate_is_that_of_its_original(flood: Engine) -> None:
    with transaction(flood) as session:
        session.get_one(Report, "r2").urgent = True
    join(flood, "r2", "r1")

    with reading(flood) as session:
        assert session.get_one(Report, "r1").urgent


def test_nothing_is_joined_to_itself_or_to_a_duplicate(flood: Engine) -> None:
    with pytest.raises(BadChange):
        join(flood, "r1", "r1")
    join(flood, "r2", "r1")
    with pytest.raises(BadChange):
        join(flood, "r3", "r2")
    with pytest.raises(UnknownReport):
        join(flood, "r3", "r9")


def test_me_too_counts_once_for_a_number_and_once_for_a_browser(flood: Engine) -> None:
    with transaction(flood) as session:
        for voice in (
            Voice("a", "web"),
            Voice("a", "web"),
            Voice("b", "web", number=BINH),
            Voice("c", "sms", number="0912000002"),
        ):
            support(session, "r1", voice, NOON)

        assert supporters(session, "r1") == 2


def test_what_has_ended_takes_no_more_voices(flood: Engine) -> None:
    change(flood, status=S.REJECTED, reason="elsewhere")
    with pytest.raises(NotAllowed), transaction(flood) as session:
        support(session, "r1", Voice("a", "web"), NOON)
    with pytest.raises(UnknownReport), transaction(flood) as session:
        support(session, "r9", Voice("a", "web"), NOON)


acts = st.lists(
    st.tuples(
        st.sampled_from(["merge", "reopen", "resolve", "support"]),
        st.sampled_from(["r1", "r2", "r3"]),
        st.sampled_from(["r1", "r2", "r3"]),
    ),
    max_size=14,
)


@pytest.mark.slow
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts)
def test_in_whatever_order_nobody_is_lost_or_told_twice(
    sqlite: Engine, path: list[tuple[str, str, str]]
) -> None:
    with transaction(sqlite) as session:
        for table in (Supporter, Message, Update, Report):
            session.execute(delete(table))
        for index, number in enumerate((AN, BINH, CUC), start=1):
            session.add(a_report(id=f"r{index}", text_number=number))
    for act, one, other in path:
        before = len(told(sqlite))
        solved = _do(sqlite, act, one, other)
        fresh = told(sqlite)[0:0] if not solved else _newest(sqlite, before)
        assert len({number for _, number, _ in fresh}) == len(fresh)
        if solved:
            with reading(sqlite) as session:
                group = Report.id.in_([one]) | (Report.original_id == one)
                wanted = {r.text_number for r in session.scalars(select(Report).where(group))}
            assert wanted <= {number for _, number, _ in fresh}
    with reading(sqlite) as session:
        reports = {r.id: r for r in session.scalars(select(Report))}
    assert len(reports) == 3 and all(r.text_number for r in reports.values())
    for report in reports.values():
        if report.original_id is not None:
            assert reports[report.original_id].original_id is None


def _do(engine: Engine, act: str, one: str, other: str) -> bool:
    """Whether a report became solved."""
    with reading(engine) as session:
        status = S(session.get_one(Report, one).status)
    try:
        match act:
            case "merge":
                join(engine, one, other)
            case "reopen" if status in ENDED:
                change(engine, one, status=S.REOPENED)
            case "resolve":
                change(engine, one, status=S.RESOLVED, text="Xong.")
                return status is not S.RESOLVED
            case _:
                with transaction(engine) as session:
                    support(session, one, Voice(other, "web"), NOON)
    except (BadChange, NotAllowed):
        pass
    return False


def _newest(engine: Engine, after: int) -> list[tuple[str, str | None, str]]:
    with reading(engine) as session:
        found = list(session.scalars(select(Message)))[after:]
    return [(each.text_key, each.to_number, each.language) for each in found]


def test_a_duplicates_supporters_are_told_under_the_reference_that_they_know(
    flood: Engine,
) -> None:
    with transaction(flood) as session:
        support(session, "r2", Voice("browser", "web", number=CUC), NOON)
    join(flood, "r2", "r1")
    change(flood, status=S.RESOLVED, text="Nước đã rút.")

    assert ("duplicate_resolved", CUC, "vi") in told(flood, "duplicate_resolved")


def test_going_on_after_a_question_is_no_second_reopening(flood: Engine) -> None:
    change(flood, status=S.RESOLVED, text="Xong.")
    change(flood, status=S.REOPENED)
    with reading(flood) as session:
        since = session.get_one(Report, "r1").clock_since
    change(flood, status=S.WAITING_CITIZEN, text="Ở đâu?")
    change(flood, status=S.REOPENED)

    assert len(told(flood, "report_reopened")) == 1
    with reading(flood) as session:
        kinds = list(session.scalars(select(Update.kind).order_by(Update.id)))
        assert session.get_one(Report, "r1").clock_since == since
    assert kinds.count("reopened") == 1 and kinds[-1] == "status"


def test_no_key_of_a_message_tells_a_number(flood: Engine) -> None:
    with transaction(flood) as session:
        support(session, "r1", Voice("browser", "web", number=CUC), NOON)
    change(flood, status=S.RESOLVED, text="Xong.")

    with reading(flood) as session:
        keys = list(session.scalars(select(Message.idempotency_key)))
    hashes = [current_box().keyed_hash(number) for number in (AN, CUC)]
    assert keys and not [key for key in keys for hash_ in hashes if hash_[:8] in key]
