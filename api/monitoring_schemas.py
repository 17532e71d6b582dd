"""What the API tells of modules, indicators, series and the shift."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from api.alert_schemas import Alert
from api.fields import Instant
from api.monitoring_fields import (
    Asking,
    IndicatorCode,
    KnownAt,
    ModuleCode,
    SourceCode,
    UnitOrWhole,
)
from api.schemas import Moment, Names

State = Literal["alert", "watch", "quiet", "unknown"]
MOST_PERIODS = 2000


class KnownQuery(Asking):
    known_at: KnownAt


class IndicatorQuery(Asking):
    module: ModuleCode | None = None


class Threshold(BaseModel):
    """From which value on something is to be watched, or alarming."""

    watch: float | None
    alert: float | None
    release: float | None = Field(description="well again past it; null: past the first bound")
    worse: Literal["higher", "lower"]
    quiet_h: int = Field(description="so long after it was well nothing of that level is raised")


class Indicator(BaseModel):
    """One thing that is watched."""

    code: str = Field(examples=["security.cases"])
    module: str = Field(examples=["security"])
    names: Names
    measure: str = Field(description="how it is measured", examples=["cases"])
    symbol: str = Field(description="behind a number", examples=["vụ"])
    period: Literal["hour", "day", "week", "month", "quarter", "year"]
    direction: Literal["higher_is_worse", "lower_is_worse", "neutral"]
    source: str = Field(description="who tells it: an agency, or `system`")
    level: Literal["province", "unit"]
    aggregate: Literal["sum", "mean", "last"] = Field(
        description="what values of several periods, or units, are together"
    )
    target: float | None = Field(description="at most, or where lower is worse at least")
    lowest: float = Field(description="what is beyond is not taken")
    highest: float
    decimals: int
    headline: bool = Field(description="stands for its module on the board")
    question: Names | None = Field(description="what officers are asked on the telephone")
    thresholds: list[Threshold]


class IndicatorList(BaseModel):
    indicators: list[Indicator]


class Standing(BaseModel):
    """How an indicator stands in the whole province."""

    indicator: str
    state: State = Field(description="by its gravest open alert; `unknown`: nobody told anything")
    period_on: date | None = Field(description="where the period begins that the value is of")
    value: float | None
    before: float | None = Field(description="of the same weekday a week, or the period, before")
    met: bool | None = Field(description="whether the target is; null: there is none, or no value")
    stale: bool = Field(description="the value is older than it should be")
    told: int = Field(description="so many series the value is made of")
    of: int = Field(description="of so many")


class Module(BaseModel):
    """A module of the operations centre; in a list with its main indicators, else with all."""

    code: str = Field(examples=["security"])
    names: Names
    order: int
    state: State
    alerts: int = Field(description="that are not closed")
    report_categories: list[str]
    indicators: list[Standing]


class ModuleList(BaseModel):
    modules: list[Module]


class SeriesQuery(Asking):
    indicator: IndicatorCode
    unit: UnitOrWhole | None = None
    source: SourceCode | None = Field(
        default=None, description="that alone; left out: the indicator's own, where it tells any"
    )
    begin: Instant = Field(description="the period in which it lies is the first one")
    end: Instant | None = Field(default=None, description="before that moment; at most, now")
    bucket: Literal["hour", "day", "week", "month"] = "day"
    compare: Literal["last_week", "last_year"] | None = Field(
        default=None,
        description="hours, days and weeks with those 7 days, or 52 weeks, before: weekdays meet. "
        "Months with the month, or the same month of the year, before",
    )
    known_at: KnownAt


class SeriesPoint(BaseModel):
    at: Moment = Field(description="when the period begins, by the province's clock")
    value: float | None = Field(description="null where nobody told anything")
    told: int = Field(description="of so many units")
    compared: float | None = Field(description="of the period that `compare` means")


class Series(BaseModel):
    """An indicator by hour, day, week or month; gaps are null, and never left out."""

    indicator: str
    unit: str | None = Field(description="null: the whole province")
    measure: str
    symbol: str
    bucket: Literal["hour", "day", "week", "month"]
    points: list[SeriesPoint] = Field(description=f"in order, at most {MOST_PERIODS}")
    next_begin: Moment | None = Field(description="`begin` of what is left; null: nothing is")


class BriefingQuery(Asking):
    hours: int = Field(default=8, ge=1, le=168, description="how long the shift was")
    until: Instant | None = Field(
        default=None, description="its end; left out, or still to come: now"
    )


class ModuleChange(BaseModel):
    module: str
    before: State
    after: State
    indicators: list[Standing]


class Briefing(BaseModel):
    """What whoever comes on duty has to know of the shift before."""

    since: Moment
    until: Moment
    made_at: Moment
    modules: list[ModuleChange]
    opened: list[Alert] = Field(description="in the shift")
    closed: list[Alert] = Field(description="in the shift")
    handed: list[Alert] = Field(description="open at its end")
    missed: list[Standing] = Field(description="miss their target")
    silent: list[Standing] = Field(description="without a value, or with an old one")
    received: int | None = Field(
        description="reports of the shift; null, as the two below, for officers of an agency"
    )
    urgent: int | None = Field(description="of them")
    overdue: int | None = Field(description="reports past their deadline at `made_at`")
