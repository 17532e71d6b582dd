"""Series are read by hour, day, week and month, as they are known now or were known before."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from monitoring.buckets import Bucket, begin_of, begins_of
from monitoring.observing import Reading, store
from monitoring.series import (
    Point,
    Value,
    latest,
    points,
    put_together,
)
from monitoring.streams import stream_of
from storage.database import reading, transaction
from tests.builders import NOON
from tests.provinces.packs import bac_lieu

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KNOWN = NOON + 7 * HOUR
ZONE = bac_lieu().timezone
BERLIN = ZoneInfo("Europe/Berlin")  # Việt Nam's clocks are not changed


@pytest.fixture
def stream(database: Engine) -> int:
    """Of three days, every six hours from the first one's midnight on: 1, 2, 3 … 12."""
    with transaction(database) as session:
        id = stream_of(session, "security.crowd_events", None, "cong_an_tinh", NOON).id
        begin = NOON - 60 * HOUR
        readings = [Reading(id, begin + n * 6 * HOUR, n + 1) for n in range(12)]
        assert store(session, bac_lieu(), readings, KNOWN).new == 12
    return id


def read(
    engine: Engine,
    stream: int,
    bucket: str | None,
    aggregate: str = "sum",
    known_at: datetime | None = None,
    begin: datetime = NOON - 84 * HOUR,
    end: datetime = NOON + 12 * HOUR,
) -> Sequence[Point]:
    with reading(engine) as session:
        return points(session, [stream], begin, end, bucket, aggregate, known_at, zone=ZONE)


@pytest.mark.parametrize(
    ("aggregate", "told"),
    [("sum", [10, 26, 42]), ("mean", [2.5, 6.5, 10.5]), ("last", [4, 8, 12])],
)
def test_days_are_put_together_and_gaps_are_told(
    database: Engine, stream: int, aggregate: str, told: list[float]
) -> None:
    for known_at in (None, NOON + DAY):  # from days added up, and from single values
        found = read(database, stream, "day", aggregate, known_at)

        assert [each.value for each in found] == [None, *told]
        assert [each.count for each in found] == [0, 4, 4, 4]
        assert [each.at.astimezone(ZONE).hour for each in found] == [0] * 4


def test_hours_weeks_and_months_too(database: Engine, stream: int) -> None:
    hours = read(database, stream, "hour", begin=NOON - 60 * HOUR, end=NOON - 48 * HOUR)

    assert [each.value for each in hours] == [1, *[None] * 5, 2, *[None] * 5]
    assert [(each.value, each.count) for each in read(database, stream, "week")] == [(78, 12)]
    months = read(database, stream, "month", begin=NOON - 40 * DAY)
    assert [(each.at.astimezone(ZONE).date(), each.value) for each in months] == [
        (date(2026, 10, 1), None),
        (date(2026, 11, 1), 78),
    ]


def test_what_was_known_then_is_told_of_then(database: Engine, stream: int) -> None:
    corrected, late = KNOWN + HOUR, KNOWN + 2 * HOUR
    with transaction(database) as session:
        store(session, bac_lieu(), [Reading(stream, NOON - 12 * HOUR, 100)], corrected)
    with transaction(database) as session:
        store(session, bac_lieu(), [Reading(stream, NOON - 84 * HOUR, 7)], late)

    def days(known_at: datetime | None) -> list[float | None]:
        return [each.value for each in read(database, stream, "day", known_at=known_at)]

    assert days(None) == days(late) == [7, 10, 26, 133]
    assert days(late - HOUR / 60) == [None, 10, 26, 133]
    assert days(corrected - HOUR / 60) == [None, 10, 26, 42]
    assert days(KNOWN - HOUR / 60) == [None] * 4
    with reading(database) as session:
        assert latest(session, [stream, 999], None) == {stream: Value(NOON + 6 * HOUR, 12)}
        assert latest(session, [stream], KNOWN) == {stream: Value(NOON + 6 * HOUR, 12)}
        assert latest(session, [stream], KNOWN - HOUR / 60) == {}


def test_without_a_bucket_single_values_are_told_with_when_they_were_known(
    database: Engine, stream: int
) -> None:
    found = read(database, stream, None, begin=NOON)

    assert [(each.at, each.value, each.known_at) for each in found] == [
        (NOON, 11, KNOWN),
        (NOON + 6 * HOUR, 12, KNOWN),
    ]


def test_nothing_is_read_of_no_time_and_of_no_series(database: Engine, stream: int) -> None:
    assert read(database, stream, "day", begin=NOON, end=NOON) == []
    with reading(database) as session:
        assert points(session, [], NOON, NOON + DAY, "day", "sum", zone=ZONE) == []


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)]
)
def test_a_day_is_as_long_as_clocks_say(day: date, hours: int) -> None:
    begin = datetime(day.year, day.month, day.day, tzinfo=BERLIN)
    end = begin + DAY  # by the clock

    assert len(list(begins_of(Bucket.HOUR, begin.astimezone(UTC), end, BERLIN))) == hours
    assert list(begins_of(Bucket.DAY, begin.astimezone(UTC), end, BERLIN)) == [begin]
    inside = begin.astimezone(UTC) + hours * HOUR - HOUR / 2
    assert begin_of(Bucket.DAY, inside, BERLIN) == begin
    assert begin_of(Bucket.HOUR, inside, BERLIN) == inside - HOUR / 2


def test_an_hour_that_comes_twice_is_two_hours() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    begins = {begin_of(Bucket.HOUR, first + n * HOUR, BERLIN) for n in range(2)}

    assert begins == {first - HOUR / 2, first + HOUR / 2}


def test_units_are_put_together_by_what_they_tell() -> None:
    assert put_together([1, None, 3], "sum") == 4
    assert put_together([1, None, 3], "last") == 4
    assert put_together([1, None, 3], "mean") == 2
    assert put_together([None], "sum") is None
