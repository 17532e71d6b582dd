"""Numbers as people read them: `1.234`, `12,5 %`, `1 phút 05 giây`; in English `1,234`, `12.5%`."""

from datetime import date

from console.statistics.period import Period
from console.statistics.sheet import Unit, Value
from console.wording import words

_HOUR_S, _DAY_S = 3600, 86_400
NOTHING = "–"


def shown(value: Value, unit: Unit, language: str) -> str:
    """The number with its unit."""
    if value is None:
        return NOTHING
    match unit:
        case Unit.COUNT:
            return number_shown(value, 0, language)
        case Unit.SHARE:
            return number_shown(100 * value, 1, language) + ("%" if language == "en" else " %")
        case Unit.SCORE:
            return number_shown(value, 1, language)
        case Unit.SECONDS:
            return _seconds(round(value), language)
        case Unit.SPAN:
            return _span(value, language)


def day_shown(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def period_shown(period: Period, language: str) -> str:
    """`tháng 11/2026`, `ngày 22/11/2026`, or from when to when."""
    if period.is_month:
        return words("stat_month", language, month=period.first.strftime("%m/%Y"))
    if period.days == 1:
        return words("stat_day", language, day=day_shown(period.first))
    first, last = day_shown(period.first), day_shown(period.last)
    return words("stat_days", language, first=first, last=last)


def change_shown(value: Value, before: Value, unit: Unit, language: str) -> str:
    """What it was before, and by how much it has changed: `12 (+8,3 %)`."""
    told = shown(before, unit, language)
    if value is None or not before or unit in (Unit.SHARE, Unit.SCORE):
        return told
    change = (value - before) / before
    sign = "+" if change > 0 else "−" if change < 0 else "±"
    return f"{told} ({sign}{shown(abs(change), Unit.SHARE, language)})"


def number_shown(value: float, digits: int, language: str) -> str:
    """`1.234,5`; in English `1,234.5`."""
    english = f"{value:,.{digits}f}"
    return english if language == "en" else english.translate(str.maketrans(",.", ".,"))


def _seconds(seconds: int, language: str) -> str:
    if seconds < 60:
        return words("stat_seconds", language, seconds=seconds)
    return words("stat_minutes", language, minutes=seconds // 60, seconds=f"{seconds % 60:02d}")


def _span(seconds: float, language: str) -> str:
    if seconds >= 2 * _DAY_S:
        return words("stat_span_days", language, count=number_shown(seconds / _DAY_S, 1, language))
    return words("stat_span_hours", language, count=number_shown(seconds / _HOUR_S, 1, language))
