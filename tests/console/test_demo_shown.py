"""Whoever looks at made-up data is told so, on every page."""

import io

import pytest
from pypdf import PdfReader

from monitoring.models import DemoMark
from tests.console.conftest import Browser

SAID = "Có dữ liệu trình diễn"


def test_every_page_says_that_there_is_made_up_data(browser: Browser) -> None:
    browser.sign_in()
    assert SAID not in browser.get("/reports").get_data(as_text=True)

    browser.add(DemoMark(kind="reports", row_id="r" * 32))

    assert SAID in browser.get("/reports").get_data(as_text=True)
    assert SAID in browser.get("/alerts").get_data(as_text=True)


def test_who_is_not_signed_in_is_told_nothing(browser: Browser) -> None:
    browser.add(DemoMark(kind="reports", row_id="r" * 32))

    assert SAID not in browser.get("/sign-in").get_data(as_text=True)


@pytest.mark.parametrize(
    "path", ["/wall", "/board/wall", "/board/wall?page=2", "/board/wall?page=3"]
)
def test_screens_on_the_wall_say_so(browser: Browser, path: str) -> None:
    browser.sign_in()
    assert SAID not in browser.get(path).get_data(as_text=True)

    browser.add(DemoMark(kind="reports", row_id="r" * 32))

    assert SAID in browser.get(path).get_data(as_text=True)


@pytest.mark.parametrize("path", ["/board/briefing.pdf", "/statistics/report.pdf"])
def test_papers_say_so(browser: Browser, path: str) -> None:
    browser.become("supervisor")
    assert SAID not in printed(browser, path)

    browser.add(DemoMark(kind="reports", row_id="r" * 32))

    assert SAID in printed(browser, path)


def printed(browser: Browser, path: str) -> str:
    read = PdfReader(io.BytesIO(browser.get(path).get_data()))
    return " ".join(page.extract_text() for page in read.pages).replace("\n", " ")
