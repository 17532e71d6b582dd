"""Figures from a file on the console: looked at first, kept once somebody says so."""

import io
import re
from pathlib import Path

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from accounts.roles import Role
from console.entry import LARGE
from console.observations.uploads import MOST_FORM_BYTES
from console.wording import WORDING
from monitoring.checking import Reason
from monitoring.csv_lines import MOST_LINE_BYTES
from monitoring.models import Observation
from storage.database import reading
from tests.console.conftest import Browser

HEADER = "phenomenon_time;indicator;unit;value\n"
GOOD = "20/11/2026 07:00;security.cases;Phường Bạc Liêu;3\n"
BAD = "20/11/2026 07:00;security.cases;Phường Bạc Liêu;ba\n"


@pytest.fixture
def desk(browser: Browser) -> Browser:
    browser.become(Role.SUPERVISOR)
    return browser


def upload(desk: Browser, text: str, language: str = "vi") -> TestResponse:
    form = {"mark": desk.mark("/observations"), "file": (io.BytesIO(text.encode()), "so lieu.csv")}
    return desk.client.post(f"/observations?language={language}", data=form, buffered=True)


def kept(desk: Browser) -> int:
    with reading(desk.engine) as session:
        return session.scalars(select(func.count()).select_from(Observation)).one()


def test_a_preview_stores_nothing_and_tells_each_faulty_line(desk: Browser) -> None:
    shown = upload(desk, HEADER + GOOD + BAD)

    assert shown.status_code == 200
    assert "2 dòng: 1 dùng được, 1 sai." in shown.text
    assert "giá trị: cần một con số như 1234,5" in shown.text
    assert "Phường Bạc Liêu" in shown.text and "Lưu 1 số liệu" in shown.text
    assert kept(desk) == 0
    assert "expected a number such as 1234,5" in upload(desk, HEADER + BAD, "en").text


def test_what_was_looked_at_is_kept_once(desk: Browser, tmp_path: Path) -> None:
    shown = upload(desk, HEADER + GOOD + BAD)
    found = re.search(r'name="upload" value="(\w+)"', shown.text)
    assert found is not None

    done = desk.post("/observations/keep", upload=found[1], name="so lieu.csv")
    again = desk.post("/observations/keep", upload=found[1], name="so lieu.csv")

    assert "Mới 1, sửa 0, đã biết từ trước 0, sai 1." in done.text
    assert (again.status_code, kept(desk)) == (409, 1)
    assert list((tmp_path / "uploads").iterdir()) == []


def test_a_file_is_its_authors_own_and_may_be_discarded(desk: Browser, tmp_path: Path) -> None:
    shown = upload(desk, HEADER + GOOD)
    found = re.search(r'name="upload" value="(\w+)"', shown.text)
    assert found is not None
    other = desk.other()
    other.become(Role.ADMINISTRATOR)

    taken = other.post("/observations/keep", upload=found[1], name="x")
    desk.post("/observations/discard", upload=found[1])

    assert (taken.status_code, kept(desk)) == (409, 0)
    assert list((tmp_path / "uploads").iterdir()) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "Tệp trống"), ("a;b\n", "Không hiểu cột “a”"), ("value\n", "Thiếu cột: phenomenon_time")],
)
def test_a_file_that_is_no_table_is_told_in_a_sentence(desk: Browser, text: str, said: str) -> None:
    shown = upload(desk, text)

    assert (shown.status_code, said in shown.text) == (422, True)
    assert desk.post("/observations", "/observations").status_code == 422


def test_every_reason_has_words_and_the_limit_is_known_at_the_door() -> None:
    rows = {"long", "encoding", "quotes", "cells", "moment", "indicator", "unit", "units", "level",
            "number", "source"}  # fmt: skip
    checked = {
        reason.value
        for reason in Reason
        if reason not in (Reason.STREAM, Reason.INDICATOR, Reason.ZONE, Reason.NUMBER)
    }

    assert {f"figures_fault_{each}" for each in rows | checked} <= WORDING.keys()
    assert LARGE["console.look_at_figures"] == MOST_FORM_BYTES > MOST_LINE_BYTES
