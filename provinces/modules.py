"""The operations centre's monitoring modules: what is watched, how it is told, when it is too much.

A module is one file of the pack: docs/monitoring.md, "Modules".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from provinces.measures import MEASURES, Measure


class Period(StrEnum):
    """How often an indicator has a value."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Direction(StrEnum):
    """What is good for an indicator."""

    HIGHER_IS_WORSE = "higher_is_worse"
    LOWER_IS_WORSE = "lower_is_worse"
    NEUTRAL = "neutral"


class Aggregate(StrEnum):
    """What values of several periods, or of several units, are together."""

    SUM = "sum"
    MEAN = "mean"
    LAST = "last"  # of several units: the sum of what each told last


class IndicatorLevel(StrEnum):
    """Whom a value is of."""

    PROVINCE = "province"
    UNIT = "unit"


SYSTEM = "system"
"""The source of what this system counts itself."""

SYSTEM_FIGURES = (
    "calls_in",
    "answered_percent",
    "abandoned_percent",
    "wait_s",
    "handling_s",
    "reports_new",  # of the hotline: all; of another module: those of its categories
    "reports_open",
    "reports_overdue",
    "satisfied_percent",
)
"""What this system can tell of itself: values of an indicator's `from_system`."""


@dataclass(frozen=True)
class Threshold:
    """From which value on something is to be watched, or alarming; None: never.

    Attributes:
        worse: "higher" or "lower": on which side of a bound it is worse.
        release: all is well again once the value is better than this; None: than the first bound.
        quiet_h: so many hours after it was well again nothing of the same level is raised.
    """

    watch: float | None
    alert: float | None
    release: float | None
    worse: str
    quiet_h: int


@dataclass(frozen=True)
class Indicator:
    """One thing that is watched.

    Attributes:
        code: of the province, with its module: `security.cases`.
        unit: a code of `provinces.measures.MEASURES`.
        source: who tells it: an agency's code, or `system`.
        target: what it should be at most, or at least (by `direction`); None: nobody said.
        lowest, highest: what is beyond cannot be, and is not taken.
        decimals: so many are shown.
        question: what officers are asked on the telephone, by language; None: nobody is asked.
        from_system: of `SYSTEM_FIGURES`: we compute it ourselves.
        headline: among those that stand for the module on the board.
    """

    code: str
    module: str
    names: Mapping[str, str]
    unit: str
    period: Period
    direction: Direction
    source: str
    level: IndicatorLevel
    aggregate: Aggregate
    target: float | None
    lowest: float
    highest: float
    decimals: int
    thresholds: tuple[Threshold, ...]
    question: Mapping[str, str] | None
    from_system: str | None
    headline: bool

    @property
    def measure(self) -> Measure:
        return MEASURES[self.unit]

    def met(self, value: float) -> bool | None:
        """Whether the target is; None where there is none."""
        if self.target is None or self.direction is Direction.NEUTRAL:
            return None
        if self.direction is Direction.HIGHER_IS_WORSE:
            return value <= self.target
        return value >= self.target


@dataclass(frozen=True)
class Module:
    """One of the monitoring modules, with its indicators in the order of its file.

    `report_categories` are the codes of the categories of reports that count for it; each category
    counts for one module.
    """

    code: str
    names: Mapping[str, str]
    order: int
    report_categories: tuple[str, ...]
    indicators: tuple[Indicator, ...]

    @property
    def headlines(self) -> tuple[Indicator, ...]:
        """The indicators that stand for it; all where none is marked."""
        return tuple(each for each in self.indicators if each.headline) or self.indicators
