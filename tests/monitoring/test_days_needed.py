"""A figure is the same whether all days of all series are read or those it needs alone."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from monitoring.day_values import Moment, by_stream, day_values
from monitoring.days_needed import days_needed
from monitoring.observing import Reading, store
from monitoring.periods import begins_until
from monitoring.standing import buckets
from monitoring.streams import Stream, stream_of, streams
from storage.database import reading, transaction
from tests.builders import NOON
from tests.provinces.packs import bac_lieu

DAY = timedelta(days=1)
PLACES = (None, "2025:31972", "2025:31900", "1979:31891")
ZONE = bac_lieu().timezone
TODAY = NOON.astimezone(ZONE).date()


def tell(engine: Engine, indicator: str, source: str, place: str | None, *ago: int) -> Stream:
    """What the source tells of days so long ago: of each its age."""
    with transaction(engine) as session:
        stream = stream_of(session, indicator, place, source, NOON)
        readings = [Reading(stream.id, NOON - days * DAY, float(days)) for days in ago]
        assert not store(session, bac_lieu(), readings, NOON).refused
    return stream


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("code", ["security.cases", "security.cameras_online", "health.dengue"])
def test_others_are_read_where_the_own_source_told_nothing(
    sqlite: Engine, code: str, seed: int
) -> None:
    chance, indicator = random.Random(seed), bac_lieu().indicator(code)
    begins = begins_until(TODAY, indicator.period, 12)
    reach = range((TODAY - begins[0]).days + 1)
    for place in PLACES:
        for source in (indicator.source, "one", "other"):
            if chance.random() < 0.8:
                share = chance.choice((0.1, 0.6, 0.95, 1.0))
                tell(sqlite, code, source, place, *[n for n in reach if chance.random() < share])

    with reading(sqlite) as session:
        some, moment = streams(session, [code]), Moment(ZONE)
        ids = [each.id for each in some]
        every = by_stream(day_values(session, ids, begins[0], TODAY, moment))
        few = days_needed(session, indicator, some, begins, TODAY, moment)

    figures = [buckets(bac_lieu(), indicator, some, each, {}, begins) for each in (every, few)]
    assert figures[0] == figures[1]
    assert any(each.value is not None for each in figures[0])


def test_where_the_own_source_told_everything_nobody_elses_is_read(sqlite: Engine) -> None:
    cases = bac_lieu().indicator("security.cases")
    own = tell(sqlite, cases.code, cases.source, PLACES[1], *range(7))
    other = tell(sqlite, cases.code, "other", PLACES[1], *range(7))
    begins = begins_until(TODAY, cases.period, 7)

    with reading(sqlite) as session:
        few = days_needed(session, cases, [own, other], begins, TODAY, Moment(ZONE))

    assert {stream: len(days) for stream, days in few.items()} == {own.id: 7}
