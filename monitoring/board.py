"""What the operations board shows: modules with their state, main indicators, alerts, units.

Everything is read by indexes: days that are kept added up, and the alerts that are not closed. All
of it can be asked for as it was known at a moment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from monitoring import subjects
from monitoring.alert_kinds import AlertView, Level
from monitoring.alert_lists import alerts_as_of, current_alerts
from monitoring.day_values import Moment, by_stream, day_values
from monitoring.days_needed import days_needed
from monitoring.periods import begins_until, end_of, is_daily, week_before, year_before
from monitoring.standing import (
    TREND,
    Standing,
    State,
    buckets,
    held_before,
    of_unit,
    standings,
    state_of,
    streams_of,
    units_told,
    worst_by,
)
from monitoring.streams import Stream
from provinces.modules import Indicator, Module, Period
from provinces.schema import Province

_LENGTHS = {Period.WEEK: 7, Period.MONTH: 30, Period.QUARTER: 91, Period.YEAR: 365}


@dataclass(frozen=True)
class Asked:
    """`now` is the clock's; `known_at`: as it was known then, None as it is known now."""

    now: datetime
    known_at: datetime | None = None

    @property
    def at(self) -> datetime:
        return self.known_at or self.now

    def today(self, province: Province) -> date:
        return self.at.astimezone(province.timezone).date()

    def moment(self, province: Province) -> Moment:
        return Moment(province.timezone, self.known_at)


@dataclass(frozen=True)
class ModuleStanding:
    """A module as it stands; `alerts` are those that are not closed, the gravest first."""

    module: Module
    state: State
    indicators: Sequence[Standing]
    alerts: Sequence[AlertView]


@dataclass(frozen=True)
class Board:
    """All modules as they stand. `units` has the units with an open alert, `edition:code`."""

    at: datetime
    known_at: datetime | None
    modules: Sequence[ModuleStanding]
    alerts: Sequence[AlertView]
    units: Mapping[str, Level]


@dataclass(frozen=True)
class Line:
    """A period's figure beside those that it is compared with."""

    begin: date
    value: float | None
    before: float | None  # of the week, or the period, before
    year_before: float | None


@dataclass(frozen=True)
class UnitStanding:
    """A unit's latest figure of an indicator."""

    unit_key: str
    begin: date | None
    value: float | None
    state: State


@dataclass(frozen=True)
class Closer:
    """An indicator by itself, of one unit where `unit_key` names one."""

    standing: Standing
    unit_key: str | None
    lines: Sequence[Line]
    units: Sequence[UnitStanding] = field(default=())


def board(session: Session, province: Province, asked: Asked) -> Board:
    """Everything that the board shows."""
    alerts = known_alerts(session, asked)
    modules = province.modules
    few = [each for module in modules for each in module.headlines]
    found = {
        each.indicator.code: each
        for each in standings(
            session, province, few, asked.today(province), asked.moment(province), alerts
        )
    }
    return Board(
        at=asked.at,
        known_at=asked.known_at,
        modules=[
            module_standing(each, [found[i.code] for i in each.headlines], alerts)
            for each in modules
        ],
        alerts=alerts,
        units=worst_by(alerts, units_of),
    )


def module_board(
    session: Session, province: Province, module: Module, asked: Asked
) -> ModuleStanding:
    """A module with all its indicators."""
    alerts = known_alerts(session, asked)
    found = standings(
        session,
        province,
        module.indicators,
        asked.today(province),
        asked.moment(province),
        alerts,
    )
    return module_standing(module, found, alerts)


def closer(
    session: Session,
    province: Province,
    indicator: Indicator,
    asked: Asked,
    days: int,
    unit_key: str | None = None,
) -> Closer:
    """The indicator's figures of about so many days, beside a week and a year before, and those of
    its units; or of the unit alone."""
    today, moment = asked.today(province), asked.moment(province)
    alerts = known_alerts(session, asked)
    streams = streams_of(session, [indicator])[indicator.code]
    chosen = of_unit(streams, unit_key)
    here = alerts if unit_key is None else [a for a in alerts if unit_key in units_of(a)]
    (standing,) = standings(session, province, [indicator], today, moment, here, unit_key)
    lines = _lines(session, province, indicator, chosen, today, moment, days)
    by_unit: Sequence[UnitStanding] = ()
    if unit_key is None:
        by_unit = _units(session, province, indicator, streams, today, moment, alerts)
    return Closer(standing, unit_key, lines, by_unit)


def known_alerts(session: Session, asked: Asked) -> Sequence[AlertView]:
    """The alerts that are not closed, or were not at that moment; the gravest first."""
    if asked.known_at is None:
        return current_alerts(session, asked.now)
    found = alerts_as_of(session, asked.known_at)
    return sorted(found, key=lambda each: (-each.level.rank, -each.number))


def units_of(alert: AlertView) -> Sequence[str]:
    """The units that the alert is about; none where it is the whole province."""
    return subjects.units_of(alert.unit_key, alert.why)


def module_standing(
    module: Module, indicators: Sequence[Standing], alerts: Sequence[AlertView]
) -> ModuleStanding:
    """The module with what is known of it."""
    own = [each for each in alerts if each.module == module.code]
    worst = max((each.level for each in own), key=lambda level: level.rank, default=None)
    known = any(each.now and each.indicator in module.headlines for each in indicators)
    return ModuleStanding(module, state_of(worst, known), indicators, own)


def _lines(
    session: Session,
    province: Province,
    indicator: Indicator,
    streams: Sequence[Stream],
    today: date,
    moment: Moment,
    days: int,
) -> Sequence[Line]:
    period = indicator.period
    begins = begins_until(today, period, _count(period, days))
    figures: dict[date, float | None] = {}
    wanted = {*begins, *(week_before(each, period) for each in begins)}
    earlier = sorted({year_before(each, period) for each in begins} - wanted)
    for some in (sorted(wanted), earlier):
        if some and streams:
            last = min(today, end_of(some[-1], period))
            read = days_needed(session, indicator, streams, some, last, moment)
            chosen = {indicator.code: streams}
            held = held_before(session, [indicator], chosen, some[0], moment)
            found = buckets(province, indicator, streams, read, held, some)
            figures |= {each.begin: each.value for each in found}
    return [
        Line(
            each,
            figures.get(each),
            figures.get(week_before(each, period)),
            figures.get(year_before(each, period)),
        )
        for each in begins
    ]


def _count(period: Period, days: int) -> int:
    if is_daily(period):
        return days
    return max(days // _LENGTHS[period], TREND[period])


def _units(
    session: Session,
    province: Province,
    indicator: Indicator,
    streams: Sequence[Stream],
    today: date,
    moment: Moment,
    alerts: Sequence[AlertView],
) -> Sequence[UnitStanding]:
    begins = begins_until(today, indicator.period, 3)
    ids = {each.id for each in streams if each.unit_key is not None}
    read = by_stream(day_values(session, ids, begins[0], today, moment))
    worst = worst_by([each for each in alerts if each.subject == indicator.code], units_of)
    found = []
    for unit_key in units_told(province, streams):
        told = buckets(province, indicator, of_unit(streams, unit_key), read, {}, begins)
        now = next((each for each in reversed(told) if each.value is not None), None)
        state = state_of(worst.get(unit_key), now is not None)
        found.append(
            UnitStanding(
                unit_key,
                now.begin if now else None,
                now.value if now else None,
                state,
            )
        )
    return found
