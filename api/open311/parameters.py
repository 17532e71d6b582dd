"""Parameters as the specification has them: an empty one is the same as none at all."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo

from werkzeug.datastructures import MultiDict

from api.open311.errors import Fault, Refused

Given = MultiDict[str, str]

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LOST = "\ufffd"  # what is put for bytes that are no UTF-8
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[Tt](\d\d:\d\d)(:\d\d)?(\.\d{1,6})?\d*([Zz]|[+ -]\d\d:\d\d))?", re.ASCII
)
EARLIEST, LATEST = 1900, 2199


class Reader:
    """Reads parameters, and keeps everything that is wrong with them."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self.faults: list[Fault] = []

    def fault(self, vi: str, en: str, code: int = 400) -> None:
        self.faults.append(Fault(code, vi, en))

    def text(self, name: str, most: int, lines: bool = False) -> str | None:
        """One text of at most `most` characters, in one line unless `lines`; None for none."""
        values = [value for value in self._given.getlist(name) if value.strip()]
        if not values:
            return None
        if len(set(values)) > 1:
            self.fault(
                f"{name}: cần một giá trị, nhận được {len(values)}",
                f"{name}: expected one value, found {len(values)}",
            )
            return None
        if _LOST in values[0]:
            self.fault(f"{name}: cần mã hoá UTF-8", f"{name}: expected UTF-8")
            return None
        value = tidy(values[0], lines)
        if len(value) > most:
            self.fault(
                f"{name}: tối đa {most} ký tự, nhận được {len(value)}",
                f"{name}: expected at most {most} characters, found {len(value)}",
            )
            return None
        return value or None

    def several(self, name: str, most: int) -> tuple[str, ...]:
        """Values with commas between them, or given several times; empty for none."""
        parts = ",".join(self._given.getlist(name)).split(",")
        found = tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
        if len(found) > most:
            self.fault(
                f"{name}: tối đa {most} giá trị, nhận được {len(found)}",
                f"{name}: expected at most {most} values, found {len(found)}",
            )
            return ()
        return found

    def whole(self, name: str, least: int, most: int, otherwise: int) -> int:
        value = self.text(name, 20)
        if value is None:
            return otherwise
        if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
            self.fault(
                f"{name}: cần số nguyên từ {least} đến {most}",
                f"{name}: expected a whole number from {least} to {most}",
            )
            return otherwise
        return int(value)

    def degrees(self, name: str, most: float) -> float | None:
        value = self.text(name, 40)
        if value is None:
            return None
        number = decimal(value)
        if number is None or abs(number) > most:
            self.fault(
                f"{name}: cần số độ từ -{most:g} đến {most:g}",
                f"{name}: expected degrees from -{most:g} to {most:g}",
            )
            return None
        return number

    @contextmanager
    def checked(self) -> Iterator["Reader"]:
        """Refuses at the end, if anything was wrong.

        Raises:
            Refused: with all that was.
        """
        yield self
        if self.faults:
            raise Refused(self.faults)


def tidy(value: str, lines: bool = False) -> str:
    """Composed accents, no control characters, and no line breaks unless `lines`."""
    value = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    value = _CONTROLS.sub("", value)
    return value.strip() if lines else " ".join(value.split())


def decimal(value: str) -> float | None:
    """A plain decimal number; None for anything else, `nan` and `1e9` included."""
    return float(value) if re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,20})?", value, re.ASCII) else None


def moment(value: str, timezone: tzinfo) -> tuple[datetime, timedelta] | None:
    """When a time of the W3C note begins, and how long the time that it names is.

    A day is one of `timezone`; None for what is no such time. A `+` that came without being
    encoded reads as a space.
    """
    found = _MOMENT.fullmatch(value)
    if found is None:
        return None
    day, minute, second, fraction, zone = found.groups()
    try:
        if minute is None:
            begins = datetime.fromisoformat(day).replace(tzinfo=timezone)
            length = timedelta(days=1)
        elif second is None and fraction is not None:
            return None
        else:
            zone = "+00:00" if zone in "Zz" else zone.replace(" ", "+")
            clock = f"{minute}{second or ':00'}{fraction or ''}"
            begins = datetime.fromisoformat(f"{day}T{clock}{zone}")
            length = timedelta(minutes=1) if second is None else timedelta(seconds=1)
            if fraction is not None:
                length = timedelta(milliseconds=1)
    except ValueError:
        return None
    return (begins, length) if EARLIEST <= begins.year <= LATEST else None
