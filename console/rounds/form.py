"""What somebody typed who begins a round, and what the form offers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from werkzeug.datastructures import MultiDict

from console.choices import Group
from console.wording import words
from monitoring.errors import BadRound
from provinces.errors import UnknownCode
from provinces.modules import Indicator
from provinces.schema import Names, Province

FIELDS = ("indicator", "day", "time", "until")
_LONGEST = 80


@dataclass(frozen=True)
class AskedRound:
    """What is to be asked; `within` and `until` are local moments. None: as is usual."""

    indicator: Indicator
    within: datetime | None
    until: datetime | None
    units: Sequence[str]


def typed_of(form: MultiDict[str, str]) -> Mapping[str, str]:
    """The fields as they were typed, to be shown again."""
    return {name: form.get(name, "").strip()[:_LONGEST] for name in FIELDS}


def picked_units(form: MultiDict[str, str]) -> Sequence[str]:
    """The units that were ticked; none means all."""
    return tuple(each[:_LONGEST] for each in form.getlist("unit"))


def read_asked_round(form: MultiDict[str, str], province: Province) -> AskedRound:
    """What is to be asked.

    Raises:
        BadRound: no such indicator, or no such day or moment.
    """
    typed = typed_of(form)
    try:
        indicator = province.indicator(typed["indicator"])
    except UnknownCode:
        raise BadRound("indicator", "an indicator", typed["indicator"]) from None
    return AskedRound(
        indicator,
        _within(typed["day"], typed["time"]),
        _moment(typed["until"]),
        picked_units(form),
    )


def askable(province: Province, language: str) -> Sequence[Group]:
    """Indicators that have a question, by module."""

    def named(names: Names) -> str:
        return names.get(language) or names["vi"]

    return [
        Group(
            named(module.names),
            [
                (
                    each.code,
                    f"{named(each.names)} ({words(f'board_period_{each.period}', language)})",
                )
                for each in module.indicators
                if each.question is not None
            ],
        )
        for module in province.modules
    ]


def _within(day: str, clock: str) -> datetime | None:
    if not day and not clock:
        return None
    try:
        found = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock or "00:00"))
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise BadRound("day", "a day", f"{day} {clock}".strip())
    return found


def _moment(typed: str) -> datetime | None:
    if not typed:
        return None
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise BadRound("until", "a local moment", typed)
    return found
