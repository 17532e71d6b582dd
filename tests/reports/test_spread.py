"""Reports on the map: in an area that was drawn, by unit of today, one by one or many as one."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from reports.area import Area, Box
from reports.models import Report
from reports.search_filters import CLOSED, OPEN, Filters
from reports.search_list import find_reports
from reports.spread import (
    MOST_PINS,
    count_reports,
    counts_of_units,
    places_around,
    places_in,
    spread,
    unit_today,
)
from storage.database import reading, transaction
from tests.builders import NOON, a_report
from tests.provinces.packs import bac_lieu

EVERYWHERE = Box(9.0, 105.2, 9.7, 105.9)
# A star with five points: lines that turn inward, and a box.
STAR = Area(
    ((9.55, 105.5), (9.35, 105.55), (9.33, 105.8), (9.25, 105.56), (9.05, 105.6), (9.2, 105.45),
     (9.1, 105.25), (9.3, 105.4))
)  # fmt: skip
SQUARE = Area(((9.2, 105.4), (9.4, 105.6)))


@pytest.fixture
def keep(database: Engine) -> Callable[..., None]:
    def keep(*reports: Report) -> None:
        with transaction(database) as session:
            session.add_all(reports)

    return keep


def all_over(count: int, **given: Any) -> list[Report]:
    chance = random.Random(7)
    return [
        a_report(
            latitude=chance.uniform(EVERYWHERE.south, EVERYWHERE.north),
            longitude=chance.uniform(EVERYWHERE.west, EVERYWHERE.east),
            **given,
        )
        for _ in range(count)
    ]


def test_the_database_and_the_program_agree_on_what_lies_in_an_area(
    database: Engine, keep: Callable[..., None]
) -> None:
    reports = all_over(150)
    points = {r.id: (r.latitude or 0.0, r.longitude or 0.0) for r in reports}
    keep(*reports)

    for area in (STAR, SQUARE):
        with reading(database) as session:
            found = find_reports(session, Filters(near=area), NOON, 1000)
            counted = count_reports(session, Filters(near=area), NOON)
        inside = {id for id, point in points.items() if area.holds(point)}
        assert inside and {each.id for each in found} == inside and counted == len(inside)


def test_what_has_no_point_lies_where_its_unit_of_today_does(
    database: Engine, keep: Callable[..., None]
) -> None:
    province = bac_lieu()
    unit = province.unit("2025:31825")
    assert unit is not None
    corner = 0.001
    area = Area(
        (
            (unit.latitude - corner, unit.longitude - corner),
            (unit.latitude + corner, unit.longitude + corner),
        )
    )
    keep(
        a_report(place="2025:31825"),
        a_report(place="pre2025:31813"),  # became part of it
        a_report(place="pre2025:31900"),
        # Its own point goes before its unit.
        a_report(place="2025:31825", latitude=9.5, longitude=105.4),
    )
    around = Area(area.corners, places_around(province, area))

    with reading(database) as session:
        assert len(find_reports(session, Filters(near=around), NOON, 10)) == 2
        seen = spread(session, province, Filters(), NOON, EVERYWHERE)

    assert seen.without_point["2025:31825"] == 2 and len(seen.pins) == 1


def test_every_report_counts_to_one_unit_and_its_places_find_just_those(
    database: Engine, keep: Callable[..., None]
) -> None:
    province = bac_lieu()
    places = ["2025:31825", "pre2025:31813", "pre2025:31825", "pre2025:956", "2025:31900", None]
    keep(*(a_report(place=place) for place in places))

    with reading(database) as session:
        counts = counts_of_units(session, province, Filters(), NOON)
        listed = {
            place: len(find_reports(session, Filters(places=places_in(province, place)), NOON, 10))
            for place in counts
            if place is not None
        }

    assert sum(counts.values()) == len(places) and counts[None] == 1
    assert {place: count for place, count in counts.items() if place} == listed
    assert counts["2025:31825"] == 3  # wards 1 and 2 of old, and itself
    assert counts["pre2025:956"] == 1  # a whole district: no commune was told


def test_a_code_that_was_given_anew_leads_to_what_the_old_unit_became() -> None:
    province = bac_lieu()

    assert unit_today(province, "pre2025:31900") != "pre2025:31900"
    assert unit_today(province, "2025:31900") == "2025:31900"
    assert unit_today(province, "nowhere:1") == "nowhere:1"


def test_many_reports_become_cells_that_add_up(database: Engine, keep: Callable[..., None]) -> None:
    old = NOON - timedelta(days=90)
    keep(
        *all_over(MOST_PINS, status="closed", requested_at=old),
        *all_over(30, status="new", category="GT01"),
    )
    province = bac_lieu()

    with reading(database) as session:
        for filters, count in (
            (Filters(), MOST_PINS + 30),
            (Filters(statuses=CLOSED), MOST_PINS),
            (Filters(statuses=OPEN), 30),
            (Filters(received_to=NOON - timedelta(days=1)), MOST_PINS),
            (Filters(near=STAR), None),
        ):
            found = spread(session, province, filters, NOON, EVERYWHERE)
            told = sum(cell.count for cell in found.cells) + len(found.pins)
            assert told == (count or count_reports(session, filters, NOON))
            assert bool(found.cells) == (told > MOST_PINS)
        part = spread(session, province, Filters(), NOON, SQUARE.box)

    assert part.pins and not part.cells
    assert all(SQUARE.holds((pin.latitude, pin.longitude)) for pin in part.pins)
