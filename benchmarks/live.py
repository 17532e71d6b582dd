"""How soon the live view shows what happens: `python -m benchmarks.live FOLDER --calls 200`.

FOLDER gets a database of its own and `hotline web` serves it. Calls move on as calls do, each turn
committed as a conversation server commits it; a real browser notes when each change has been
painted. `--others` more listen meanwhile, without a browser.
"""

import http.client
import json
import os
import random
import re
import shutil
import statistics as figures
import subprocess
import sys
import threading
import time
import uuid
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import click
import psutil
from playwright.sync_api import sync_playwright
from sqlalchemy import Engine, update

from accounts.roles import Role
from accounts.users import create_user
from benchmarks.processes import end, free_tcp_ports
from hotline.settings import Settings
from hotline.wiring import open_database
from ivr.call_rows import write_entries
from ivr.flows.registry import INCOMING
from ivr.models import Call, CallStatus
from ivr.session import Entry
from ivr.steps import Digits
from storage.database import transaction
from storage.migrations import upgrade

EMAIL, PASSWORD = "bench@example.vn", "only a benchmark"
LIMIT_MS = 1000
FACTS = {"language": "vi", "menu": {"1": "GT"}, "submenu": {"1": {"1": "GT01"}}}
# What each answer leads to, in the page's words.
MOVES = (
    (Entry("Gather:main_menu", Digits("1")), "Chọn lĩnh vực"),
    (Entry("Gather:category", Digits("1")), "Chọn việc cụ thể"),
    (Entry("Gather:subcategory", Digits("1")), "Nói phản ánh"),
)
# Notes each row that is new or replaced, once the browser has drawn it.
WATCH = """() => {
  window.seen = [];
  new MutationObserver((changes) => {
    const rows = changes.flatMap((one) => [...one.addedNodes]).filter((one) => one.id);
    const told = rows.map((row) => [row.id, row.querySelector("strong").textContent]);
    requestAnimationFrame(() => setTimeout(() => {
      for (const one of told) window.seen.push([...one, Date.now()]);
    }, 0));
  }).observe(document.getElementById("live-calls"), { childList: true });
}"""
START_S = 30.0


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--calls", default=200, show_default=True)
@click.option("--turns", default=25.0, show_default=True, help="Turns a second, of all calls.")
@click.option("--others", default=10, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def main(folder: Path, calls: int, turns: float, others: int, as_json: bool) -> None:
    (port,) = free_tcp_ports(1)
    settings = Settings(data=folder, asterisk="none", speech="none", web_bind=f"127.0.0.1:{port}")
    engine = _database(settings)
    ids = _begin(engine, calls)
    with ExitStack() as stack:
        web = stack.enter_context(_serving(settings))
        stop = threading.Event()
        stack.callback(stop.set)
        for _ in range(others):
            _listen(port, stop)
        told = _measure(stack, engine, port, web, ids, turns)
    told["others"] = others
    if as_json:
        click.echo(json.dumps(told))
        return
    late = "" if told["p95_ms"] < LIMIT_MS else "  LATE"
    click.echo(
        f"{told['moves']} moves of {calls} calls, {turns:g} a second: commit to screen "
        f"p50 {told['p50_ms']} ms, p95 {told['p95_ms']} ms, most {told['most_ms']} ms{late}; "
        f"{told['missed']} not seen; web server {told['cpu_percent']} % of a core, "
        f"{told['memory_mb']} MB; the page's memory {told['heap_mb']} MB"
    )


def _database(settings: Settings) -> Engine:
    settings.data.mkdir(parents=True, exist_ok=True)
    for left in settings.data.glob("hotline.sqlite3*"):
        left.unlink()
    engine = open_database(settings)
    upgrade(engine)
    with transaction(engine) as session:
        create_user(session, EMAIL, PASSWORD, Role.OPERATOR, datetime.now(UTC))
    return engine


def _begin(engine: Engine, count: int) -> list[str]:
    now = datetime.now(UTC)
    ids = [uuid.uuid4().hex for _ in range(count)]
    with transaction(engine) as session:
        for number, call_id in enumerate(ids):
            begun = now - timedelta(seconds=number % 90)
            session.add(
                Call(
                    id=call_id,
                    driver="agi",
                    driver_call_id=call_id,
                    caller_number=f"+8491{number:07}",
                    called_number="19009120",
                    language="vi",
                    flow=INCOMING[0],
                    flow_version=INCOMING[1],
                    facts=FACTS,
                    status=CallStatus.IN_PROGRESS,
                    started_at=begun,
                    advanced_at=begun,
                )
            )
    return ids


def _move(engine: Engine, call_id: str, position: int) -> None:
    now = datetime.now(UTC)
    with transaction(engine) as session:
        moved = {"advanced_at": now}
        session.execute(update(Call).where(Call.id == call_id).values(**moved))
        write_entries(session.connection(), call_id, position, [MOVES[position][0]], now)


class _serving:
    """`hotline web` as a process of its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def __enter__(self) -> psutil.Process:
        settings = self._settings
        environment = {
            **os.environ,
            "HOTLINE_DATA": str(settings.data),
            "HOTLINE_ASTERISK": "none",
            "HOTLINE_SPEECH": "none",
            "HOTLINE_WEB_BIND": settings.web_bind,
        }
        with (settings.data / "web.log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "hotline", "web"], env=environment, stdout=log, stderr=log
            )
        until = time.monotonic() + START_S
        while True:
            try:
                _get(int(settings.web_bind.rpartition(":")[2]), "/healthz")
                break
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)
        (worker,) = psutil.Process(self._process.pid).children()
        return worker

    def __exit__(self, *_: object) -> None:
        begun = time.monotonic()
        end(self._process)
        click.echo(f"the web server ended in {time.monotonic() - begun:.1f} s", err=True)


def _get(port: int, path: str, **headers: str) -> tuple[http.client.HTTPResponse, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    return answer, answer.read().decode()


def _signed_in(port: int) -> str:
    answer, page = _get(port, "/sign-in")
    cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
    found = re.search(r'name="mark" value="([^"]+)"', page)
    assert found is not None
    form = urlencode({"email": EMAIL, "password": PASSWORD, "mark": found[1]})
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/sign-in", form, headers)
    answer = connection.getresponse()
    answer.read()
    return (answer.getheader("Set-Cookie") or "").partition(";")[0]


def _listen(port: int, stop: threading.Event) -> None:
    """Somebody else who looks. Each has a visit of their own, as people have."""
    own = _signed_in(port)

    def read() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/now/events", headers={"Cookie": own})
        answer = connection.getresponse()
        assert answer.status == 200, answer.status
        while not stop.is_set() and answer.readline():
            pass
        connection.close()

    threading.Thread(target=read, daemon=True).start()


def _measure(
    stack: ExitStack,
    engine: Engine,
    port: int,
    web: psutil.Process,
    ids: list[str],
    turns: float,
) -> dict[str, Any]:
    playwright = stack.enter_context(sync_playwright())
    program = shutil.which("chromium") or shutil.which("google-chrome")
    browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
    stack.callback(browser.close)
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{port}/sign-in?language=vi")
    page.get_by_label("Thư điện tử").fill(EMAIL)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(f"http://127.0.0.1:{port}/now")
    page.get_by_text("Trực tiếp").wait_for()
    page.evaluate(WATCH)
    heap = "Math.round(performance.memory.usedJSHeapSize / 100000) / 10"
    before_mb = page.evaluate(heap)
    web.cpu_percent()
    committed: dict[tuple[str, str], float] = {}
    moves = [(call_id, position) for position in range(len(MOVES)) for call_id in ids]
    chance, begun = random.Random(7), time.monotonic()
    for start in range(0, len(moves), len(ids)):  # a call's moves come in order
        part = moves[start : start + len(ids)]
        chance.shuffle(part)
        moves[start : start + len(ids)] = part
    for number, (call_id, position) in enumerate(moves):
        time.sleep(max(0.0, begun + number / turns - time.monotonic()))
        _move(engine, call_id, position)
        committed[f"live-call-{call_id}", MOVES[position][1]] = time.time()
    page.wait_for_timeout(3000)
    cpu = web.cpu_percent()
    seen = {(row, step): at for row, step, at in reversed(page.evaluate("window.seen"))}
    late = [seen[key] - 1000 * at for key, at in committed.items() if key in seen]
    return {
        "moves": len(moves),
        "p50_ms": round(figures.median(late)),
        "p95_ms": round(figures.quantiles(late, n=20)[-1]),
        "most_ms": round(max(late)),
        "missed": len(committed) - len(late),
        "cpu_percent": round(cpu),
        "memory_mb": round(web.memory_info().rss / 1e6),
        "heap_mb": f"{before_mb} → {page.evaluate(heap)}",
    }


if __name__ == "__main__":
    main()
