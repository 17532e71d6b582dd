"""The page of figures, its lists, PDF and XLSX: all tell what was counted by hand."""

import io
import re

import openpyxl
import pytest
from pypdf import PdfReader

from accounts.roles import Role
from console.statistics.sheet import Unit
from console.statistics.shown import shown
from tests.console.conftest import Browser
from tests.console.counted import AGENCY, fill
from tests.console.outline import Outline

SUNDAY = "since=2026-11-22&until=2026-11-22"
# Of each figure: what the page shows, and what it was the day before.
FIGURES = {
    "calls": ("11", "1"),
    "contained": ("27,3 %", "0,0 %"),
    "answered": ("50,0 %", "–"),
    "wait": ("40 giây", "–"),
    "wait_p90": ("1 phút 20 giây", "–"),
    "talk": ("1 phút 30 giây", "–"),
    "length": ("2 phút 00 giây", "2 phút 00 giây"),
    "reports": ("5", "1"),
    "urgent": ("1", "0"),
    "partial": ("1", "0"),
    "deadlines": ("66,7 %", "–"),
    "overdue": ("1", "0"),
    "resolve": ("2,0 giờ", "–"),
    "score": ("3,5", "–"),
    "rated": ("2", "0"),
    "word_errors": ("5,0 %", "–"),
    "words_read": ("3", "0"),
}


@pytest.fixture
def supervisor(browser: Browser) -> Browser:
    fill(browser)
    browser.become(Role.SUPERVISOR)
    return browser


def figures_of(page: str) -> dict[str, tuple[str, str, str | None]]:
    """What each figure shows, what it was before, and where it leads."""
    found = {}
    for key, inside in re.findall(r'<li id="figure-(\w+)">(.*?)</li>', page, re.S):
        value = re.search(r'<p class="value">(.*?)</p>', inside, re.S)
        before = re.search(r"kỳ trước: ([^<(]*)", inside)
        assert value is not None and before is not None
        href = re.search(r'href="([^"]+)"', value[1])
        told = re.sub(r"<[^>]+>", "", value[1]).strip()
        found[key] = (told, before[1].strip(), href[1].replace("&amp;", "&") if href else None)
    return found


def rows_of(page: str, table: str) -> list[list[str]]:
    body = page.split(f'id="numbers-{table}"')[1].split("</table>")[0].split("<tbody>")[1]
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.split(r"</t[hd]>", row)[:-1]]
        for row in body.split("</tr>")[:-1]
    ]


def test_the_page_tells_what_was_counted_by_hand(supervisor: Browser) -> None:
    page = supervisor.get(f"/statistics?{SUNDAY}").text

    Outline(page)
    assert {key: told[:2] for key, told in figures_of(page).items()} == FIGURES
    assert "3 trong 11" in page and "2 trong 4" in page and "5 trong 100" in page
    assert ["12:00", "10"] in rows_of(page, "calls_by_hour")
    assert rows_of(page, "outcomes")[0] == ["Đã nói chuyện với người", "3", "27,3 %"]
    assert rows_of(page, "funnel")[4] == ["Số liên hệ", "3", "1", "33,3 %"]
    assert rows_of(page, "agencies") == [
        ["Sở Xây dựng", "2", "1", "1", "50,0 %", "0", "1,0 giờ"],
        ["Chưa giao", "2", "0", "0", "–", "1", "–"],
        ["Sở Y tế", "1", "1", "0", "100,0 %", "0", "2,0 giờ"],
    ]
    assert rows_of(page, "scores")[0] == ["5", "1", "50,0 %"]
    assert rows_of(page, "models") == [
        ["large", "1", "50", "0", "0,0 %"],
        ["small", "2", "50", "5", "10,0 %"],
    ]


@pytest.mark.slow
def test_every_number_leads_to_a_list_of_as_many(supervisor: Browser) -> None:
    page = supervisor.get(f"/statistics?{SUNDAY}").text
    figures = figures_of(page)
    counts = {
        "contained": 3, "answered": 2, "wait": 2, "wait_p90": 1, "talk": 2, "length": 11,
        "deadlines": 2, "resolve": 3, "score": 2, "word_errors": 3,
    }  # fmt: skip

    for key, (told, _, href) in figures.items():
        assert href is not None, key
        listed = supervisor.get(href).text
        count = len(re.findall(r'<tr[^>]* class="(?:call|report [^"]*)"', listed))
        assert count == counts.get(key, int(told) if told.isdecimal() else -1), (key, href)
    cells = re.findall(r'<td data-value="(\d+)"><a href="([^"]+)"', page)
    assert len(cells) > 50
    for value, href in dict.fromkeys(cells):
        listed = supervisor.get(href.replace("&amp;", "&")).text
        count = len(re.findall(r'<tr[^>]* class="(?:call|report [^"]*)"', listed))
        if "checked" not in href:  # there are recordings counted, and reports listed
            assert count == int(value), href


@pytest.mark.slow
def test_paper_and_workbook_show_the_figures_of_the_page(supervisor: Browser) -> None:
    page = supervisor.get(f"/statistics?{SUNDAY}").text
    paper = PdfReader(io.BytesIO(supervisor.get(f"/statistics/report.pdf?{SUNDAY}").data))
    answer = supervisor.get(f"/statistics/report.xlsx?{SUNDAY}")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))

    text = " ".join(" ".join(each.extract_text() for each in paper.pages).split())
    assert "Báo cáo tổng đài 19009120, ngày 22/11/2026" in text
    names = re.findall(r'<li id="figure-\w+">\s*<h3>(.*?)</h3>', page)
    assert len(names) == len(FIGURES)
    for name, (told, _, _) in zip(names, figures_of(page).values(), strict=True):
        assert re.search(re.escape(f"{name} {told}"), text), name
    for table in ("outcomes", "funnel", "agencies", "models"):
        for row in rows_of(page, table):
            assert " ".join(row) in text, row
    first = {row[0]: row[1] for row in book.worksheets[0].iter_rows(values_only=True)}
    for name, (key, (told, _)) in zip(names, FIGURES.items(), strict=True):
        unit = {"wait": Unit.SECONDS, "wait_p90": Unit.SECONDS}.get(key)
        if isinstance(first[name], int) and unit is None:
            assert shown(first[name], Unit.COUNT, "vi") == told, key
    assert first["Không cần người trực"] == pytest.approx(3 / 11)
    assert first["Chín trong mười người chờ đến"].total_seconds() == pytest.approx(80)
    assert [sheet.title for sheet in book] == [
        "Chỉ số", "Cuộc gọi", "Phản ánh", "Hạn xử lý", "Mức hài lòng", "Nhận dạng tiếng nói",
    ]  # fmt: skip
    assert answer.headers["Content-Disposition"].endswith('2026-11-22_2026-11-22.xlsx"')


def test_an_officer_sees_figures_of_their_agency_alone(browser: Browser) -> None:
    fill(browser)
    browser.become(Role.AGENCY, AGENCY)

    page = browser.get(f"/statistics?{SUNDAY}").text

    assert "Chỉ gồm phản ánh đang giao cho Sở Xây dựng" in page
    told = {key: value for key, (value, _, _) in figures_of(page).items()}
    assert (told["reports"], told["rated"]) == ("2", "2")
    assert "calls" not in told and "words_read" not in told
    assert [row[0] for row in rows_of(page, "agencies")] == ["Sở Xây dựng"]


def test_an_auditor_sees_figures_that_lead_nowhere(browser: Browser) -> None:
    fill(browser)
    browser.become(Role.AUDITOR)

    figures = figures_of(browser.get(f"/statistics?{SUNDAY}").text)

    assert {key: told[:2] for key, told in figures.items()} == FIGURES
    assert {href for _, _, href in figures.values()} == {None}


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", "từ 24/10/2026 đến 22/11/2026"),
        ("since=2026-11-01&until=2026-11-30", "tháng 11/2026"),
        ("since=2020-01-01&until=2026-11-22", "Nhiều nhất 366 ngày"),
        ("since=2026-11-22&until=2026-11-01", "Ngày đầu phải trước ngày cuối"),
        ("since=<b>&until=9999-99-99", "Không đọc được ngày"),
        ("since=0001-01-01&until=0001-01-02", "Ngày đầu phải trước"),
        ("since=2026-11-22&until=9999-12-31", "Ngày đầu phải trước"),
    ],
)
def test_any_period_is_read_or_said_to_be_wrong(browser: Browser, query: str, told: str) -> None:
    browser.become(Role.SUPERVISOR)

    page = browser.get(f"/statistics?{query}")

    assert page.status_code == 200 and told in page.text


def test_a_call_tells_what_happened_and_nobodys_number(supervisor: Browser) -> None:
    listed = supervisor.get("/calls?outcome=answer").text
    address = re.findall(r'href="(/calls/\w+)"', listed)
    assert len(address) == 1

    page = supervisor.get(address[0]).text

    Outline(page)
    assert "Nhập mã bí mật" in page and "Đã nghe trả lời" in page
    assert "912345678" not in page and "912345678" not in listed
    assert supervisor.get("/calls/nobody").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "since=x&until=y&hour=99999999999&waited_s=-1&stage=<b>&left=x&outcome=z&answered=maybe",
        "after=nonsense",
        "after=2026-11-22T05:00:00_1",
        "left_at=%00%27--",
    ],
)
def test_a_list_of_calls_takes_any_address(supervisor: Browser, query: str) -> None:
    assert supervisor.get(f"/calls?{query}").status_code == 200


def test_a_long_period_is_told_by_months(supervisor: Browser) -> None:
    rows = rows_of(
        supervisor.get("/statistics?since=2026-01-15&until=2026-11-22").text, "calls_by_day"
    )

    assert [row[0] for row in rows] == [f"{month:02d}/2026" for month in range(1, 12)]
    assert [row[1] for row in rows[-2:]] == ["2", "12"]


def test_numbers_are_written_as_each_language_writes_them() -> None:
    assert shown(1234567, Unit.COUNT, "vi") == "1.234.567"
    assert shown(1234567, Unit.COUNT, "en") == "1,234,567"
    assert shown(0.1234, Unit.SHARE, "vi") == "12,3 %"
    assert shown(0.1234, Unit.SHARE, "en") == "12.3%"
    assert shown(65, Unit.SECONDS, "en") == "1 min 05 s"
    assert shown(86_400 * 3.25, Unit.SPAN, "vi") == "3,2 ngày"
    assert shown(None, Unit.SCORE, "vi") == "–"
