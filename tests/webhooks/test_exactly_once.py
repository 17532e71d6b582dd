"""Many calls while webhooks come twice, late and in any order, and workers are killed."""

import os
import random
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, select

from hotline.clock import utc_now
from hotline.settings import Settings
from hotline.twilio_calls import conversations_of
from ivr.drivers.recorder import Recorder
from ivr.drivers.twiml_calls import SETTLE_AFTER
from ivr.models import Call, JournalEntry
from ivr.remote_calls import Settling
from ivr.remote_recordings import Fetching
from notifications.models import Message
from provinces.schema import Province
from reports.models import Recording, Report
from storage.crypto import read_or_make_key, use_key
from storage.database import reading
from tests.fake_twilio.account import Account
from tests.fake_twilio.rest import ACCOUNT_SID, AUTH_TOKEN
from tests.fake_twilio.voice import PUBLIC_URL, PhoneCall, Take
from tests.webhooks.callers import REPORTING, SPOKEN, KnowsTheMenu
from tests.webhooks.served import Served, serving

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

# 200 take a minute and a half on each database: EXACTLY_ONCE_CALLS=200 has them.
CALLS = int(os.environ.get("EXACTLY_ONCE_CALLS", "60"))
KINDS = 4
AT_ONCE = 6
MOST_TRIES = 40
KILL_EVERY = 50  # requests; a fast machine has as many deaths as a slow one
LEAST_KILLS = 10
TROUBLE = 0.3  # how often a request comes twice at once, and how often an old one comes again
LEAVES_IN_MID_SENTENCE = (Take(spoken_s=6, hangs_up=True),)


class Clock:
    """The time of the world; what callers do takes none."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)

    def pass_by(self, seconds: float) -> None:
        pass


class UnreliableWire:
    """Posts what Twilio posts: sometimes twice at once, sometimes again when it is long past, and
    again where no answer came."""

    def __init__(self, url: str, seed: int, trouble: float) -> None:
        self.client = httpx.Client(base_url=url, timeout=15)
        self.dice = random.Random(seed)
        self.trouble = trouble
        self.earlier: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.sent = 0
        self.unanswered = 0

    def __enter__(self) -> "UnreliableWire":
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def post(self, path: str, form: Mapping[str, str], headers: Mapping[str, str]) -> str:
        request = (path, dict(form), dict(headers))
        beside = []
        if self.dice.random() < self.trouble:
            beside.append(request)
        if self.earlier and self.dice.random() < self.trouble:
            beside.append(self.dice.choice(self.earlier))
        self.earlier.append(request)
        threads = [threading.Thread(target=self._send, args=each) for each in beside]
        for thread in threads:
            thread.start()
        text = self._send(*request)
        for thread in threads:
            thread.join()
        return text

    def _send(self, path: str, form: Mapping[str, str], headers: Mapping[str, str]) -> str:
        for _ in range(MOST_TRIES):
            self.sent += 1
            try:
                answer = self.client.post(path, data=dict(form), headers=dict(headers))
            except httpx.HTTPError:
                self.unanswered += 1
                continue
            assert answer.status_code in (200, 204), f"{answer.status_code} {answer.text}"
            return answer.text
        raise AssertionError("the server never answered")


@pytest.fixture
def settings(database: Engine, tmp_path: Path) -> Settings:
    data = tmp_path / "var"
    key = read_or_make_key(data / "secrets" / "data.key")
    use_key(key)
    return Settings(
        data=data,
        database_url=database.url.render_as_string(hide_password=False),
        public_url=PUBLIC_URL,
        twilio_account_sid=ACCOUNT_SID,
        twilio_auth_token=SecretStr(AUTH_TOKEN),
    )


@pytest.fixture
def served(settings: Settings, tmp_path: Path) -> Iterator[Served]:
    environment = {
        "HOTLINE_DATA": str(settings.data),
        "HOTLINE_DATABASE_URL": settings.database,
        "HOTLINE_PUBLIC_URL": PUBLIC_URL,
        "HOTLINE_TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "HOTLINE_TWILIO_AUTH_TOKEN": AUTH_TOKEN,
    }
    with serving(environment, tmp_path / "web.log") as running:
        yield running


@dataclass
class Callers:
    """Four kinds of callers: who reports and stays, or hangs up; who hangs up while speaking."""

    served: Served
    account: Account
    calls: dict[int, PhoneCall] = field(default_factory=dict)
    wires: list[UnreliableWire] = field(default_factory=list)

    @property
    def sent(self) -> int:
        return sum(wire.sent for wire in self.wires)

    @property
    def unanswered(self) -> int:
        return sum(wire.unanswered for wire in self.wires)

    def hold(self, index: int, trouble: float) -> None:
        takes = LEAVES_IN_MID_SENTENCE if index % KINDS == 3 else SPOKEN
        caller = KnowsTheMenu(REPORTING, takes, stays=index % 2 == 0)
        with UnreliableWire(self.served.url, index, trouble) as wire:
            self.wires.append(wire)
            call = PhoneCall(wire.post, caller, self.account, Clock(), f"+8491{index:07d}")
            call.hold()
        self.calls[index] = call


def test_each_call_has_one_journal_and_one_report(
    served: Served, settings: Settings, database: Engine, province: Province
) -> None:
    callers, over = Callers(served, Account()), threading.Event()
    for kind in range(KINDS):  # undisturbed
        callers.hold(kind, trouble=0)
    undisturbed = dict(callers.calls)

    def kill() -> None:
        before = callers.sent
        while not over.wait(0.02):
            if callers.sent - before >= KILL_EVERY * (served.kills + 1):
                served.kill_one()

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda index: callers.hold(index, TROUBLE), range(KINDS, KINDS + CALLS)))
    finally:
        over.set()
        killer.join()
    _settle(settings, database, province, callers.account)

    journals = _journals(database)
    assert len(journals) == KINDS + CALLS
    for index, call in callers.calls.items():
        assert journals[call.call.sid] == journals[undisturbed[index % KINDS].call.sid]
    with reading(database) as session:
        reports = session.scalars(select(Report)).all()
        recordings = session.scalars(select(Recording)).all()
        messages = session.scalars(select(Message)).all()
    assert len(reports) == len({report.call_id for report in reports}) == KINDS + CALLS
    assert len(messages) == len({message.report_id for message in messages}) == KINDS + CALLS
    assert len(recordings) == (KINDS + CALLS) * 7 // 4
    assert {each.report_id for each in recordings} == {report.id for report in reports}
    assert all(each.sha256 and not each.remote_kept for each in recordings)
    assert callers.account.recordings == {}
    print(
        f"{CALLS} calls, {callers.sent} requests, {callers.unanswered} without an answer, "
        f"{served.kills} workers killed"
    )
    assert served.kills >= LEAST_KILLS


def _settle(settings: Settings, database: Engine, province: Province, account: Account) -> None:
    """What the worker does, until nothing is left."""
    recorder = Recorder(settings.recordings)
    settling = Settling(conversations_of(settings, database, province), recorder, account)
    fetching = Fetching(database, recorder, account, utc_now)
    time.sleep(SETTLE_AFTER.total_seconds() + 1)
    while settling.once() + fetching.once():
        pass


def _journals(database: Engine) -> dict[str, list[str]]:
    """Twilio's id of each call to its steps and kinds of results."""
    with reading(database) as session:
        sids = {call.id: call.driver_call_id for call in session.scalars(select(Call))}
        found: dict[str, list[str]] = {sid: [] for sid in sids.values()}
        order = select(JournalEntry).order_by(JournalEntry.call_id, JournalEntry.position)
        for row in session.scalars(order):
            journal = found[sids[row.call_id]]
            assert row.position == len(journal)
            journal.append(f"{row.step} {row.result['type']}")
    return found
