"""A holiday from the browser to the next call: a web process, a calling process, one database."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from accounts.models import User
from console.assets import find_assets
from storage.database import transaction
from tests.browsers import chromium
from tests.builders import PASSWORD, a_user
from tests.processes import end_with_parent

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not find_assets().scripts, reason="the scripts are not bundled: make test"),
]
EMAIL = "quan.tri@example.vn"
MONDAY = "2026-12-14T02:00:00+00:00"  # 9:00 in the province, an ordinary working day
START_S, FOLLOW_S = 60.0, 15.0


@dataclass
class Caller:
    """The calling process, told one line and answering with one."""

    process: subprocess.Popen[str]

    def told(self, line: str) -> dict[str, Any]:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        for answer in self.process.stdout:
            read = json.loads(answer)
            if "version" in read and "event" not in read:
                return dict(read)
        raise AssertionError("the calling process ended")

    def follows(self, version: int) -> None:
        """Come back once it follows that version."""
        until = time.monotonic() + FOLLOW_S
        while self.told("version")["version"] != version:
            assert time.monotonic() < until, f"version {version} was not taken"
            time.sleep(0.2)


@pytest.fixture
def environment(tmp_path: Path, database_url: str) -> dict[str, str]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    return os.environ | {
        "HOTLINE_DATA": str(tmp_path),
        "HOTLINE_DATABASE_URL": database_url,
        "HOTLINE_WEB_BIND": f"127.0.0.1:{port}",
    }


@pytest.fixture
def caller(environment: dict[str, str]) -> Iterator[Caller]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.console.following_caller", MONDAY],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=end_with_parent(),
    )
    yield Caller(process)
    process.kill()
    process.communicate()


@pytest.fixture
def address(environment: dict[str, str], database: Engine, tmp_path: Path) -> Iterator[str]:
    user: User = a_user(email=EMAIL, role="administrator")
    with transaction(database) as session:
        session.add(user)
    with (tmp_path / "web.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "hotline", "web"],
            env=environment,
            stdout=log,
            stderr=log,
            preexec_fn=end_with_parent(),
        )
    url = f"http://{environment['HOTLINE_WEB_BIND']}"
    try:
        _await(url, tmp_path / "web.log")
        yield url
    finally:
        process.kill()
        process.wait()


def _await(url: str, log: Path) -> None:
    until = time.monotonic() + START_S
    while True:
        try:
            httpx.get(f"{url}/healthz", trust_env=False)
            return
        except httpx.TransportError:
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)


def publish(page: Page, reason: str) -> None:
    page.get_by_label("Lý do").fill(reason)
    page.get_by_role("button", name="Công bố").click()
    expect(page.locator("#toasts")).to_contain_text("Đã công bố")


def test_a_holiday_from_the_browser_closes_the_next_call_and_moves_its_deadline(
    caller: Caller, address: str
) -> None:
    before = caller.told("begin"), caller.told("end")
    assert before[0]["closed_why"] is None
    assert before[1]["expected_at"].startswith("2026-12-21")
    caller.told("begin")  # stands while the holiday is published

    with chromium() as browser:
        context = browser.new_context(locale="vi")
        page = context.new_page()
        page.goto(f"{address}/sign-in?next=/settings/holidays/-")
        page.get_by_label("Thư điện tử").fill(EMAIL)
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/settings/holidays/-")
        page.get_by_label("Mã", exact=True).fill("mourning")
        page.get_by_label("Tên (tiếng Việt)").fill("Quốc tang")
        page.get_by_label("Tên (tiếng Anh)").fill("National mourning")
        page.get_by_label("Ngày", exact=True).fill("14/12")
        page.get_by_label("Số ngày nghỉ kể từ").fill("2")
        # The session ends in the middle of the form: nothing typed is lost.
        page.get_by_label("Từ năm").fill("2026")
        cookies = context.cookies()
        context.clear_cookies()
        page.keyboard.press("Enter")
        expect(page.get_by_label("Mật khẩu")).to_be_visible()
        context.add_cookies(cookies)  # type: ignore[arg-type]
        page.goto(f"{address}/settings/holidays/-")
        expect(page.get_by_label("Tên (tiếng Việt)")).to_have_value("Quốc tang")
        page.get_by_label("Tên (tiếng Việt)").press("Enter")
        expect(page.locator("#toasts")).to_contain_text("Đã giữ trong bản nháp")
        page.get_by_role("link", name="Xem lại và công bố").click()
        expect(page.locator("table.changes ins")).to_contain_text("Quốc tang")
        publish(page, "Thông báo số 5")
        caller.follows(1)

        in_progress = caller.told("end")
        after = caller.told("begin"), caller.told("end")
        page.goto(f"{address}/settings/history")
        page.get_by_role("button", name="Trở lại các tệp của gói tỉnh").click()
        publish(page, "Thông báo số 5 bị thu hồi")
        context.close()
    caller.follows(2)

    assert in_progress["closed_why"] is None  # it keeps what it was told
    assert after[0]["closed_why"] == "closed_holiday"
    assert after[1]["expected_at"].startswith("2026-12-23")
    assert caller.told("begin")["closed_why"] is None
    assert caller.told("end")["expected_at"] == before[1]["expected_at"]
