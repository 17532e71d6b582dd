"""What dies, and what its callers notice: a row of docs/when-something-dies.md each."""

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hotline.telephony.installation import Installation
from ivr.models import Call
from reports.models import Recording, Report
from storage.crypto import use_key
from storage.database import open_engine, reading
from storage.migrations import upgrade
from tests.asterisk.running import until
from tests.conftest import TEST_KEY
from tests.databases.fixtures import KINDS
from tests.databases.postgresql import Postgres, away
from tests.whole.kill_matrix import Case, converse, run_case
from tests.whole.lane import Caller, Lane, running_lane

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(300)]

CALLERS = 10
FILED_WITHIN_S = 60.0
# How long a caller hears nothing that helps before they may speak.
SPEAK_WITHIN_S = 10.0
HUNG_FOR_S = 8.0


@dataclass(frozen=True)
class Place:
    """A lane, and how its database goes away."""

    lane: Lane
    postgres: Postgres | None

    @contextmanager
    def without_database(self) -> Iterator[None]:
        """Nobody can write to SQLite's file; PostgreSQL's server is gone."""
        if self.postgres is not None:
            with away(self.postgres):
                yield
            return
        lock = sqlite3.connect(self.lane.database.url.database or "", timeout=10)
        lock.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            lock.rollback()
            lock.close()

    def recorded_alone(self) -> list[Path]:
        """What the dialplan recorded without us and nobody has filed yet."""
        return list(self.lane.asterisk.telephony.last_resort.glob("*.wav"))

    def filed(self, since: float) -> int:
        """Reports with a voice of calls since then."""
        query = (
            select(func.count(Report.id.distinct()))
            .join(Recording, Recording.report_id == Report.id)
            .where(Recording.silent.is_(False))
        )
        with reading(self.lane.database) as session:
            return session.scalar(query) or 0

    def open_calls(self) -> int:
        with reading(self.lane.database) as session:
            query = select(func.count()).select_from(Call).where(Call.ended_at.is_(None))
            return session.scalar(query) or 0


@pytest.fixture(scope="module", params=KINDS)
def place(
    request: pytest.FixtureRequest,
    installation: Installation,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Place]:
    use_key(TEST_KEY)
    folder = tmp_path_factory.mktemp("lane")
    postgres: Postgres | None = None
    url = f"sqlite:///{folder / 'hotline.sqlite3'}"
    if request.param == "postgresql":
        postgres = request.getfixturevalue("postgres")
        url = postgres.create(f"faults_{os.getpid()}")
    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()
    with running_lane(installation, folder, url) as lane:
        yield Place(lane, postgres)


def speaking_until(place: Place, recordings: int) -> Callable[[Caller], None]:
    """A caller who speaks into the line until all are being recorded, and then hears the thanks."""

    def script(caller: Caller) -> None:
        end = time.monotonic() + 45.0
        while len(place.recorded_alone()) < recordings:
            assert time.monotonic() < end, "nobody recorded"
            caller.speak()
        caller.speak()
        caller.speak()
        for _ in range(3):  # on a busy machine a key may be cut short: people press again
            if caller.hear_out(8.0, "#"):
                return
        raise AssertionError("the line stayed open")

    return script


def ten_callers_leave_their_words(place: Place, first: int) -> float:
    """Ten at once who find nobody; the seconds until the last of them was being recorded."""
    numbers = [f"09{first + number}" for number in range(CALLERS)]
    began = time.monotonic()
    for number in numbers:
        place.lane.place_call(number, speaking_until(place, CALLERS))
    until(lambda: len(place.recorded_alone()) == CALLERS, 45)
    waited_s = time.monotonic() - began
    assert [place.lane.finish(number) for number in numbers] == [None] * CALLERS
    return waited_s


def test_all_servers_down_ten_callers_leave_ten_reports(place: Place) -> None:
    before = place.filed(0)
    place.lane.stop_servers()

    waited_s = ten_callers_leave_their_words(place, 10_000_000)
    place.lane.start_servers()
    back = time.monotonic()
    until(lambda: place.filed(0) == before + CALLERS, FILED_WITHIN_S)

    filed_s = time.monotonic() - back
    print(f"recording after {waited_s:.1f} s, all filed {filed_s:.1f} s after the return")
    assert waited_s < SPEAK_WITHIN_S
    assert place.recorded_alone() == [] and place.open_calls() == 0


def test_the_database_away_ten_callers_leave_ten_reports(place: Place) -> None:
    before = place.filed(0)

    with place.without_database():
        waited_s = ten_callers_leave_their_words(place, 20_000_000)
    back = time.monotonic()
    until(lambda: place.filed(0) == before + CALLERS, FILED_WITHIN_S)

    filed_s = time.monotonic() - back
    print(f"recording after {waited_s:.1f} s, all filed {filed_s:.1f} s after the return")
    assert waited_s < SPEAK_WITHIN_S
    assert place.recorded_alone() == []
    until(lambda: place.open_calls() == 0)


def test_the_database_goes_in_mid_call_and_the_words_are_one_report(place: Place) -> None:
    before = place.filed(0)
    number = "0930000001"
    spoke, away = threading.Event(), threading.Event()

    def script(caller: Caller) -> None:
        converse(place.lane, caller, "report", {}, leave_at="Record:place")
        spoke.set()
        away.wait(10)
        caller.press("#")  # nothing said: the answer finds no database
        speaking_until(place, 1)(caller)

    place.lane.place_call(number, script)
    assert spoke.wait(60)
    with place.without_database():
        away.set()
        assert place.lane.finish(number) is None

    until(lambda: place.filed(0) == before + 1, FILED_WITHIN_S)
    until(lambda: place.open_calls() == 0)


def test_a_hung_server_is_noticed_and_the_call_goes_on(place: Place) -> None:
    number = "0940000001"
    lane = place.lane
    lane.wait_for_servers()
    _, before = lane.trace()
    times: dict[str, float] = {}

    def script(caller: Caller) -> None:
        asking = converse(lane, caller, "report", {}, leave_at="Gather:category")
        os.kill(asking["pid"], signal.SIGSTOP)
        times["hung"] = time.monotonic()
        while "back" not in times:
            caller.listen(0.1)
            for event in lane.trace(before)[0]:
                if event["pid"] != asking["pid"] and event["what"] == "turn":
                    times.setdefault("back", event["at"])
            assert time.monotonic() - times["hung"] < 60, "nobody took over"

    lane.place_call(number, script)

    problem = lane.finish(number, 90)
    assert problem is None
    print(f"a hung server's caller waited {times['back'] - times['hung']:.1f} s")
    assert times["back"] - times["hung"] < HUNG_FOR_S


def test_without_a_worker_a_call_goes_its_way(place: Place) -> None:
    place.lane.recognising = False
    try:
        outcome = run_case(place.lane, Case("report"), {})
    finally:
        place.lane.recognising = True

    assert outcome.wrong == []


def test_a_dropped_line_is_taken_up_where_it_broke(place: Place) -> None:
    lane, number = place.lane, "0950000001"
    lane.wait_for_servers()
    before = place.filed(0)

    lane.place_call(number, lambda caller: _leave_at(lane, caller, "Record:place"))
    assert lane.finish(number) is None
    until(lambda: place.filed(0) == before + 1, 10)
    _, since = lane.trace()
    lane.place_call(number, lambda caller: _leave_at(lane, caller, "Gather:anything_else"))

    assert lane.finish(number) is None
    asked = [event["step"] for event in lane.trace(since)[0] if event["what"] == "turn"]
    assert asked[:2] == ["Gather:line_dropped", "Record:place"]
    assert place.filed(0) == before + 1


def _leave_at(lane: Lane, caller: Caller, step: str) -> None:
    converse(lane, caller, "report", {}, leave_at=step)
