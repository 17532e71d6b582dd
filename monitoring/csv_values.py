"""One cell of a table of figures as what it means: a moment, a number.

Each gives None for what it cannot read, never a guess: a figure that is wrong by a thousand
raises an alert, or hides one.
"""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

MOMENTS = "dd/mm/yyyy HH:MM, or ISO 8601 with its zone"
_LOCAL = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII
)
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_PLAIN = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_COMMA = re.compile(r"[+-]?\d{1,15},\d{1,15}", re.ASCII)
_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+", re.ASCII)


def read_moment(text: str, zone: ZoneInfo) -> datetime | None:
    """The moment in UTC; a day alone is its midnight.

    `dd/mm/yyyy HH:MM` is read off a clock of the province; ISO 8601 says its zone itself. An hour
    that the province's clocks skipped, or showed twice, is none.
    """
    local = _LOCAL.fullmatch(text)
    if local is not None:
        day, month, year, *rest = (int(part or 0) for part in local.groups())
        return _in_utc((year, month, day, *rest), zone)
    day_alone = _DAY.fullmatch(text)
    if day_alone is not None:
        return _in_utc(tuple(int(part) for part in day_alone.groups()), zone)
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def read_number(text: str, comma: bool) -> float | None:
    """The number; with `comma` in a file where commas are decimal, else points.

    In such a file `1.234` may be either, so it is none; `12.5` and `1.234,5` are clear.
    """
    if not comma:
        if _PLAIN.fullmatch(text):
            return float(text)
        # A comma within a cell stood in quotes: whoever wrote it meant a decimal one, unless
        # three digits follow.
        clear = _COMMA.fullmatch(text) and not re.search(r",\d{3}$", text)
        return float(text.replace(",", ".")) if clear else None
    whole, mark, part = text.rpartition(",")
    if mark:
        if not part.isdecimal() or not part.isascii() or len(part) > 15:
            return None
        if _GROUPS.fullmatch(whole):
            whole = whole.replace(".", "")
        return float(f"{whole}.{part}") if re.fullmatch(r"[+-]?\d{1,15}", whole, re.A) else None
    if not _PLAIN.fullmatch(text) or _GROUPS.fullmatch(text):
        return None
    return float(text)


def _in_utc(parts: tuple[int, ...], zone: ZoneInfo) -> datetime | None:
    try:
        local = datetime(*parts, tzinfo=zone)  # type: ignore[arg-type,misc]  # year, month, day, …
        if local.utcoffset() != local.replace(fold=1).utcoffset():
            return None
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
