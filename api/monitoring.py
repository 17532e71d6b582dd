"""Routes of what is watched: modules, indicators, series, the shift briefing."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from apiflask import APIBlueprint

from api import monitoring_schemas as told
from api.alert_view import show_alert
from api.auth import current_actor
from api.errors import NotFound
from api.monitoring_codes import (
    asked_indicator,
    asked_module,
    asked_source,
    asked_unit,
    module_of,
)
from api.openapi import SECURED
from api.services import ApiServices
from monitoring.board import Asked, ModuleStanding, board, module_board
from monitoring.briefing import Briefing, briefing
from monitoring.charted import Chart, Charted, Compare, chart
from monitoring.numbering import FIRST
from monitoring.series import Bucket
from monitoring.standing import Standing
from provinces.errors import UnknownCode
from provinces.modules import Indicator, Module
from provinces.schema import Province
from reports.actors import Party
from storage.database import reading

_UNKNOWN = {404: "The province has nothing of this code"}


def add_monitoring_routes(blueprint: APIBlueprint, services: ApiServices) -> None:
    """GET /modules, /indicators, /series and /briefing."""
    province = services.province

    def asked(known_at: datetime | None) -> Asked:
        now = services.clock()
        if known_at is None or known_at >= now:
            return Asked(now)
        return Asked(now, max(known_at, FIRST))

    @blueprint.get("/modules")
    @blueprint.input(told.KnownQuery, location="query")
    @blueprint.output(told.ModuleList)
    @blueprint.doc(operation_id="listModules", security=SECURED)
    def list_modules(query_data: told.KnownQuery) -> told.ModuleList:
        """The modules of the operations centre as they stand, each with its main indicators."""
        with reading(services.engine) as session:
            found = board(session, province, asked(query_data.known_at)).modules
        return told.ModuleList(modules=[_module(each) for each in found])

    @blueprint.get("/modules/<module_code>")
    @blueprint.input(told.KnownQuery, location="query")
    @blueprint.output(told.Module)
    @blueprint.doc(operation_id="getModule", security=SECURED, responses=_UNKNOWN)
    def module(module_code: str, query_data: told.KnownQuery) -> told.Module:
        """A module as it stands, with all its indicators."""
        found = module_of(province, module_code)
        if found is None:
            raise NotFound("the province has no such module")
        with reading(services.engine) as session:
            standing = module_board(session, province, found, asked(query_data.known_at))
        return _module(standing)

    @blueprint.get("/indicators")
    @blueprint.input(told.IndicatorQuery, location="query")
    @blueprint.output(told.IndicatorList)
    @blueprint.doc(operation_id="listIndicators", security=SECURED)
    def list_indicators(query_data: told.IndicatorQuery) -> told.IndicatorList:
        """What is watched, as the province declares it."""
        modules: Sequence[Module] = province.modules
        if query_data.module is not None:
            modules = [asked_module(province, query_data.module)]
        return told.IndicatorList(
            indicators=[_indicator(each) for module in modules for each in module.indicators]
        )

    @blueprint.get("/indicators/<indicator_code>")
    @blueprint.output(told.Indicator)
    @blueprint.doc(operation_id="getIndicator", security=SECURED, responses=_UNKNOWN)
    def indicator(indicator_code: str) -> told.Indicator:
        """One indicator, as the province declares it."""
        try:
            return _indicator(province.indicator(indicator_code))
        except UnknownCode as error:
            raise NotFound("the province has no such indicator") from error

    @blueprint.get("/series")
    @blueprint.input(told.SeriesQuery, location="query")
    @blueprint.output(told.Series)
    @blueprint.doc(operation_id="getSeries", security=SECURED)
    def series(query_data: told.SeriesQuery) -> told.Series:
        """An indicator by hour, day, week or month, of a unit or put together for the province.

        What lies ahead is not told: the last period is the one of now.
        """
        charted = _charted(province, query_data)
        now = services.clock()
        with reading(services.engine) as session:
            found = chart(
                session,
                province,
                charted,
                query_data.begin,
                min(query_data.end or now, now),
                Bucket(query_data.bucket),
                told.MOST_PERIODS,
                Compare(query_data.compare) if query_data.compare else None,
                query_data.known_at,
            )
        return _series(charted, query_data, found)

    @blueprint.get("/briefing")
    @blueprint.input(told.BriefingQuery, location="query")
    @blueprint.output(told.Briefing)
    @blueprint.doc(operation_id="getBriefing", security=SECURED)
    def shift_briefing(query_data: told.BriefingQuery) -> told.Briefing:
        """What happened in a shift, and how things stood at its end."""
        now = services.clock()
        length = timedelta(hours=query_data.hours)
        until = max(min(query_data.until or now, now), FIRST + length)
        with reading(services.engine) as session:
            everything = current_actor().party is not Party.AGENCY
            found = briefing(session, province, until - length, until, now, everything)
        return _briefing(province, found)


def _charted(province: Province, query: told.SeriesQuery) -> Charted:
    """Of what a series is asked for.

    Raises:
        BadValue: the province does not have it.
    """
    return Charted(
        asked_indicator(province, query.indicator),
        asked_unit(province, query.unit),
        asked_source(province, query.source),
    )


def _module(found: ModuleStanding) -> told.Module:
    module = found.module
    return told.Module(
        code=module.code,
        names=dict(module.names),
        order=module.order,
        state=found.state.value,
        alerts=len(found.alerts),
        report_categories=list(module.report_categories),
        indicators=[_standing(each) for each in found.indicators],
    )


def _standing(found: Standing) -> told.Standing:
    return told.Standing(
        indicator=found.indicator.code,
        state=found.state.value,
        period_on=found.now.begin if found.now else None,
        value=found.now.value if found.now else None,
        before=found.before,
        met=found.met,
        stale=found.stale,
        told=found.now.told if found.now else 0,
        of=found.of,
    )


def _indicator(found: Indicator) -> told.Indicator:
    return told.Indicator.model_validate(
        {
            "code": found.code,
            "module": found.module,
            "names": dict(found.names),
            "measure": found.measure.code,
            "symbol": found.measure.symbol,
            "period": found.period.value,
            "direction": found.direction.value,
            "source": found.source,
            "level": found.level.value,
            "aggregate": found.aggregate.value,
            "target": found.target,
            "lowest": found.lowest,
            "highest": found.highest,
            "decimals": found.decimals,
            "headline": found.headline,
            "question": None if found.question is None else dict(found.question),
            "thresholds": [
                {
                    "watch": each.watch,
                    "alert": each.alert,
                    "release": each.release,
                    "worse": each.worse,
                    "quiet_h": each.quiet_h,
                }
                for each in found.thresholds
            ],
        }
    )


def _series(charted: Charted, query: told.SeriesQuery, found: Chart) -> told.Series:
    return told.Series(
        indicator=charted.indicator.code,
        unit=charted.unit_key,
        measure=charted.indicator.measure.code,
        symbol=charted.indicator.measure.symbol,
        bucket=query.bucket,
        points=[
            told.SeriesPoint(at=each.at, value=each.value, told=each.told, compared=each.compared)
            for each in found.points
        ],
        next_begin=found.next_begin,
    )


def _briefing(province: Province, found: Briefing) -> told.Briefing:
    return told.Briefing(
        since=found.since,
        until=found.until,
        made_at=found.made_at,
        modules=[
            told.ModuleChange(
                module=each.module.code,
                before=each.before.value,
                after=each.after.value,
                indicators=[_standing(one) for one in each.indicators],
            )
            for each in found.modules
        ],
        opened=[show_alert(province, each) for each in found.opened],
        closed=[show_alert(province, each) for each in found.closed],
        handed=[show_alert(province, each) for each in found.handed],
        missed=[_standing(each) for each in found.missed],
        silent=[_standing(each) for each in found.silent],
        received=found.reports.received if found.reports else None,
        urgent=found.reports.urgent if found.reports else None,
        overdue=found.reports.overdue if found.reports else None,
    )
