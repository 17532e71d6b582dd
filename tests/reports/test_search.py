"""Reports are found by their words, near a point and by filters, on both databases alike."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from reports.actors import CITIZEN, Actor, Party
from reports.change import Change
from reports.changes import change_report
from reports.models import Report, ReportSearch, ReportStatus, TranscriptCorrection
from reports.search import (
    forget_report,
    index_all,
    index_missing,
    index_report,
    index_report_id,
    sweep_search,
)
from reports.search_filters import (
    CLOSED,
    OPEN,
    Filters,
    Near,
    categories_of,
    places_of,
    seen_by,
)
from reports.search_list import FIRST, MORE, RARE, Place, Sort, find_reports
from reports.search_words import read_query, words_kept
from storage.database import open_engine, reading, transaction
from tests.builders import NOON, a_recording, a_report, a_transcript
from tests.provinces.packs import bac_lieu

STAFF = Actor("u1", Party.STAFF)
S = ReportStatus


@pytest.fixture
def keep(database: Engine) -> Callable[..., None]:
    def keep(*reports: Report) -> None:
        with transaction(database) as session:
            session.add_all(reports)
            session.flush()
            for report in reports:
                index_report(session, bac_lieu(), report)

    return keep


def found(
    engine: Engine,
    words: str | None = None,
    sort: Sort = Sort.NEWEST,
    limit: int = 100,
    after: Place | None = None,
    **filters: Any,
) -> list[str]:
    if words is not None:
        filters["words"] = read_query(words)
    with reading(engine) as session:
        places = find_reports(session, Filters(**filters), NOON, limit, sort, after)
    return [place.id for place in places]


@pytest.mark.parametrize(
    "words",
    [
        "ngập nước",
        "ngap nuoc",
        "NƯỚC Ngập",
        '"nước ngập"',
        "nước-ngập!",
        "duong gap",  # southern: r is said as g: "ráp"
        "Hộ Phòng",
        "Giá Rai",
        "ổ gà",
        "giao thong",
    ],
)
def test_a_report_is_found_by_what_it_says_and_where_it_is(
    database: Engine, keep: Callable[..., None], words: str
) -> None:
    told: Any = {"description": "Đường ráp nước ngập", "address": "chợ Hộ Phòng"}
    keep(
        a_report(id="r1", category="GT01", place="2025:31942", **told),
        a_report(id="r2", category="DT01", place="2025:31825", description="rác chưa gom"),
    )

    assert found(database, words) == ["r1"]


@pytest.mark.slow
@pytest.mark.parametrize("words", ['"ngập nước"', "ngập lụt", "khong co", "?!", "", "' OR 1=1 --"])
def test_what_is_not_all_there_is_not_found(
    database: Engine, keep: Callable[..., None], words: str
) -> None:
    keep(a_report(id="r1", category="GT01", description="Đường nước ngập"))

    assert found(database, words) == []


def test_what_a_recogniser_heard_the_southern_way_is_found(
    database: Engine, keep: Callable[..., None]
) -> None:
    recording = a_recording(a_transcript(text="ở xã dĩnh lợi nước ngập"))
    keep(
        a_report([recording], id="r1", category=None),
        a_report(id="r2", category=None, description="vườn"),
    )

    assert found(database, "Vĩnh Lợi") == ["r1"]
    assert found(database, "đường") == []  # although "vườn" and "dường" sound alike


def test_corrected_words_are_found_and_the_draft_is_not(
    database: Engine, keep: Callable[..., None]
) -> None:
    recording = a_recording(a_transcript(text="cá heo"), report_id="r1")
    keep(a_report([recording], id="r1"))
    with transaction(database) as session:
        session.add(
            TranscriptCorrection(
                recording_name=recording.name,
                number=1,
                by="u1",
                at=NOON,
                before="cá heo",
                after="cái hẻm",
                edits=[],
            )
        )
        index_report_id(session, bac_lieu(), "r1")

    assert (found(database, "hẻm"), found(database, "heo")) == (["r1"], [])


def test_a_change_is_found_at_once_and_what_was_there_before_no_more(
    database: Engine, keep: Callable[..., None]
) -> None:
    keep(a_report(id="r1", category="GT01", place="2025:31942"))

    with transaction(database) as session:
        change = Change(category="DT01", description="cây ngã")
        change_report(session, bac_lieu(), "r1", change, STAFF, NOON)

    assert found(database, "cây ngã") == ["r1"]
    assert found(database, "ổ gà") == []


def test_a_reference_is_found_in_groups_and_whole(
    database: Engine, keep: Callable[..., None]
) -> None:
    keep(a_report(id="r1", reference="482173908"))

    assert found(database, "482-173-908") == found(database, "482173908") == ["r1"]


def test_what_belongs_to_an_open_transaction_is_not_kept_when_it_fails(database: Engine) -> None:
    with pytest.raises(RuntimeError), transaction(database) as session:
        report = a_report(id="r1", description="ngập")
        session.add(report)
        index_report(session, bac_lieu(), report)
        raise RuntimeError

    assert found(database, "ngập") == []


def test_reports_of_earlier_releases_are_indexed(database: Engine) -> None:
    with transaction(database) as session:
        session.add_all(a_report(id=f"r{n}", description="ngập") for n in range(5))

    assert index_missing(database, bac_lieu(), at_once=2) == 5
    assert index_missing(database, bac_lieu()) == 0
    assert len(found(database, "ngập")) == 5


def test_all_reports_are_indexed_anew_when_words_are_kept_otherwise(
    database: Engine, keep: Callable[..., None]
) -> None:
    keep(*(a_report(id=f"r{n}", description="ngập") for n in range(5)))
    with transaction(database) as session:
        for row in session.scalars(select(ReportSearch)):
            row.words = ("old",)

    assert index_all(database, bac_lieu(), at_once=2) == 5

    assert (len(found(database, "ngập")), found(database, "old")) == (5, [])


@pytest.fixture
def many(database: Engine) -> Engine:
    """More than are looked through: every word of them is somewhere among the oldest ones too."""
    count = MORE + RARE + 200

    def said(number: int) -> str:
        rare = " cuối" if number in (count - 1, count - 7) else ""
        return ("một hai" if number % 2 else "một ba") + rare

    with transaction(database) as session:
        session.execute(
            insert(Report),
            [
                {
                    "id": f"{number:05d}",
                    "reference": f"{number:09d}",
                    "status": "new" if number % 1000 == 999 else "closed",
                    "source": "web",
                    "partial": False,
                    "urgent": False,
                    "language": "vi",
                    "anonymous": False,
                    "contact": "nobody",
                    "version": 1,
                    "requested_at": NOON - timedelta(minutes=number),
                    "updated_at": NOON - timedelta(minutes=count - number),
                    "latitude": 9.0 + 0.00001 * number,
                    "longitude": 105.0,
                }
                for number in range(count)
            ],
        )
        session.execute(
            insert(ReportSearch),
            [
                {"report_id": f"{number:05d}", "words": words_kept([said(number)])}
                for number in range(count)
            ],
        )
    return database


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "filters"),
    [
        ("một", {}),
        ("hai", {}),
        ("cuối", {}),
        ("ba cuối", {}),
        ("hai cuối", {}),
        ("mot", {"statuses": ("new",)}),
        ("hai", {"statuses": ("new", "closed")}),
        ("cuối", {"statuses": ("new",)}),
        (None, {"near": Near(9.0, 105.0, 30)}),
        (None, {"near": Near(9.062, 105.0, 20)}),
        (None, {"near": Near(9.03, 105.0, 3000)}),
        (None, {"near": Near(8.0, 105.0, 3000)}),
        ("hai", {"near": Near(9.06, 105.0, 500)}),
    ],
)
def test_pages_bring_the_same_as_looking_at_every_report(
    many: Engine, words: str | None, filters: dict[str, Any]
) -> None:
    asked = Filters(words=read_query(words) if words else None, **filters)
    told: list[Place] = []
    while True:
        with reading(many) as session:
            page = find_reports(session, asked, NOON, FIRST + 30, after=told[-1] if told else None)
        told += page
        if len(page) < FIRST + 30:
            break

    assert [place.id for place in told] == by_looking_at_each(many, words, filters)


def by_looking_at_each(many: Engine, words: str | None, filters: dict[str, Any]) -> list[str]:
    near = filters.get("near")
    with reading(many) as session:
        rows = session.execute(
            select(Report.id, Report.status, Report.latitude).order_by(Report.requested_at.desc())
        ).all()
    last = len(rows)
    expected = []
    for report_id, status, latitude in rows:
        number = int(report_id)
        said = {"mot", "hai" if number % 2 else "ba"}
        said |= {"cuoi"} if number in (last - 1, last - 7) else set()
        asked = {word for term in read_query(words or "") for word in term.words}
        close = near is None or abs(latitude - near.latitude) * 111_195 <= near.radius_m
        if asked <= said and close and status in filters.get("statuses", (status,)):
            expected.append(report_id)
    return expected


@pytest.mark.parametrize("sort", list(Sort))
def test_each_order_is_kept_over_pages_and_among_equals(
    database: Engine, keep: Callable[..., None], sort: Sort
) -> None:
    reports = [
        a_report(
            id=f"r{number:02d}",
            requested_at=NOON + timedelta(hours=number // 3),
            updated_at=NOON - timedelta(hours=number // 4),
            expected_at=NOON + timedelta(hours=number // 5),
            status=(S.NEW, S.ASSIGNED)[number % 2],
        )
        for number in range(20)
    ]
    keep(*reports, a_report(id="ended", status=S.CLOSED, expected_at=NOON))
    orders: dict[Sort, Callable[[Report], Any]] = {
        Sort.NEWEST: lambda r: (r.requested_at, r.id),
        Sort.UPDATED: lambda r: (r.updated_at, r.id),
        Sort.DUE: lambda r: (r.expected_at, r.id),
    }
    expected = sorted(reports, key=orders[sort], reverse=sort is not Sort.DUE)

    told: list[Place] = []
    while True:
        with reading(database) as session:
            asked = Filters(statuses=OPEN)
            page = find_reports(session, asked, NOON, 3, sort, told[-1] if told else None)
        told += page
        if len(page) < 3:
            break

    assert [place.id for place in told] == [report.id for report in expected]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"statuses": OPEN}, ["a", "b"]),
        ({"statuses": CLOSED}, ["c"]),
        ({"statuses": ()}, []),
        ({"statuses": ("new",), "urgent": True}, ["a"]),
        ({"overdue": True}, ["b"]),
        ({"overdue": False}, ["a", "c"]),
        ({"partial": True}, ["c"]),
        ({"sources": ("web", "phone")}, ["a", "b", "c"]),
        ({"sources": ("open311",)}, []),
        ({"officer": "u7"}, ["b"]),
        ({"agencies": ("so_xay_dung", "nobody")}, ["b"]),
        ({"categories": ("GT01", "giao_thong"), "places": ("2025:31942",)}, ["a", "b"]),
        ({"categories": ("x' OR '1'='1", "%", "\\")}, []),
        ({"reference": "482173908"}, ["c"]),
        ({"received_from": NOON - timedelta(hours=1)}, ["a", "b"]),
        ({"received_to": NOON - timedelta(hours=1)}, ["c"]),
        ({"updated_from": NOON, "updated_to": NOON + timedelta(seconds=1)}, ["a", "b"]),
    ],
)
def test_every_filter_holds(
    database: Engine, keep: Callable[..., None], filters: dict[str, Any], expected: list[str]
) -> None:
    keep(
        a_report(id="a", category="GT01", place="2025:31942", urgent=True),
        a_report(id="b", status=S.ASSIGNED, agency="so_xay_dung", officer="u7", category="GT01",
                 place="2025:31942", expected_at=NOON - timedelta(hours=1)),
        a_report(id="c", status=S.CLOSED, partial=True, source="web", reference="482173908",
                 requested_at=NOON - timedelta(hours=2), expected_at=NOON - timedelta(hours=1)),
    )  # fmt: skip

    for sort in (Sort.NEWEST, Sort.UPDATED):
        assert sorted(found(database, sort=sort, **filters)) == expected


def test_a_group_and_a_module_bring_their_categories_and_both_together_what_is_in_both() -> None:
    province = bac_lieu()

    group = categories_of(province, None, ["giao_thong"], None) or ()
    both = categories_of(province, ["GT01", "DT01"], ["giao_thong"], None)

    assert {"GT01", "giao_thong"} <= set(group) and "DT01" not in group
    assert both == ("GT01",)
    assert categories_of(province, None, None, ["giao_thong"]) is not None
    assert categories_of(province, None, None, None) is None


def test_a_place_brings_what_became_part_of_it() -> None:
    province = bac_lieu()

    assert places_of(province, ["2025:31942"]) == (
        "2025:31942",
        *sorted(
            f"{old.edition}:{old.code}"
            for old, new in province.successors.items()
            if any(key.code == "31942" for key in new)
        ),
    )
    assert places_of(province, ["2025:0"]) == ("2025:0",)


def test_an_old_district_brings_its_communes_and_what_was_made_of_them_alone() -> None:
    brought = set(places_of(bac_lieu(), ["pre2025:954"]) or ())

    assert {"pre2025:954", "pre2025:31825", "2025:31825"} <= brought
    assert "2025:31942" not in brought


def test_officers_see_their_agency_alone_and_citizens_nothing() -> None:
    officer = Actor("u2", Party.AGENCY, "so_xay_dung")

    assert seen_by(STAFF, Filters()) == Filters()
    assert seen_by(officer, Filters()).agencies == ("so_xay_dung",)
    assert seen_by(officer, Filters(agencies=("another",))).agencies == ()
    assert seen_by(CITIZEN, Filters()).agencies == ()


@pytest.mark.slow
def test_what_is_forgotten_is_in_no_byte_of_the_database(sqlite_url: str, tmp_path: Path) -> None:
    engine = open_engine(sqlite_url)
    with transaction(engine) as session:
        for number in range(300):
            text = "zebraqux" if number == 150 else f"ngập {number}"
            report = a_report(id=f"r{number}", address=None)
            session.add(report)
            session.flush()
            report.description = text
            index_report(session, bac_lieu(), report)
    with transaction(engine) as session:
        session.get_one(Report, "r150").description = None
        forget_report(session, "r150")

    sweep_search(engine)

    assert found(engine, "zebraqux") == [] and len(found(engine, "ngập", limit=400)) == 299
    engine.dispose()
    path = tmp_path / "hotline.sqlite3"
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.execute("INSERT INTO report_search_fts(report_search_fts) VALUES('integrity-check')")
    raw.close()
    assert b"ebraqux" not in path.read_bytes()
