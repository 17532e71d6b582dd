"""A small telephone's browser, as the tests of the citizens' pages use it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page as Tab

ANSWER_LIMIT_S = 20.0
LOOK_S = 0.05
WIDTH, HEIGHT = 360, 740


class Page:
    """The only page of the telephone. `complaints` are errors of scripts and of the policy."""

    def __init__(self, tab: Tab) -> None:
        self._tab = tab
        self.complaints: list[str] = []
        tab.set_default_timeout(1000 * ANSWER_LIMIT_S)
        tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        tab.on("console", self._listen)

    def _listen(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.complaints.append(message.text)

    def open(self, url: str) -> None:
        self._tab.goto(url)

    def run(self, script: str) -> Any:
        """The value of an expression on the page; promises are waited for."""
        return self._tab.evaluate(script)

    def wait(self, condition: str, limit_s: float = ANSWER_LIMIT_S) -> Any:
        """The condition's value, once it is true; an element counts as true."""
        until = time.monotonic() + limit_s
        given = f"((found) => found instanceof Node || found)({condition})"
        while time.monotonic() < until:
            try:
                if value := self._tab.evaluate(given):
                    return value
            except BrowserError:  # between two pages, or what is asked about is not there yet
                pass
            self._tab.wait_for_timeout(1000 * LOOK_S)
        raise AssertionError(f"not within {limit_s} s: {condition}\n{self.text}")

    def fill(self, selector: str, text: str) -> None:
        """Type, as fingers do it."""
        self._tab.focus(selector)
        self._tab.keyboard.insert_text(text)

    def press(self, selector: str) -> None:
        self._tab.eval_on_selector(selector, "(element) => element.click()")

    def choose_files(self, selector: str, *files: Path) -> None:
        self._tab.set_input_files(selector, list(files))

    def accessible(self) -> list[dict[str, Any]]:
        """What a screen reader is told of the page, piece by piece."""
        told = self._tab.context.new_cdp_session(self._tab).send("Accessibility.getFullAXTree")
        return [node for node in told["nodes"] if not node.get("ignored")]

    @property
    def text(self) -> str:
        return str(self._tab.inner_text("body"))


@contextmanager
def telephone(browser: Browser) -> Iterator[Page]:
    """A fresh one: nothing is kept on it yet."""
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
        locale="vi",
    )
    yield Page(context.new_page())
    context.close()
