"""Figures of indicators as people read them, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from console.board.spark import Spark, spark
from console.places import place_name
from console.statistics.shown import NOTHING, number_shown
from console.wording import words
from monitoring.alert_kinds import AlertView
from monitoring.board import units_of
from monitoring.periods import is_daily
from monitoring.saying import Said, said
from monitoring.standing import Standing
from provinces.modules import Indicator, Period
from provinces.schema import Names, Province
from reports.routing import agency_name


@dataclass(frozen=True)
class Shown:
    """Says things of the board; `now` is the moment that it shows."""

    province: Province
    language: str
    now: datetime

    def name(self, names: Names) -> str:
        """Of the reader's language, else Vietnamese."""
        return names.get(self.language) or names["vi"]

    def value(self, value: float | None, indicator: Indicator) -> str:
        """The number with its unit: `12,5 %`."""
        if value is None:
            return NOTHING
        number = number_shown(value, indicator.decimals, self.language)
        symbol = indicator.measure.symbol
        return f"{number}{'' if symbol == '%' and self.language == 'en' else ' '}{symbol}".strip()

    def number(self, value: float | None, indicator: Indicator) -> str:
        """The number alone, for tables that tell the unit above."""
        if value is None:
            return NOTHING
        return number_shown(value, indicator.decimals, self.language)

    def when(self, begin: date, indicator: Indicator) -> str:
        """The period that begins so: a day, a week by its first day, `11/2026`, `2026`."""
        match indicator.period:
            case Period.MONTH:
                return begin.strftime("%m/%Y")
            case Period.QUARTER:
                return f"Q{(begin.month + 2) // 3}/{begin.year}"
            case Period.YEAR:
                return str(begin.year)
            case _:
                return begin.strftime("%d/%m/%Y")

    def of_when(self, standing: Standing) -> str:
        """What day or period the figure is of."""
        assert standing.now is not None
        begin, indicator = standing.now.begin, standing.indicator
        today = self.now.astimezone(self.province.timezone).date()
        if indicator.period is Period.HOUR and begin == today:
            return words("board_of_today", self.language)
        return words("board_of", self.language, when=self.when(begin, indicator))

    def before(self, standing: Standing) -> str:
        """What it is compared with."""
        key = "board_before_day" if is_daily(standing.indicator.period) else "board_before_period"
        return words(key, self.language, value=self.value(standing.before, standing.indicator))

    def spark(self, standing: Standing) -> Spark | None:
        return spark([each.value for each in standing.trend], standing.indicator.target)

    def trend(self, standing: Standing, drawn: Spark) -> str:
        """The drawing in words."""
        return words(
            "board_trend",
            self.language,
            name=self.name(standing.indicator.names),
            count=len(standing.trend),
            lowest=self.value(drawn.lowest, standing.indicator),
            highest=self.value(drawn.highest, standing.indicator),
        )

    def alert(self, alert: AlertView) -> Said:
        """What the alert says."""
        return said(self.province, alert, self.language)

    def where(self, alert: AlertView) -> str:
        """The commune, the communes, or the whole area."""
        units = units_of(alert)
        if not units:
            return words("alert_whole", self.language)
        return ", ".join(self.unit(each) for each in units)

    def unit(self, unit_key: str) -> str:
        return place_name(self.province, unit_key) or unit_key

    def module(self, code: str) -> str:
        """The name of the module; its code where the pack has it no more."""
        names: Sequence[Names] = [m.names for m in self.province.modules if m.code == code]
        return self.name(names[0]) if names else code

    def moment(self, moment: datetime) -> str:
        return moment.astimezone(self.province.timezone).strftime("%d/%m/%Y %H:%M")

    def clock(self, moment: datetime) -> str:
        return moment.astimezone(self.province.timezone).strftime("%H:%M")

    def agency(self, code: str) -> str:
        return agency_name(self.province, code, self.language)

    def plain(self, value: object) -> str:
        """A number of why an alert is there, as short as it can be told."""
        if isinstance(value, int | float):
            digits = 0 if value == int(value) else 2 if abs(value) >= 0.1 else 4
            return number_shown(value, digits, self.language)
        return str(value)
