"""Series as charts have them: the same as on the board, with gaps, beside earlier periods."""

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from monitoring.board import Asked, closer
from monitoring.charted import Chart, Charted, Compare, chart
from monitoring.series import Bucket
from provinces.modules import Aggregate, Period
from storage.database import reading
from tests.builders import NOON
from tests.monitoring.test_board import GANH_HAO, VINH_LOI, told
from tests.provinces.packs import bac_lieu

DAY = timedelta(days=1)
ONE_OF_EACH = [
    next(
        indicator.code
        for module in bac_lieu().modules
        for indicator in module.indicators
        if indicator.aggregate is aggregate and indicator.period is Period.DAY
    )
    for aggregate in (Aggregate.SUM, Aggregate.MEAN)
]
STOCK = next(
    indicator.code
    for module in bac_lieu().modules
    for indicator in module.indicators
    if indicator.aggregate is Aggregate.LAST and indicator.highest >= 9
)


def charted(
    engine: Engine,
    indicator: str,
    begin: datetime,
    bucket: Bucket = Bucket.DAY,
    compare: Compare | None = None,
    known_at: datetime | None = None,
    most: int = 100,
) -> Chart:
    province = bac_lieu()
    of = Charted(province.indicator(indicator))
    with reading(engine) as session:
        return chart(session, province, of, begin, NOON, bucket, most, compare, known_at)


@pytest.mark.parametrize("indicator", ONE_OF_EACH)
@pytest.mark.parametrize("known_at", [None, NOON - DAY])
def test_days_are_those_of_the_board(
    engine: Engine, indicator: str, known_at: datetime | None
) -> None:
    told(engine, [(NOON - back * DAY, 1 + back % 3) for back in (1, 2, 5, 8, 9)], indicator)
    told(engine, [(NOON - back * DAY, 2) for back in (1, 5, 15)], indicator, VINH_LOI)
    province = bac_lieu()

    found = charted(engine, indicator, NOON - 9 * DAY, Bucket.DAY, Compare.LAST_WEEK, known_at)
    with reading(engine) as session:
        asked = Asked(NOON, known_at)
        lines = closer(session, province, province.indicator(indicator), asked, 10).lines

    board = {each.begin: (each.value, each.before) for each in lines}
    days = {
        each.at.astimezone(province.timezone).date(): (each.value, each.compared)
        for each in found.points
    }
    shared = days.keys() & board.keys()
    assert len(shared) >= 9
    assert {day: days[day] for day in shared} == {day: board[day] for day in shared}


def test_what_a_unit_counted_last_holds_also_from_before_the_chart_begins(engine: Engine) -> None:
    told(engine, [(NOON - 30 * DAY, 4)], STOCK, GANH_HAO)
    told(engine, [(NOON - 2 * DAY, 5)], STOCK, VINH_LOI)

    found = charted(engine, STOCK, NOON - 3 * DAY)

    assert [each.value for each in found.points] == [None, 9, None, None]


def test_pages_of_a_series_meet_and_lie_on_the_provinces_midnights(engine: Engine) -> None:
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    begin: datetime | None = NOON - 40 * DAY
    found = []
    while begin is not None:
        page = charted(engine, STOCK, begin, most=7)
        found += [each.at for each in page.points]
        begin = page.next_begin

    assert len(found) == 41 and {b - a for a, b in pairwise(found)} == {DAY}
    assert {each.astimezone(zone).hour for each in found} == {0}
