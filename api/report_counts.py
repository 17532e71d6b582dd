"""GET /report-counts: how many reports came in, hour by hour, of each category and unit."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby
from typing import Literal

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from api.auth import current_actor
from api.errors import NotAllowed
from api.fields import CategoryCode, Instant, Unit
from api.monitoring_codes import asked_category, asked_module, known_unit
from api.monitoring_fields import Asking, ModuleCode
from api.openapi import SECURED
from api.schemas import Moment
from api.services import ApiServices
from monitoring.counts import HourCount, hour_counts
from monitoring.numbering import FIRST
from provinces.schema import Province
from reports.actors import Party
from storage.database import reading

MOST_COUNTS = 5000


class CountQuery(Asking):
    begin: Instant = Field(description="received then or later")
    end: Instant | None = Field(default=None, description="received before; at most, now")
    module: ModuleCode | None = None
    category: CategoryCode | None = None
    unit: Unit | None = None
    map: Literal["today", "told"] = Field(
        default="today",
        description="`today`: by the commune of today that a former one became; `told`: by the "
        "unit that was told, of either edition of the map",
    )


class ReportCount(BaseModel):
    """So many reports of a category and a unit, received in the hour that begins then."""

    hour_at: Moment
    module: str | None = Field(description="null where the category counts for none")
    category: str | None = Field(description="null where nobody could tell")
    unit: str | None = Field(description="null where no place was told", examples=["2025:31972"])
    reports: int


class ReportCounts(BaseModel):
    counts: list[ReportCount] = Field(
        description=f"in order of their hours, some {MOST_COUNTS} at most; nothing is told of none"
    )
    next_begin: Moment | None = Field(description="`begin` of what is left; null: nothing is")


def add_report_count_routes(blueprint: APIBlueprint, services: ApiServices) -> None:
    """GET /report-counts."""
    province = services.province

    @blueprint.get("/report-counts")
    @blueprint.input(CountQuery, location="query")
    @blueprint.output(ReportCounts)
    @blueprint.doc(
        operation_id="countReports",
        security=SECURED,
        responses={403: "The token may not do this"},
    )
    def report_counts(query_data: CountQuery) -> ReportCounts:
        """How many reports came in by module, category, unit and hour; those that were turned down
        do not count, duplicates do."""
        if current_actor().party is Party.AGENCY:
            raise NotAllowed("officers of an agency see figures of their own reports: /statistics")
        now = services.clock()
        begin, end = max(query_data.begin, FIRST), min(query_data.end or now, now)
        categories = _categories(province, query_data)
        unit_key = None if query_data.unit is None else known_unit(province, query_data.unit)
        if begin >= end:
            return ReportCounts(counts=[], next_begin=None)
        as_today = query_data.map == "today"
        with reading(services.engine) as session:
            found = hour_counts(session, province, begin, end, as_today, categories)
        if unit_key is not None:
            found = [each for each in found if each.unit_key == unit_key]
        shown, next_begin = _page(found)
        return ReportCounts(counts=[_count(each) for each in shown], next_begin=next_begin)


def _categories(province: Province, query: CountQuery) -> Collection[str] | None:
    """Those that are asked for; None: all, and what has none."""
    wanted: set[str] | None = None
    if query.module is not None:
        wanted = set(asked_module(province, query.module).report_categories)
    if query.category is not None:
        category = asked_category(province, query.category)
        wanted = {category} if wanted is None else wanted & {category}
    return wanted


def _page(found: Sequence[HourCount]) -> tuple[Sequence[HourCount], datetime | None]:
    """The first ones, of whole hours; and the hour of what is left."""
    shown: list[HourCount] = []
    for hour_at, of_hour in groupby(found, key=lambda each: each.hour_at):
        part = list(of_hour)
        if shown and len(shown) + len(part) > MOST_COUNTS:
            return shown, hour_at
        shown += part
    return shown, None


def _count(found: HourCount) -> ReportCount:
    return ReportCount(
        hour_at=found.hour_at,
        module=found.module,
        category=found.category,
        unit=found.unit_key,
        reports=found.count,
    )
