"""What the board makes of observations: figures of now and then, of units and of the whole."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from monitoring.board import Asked, Board, board, closer, module_board
from monitoring.charted import Charted, chart
from monitoring.checking import period_begin
from monitoring.day_values import Moment, day_values
from monitoring.observing import Reading, store
from monitoring.periods import begin_of, begins_until, end_of, later, week_before, year_before
from monitoring.series import Bucket
from monitoring.standing import Standing, State
from monitoring.streams import stream_of
from provinces.modules import Aggregate, Period
from storage.database import reading, transaction
from tests.builders import NOON
from tests.monitoring.alarms import DONG_HAI, an_alert
from tests.provinces.packs import bac_lieu

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
GANH_HAO, VINH_LOI = "2025:31972", "2025:31900"
CASES = "security.cases"


def told(
    engine: Engine,
    values: Sequence[tuple[datetime, float]],
    indicator: str = CASES,
    unit: str | None = GANH_HAO,
    source: str | None = None,
    known_at: datetime | None = None,
) -> int:
    """Somebody told these values, at `known_at` or as soon as they were observed."""
    province = bac_lieu()
    source = source or province.indicator(indicator).source
    with transaction(engine) as session:
        stream = stream_of(session, indicator, unit, source, NOON)
    for at, value in values:
        with transaction(engine) as session:
            done = store(session, province, [Reading(stream.id, at, value)], known_at or at)
        assert not done.refused, done.refused
    return stream.id


def seen(engine: Engine, indicator: str = CASES, known_at: datetime | None = None) -> Standing:
    province = bac_lieu()
    found = province.indicator(indicator)
    with reading(engine) as session:
        return closer(session, province, found, Asked(NOON, known_at), 7).standing


def test_units_are_added_up_and_shares_averaged(engine: Engine) -> None:
    told(engine, [(NOON, 3)])
    told(engine, [(NOON, 4)], unit=VINH_LOI)
    told(engine, [(NOON, 90), (NOON - HOUR, 100)], "security.cameras_online")
    told(engine, [(NOON, 70)], "security.cameras_online", VINH_LOI)

    cases, cameras = seen(engine), seen(engine, "security.cameras_online")

    assert cases.now is not None and cases.now.value == 7 and cases.now.told == 2
    assert cameras.now is not None and cameras.now.value == (95 + 70) / 2


def test_what_is_told_of_the_whole_stands_for_the_whole(engine: Engine) -> None:
    told(engine, [(NOON, 3)])
    told(engine, [(NOON, 20)], unit=None)

    assert (found := seen(engine)).now is not None and found.now.value == 20
    assert found.of == 1


def test_of_two_sources_of_one_unit_the_indicators_own_is_taken(engine: Engine) -> None:
    told(engine, [(NOON, 9)], source="round")
    told(engine, [(NOON, 3)])

    assert (found := seen(engine)).now is not None and found.now.value == 3


def test_a_series_that_told_nothing_of_the_whole_stands_for_nothing(engine: Engine) -> None:
    told(engine, [(NOON, 3)])
    told(engine, [], unit=None)
    told(engine, [(NOON - 3 * DAY, 20)], unit=None)
    told(engine, [(NOON, 50)], unit=None, source="round")

    found = seen(engine)

    assert found.now is not None and (found.now.value, found.of) == (3, 1)
    assert [each.value for each in found.trend if each.value is not None] == [20, 3]


def test_an_own_source_that_fell_silent_leaves_the_word_to_whoever_told_last(
    engine: Engine,
) -> None:
    told(engine, [(NOON - 2 * DAY, 3)])
    told(engine, [(NOON - 2 * DAY, 5), (NOON, 9)], source="round")

    found = seen(engine)

    assert [each.value for each in found.trend if each.value is not None] == [3, 9]


@pytest.mark.parametrize("known_at", [None, NOON])
def test_a_stock_is_the_same_however_far_one_looks_back(
    database: Engine, known_at: datetime | None
) -> None:
    province = bac_lieu()
    stock = replace(province.indicator(CASES), aggregate=Aggregate.LAST)
    told(database, [(NOON - 100 * DAY, 40), (NOON - 20 * DAY, 30)], stock.code, VINH_LOI)
    told(database, [(NOON, 5)], stock.code)

    with reading(database) as session:
        asked = Asked(NOON, known_at)
        looked = [closer(session, province, stock, asked, days) for days in (7, 30, 365)]
        of = Charted(stock)
        drawn = chart(session, province, of, NOON - 2 * DAY, NOON, Bucket.DAY, 9, known_at=known_at)

    ends = [each.lines[-1].value for each in looked]
    heads = [each.standing.now.value for each in looked if each.standing.now]
    assert (ends, heads) == ([35] * 3, [35] * 3)
    assert drawn.points[-1].value == 35


def test_former_communes_do_not_count_beside_those_of_today(engine: Engine) -> None:
    told(engine, [(NOON, 3)])
    told(engine, [(NOON, 3)], unit="pre2025:31972")

    assert (found := seen(engine)).now is not None and found.now.value == 3


def test_a_figure_of_long_ago_is_old_and_a_target_is_met_or_not(engine: Engine) -> None:
    told(engine, [(NOON - 5 * DAY, 2)])

    found = seen(engine)

    assert found.stale and found.met is False
    assert found.before is None and found.state is State.QUIET


def test_what_was_known_in_the_morning_knows_nothing_of_later_words(database: Engine) -> None:
    morning = NOON - 4 * HOUR
    told(database, [(NOON - DAY, 2), (NOON - 5 * HOUR, 1)])
    told(database, [(NOON - DAY, 8)], known_at=NOON - 2 * HOUR)  # corrected at ten
    told(database, [(NOON - 2 * DAY, 5)], known_at=NOON - HOUR)  # late by two days
    told(database, [(NOON - 3 * HOUR, 4)])

    def days(known_at: datetime | None) -> list[float | None]:
        trend = seen(database, known_at=known_at).trend
        return [each.value for each in trend if each.value is not None]

    assert days(None) == [5, 8, 4]
    assert days(morning) == [2, 1]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told_at=st.lists(
        st.tuples(
            st.integers(0, 60),  # hours back that it was observed
            st.integers(0, 60),  # hours later that it was told
            st.integers(0, 50),
        ),
        max_size=12,
    ),
    back=st.integers(0, 60),
)
def test_days_as_known_are_those_of_a_series_that_ended_then(
    engine: Engine, told_at: list[tuple[int, int, int]], back: int
) -> None:
    province, moment = bac_lieu(), NOON - back * HOUR
    # At one instant one value of a day: of two, the second is known a microsecond later.
    told_once = {
        (
            min(NOON, NOON - observed * HOUR + late * HOUR),
            period_begin(Period.DAY, NOON - observed * HOUR, province.timezone),
        ): float(value)
        for observed, late, value in told_at
    }
    rows = sorted((known, at, value) for (known, at), value in told_once.items())
    today = moment.astimezone(province.timezone).date()
    found = []
    with transaction(engine) as session:
        for kept, known_at in ((rows, moment), ([row for row in rows if row[0] <= moment], None)):
            stream = stream_of(session, CASES, GANH_HAO, uuid.uuid4().hex, NOON).id
            for known, at, value in kept:
                store(session, province, [Reading(stream, at, value)], known)
            when = Moment(province.timezone, known_at)
            days = day_values(session, [stream], today - 5 * DAY, today, when)
            found.append(sorted(each[1:] for each in days))
    assert found[0] == found[1]


def test_the_board_asks_as_often_whatever_it_shows(engine: Engine) -> None:
    province = bac_lieu()
    for back in range(3):
        for unit in (GANH_HAO, VINH_LOI):
            told(engine, [(NOON - back * DAY, 1)], unit=unit)
    asked: list[str] = []

    def shown(known_at: datetime | None) -> Board:
        with reading(engine) as session:
            return board(session, province, Asked(NOON, known_at))

    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    for known_at, most in ((None, 12), (NOON - DAY, 24)):
        asked.clear()
        shown(known_at)
        few = len(asked)
        assert few < most, asked
        for number in range(3):
            an_alert(engine, now=NOON - 2 * DAY, subject=f"YT0{number + 1}")
            told(engine, [(NOON - DAY, 1)], unit=DONG_HAI, source=f"s{number}{most}")
        asked.clear()
        shown(known_at)
        assert len(asked) <= few + 2, asked  # what happened to alerts, read once for all of them


def test_a_module_has_all_its_indicators_in_their_order(engine: Engine) -> None:
    province = bac_lieu()
    module = province.modules[0]
    with reading(engine) as session:
        found = module_board(session, province, module, Asked(NOON))

    assert [each.indicator for each in found.indicators] == list(module.indicators)
    assert found.state is State.UNKNOWN


@pytest.mark.parametrize(
    ("period", "begin", "end", "before", "year"),
    [
        (Period.DAY, "2026-11-22", "2026-11-22", "2026-11-15", "2025-11-23"),
        (Period.WEEK, "2026-11-16", "2026-11-22", "2026-11-09", "2025-11-17"),
        (Period.MONTH, "2026-11-01", "2026-11-30", "2026-10-01", "2025-11-01"),
        (Period.QUARTER, "2026-10-01", "2026-12-31", "2026-07-01", "2025-10-01"),
        (Period.YEAR, "2026-01-01", "2026-12-31", "2025-01-01", "2025-01-01"),
    ],
)
def test_periods_begin_end_and_meet_those_of_before(
    period: Period, begin: str, end: str, before: str, year: str
) -> None:
    first = begin_of(date(2026, 11, 22), period)

    assert first == date.fromisoformat(begin)
    assert end_of(first, period) == date.fromisoformat(end)
    assert week_before(first, period) == date.fromisoformat(before)
    assert year_before(first, period) == date.fromisoformat(year)
    assert later(later(first, period, 5), period, -5) == first
    assert begins_until(date(2026, 11, 22), period, 3)[-1] == first
