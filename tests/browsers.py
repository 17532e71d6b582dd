"""A real browser, by Playwright: Debian's Chromium, without a network beyond this machine."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Error, sync_playwright

from tests.having import cannot_have

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = [
    "--no-sandbox",  # it refuses to run as root otherwise
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
]


def installed_browser() -> str:
    """The program of the browser that is here."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        cannot_have("a browser", f"none of {', '.join(PROGRAMS)} is installed")
    return program


@contextmanager
def chromium(*more: str, program: str | None = None) -> Iterator[Browser]:
    """A fresh browser, with `more` arguments; tests are skipped where none is installed."""
    program = program or installed_browser()
    with sync_playwright() as playwright:
        try:
            arguments = [*_ARGUMENTS, *more]
            browser = playwright.chromium.launch(executable_path=program, args=arguments)
        except Error as error:
            cannot_have("a browser", error.message.splitlines()[0])
        yield browser
        browser.close()


@contextmanager
def another(browser: Browser, program: str, *more: str) -> Iterator[Browser]:
    """A second browser beside that one; it may be dead in the end."""
    made = browser.browser_type.launch(executable_path=program, args=[*_ARGUMENTS, *more])
    yield made
    made.close()
