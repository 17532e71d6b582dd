"""How values of a pack look in a form, and how what somebody typed becomes a value again."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Literal

from console.errors import BadForm

LONGEST = 2000
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_RULE = re.compile(r"(solar|lunar) (\d{1,2})/(\d{1,2})")
_PERIOD = re.compile(r"(?:(\S+)\s*:\s*)?(.+)")
_DEADLINE = re.compile(r"(\d{1,2}) working (hours|days)")
_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f\x7f]")

Shape = Literal["line", "lines", "number", "check", "choice", "week"]


@dataclass(frozen=True)
class Kind:
    """`show` makes of a value what the field holds in a language; `read` the value, or None.

    `read` raises `BadForm` with the wording of what is wrong. `note` is the wording that tells how
    to fill it in. `choices` are values with the wording of each.
    """

    shape: Shape
    show: Callable[[Any, str], str]
    read: Callable[[str], Any]
    note: str | None = None
    choices: Sequence[tuple[str, str]] = ()
    optional: bool = False


def optional(kind: Kind) -> Kind:
    """The same, and nothing is a value too."""

    def read(typed: str) -> Any:
        return kind.read(typed) if typed.strip() else None

    return Kind(kind.shape, kind.show, read, kind.note, kind.choices, optional=True)


def choice(words: Mapping[str, str]) -> Kind:
    """One of the values; `words` are their wordings."""

    def read(typed: str) -> str:
        if typed not in words:
            raise BadForm("set_bad_choice")
        return typed

    return Kind("choice", _plain, read, choices=tuple(words.items()))


def number(least: int = 0) -> Kind:
    """A whole number from `least` on."""

    def read(typed: str) -> int:
        if not typed.strip().isdecimal() or len(typed.strip()) > 6 or int(typed) < least:
            raise BadForm("set_bad_number")
        return int(typed)

    return Kind("number", _plain, read)


def _plain(value: Any, language: str = "vi") -> str:
    return "" if value is None else str(value)


def _text(typed: str) -> str:
    found = " ".join(_TURNING.sub(" ", typed).split())
    if not found:
        raise BadForm("set_empty")
    if len(found) > LONGEST:
        raise BadForm("set_too_long")
    return found


def _digits(typed: str) -> str:
    found = re.sub(r"[ .]", "", typed)
    if not re.fullmatch(r"[0-9]{3,12}", found):
        raise BadForm("set_bad_digits")
    return found


def _code(typed: str) -> str:
    found = typed.strip()
    if not re.fullmatch(r"[A-Za-z0-9_]{1,40}", found):
        raise BadForm("set_bad_code")
    return found


def _amount(typed: str) -> float | int:
    try:
        found = float(typed.strip().replace(",", "."))
    except ValueError:
        raise BadForm("set_bad_number") from None
    if not 0 <= found <= 1_000_000:
        raise BadForm("set_bad_number")
    return int(found) if found.is_integer() else found


def _show_time(value: Any, language: str) -> str:
    return f"{value:%H:%M}" if isinstance(value, time) else _plain(value)


def _time(typed: str) -> time:
    found = re.fullmatch(r"([01]?\d|2[0-3])[:hg]([0-5]\d)", typed.strip())
    if found is None:
        raise BadForm("set_bad_time")
    return time(int(found[1]), int(found[2]))


def _show_date(value: Any, language: str = "vi") -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else _plain(value)


def read_date(typed: str) -> date:
    """A day, as people write it or as computers do.

    Raises:
        BadForm: it is none.
    """
    found = _DATE.fullmatch(typed.strip())
    try:
        if found is not None:
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise BadForm("set_bad_date") from None


def _show_list(value: Any, language: str) -> str:
    return "\n".join(str(each) for each in value or ())


def _list(typed: str) -> list[str]:
    found = [_text(line) for line in re.split(r"[\n,;]", typed) if line.strip()]
    if len(found) > 200:
        raise BadForm("set_too_long")
    return found


def _show_rule(value: Any, language: str) -> str:
    found = _RULE.fullmatch(str(value or ""))
    if found is None:
        return _plain(value)
    lunar = " âm lịch" if language == "vi" else " lunar"
    return f"{found[2]}/{found[3]}" + (lunar if found[1] == "lunar" else "")


def _rule(typed: str) -> str:
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})(.*)", typed.strip())
    if found is None:
        raise BadForm("set_bad_rule")
    calendar = found[3].strip().casefold()
    if calendar not in ("", "âm lịch", "am lich", "âl", "al", "lunar", "dương lịch", "solar"):
        raise BadForm("set_bad_rule")
    lunar = calendar and calendar not in ("dương lịch", "solar")
    return f"{'lunar' if lunar else 'solar'} {int(found[1])}/{int(found[2])}"


def _show_week(value: Any, language: str) -> str:
    """One line a day, Monday first; an empty line is a day off."""
    week = [""] * 7
    for each in value or ():
        for day in each["days"]:
            week[_DAYS.index(day)] = ", ".join(each["open"])
    return "\n".join(week)


def _week(typed: str) -> list[dict[str, Any]]:
    """Days of the same hours are written together, as people do."""
    lines = [line.strip() for line in (typed + "\n" * 7).split("\n")[:7]]
    found: dict[tuple[str, ...], list[str]] = {}
    for day, line in zip(_DAYS, lines, strict=True):
        spans = tuple(_span(each) for each in line.split(",") if each.strip())
        if spans:
            found.setdefault(spans, []).append(day)
    if not found:
        raise BadForm("set_no_day")
    return [{"days": days, "open": list(spans)} for spans, days in found.items()]


def _span(typed: str) -> str:
    found = re.fullmatch(r"(\d{1,2})[:hg](\d{2})\s*[-–]\s*(\d{1,2})[:hg](\d{2})", typed.strip())
    if found is None or int(found[1]) > 23 or int(found[3]) > 24:
        raise BadForm("set_bad_hours")
    return f"{int(found[1]):02}:{found[2]}-{int(found[3]):02}:{found[4]}"


def _show_periods(value: Any, language: str) -> str:
    lines = []
    for each in value or ():
        codes = ", ".join(each["codes"])
        lines.append(f"{_show_date(each['from'])}: {codes}" if each.get("from") else codes)
    return "\n".join(lines)


def _periods(typed: str) -> list[dict[str, Any]]:
    periods: list[dict[str, Any]] = []
    for line in typed.splitlines():
        if found := _PERIOD.fullmatch(line.strip()):
            codes = [_code(each) for each in found[2].split(",") if each.strip()]
            since = {"from": read_date(found[1])} if found[1] else {}
            periods.append({**since, "codes": codes})
    if not periods:
        raise BadForm("set_empty")
    return periods


def _show_deadline(value: Any, language: str) -> str:
    found = _DEADLINE.fullmatch(str(value or ""))
    if language != "vi":
        return f"{found[1]} {found[2]}" if found else _plain(value)
    if found:
        return f"{found[1]} {'giờ' if found[2] == 'hours' else 'ngày'}"
    return {"at once": "ngay", "none": "không"}.get(str(value), _plain(value))


def _deadline(typed: str) -> str:
    found = re.fullmatch(r"(\d{1,2})\s*(giờ|gio|h|hours?|ngày|ngay|d|days?)", typed.strip().lower())
    if found:
        unit = "hours" if found[2] in ("giờ", "gio", "h", "hour", "hours") else "days"
        return f"{int(found[1])} working {unit}"
    known = {"ngay": "at once", "at once": "at once", "không": "none", "none": "none"}
    if typed.strip().lower() not in known:
        raise BadForm("set_bad_deadline")
    return known[typed.strip().lower()]


def _show_check(value: Any, language: str) -> str:
    return "yes" if value else ""


TEXT = Kind("line", _plain, _text)
LONG_TEXT = Kind("lines", _plain, _text)
DIGITS = Kind("line", _plain, _digits)
CODE = Kind("line", _plain, _code, "set_note_code")
AMOUNT = Kind("line", _plain, _amount)
TIME = Kind("line", _show_time, _time, "set_note_time")
DAY = Kind("line", _show_date, read_date, "set_note_date")
LIST = Kind("lines", _show_list, _list, "set_note_list")
RULE = Kind("line", _show_rule, _rule, "set_note_rule")
WEEK = Kind("week", _show_week, _week, "set_note_week")
PERIODS = Kind("lines", _show_periods, _periods, "set_note_periods")
DEADLINE = Kind("line", _show_deadline, _deadline, "set_note_deadline")
CHECK = Kind("check", _show_check, lambda typed: typed == "yes")
