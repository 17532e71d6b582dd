"""Months of observations: made ahead, filled from what came before they were, and emptied."""

import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from monitoring.models import Observation, ObservationDay, ObservationVersion
from monitoring.observing import Reading, Reason, Stored, store
from monitoring.partitions import make_months, make_months_of
from monitoring.pieces import in_pieces
from monitoring.retention import forget_values, months_kept_from, values_left
from monitoring.streams import stream_of
from storage.database import open_engine, reading, transaction
from tests.builders import NOON
from tests.provinces.packs import bac_lieu

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONE = bac_lieu().timezone


def fill(engine: Engine, indicator: str, moments: list[datetime], now: datetime = NOON) -> int:
    with transaction(engine) as session:
        id = stream_of(session, indicator, None, "cong_an_tinh", NOON).id
        readings = [Reading(id, at, 1) for at in moments]
        assert store(session, bac_lieu(), readings, now).new == len(moments)
        return id


def where_rows_lie(session: Session) -> dict[str, int]:
    found = session.execute(
        text("SELECT tableoid::regclass::text, count(*) FROM observations GROUP BY 1")
    )
    return {name: count for name, count in found}


@pytest.mark.postgres
def test_months_are_made_ahead_and_what_lay_by_default_moves(postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    stream = fill(engine, "security.cases", [NOON, NOON - 80 * DAY, NOON - 81 * DAY])

    made = make_months(engine, NOON, ZONE)

    assert made == [
        f"observations_{month}"
        for month in ("2026_09", "2026_10", "2026_11", "2026_12", "2027_01", "2027_02")
    ]
    assert make_months(engine, NOON, ZONE) == []
    with reading(engine) as session:
        assert where_rows_lie(session) == {"observations_2026_09": 2, "observations_2026_11": 1}
    # A month begins at the province's own midnight.
    fill(engine, "security.cases", [datetime(2026, 11, 1, tzinfo=ZONE)])
    with reading(engine) as session:
        assert where_rows_lie(session)["observations_2026_11"] == 2
        plan = session.scalars(
            text(
                "EXPLAIN SELECT * FROM observations WHERE datastream = :stream "
                "AND phenomenon_at >= '2026-11-05+07' AND phenomenon_at < '2026-11-06+07'"
            ),
            {"stream": stream},
        ).all()
    assert "observations_2026_11" in str(plan) and "2026_10" not in str(plan), plan
    assert make_months_of(engine, NOON - 120 * DAY, NOON, ZONE) == [
        "observations_2026_07",
        "observations_2026_08",
    ]
    engine.dispose()


@pytest.mark.postgres
def test_a_batch_whose_month_is_made_meanwhile_is_stored_all_the_same(postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    at = NOON - 80 * DAY
    with transaction(engine) as session:
        stream = stream_of(session, "security.cases", None, "cong_an_tinh", NOON).id
    stored: list[int] = []

    def tell() -> None:
        for _, found in in_pieces(engine, [Reading(stream, at, 1)], work):
            stored.append(found.new)

    def work(session: Session, some: Sequence[Reading]) -> Stored:
        return store(session, bac_lieu(), some, NOON)

    thread = threading.Thread(target=tell)
    with transaction(engine) as session:
        session.execute(text("LOCK TABLE observations_default IN ACCESS EXCLUSIVE MODE"))
        thread.start()
        waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        while not session.scalar(waits):
            time.sleep(0.005)
        session.execute(text("CREATE TABLE observations_2026_09 (LIKE observations INCLUDING ALL)"))
        session.execute(
            text(
                "ALTER TABLE observations ATTACH PARTITION observations_2026_09 "
                "FOR VALUES FROM ('2026-09-01+07') TO ('2026-10-01+07')"
            )
        )
    thread.join()

    assert stored == [1]
    with reading(engine) as session:
        assert where_rows_lie(session) == {"observations_2026_09": 1}
    engine.dispose()


def test_values_of_hours_go_by_whole_months_and_days_stay(database: Engine) -> None:
    kept_from = months_kept_from(bac_lieu(), NOON)
    old = [kept_from + n * HOUR for n in range(5)]
    later = NOON + 40 * DAY
    assert kept_from < months_kept_from(bac_lieu(), later) <= later - 400 * DAY
    stream = fill(database, "security.crowd_events", [*old, NOON])
    daily = fill(database, "security.cases", [at + n * DAY for n, at in enumerate(old)])
    make_months(database, NOON, ZONE)
    with transaction(database) as session:
        store(session, bac_lieu(), [Reading(stream, old[0], 2)], NOON + HOUR)

    assert values_left(database, bac_lieu(), NOON + HOUR) == 0
    assert forget_values(database, bac_lieu(), NOON + HOUR) == 0
    assert values_left(database, bac_lieu(), later) == 5
    assert forget_values(database, bac_lieu(), later) == 5

    assert values_left(database, bac_lieu(), later) == 0
    with reading(database) as session:
        rows = session.execute(
            select(Observation.datastream, func.count()).group_by(Observation.datastream)
        )
        assert {stream: count for stream, count in rows} == {stream: 1, daily: 5}
        assert session.scalars(select(ObservationVersion)).all() == []
        day = select(ObservationDay.sum).where(ObservationDay.datastream == stream)
        assert session.scalars(day.order_by(ObservationDay.day)).all() == [6, 1]
    # They cannot be told from new ones any more: nobody adds them up twice.
    with transaction(database) as session:
        (refused,) = store(session, bac_lieu(), [Reading(stream, old[1], 1)], later).refused
        assert refused.reason is Reason.PURGED
    assert forget_values(database, bac_lieu(), later) == 0
