"""The operations board: what its pages say, as it is known now and as it was known."""

import re
from datetime import timedelta

import pytest

from tests.builders import NOON
from tests.console.board_filled import (
    BAC_LIEU,
    CLUSTER,
    FEVER,
    FLOOD,
    GANH_HAO,
    VINH_LOI,
    alert_id,
    fill_board,
)
from tests.console.conftest import Browser
from tests.console.filled import FIRST
from tests.console.outline import Outline


@pytest.fixture
def leader(browser: Browser) -> Browser:
    fill_board(browser)
    browser.become("supervisor")
    return browser


def module_state(page: str, code: str) -> str:
    found = re.search(rf'state-edge-(\w+)" data-module="{code}"', page)
    assert found is not None, code
    return found[1]


def test_the_board_has_every_module_with_the_state_of_its_gravest_alert(leader: Browser) -> None:
    page = leader.get("/board").text

    assert len(re.findall("data-module=", page)) == 7
    assert module_state(page, "health") == "alert"
    assert module_state(page, "security") == "watch"
    assert module_state(page, "hotline") == "quiet"
    assert module_state(page, "traffic") == "quiet" or "chưa có số liệu" in page
    assert f'data-alert="{FEVER}"' in page and f'data-alert="{CLUSTER}"' in page
    for unit, level in ((VINH_LOI, "alert"), (GANH_HAO, "watch"), (BAC_LIEU, "watch")):
        assert f"{unit}={level}" in page
    Outline(page)


def test_an_indicator_tells_its_figure_its_target_and_the_week_before(leader: Browser) -> None:
    page = leader.get("/board/modules/security").text

    assert "5 vụ" in page and "2/3 nơi báo" in page
    assert "Tuần trước: 6 vụ" in page
    assert "chưa đạt" in page
    assert 'role="img"' in page and "thấp nhất 5 vụ, cao nhất 6 vụ" in page
    Outline(page)


def test_an_old_figure_is_called_old(leader: Browser) -> None:
    page = leader.get("/board/modules/education").text

    assert "số liệu cũ" not in page  # none of the last two weeks: there is no figure at all
    assert "chưa có số liệu" in page


def test_as_it_was_known_the_morning_has_no_figure_of_noon(leader: Browser) -> None:
    page = leader.get("/board?known_at=2026-11-22T08:00").text

    assert "như đã biết lúc 22/11/2026 08:00" in page
    assert "6 vụ" in page and "5 vụ" not in page
    # Opened at eleven, and closed at ten.
    assert f'data-alert="{FEVER}"' not in page and f'data-alert="{FLOOD}"' in page
    assert 'data-alert="4"' in page
    assert "known_at=2026-11-22T08%3A00" in page.replace("&amp;", "&")


def test_a_moment_that_cannot_be_shown_is_said_so_and_now_is_shown(leader: Browser) -> None:
    for typed in ("later", "2999-01-01T00:00", "2026-13-01T00:00", "1000-01-01T00:00"):
        page = leader.get(f"/board?known_at={typed}").text

        assert "Hãy ghi thời điểm" in page and "5 vụ" in page, typed


def test_an_indicator_is_compared_with_the_week_and_the_year_before(leader: Browser) -> None:
    page = leader.get("/board/indicators/security.cases?days=7").text

    last = page.rsplit("<tr>", 1)[0].split('id="numbers"')[1]
    assert re.findall(r'22/11/2026</th><td data-value="([^"]*)">[^<]*</td>', last) == ["5.0"]
    row = re.search(r"22/11/2026</th>(.*)</tr>", page)
    assert row is not None
    assert re.findall(r'data-value="([^"]*)"', row[1]) == ["5.0", "6.0", "6.0"]
    assert f"unit={GANH_HAO.replace(':', '%3A')}" in page
    Outline(page)


def test_from_a_commune_one_gets_to_its_reports_of_the_module(leader: Browser) -> None:
    page = leader.get(f"/board/indicators/security.cases?unit={GANH_HAO}&days=7").text
    link = re.search(r'href="(/reports\?[^"]*module=security[^"]*)"', page)

    assert link is not None
    address = link[1].replace("&amp;", "&")
    assert "since=2026-11-16" in address and f"unit={GANH_HAO.replace(':', '%3A')}" in address
    answer = leader.get(address)
    assert answer.status_code == 200 and "lĩnh vực: An ninh trật tự" in answer.text
    assert FIRST not in answer.text  # it has no category yet


def test_what_is_not_there_is_not_found(leader: Browser) -> None:
    for path in (
        "/board/modules/nowhere",
        "/board/indicators/security.nothing",
        "/board/indicators/security.cases?unit=2025:1",
        "/alerts/" + "0" * 32,
    ):
        assert leader.get(path).status_code == 404, path


def test_the_wall_turns_from_page_to_page_and_begins_again(leader: Browser) -> None:
    seen = []
    path = "/board/wall"
    for _ in range(9):
        page = leader.get(path).text
        seen.append(re.findall("<h1>([^<\n]+)", page)[0].strip())
        path = re.findall('data-turn="([^"]+)"', page)[0]
        assert f'content="20; url={path}"' in page  # for a browser without scripts

    assert path == "/board/wall?page=1"
    assert len(set(seen)) == 9
    stopped = leader.get("/board/wall?page=2&stop=1").text
    assert "data-turn=" not in stopped and "http-equiv" not in stopped
    assert "Ca sốt xuất huyết" in stopped


def test_a_screen_on_the_wall_sees_the_wall_pages_alone(leader: Browser) -> None:
    answer = leader.post("/wall/keep", keep="wall", then="board")

    assert answer.location == "/board/wall"
    assert leader.get("/board/wall").status_code == 200
    assert leader.get("/map/units").status_code == 200
    assert leader.get("/board").location == "/wall"
    assert leader.get(f"/alerts/{alert_id(FEVER)}").location == "/wall"


def test_a_briefing_tells_an_officer_nothing_of_other_agencies_reports(leader: Browser) -> None:
    figures = 'aria-labelledby="reports"'
    assert figures in leader.get("/board/briefing").text

    officer = leader.other()
    officer.become("agency", "so_y_te")

    assert figures not in officer.get("/board/briefing").text
    assert officer.get("/board/briefing.pdf").status_code == 200


def test_a_briefing_tells_of_the_shift_and_is_the_same_on_paper(leader: Browser) -> None:
    shift = "since=2026-11-21T22:00&until=2026-11-22T12:00"
    page = leader.get(f"/board/briefing?{shift}").text

    assert "Báo cáo giao ca 21/11/2026 22:00 – 22/11/2026 12:00" in page
    opened = page.split('id="opened"')[1].split("</section>")[0]
    assert f"Cảnh báo số {FEVER}" in opened and f"Cảnh báo số {FLOOD}" not in opened
    closed = page.split('id="closed"')[1].split("</section>")[0]
    assert "Cảnh báo số 4" in closed
    handed = page.split('id="handed"')[1].split("</section>")[0]
    assert f"Cảnh báo số {FLOOD}" in handed and "Cảnh báo số 4" not in handed
    assert "<dt>Nhận trong ca</dt><dd>1</dd>" in page  # the other came in at noon sharp
    Outline(page)

    paper = leader.get(f"/board/briefing.pdf?{shift}")
    assert paper.mimetype == "application/pdf" and paper.data.startswith(b"%PDF")


def test_a_shift_that_cannot_be_is_said_so(leader: Browser) -> None:
    for shift in (
        "since=x&until=y",
        "since=2026-11-22T12:00&until=2026-11-22T06:00",
        "since=2026-01-01T00:00&until=2026-11-22T06:00",
    ):
        page = leader.get(f"/board/briefing?{shift}").text

        assert "Ca phải bắt đầu trước khi kết thúc" in page
        assert "22/11/2026 06:00 – 22/11/2026 12:00" in page


def test_the_shift_that_goes_on_is_briefed_of_up_to_now(leader: Browser) -> None:
    leader.now = NOON + timedelta(hours=1)

    assert "22/11/2026 06:00 – 22/11/2026 13:00" in leader.get("/board/briefing").text
