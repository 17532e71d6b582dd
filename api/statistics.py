"""The route of figures over reports."""

from collections.abc import Callable, Mapping

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from api.auth import current_visitor
from api.openapi import SECURED
from api.report_filters import filters_of
from api.report_list_schemas import FilterQuery
from api.services import ApiServices
from reports.routing import agency_name
from reports.statistics import statistics as count_reports
from storage.database import reading

LANGUAGE = "vi"


class Count(BaseModel):
    code: str | None = Field(description="null: reports without one")
    name: str | None = Field(description="in Vietnamese; null where nothing has the code any more")
    reports: int


class DayCount(BaseModel):
    day: str = Field(examples=["2026-11-22"])
    reports: int


class HourCount(BaseModel):
    hour: int = Field(ge=0, le=23)
    reports: int


class DeadlineCounts(BaseModel):
    kept: int = Field(description="answered in time")
    missed: int = Field(description="answered late")
    overdue: int = Field(description="still open after the deadline")


class Figures(BaseModel):
    """Over all reports that are as asked for. Days and hours are local, of when they came in."""

    total: int
    urgent: int
    partial: int
    by_status: list[Count]
    by_category: list[Count]
    by_module: list[Count] = Field(description="of the operations centre")
    by_place: list[Count]
    by_agency: list[Count]
    by_source: list[Count]
    by_day: list[DayCount] = Field(description="days without a report are left out")
    by_hour: list[HourCount]
    deadlines: DeadlineCounts
    resolve_median_s: float | None = Field(
        description="from when half of what was resolved had come in until it was"
    )


def add_statistics_routes(blueprint: APIBlueprint, services: ApiServices) -> None:
    """GET /statistics."""
    province = services.province

    def category(code: str) -> str | None:
        return services.category_names(code).get(LANGUAGE)

    modules = {module.code: module.names for module in province.modules}

    def module(code: str) -> str | None:
        return modules.get(code, {}).get(LANGUAGE)

    @blueprint.get("/statistics")
    @blueprint.input(FilterQuery, location="query")
    @blueprint.output(Figures)
    @blueprint.doc(
        operation_id="getStatistics",
        security=SECURED,
        responses={403: "The token may not do this"},
    )
    def statistics(query_data: FilterQuery) -> Figures:
        """How many reports there are of each kind, and how soon they are solved."""
        filters = filters_of(query_data, province, current_visitor())
        with reading(services.engine) as session:
            found = count_reports(session, province, filters, services.clock())
        return Figures(
            total=found.total,
            urgent=found.urgent,
            partial=found.partial,
            by_status=_counts(found.statuses, lambda code: None),
            by_category=_counts(found.categories, category),
            by_module=_counts(found.modules, module),
            by_place=_counts(found.places, services.unit_name),
            by_agency=_counts(found.agencies, lambda code: agency_name(province, code, LANGUAGE)),
            by_source=_counts(found.sources, lambda code: None),
            by_day=[DayCount(day=day, reports=n) for day, n in found.days.items()],
            by_hour=[HourCount(hour=hour, reports=n) for hour, n in found.hours.items()],
            deadlines=DeadlineCounts(
                kept=found.deadlines.kept,
                missed=found.deadlines.missed,
                overdue=found.deadlines.overdue,
            ),
            resolve_median_s=found.resolve_median_s,
        )


def _counts(counts: Mapping[str | None, int], name: Callable[[str], str | None]) -> list[Count]:
    return [
        Count(code=code, name=None if code is None else name(code), reports=reports)
        for code, reports in counts.items()
    ]
