"""The hotline pays for connections: only so many minutes a day, whoever asks."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from ivr.connections import reserve_connection
from provinces.limits import Limits
from provinces.loader import find_province, load_province
from storage.database import transaction
from tests.builders import NOON, a_call

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def limits() -> Limits:
    pack = load_province(find_province("bac_lieu")).limits
    return replace(pack, emergency_minutes_day=25, emergency_call_minutes=10)


def reserve(engine: Engine, limits: Limits, position: int, day: date = TODAY) -> int:
    with transaction(engine) as session:
        return reserve_connection(session, "c1", position, "114", limits, day, NOON)


def test_minutes_are_set_aside_until_the_day_has_none_left(
    database: Engine, limits: Limits
) -> None:
    with transaction(database) as session:
        session.add(a_call(id="c1"))

    assert [reserve(database, limits, n) for n in range(4)] == [600, 600, 300, 0]
    assert reserve(database, limits, 2) == 300  # the same answer again sets nothing aside
    assert reserve(database, limits, 9, TODAY + timedelta(days=1)) == 600


def test_the_cap_holds_when_many_ask_at_once(database: Engine, limits: Limits) -> None:
    with transaction(database) as session:
        session.add(a_call(id="c1"))

    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(lambda n: reserve(database, limits, n), range(16)))

    assert sum(given) == 25 * 60
