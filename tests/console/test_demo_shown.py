"""Whoever looks at made-up data is told so, on every page."""

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
