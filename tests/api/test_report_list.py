"""GET /reports, its exports and figures, as programs ask for them."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from accounts.roles import Role
from reports.models import Report
from reports.search import index_report
from storage.database import transaction
from tests.api.conftest import Api
from tests.builders import NOON, a_report
from tests.provinces.packs import bac_lieu

# The last digit checks the others.
REFERENCES = {"1": "000000013", "2": "000000021", "3": "000000037"}


def keep(api: Api, *reports: Report) -> None:
    with transaction(api.engine) as session:
        session.add_all(reports)
        session.flush()
        for report in reports:
            index_report(session, bac_lieu(), report)


def told(api: Api, query: str) -> list[str]:
    answer = api.get("/reports?" + query)
    assert answer.status_code == 200, answer.text
    return sorted(report["reference"] for report in answer.json["reports"])


@pytest.fixture
def three(api: Api) -> Api:
    keep(
        api,
        a_report(reference=REFERENCES["1"], category="GT01", place="2025:31942", urgent=True,
                 latitude=9.2400, longitude=105.4600, description="Đường ngập nước"),
        a_report(reference=REFERENCES["2"], category="DT01", status="assigned", officer="u7",
                 agency="so_xay_dung", expected_at=NOON - timedelta(hours=1)),
        a_report(reference=REFERENCES["3"], category="giao_thong", status="closed", source="web",
                 partial=True, requested_at=NOON - timedelta(days=40)),
    )  # fmt: skip
    return api


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "123"),
        ("status=open", "12"),
        ("status=ended,assigned", "23"),
        ("group=giao_thong", "13"),
        ("category=GT01,DT01", "12"),
        ("group=giao_thong&category=DT01", ""),
        ("category=never_heard_of", ""),
        ("place=2025:31942", "1"),
        ("agency=so_xay_dung", "2"),
        ("officer=u7", "2"),
        ("officer=me", ""),
        ("urgent=true", "1"),
        ("overdue=true", "2"),
        ("partial=1&source=web", "3"),
        ("received_to=2026-11-01T00:00:00Z", "3"),
        ("received_from=2026-11-01T00:00:00%2B07:00", "12"),
        ("updated_from=0001-01-01T00:00:00%2B14:00&updated_to=9999-12-31T23:59:59-14:00", "123"),
        ("q=duong ngap", "1"),
        ("q=000-000-013", "1"),
        ("q=%00", ""),
        ("q=!!!", ""),
        ("near=9.2401,105.4601", "1"),
        ("near=9.2401,105.4601&radius_m=10", ""),
        ("sort=due", "2"),
        ("sort=updated&limit=3", "123"),
    ],
)
def test_a_list_brings_what_was_asked_for(three: Api, query: str, expected: str) -> None:
    assert told(three, query) == [REFERENCES[each] for each in expected]


@pytest.mark.slow
@pytest.mark.parametrize(
    "query",
    [
        "statsu=new",
        "status=old",
        "status=new,",
        "status=new&status=closed",
        "category=",
        "category=a b",
        "place=31942",
        "near=9.2",
        "near=91,105",
        "near=nan,105",
        "near=9.2,105.4&radius_m=0",
        "near=9.2,105.4&radius_m=inf",
        "urgent=maybe",
        "received_from=yesterday",
        "received_from=2026-11-01",
        "sort=oldest",
        "fields=reference,secret",
        "fields=",
        "q=" + "a" * 201,
        "officer=%00",
    ],
)
@pytest.mark.parametrize("path", ["/reports", "/reports/export.csv", "/statistics"])
def test_what_is_not_known_is_refused_by_its_name(api: Api, path: str, query: str) -> None:
    api.enter(Role.ADMINISTRATOR)

    answer = api.get(f"{path}?{query}")

    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert query.rpartition("&")[2].partition("=")[0] in {
        error["field"] for error in answer.json["errors"]
    }


def test_only_the_fields_asked_for_are_told(three: Api) -> None:
    page = three.get("/reports?fields=reference,status&limit=1").json

    assert [sorted(report) for report in page["reports"]] == [["reference", "status"]]
    assert page["next_before"] is not None


@pytest.mark.slow
@pytest.mark.parametrize("sort", ["newest", "updated", "due"])
def test_pages_of_every_order_tell_each_report_once(api: Api, sort: str) -> None:
    keep(api, *(
        a_report(requested_at=NOON + timedelta(seconds=n // 3), expected_at=NOON)
        for n in range(11)
    ))  # fmt: skip
    seen: list[str] = []
    before = ""
    while True:
        page = api.get(f"/reports?sort={sort}&limit=4&fields=reference{before}").json
        seen += [report["reference"] for report in page["reports"]]
        if page["next_before"] is None:
            break
        before = f"&before={page['next_before']}"

    assert len(seen) == len(set(seen)) == 11


def test_officers_see_their_agency_alone_in_lists(three: Api) -> None:
    three.enter(Role.AGENCY, agency="so_xay_dung")

    assert told(three, "") == [REFERENCES["2"]]
    assert told(three, "q=000000013") == told(three, "agency=ubnd_xa") == []


def test_words_are_looked_for_by_who_may_read_them(three: Api) -> None:
    three.enter(Role.OPERATOR, scopes=["reports.read"])

    assert three.get("/reports?q=ngap").status_code == 403
    assert told(three, "q=000000013") == [REFERENCES["1"]]


def rows_of(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_an_export_is_a_table_of_the_same_reports(three: Api) -> None:
    three.enter(Role.SUPERVISOR)

    answer = three.get("/reports/export.csv?status=open")
    rows = rows_of(answer)

    assert [row["reference"] for row in rows] == [REFERENCES["2"], REFERENCES["1"]] or len(
        rows
    ) == 2
    assert "description" not in rows[0]
    assert "attachment" in answer.headers["Content-Disposition"]


def test_nothing_in_an_export_is_a_formula(api: Api) -> None:
    api.enter(Role.SUPERVISOR)
    wicked = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", '=HYPERLINK("x","y")', "a,b\n=c", "ok"]
    keep(api, *(a_report(description=text, latitude=-1.5, longitude=2.0) for text in wicked))

    rows = rows_of(api.get("/reports/export.csv?columns=description,latitude"))

    assert {row["description"] for row in rows} == {
        *("'" + text for text in wicked[:7]),
        *wicked[7:],
    }
    assert {row["latitude"] for row in rows} == {"-1.5"}


@pytest.mark.slow
def test_a_workbook_has_the_same_rows_and_texts_only(api: Api) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    api.enter(Role.SUPERVISOR)
    keep(api, *(a_report(description="=1+1", partial=number == 1) for number in range(3)))

    answer = api.get("/reports/export.xlsx?columns=description,partial,requested_at,officer")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active

    rows = list(sheet.iter_rows())
    assert [cell.value for cell in rows[0]] == ["description", "partial", "requested_at", "officer"]
    assert len(rows) == 4 and all(row[0].data_type != "f" for row in rows)
    assert {row[1].value for row in rows[1:]} == {True, False}
    assert rows[1][2].value.isoformat() == "2026-11-22T12:00:00"  # local


def test_an_export_is_in_the_audit_log_before_it_is_sent(three: Api) -> None:
    from sqlalchemy import select

    from accounts.models import AuditEntry

    user = three.enter(Role.SUPERVISOR)
    three.get("/reports/export.csv?status=open")

    with transaction(three.engine) as session:
        entries = session.scalars(select(AuditEntry)).all()
    exports = [each for each in entries if each.action == "reports.exported"]
    assert [each.actor for each in exports] == [user]


def test_figures_are_told_with_names(three: Api) -> None:
    three.enter(Role.SUPERVISOR)

    figures = three.get("/statistics?status=open,closed").json

    assert figures["total"] == 3
    assert {each["code"]: each["reports"] for each in figures["by_status"]} == {
        "new": 1, "assigned": 1, "closed": 1,
    }  # fmt: skip
    assert figures["deadlines"]["overdue"] == 1
    assert figures["by_hour"] == [{"hour": 12, "reports": 3}]
    named = {each["code"]: each["name"] for each in figures["by_agency"]}
    assert named[None] is None and named["so_xay_dung"] != "so_xay_dung"


@pytest.mark.parametrize("path", ["/reports/export.csv", "/reports/export.xlsx", "/statistics"])
def test_operators_do_not_export_nor_see_figures(three: Api, path: str) -> None:
    assert three.get(path).status_code == 403
