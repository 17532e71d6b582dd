"""What is observed is kept right: late, repeated, corrected, by several at once, and wrong."""

import threading
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event, select

from monitoring.checking import Reason
from monitoring.merging import Known, merge
from monitoring.models import Datastream, Observation, ObservationDay, ObservationVersion
from monitoring.numbering import number_of, place_of
from monitoring.observing import Reading, Stored, store
from monitoring.series import Value, latest, points
from monitoring.streams import Stream, stream_of, streams
from storage.database import open_engine, reading, transaction
from tests.at_once import at_once
from tests.builders import NOON
from tests.provinces.packs import bac_lieu

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
GANH_HAO = "2025:31972"
ZONE = bac_lieu().timezone


def a_stream(engine: Engine, indicator: str = "security.crowd_events", unit: str = GANH_HAO) -> int:
    with transaction(engine) as session:
        return stream_of(session, indicator, unit, "cong_an_tinh", NOON).id


def told(engine: Engine, *readings: Reading, now: datetime = NOON, by: str | None = None) -> Stored:
    with transaction(engine) as session:
        return store(session, bac_lieu(), readings, now, by)


def values(engine: Engine, stream: int, known_at: datetime | None = None) -> list[float | None]:
    with reading(engine) as session:
        found = points(
            session, [stream], NOON - 2 * DAY, NOON + DAY, None, "sum", known_at, zone=ZONE
        )
    return [each.value for each in found]


def sums(engine: Engine, stream: int) -> list[tuple[int, float, float, float, float]]:
    with reading(engine) as session:
        rows = session.scalars(
            select(ObservationDay)
            .where(ObservationDay.datastream == stream)
            .order_by(ObservationDay.day)
        )
        return [(row.count, row.sum, row.lowest, row.highest, row.last) for row in rows]


def test_a_series_is_made_once_for_a_unit_and_once_for_the_whole(database: Engine) -> None:
    with transaction(database) as session:
        first = stream_of(session, "security.cases", GANH_HAO, "cong_an_tinh", NOON)
        whole = stream_of(session, "security.cases", None, "cong_an_tinh", NOON)
        assert stream_of(session, "security.cases", GANH_HAO, "cong_an_tinh", NOON) == first
        assert stream_of(session, "security.cases", None, "cong_an_tinh", NOON) == whole

    assert first == Stream(first.id, "security.cases", GANH_HAO, "cong_an_tinh")
    with reading(database) as session:
        assert streams(session, ["security.cases"]) == [first, whole]
        assert streams(session, unit_keys=[None]) == [whole]
        assert streams(session, source="csgt") == []


def test_what_is_new_is_kept_and_added_up(database: Engine) -> None:
    stream = a_stream(database)

    stored = told(
        database,
        Reading(stream, NOON, 3),
        Reading(stream, NOON - HOUR, 5),
        Reading(stream, NOON - DAY, 1),
    )

    assert (stored.new, stored.repeated, stored.corrected, stored.refused) == (3, 0, 0, [])
    assert values(database, stream) == [1, 5, 3]
    assert sums(database, stream) == [(1, 1, 1, 1, 1), (2, 8, 3, 5, 3)]


def test_what_comes_late_finds_its_place(database: Engine) -> None:
    stream = a_stream(database)
    told(database, Reading(stream, NOON, 3))

    told(database, Reading(stream, NOON - 2 * HOUR, 9), now=NOON + HOUR)

    assert values(database, stream) == [9, 3]
    assert values(database, stream, NOON) == [3]  # nobody knew of it then
    assert sums(database, stream) == [(2, 12, 3, 9, 3)]


def test_what_is_repeated_changes_nothing(database: Engine) -> None:
    stream = a_stream(database)
    told(database, Reading(stream, NOON, 3), by="one")

    again = told(
        database, Reading(stream, NOON, 3), Reading(stream, NOON, 3), now=NOON + HOUR, by="other"
    )

    assert (again.new, again.repeated, again.corrected) == (0, 2, 0)
    assert sums(database, stream) == [(1, 3, 3, 3, 3)]
    with reading(database) as session:
        row = session.scalars(select(Observation)).one()
        assert (row.known_at, row.made_by) == (NOON, "one")


def test_a_correction_keeps_what_was_known_before(database: Engine) -> None:
    stream = a_stream(database)
    told(database, Reading(stream, NOON - HOUR, 3), Reading(stream, NOON, 8), by="one")

    corrected = told(database, Reading(stream, NOON, 4), now=NOON + HOUR, by="other")

    assert (corrected.new, corrected.repeated, corrected.corrected) == (0, 0, 1)
    assert values(database, stream) == [3, 4]
    assert values(database, stream, NOON) == [3, 8]
    assert values(database, stream, NOON - SECOND) == []
    assert sums(database, stream) == [(2, 7, 3, 4, 4)]
    with reading(database) as session:
        before = session.scalars(select(ObservationVersion)).one()
        assert (before.value, before.known_at, before.superseded_at, before.made_by) == (
            8, NOON, NOON + HOUR, "one",
        )  # fmt: skip
        assert latest(session, [stream]) == {stream: Value(NOON, 4)}
        assert latest(session, [stream], NOON) == {stream: Value(NOON, 8)}
        assert latest(session, [stream], NOON - SECOND) == {}


def test_several_values_of_one_moment_in_a_batch_are_corrections_in_their_order(
    database: Engine,
) -> None:
    stream = a_stream(database)

    stored = told(database, *(Reading(stream, NOON, value) for value in (1, 2, 2, 1)))

    assert (stored.new, stored.repeated, stored.corrected) == (1, 1, 2)
    assert values(database, stream) == [1]
    assert sums(database, stream) == [(1, 1, 1, 1, 1)]
    with reading(database) as session:
        assert [row.value for row in session.scalars(select(ObservationVersion))] == [1, 2]


def test_of_two_corrections_at_once_both_are_kept_and_the_later_known_wins(
    database: Engine,
) -> None:
    stream = a_stream(database)
    told(database, Reading(stream, NOON, 1))

    def correct(value: float, now: datetime) -> Stored:
        return told(database, Reading(stream, NOON, value), now=now, by=str(value))

    for round_ in range(3):
        now = NOON + (round_ + 1) * HOUR
        given = {10.0 + round_: now, 20.0 + round_: now + SECOND}
        at_once(*(partial(correct, *each) for each in given.items()))

        assert values(database, stream) == [20.0 + round_]
        assert values(database, stream, now) == [10.0 + round_]
        assert sums(database, stream)[0][:2] == (1, 20.0 + round_)
    with reading(database) as session:
        assert len(session.scalars(select(ObservationVersion)).all()) == 6


def test_two_that_tell_the_same_new_moments_at_once_add_them_up_once(database: Engine) -> None:
    stream = a_stream(database)
    readings = [Reading(stream, NOON - n * HOUR, 1) for n in range(200)]

    found = at_once(*(partial(told, database, *readings[::order]) for order in (1, -1)))

    assert sorted(each.new for each in found if isinstance(each, Stored)) == [0, 200]
    assert sum(each[0] for each in sums(database, stream)) == 200


def test_a_value_told_at_two_times_of_its_period_is_one_value_corrected(database: Engine) -> None:
    stream = a_stream(database, "security.cases")  # of days

    first = told(database, Reading(stream, NOON - 2 * HOUR, 3))
    told(database, Reading(stream, NOON, 5), now=NOON + HOUR)
    told(database, Reading(stream, NOON - DAY, 1))

    midnight = NOON.replace(hour=0) - 7 * HOUR
    assert first.moments == [midnight]
    assert sums(database, stream) == [(1, 1, 1, 1, 1), (1, 5, 5, 5, 5)]
    assert values(database, stream) == [1, 5]


def test_what_this_system_counts_is_told_by_it_alone(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        series = [
            stream_of(session, "security.reports", None, source, NOON)
            for source in ("cong_an_tinh", "system")
        ]

    stored = told(sqlite, *(Reading(each.id, NOON, 1) for each in series))

    assert [(each.index, each.reason) for each in stored.refused] == [(0, Reason.COUNTED)]


def test_a_correction_touches_no_version_that_was_there(sqlite: Engine) -> None:
    stream = a_stream(sqlite)
    for n in range(5):
        told(sqlite, Reading(stream, NOON, n), now=NOON + 2 * n * HOUR)
    asked: list[tuple[str, object]] = []

    def note(_: object, __: object, statement: str, values: object, *___: object) -> None:
        if "observation_versions" in statement:
            asked.append((statement.split()[0], values))

    event.listen(sqlite, "before_cursor_execute", note)
    told(sqlite, Reading(stream, NOON, 9), now=NOON + DAY)
    assert [verb for verb, _ in asked] == ["INSERT"] and NOON.isoformat() not in str(asked)
    asked.clear()
    told(sqlite, Reading(stream, NOON, 10), now=NOON + HOUR)  # of a sender who waited

    assert [verb for verb, _ in asked] == ["SELECT", "INSERT"]
    with reading(sqlite) as session:
        rows = session.execute(
            select(ObservationVersion.value, ObservationVersion.superseded_at).order_by(
                ObservationVersion.known_at
            )
        ).all()
    hours = [(at - NOON) // HOUR for _, at in rows]
    assert [value for value, _ in rows] == [0, 10, 1, 2, 3, 4]
    assert hours == [1, 2, 4, 6, 8, 24]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"stream_id": 999_999}, Reason.STREAM),
        ({"value": float("nan")}, Reason.NUMBER),
        ({"value": float("inf")}, Reason.NUMBER),
        ({"value": -1}, Reason.LOW),
        ({"value": 1001}, Reason.HIGH),
        ({"unit": "furlong"}, Reason.UNIT),
        ({"unit": "vụ"}, Reason.UNLIKE),
        ({"phenomenon_at": NOON.replace(tzinfo=None)}, Reason.ZONE),
        ({"phenomenon_at": NOON + timedelta(minutes=6)}, Reason.FUTURE),
        ({"phenomenon_at": datetime(1999, 12, 31, tzinfo=UTC)}, Reason.ANCIENT),
        ({"phenomenon_at": datetime.min.replace(tzinfo=UTC)}, Reason.ANCIENT),
        ({"phenomenon_at": NOON - 450 * DAY}, Reason.PURGED),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(
    sqlite: Engine, change: dict[str, object], reason: Reason
) -> None:
    stream = a_stream(sqlite)
    wrong = Reading(**({"stream_id": stream, "phenomenon_at": NOON, "value": 1} | change))  # type: ignore[arg-type]

    stored = told(sqlite, wrong, Reading(stream, NOON - HOUR, 2))

    assert stored.new == 1
    assert [(each.index, each.reason) for each in stored.refused] == [(0, reason)]
    assert all(each.expected and each.found for each in stored.refused)


def test_an_indicator_that_the_pack_no_longer_has_takes_nothing(sqlite: Engine) -> None:
    stream = a_stream(sqlite, "security.dogs")

    refused = told(sqlite, Reading(stream, NOON, 1)).refused

    assert [(each.reason, each.found) for each in refused] == [(Reason.INDICATOR, "security.dogs")]


def test_values_are_kept_in_the_indicators_measure_at_their_periods_beginning(
    sqlite: Engine,
) -> None:
    stream = a_stream(sqlite, "security.cameras_online")

    told(sqlite, Reading(stream, NOON + timedelta(microseconds=1), 0.5, "ratio"))

    with reading(sqlite) as session:
        row = session.scalars(select(Observation)).one()
        assert (row.value, row.phenomenon_at) == (50, NOON)


def test_a_year_long_past_is_taken_of_what_is_told_by_the_year(sqlite: Engine) -> None:
    stream = a_stream(sqlite, "education.pupils")

    assert told(sqlite, Reading(stream, datetime(2004, 9, 5, tzinfo=UTC), 4000)).new == 1


KNOWN = st.builds(
    lambda minutes, value: Known(NOON + timedelta(minutes=minutes), value, None),
    st.integers(0, 20),
    st.integers(0, 3).map(float),
)


@given(
    st.lists(KNOWN, max_size=5, unique_by=lambda each: each.known_at),
    st.lists(st.integers(0, 3).map(float), min_size=1, max_size=4),
    st.integers(0, 20),
)
def test_merging_loses_nothing_and_leaves_no_gap(
    before: list[Known], given_values: list[float], minutes: int
) -> None:
    now = NOON + timedelta(minutes=minutes)

    merged = merge(before, given_values, now, "by")

    everything = [*(version.known for version in merged.versions), merged.current]
    assert set(before) <= set(everything)
    assert merged.repeated + merged.corrected + (not before) == len(given_values)
    assert [each.known_at for each in everything] == sorted({k.known_at for k in everything})
    for version, following in pairwise(everything):
        assert (
            next(v for v in merged.versions if v.known == version).superseded_at
            == following.known_at
        )
    if not any(each.known_at > now for each in before):
        assert merged.current.value == given_values[-1]


@given(
    st.integers(1, 2**21 - 1),
    st.datetimes(datetime(2000, 1, 1), datetime(2130, 1, 1)),
)
def test_a_number_tells_series_and_moment(stream: int, moment: datetime) -> None:
    at = moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=UTC)

    assert place_of(number_of(stream, at)) == (stream, at)
    assert 0 < number_of(stream, at) < 2**63
    local = at.astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    assert number_of(stream, local) == number_of(stream, at)


def test_what_is_no_number_of_an_observation_has_no_place() -> None:
    assert [place_of(number) for number in (0, -1, 7, 2**64)] == [None] * 4


@pytest.mark.postgres
def test_senders_in_any_order_do_not_block_each_other(postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    ids = [a_stream(engine, unit=f"2025:{n}") for n in range(6)]

    def tell(number: int) -> Stored:
        readings = [Reading(s, NOON - n * HOUR, number) for n in range(20) for s in ids]
        order = 1 if number % 2 else -1
        return told(engine, *readings[::order], now=NOON + number * SECOND)

    found = at_once(*(partial(tell, number) for number in range(4)))

    assert {type(each) for each in found} == {Stored}
    with reading(engine) as session:
        assert set(session.scalars(select(Observation.value))) == {3}
        assert len(session.scalars(select(Datastream)).all()) == 6
    assert {each[1] / each[0] for stream in ids for each in sums(engine, stream)} == {3}
    engine.dispose()


@pytest.mark.postgres
def test_new_values_and_corrections_of_the_same_days_never_wait_for_each_other(
    postgres_url: str,
) -> None:
    engine = open_engine(postgres_url)
    stream = a_stream(engine)
    early, late = NOON - 3 * DAY, NOON - 2 * DAY
    told(engine, Reading(stream, early, 1), Reading(stream, late, 1))
    together = threading.Barrier(2)

    def tell(number: int) -> None:
        # Something new of one day, and another value of the other: crosswise.
        new, old = (early, late) if number else (late, early)
        for n in range(1, 11):
            batch = [Reading(stream, new + n * timedelta(hours=0.5 + number), n),
                     Reading(stream, old, 10 * n + number)]  # fmt: skip
            together.wait()
            with transaction(engine) as session:
                store(session, bac_lieu(), batch, NOON + n * SECOND)

    assert at_once(*(partial(tell, number) for number in range(2))) == [None, None]
    with reading(engine) as session:
        rows = session.execute(select(Observation.phenomenon_at, Observation.value)).all()
    by_day: dict[object, list[float]] = {}
    for at, value in rows:
        by_day.setdefault(at.astimezone(ZONE).date(), []).append(value)
    assert [(each[0], each[1]) for each in sums(engine, stream)] == [
        (len(some), sum(some)) for _, some in sorted(by_day.items(), key=str)
    ]
    engine.dispose()
