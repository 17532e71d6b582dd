"""How quickly Twilio's webhooks are answered: `python -m benchmarks.twilio`.

The whole web application under gunicorn with two workers; callers report a problem, some to the end
and some hang up before, each request signed. First as many requests a second as asked for, in even
steps: an answer that is late delays nobody else's request, and counts from the moment at which its
request was due. Then as many as are answered. Recordings are fetched later, by the worker, and are
not part of it.
"""

import http.client
import itertools
import json
import random
import re
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import click

from storage.database import open_engine
from storage.migrations import upgrade
from tests.databases.postgresql import running_postgres
from tests.fake_twilio.account import Account
from tests.fake_twilio.rest import ACCOUNT_SID, AUTH_TOKEN
from tests.fake_twilio.voice import PUBLIC_URL, PhoneCall
from tests.webhooks.callers import REPORTING, KnowsTheMenu
from tests.webhooks.served import serving
from tests.webhooks.test_exactly_once import Clock

CALLERS = 48
WARM_UP_S = 5.0
ROUTE = "/webhooks/twilio/"


@dataclass(frozen=True)
class Answered:
    """Milliseconds: `late_*` as Twilio waits, from when a request was due; `own_*` in our code."""

    database: str
    asked_per_s: float | None
    answered_per_s: float
    requests: int
    calls: int
    late_p50_ms: float
    late_p99_ms: float
    late_max_ms: float
    own_p50_ms: float
    own_p99_ms: float


class Pace:
    """Gives out the moments at which requests are due."""

    def __init__(self, per_s: float | None) -> None:
        self._per_s = per_s
        self.begin()

    def begin(self) -> None:
        """What was late before is forgiven."""
        self._numbers = itertools.count()
        self._began = time.perf_counter()

    def next(self) -> float:
        """When this request was due; it is that time now, or later."""
        if self._per_s is None:
            return time.perf_counter()
        due = self._began + next(self._numbers) / self._per_s
        time.sleep(max(0.0, due - time.perf_counter()))
        return due


class Wire:
    """One connection, which stays open as Twilio's do."""

    def __init__(self, url: str, pace: Pace, took_ms: list[float]) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=15)
        self._pace = pace
        self._took_ms = took_ms

    def post(self, path: str, form: Mapping[str, str], headers: Mapping[str, str]) -> str:
        body = urlencode(form)
        whole = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
        due = self._pace.next()
        self._connection.request("POST", path, body, whole)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        if answer.status not in (200, 204):
            raise RuntimeError(f"{answer.status} {text}")
        self._took_ms.append(1000 * (time.perf_counter() - due))
        return text


def measure(url: str, log: Path, database: str, per_s: float | None, seconds: float) -> Answered:
    """Callers one after another, as many at once as it takes, for so long."""
    pace, took_ms, calls = Pace(per_s), list[float](), itertools.count()
    over = threading.Event()

    def keep_calling(caller: int) -> None:
        wire, account = Wire(url, pace, took_ms), Account()
        account.start_at(f"{time.time_ns():016x}{caller:04x}")
        dice = random.Random(caller)
        while not over.is_set():
            keys = REPORTING[: dice.randint(1, len(REPORTING))]
            number = f"+8490{(int(time.time() * 10) % 10_000) * 1000 + next(calls) % 1000:07d}"
            call = PhoneCall(wire.post, KnowsTheMenu(keys), account, Clock(), number)
            call.hold()

    with ThreadPoolExecutor(CALLERS) as pool:
        held = [pool.submit(keep_calling, caller) for caller in range(CALLERS)]
        time.sleep(WARM_UP_S)  # callers come out of step, workers load what they need
        before, began = log.stat().st_size, time.perf_counter()
        pace.begin()
        took_ms.clear()
        time.sleep(seconds)
        took_s, answered = time.perf_counter() - began, list(took_ms)
        own_ms = _own_ms(log, before)
        over.set()
        for each in held:
            each.result()
    return Answered(
        database,
        per_s,
        round(len(answered) / took_s, 1),
        len(answered),
        next(calls),
        *(round(_share(answered, share), 1) for share in (0.5, 0.99, 1.0)),
        *(round(_share(own_ms, share), 1) for share in (0.5, 0.99)),
    )


def _share(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _own_ms(log: Path, since: int) -> list[float]:
    """What the application itself measured of each webhook."""
    with log.open("rb") as file:
        file.seek(since)
        text = file.read().decode()
    # Two workers write into one file: their lines may stand in one.
    told = [json.loads(line) for line in re.findall(r"\{[^{}\n]*\}", text)]
    return [
        each["took_ms"]
        for each in told
        if each["event"] == "request" and each["route"].startswith(ROUTE)
    ]


@contextmanager
def _database(postgres: bool, folder: Path) -> Iterator[str]:
    if not postgres:
        yield f"sqlite:///{folder / 'hotline.sqlite3'}"
        return
    with running_postgres() as running:
        yield running.create("benchmark")


@click.command()
@click.option("--rate", default=100.0, show_default=True, help="Requests a second.")
@click.option("--seconds", default=30.0, show_default=True, help="How long each part takes.")
@click.option("--workers", default=2, show_default=True)
@click.option("--postgres", is_flag=True, help="On PostgreSQL instead of SQLite.")
def main(rate: float, seconds: float, workers: int, postgres: bool) -> None:
    """Print one JSON object for each part."""
    kind = "postgresql" if postgres else "sqlite"
    with tempfile.TemporaryDirectory() as name, _database(postgres, Path(name)) as url:
        folder = Path(name)
        engine = open_engine(url)
        upgrade(engine)
        engine.dispose()
        log = folder / "web.log"
        settings = {
            "HOTLINE_DATA": str(folder / "var"),
            "HOTLINE_DATABASE_URL": url,
            "HOTLINE_PUBLIC_URL": PUBLIC_URL,
            "HOTLINE_TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "HOTLINE_TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        }
        with serving(settings, log, workers) as served:
            for per_s in (rate, None):
                answered = measure(served.url, log, kind, per_s, seconds)
                click.echo(json.dumps(asdict(answered)))


if __name__ == "__main__":
    main()
