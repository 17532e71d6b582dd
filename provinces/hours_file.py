"""Reads hours.toml: office hours, holidays by rule, exchanged days."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from provinces.hours import Exchange, Holiday, Holidays, Hours, Opening, Operators
from provinces.located import Document, Location, Report, read_toml
from provinces.raw import HoursFile, RawHoliday, RawWeekly, check_names, shaped

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_OPENING = re.compile(r"([0-2][0-9]:[0-5][0-9])-([0-2][0-9]:[0-5][0-9])")
_RULE = re.compile(r"(solar|lunar) ([1-9][0-9]?)/([1-9][0-9]?)")
_LEAP_YEAR = 2028  # 29 February is a date; a holiday on it would exist every fourth year only
_LUNAR_MONTH_DAYS = 30

Week = list[tuple[Opening, ...]]


@dataclass(frozen=True)
class Calendar:
    """What hours.toml holds."""

    hours: Hours
    holidays: Holidays
    operators: Operators


def read_hours(report: Report, languages: tuple[str, ...], timezone: ZoneInfo) -> Calendar | None:
    """Office hours, holidays and operators' hours; None after problems that leave none to give."""
    document = read_toml(report, "hours.toml")
    shape = shaped(report, document, HoursFile)
    if document is None or shape is None:
        return None
    hours = _week(report, document, ("weekly",), shape.weekly)
    operators = Operators(
        _week(report, document, ("operators", "weekly"), shape.operators.weekly),
        shape.operators.on_holidays,
    )
    if not any(hours.week):
        report.add(document.file, document.line("weekly"), "no weekday has office hours")
        return None
    rules = []
    codes: set[str] = set()
    for index, raw in enumerate(shape.holiday):
        check_names(report, document, ("holiday", index), raw.name, languages)
        if raw.code in codes:
            line = document.line("holiday", index, "code")
            report.add(document.file, line, f"holiday {raw.code}: this code is already used")
        codes.add(raw.code)
        rule = _holiday(raw)
        if rule is None:
            line = document.line("holiday", index, "on")
            message = (
                f'holiday {raw.code}: expected "solar D/M" or "lunar D/M", a day of every year'
            )
            report.add(document.file, line, f'{message}; found "{raw.on}"')
        else:
            rules.append(rule)
    exchanges = tuple(Exchange(raw.off, raw.worked) for raw in shape.exchange)
    for index, exchange in enumerate(exchanges):
        _check_exchange(report, document, index, exchange, hours)
    # Lunar calendars are kept by standard time, which is what clocks show in a January.
    offset = datetime(_LEAP_YEAR, 1, 1, tzinfo=timezone).utcoffset() or timedelta(0)
    utc_offset_h = offset / timedelta(hours=1)
    holidays = Holidays(tuple(rules), exchanges, shape.make_up, utc_offset_h)
    return Calendar(hours, holidays, operators)


def _week(
    report: Report, document: Document, table: Location, entries: Sequence[RawWeekly]
) -> Hours:
    week: Week = [()] * 7
    for index, weekly in enumerate(entries):
        _add_weekly(report, document, (*table, index), weekly, week)
    return Hours(tuple(week))


def _add_weekly(
    report: Report, document: Document, table: Location, weekly: RawWeekly, week: Week
) -> None:
    openings: list[Opening] = []
    for text in weekly.open:
        opening = _opening(text)
        if opening is None or (openings and opening.opens < openings[-1].closes):
            line = document.line(*table, "open")
            message = f'expected times in order such as "07:00-11:00", found "{text}"'
            report.add(document.file, line, message)
            return
        openings.append(opening)
    for name in weekly.days:
        line = document.line(*table, "days")
        if name not in _DAYS:
            message = f'expected a day of {", ".join(_DAYS)}, found "{name}"'
            report.add(document.file, line, message)
        elif week[_DAYS.index(name)]:
            report.add(document.file, line, f"{name} already has hours")
        else:
            week[_DAYS.index(name)] = tuple(openings)


def _opening(text: str) -> Opening | None:
    found = _OPENING.fullmatch(text)
    if found is None:
        return None
    try:
        opens = time.fromisoformat(found[1])
        closes = time.max if found[2] == "24:00" else time.fromisoformat(found[2])
    except ValueError:
        return None
    return Opening(opens, closes) if opens < closes else None


def _holiday(raw: RawHoliday) -> Holiday | None:
    found = _RULE.fullmatch(raw.on)
    if found is None:
        return None
    day, month = int(found[2]), int(found[3])
    names = MappingProxyType(dict(raw.name))
    if found[1] == "lunar":
        # Day 30 is missing from every other lunar month.
        exists = month <= 12 and day < _LUNAR_MONTH_DAYS
        rule = Holiday(raw.code, names, "lunar", day, month, raw.before, raw.days, raw.since)
        return rule if exists else None
    try:
        date(_LEAP_YEAR + 1, month, day)
    except ValueError:
        return None
    return Holiday(raw.code, names, "solar", day, month, raw.before, raw.days, raw.since)


def _check_exchange(
    report: Report, document: Document, index: int, exchange: Exchange, hours: Hours
) -> None:
    for key, day, works in (("off", exchange.off_on, True), ("worked", exchange.worked_on, False)):
        if bool(hours.on(day)) is not works:
            line = document.line("exchange", index, key)
            expected = "a day with office hours" if works else "a rest day"
            message = f"exchange: {key}: expected {expected}, found {day:%a %d/%m/%Y}"
            report.add(document.file, line, message)
