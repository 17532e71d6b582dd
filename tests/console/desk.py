"""Somebody at a desk: a real browser at the console, with reports to work on."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect
from werkzeug.serving import make_server

from tests.builders import PASSWORD, a_user
from tests.console.conftest import Browser as Visitor

WAIT_MS = 15_000
expect.set_options(timeout=WAIT_MS)


def until(page: Page, expression: str) -> None:
    """Wait until it holds. Playwright's own way would have the page evaluate a text, which its
    policy forbids."""
    end = time.monotonic() + WAIT_MS / 1000
    while not page.evaluate(expression):
        assert time.monotonic() < end, expression
        time.sleep(0.05)


@contextmanager
def served(visitor: Visitor) -> Iterator[str]:
    """The console on a port of its own."""
    server = make_server("127.0.0.1", 0, visitor.app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Desk:
    """A browser window at the console. `strangers` are addresses elsewhere that it asked for."""

    visitor: Visitor
    address: str
    context: BrowserContext
    page: Page
    strangers: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    def sign_in(self, role: str = "operator", agency: str | None = None) -> str:
        """As a new user of that role; their id."""
        user = a_user(email=f"{role}@example.vn", role=role, agency=agency)
        user_id = user.id
        self.visitor.add(user)
        self.go("/sign-in")
        self.page.get_by_label("Thư điện tử").fill(f"{role}@example.vn")
        self.page.get_by_label("Mật khẩu").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        return user_id

    def violations(self) -> list[str]:
        """What axe finds wrong with the page."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{one['id']}: {node['html']} {node['failureSummary']}"
            for one in found
            for node in one["nodes"]
        ]

    @property
    def scrolls_sideways(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@contextmanager
def desk(
    browser: Browser,
    visitor: Visitor,
    width: int = 1280,
    scheme: str = "light",
    language: str = "vi",
    script: bool = True,
) -> Iterator[Desk]:
    """A window of that width and colour scheme."""
    with served(visitor) as address:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if scheme == "dark" else "light",
            locale=language,
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        page = context.new_page()
        made = Desk(visitor, address, context, page)

        def watch(request: Request) -> None:
            if not request.url.startswith((address, "data:", "blob:")):
                made.strangers.append(request.url)

        page.on("request", watch)
        page.on("pageerror", lambda error: made.complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                made.complaints.append(message.text)
                if message.type == "error" and "Content Security Policy" in message.text
                else None
            ),
        )
        yield made
        context.close()
