"""Whether something can have been observed at all: its series, moment, measure and value."""

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from monitoring.numbering import FIRST, whole_ms
from monitoring.retention import raw_until
from monitoring.streams import Stream
from provinces.errors import UnknownCode, UnlikeMeasures
from provinces.measures import convert, measure_written
from provinces.modules import Indicator
from provinces.schema import Province

# A sender's clock may be ahead of ours.
AHEAD = timedelta(minutes=5)


class Reason(StrEnum):
    """Why something is not taken: a key of words."""

    STREAM = "unknown_stream"
    INDICATOR = "unknown_indicator"  # the pack no longer has what the series is of
    NUMBER = "not_finite"
    ZONE = "no_zone"
    FUTURE = "future"
    ANCIENT = "before_2000"
    PURGED = "too_old"  # single values of that time are no longer kept
    UNIT = "unknown_unit"
    UNLIKE = "unlike_unit"
    LOW = "too_low"
    HIGH = "too_high"


@dataclass(frozen=True)
class Reading:
    """What somebody observed. `unit` is how it is measured, as they write it; None: as the
    indicator is."""

    stream_id: int
    phenomenon_at: datetime
    value: float
    unit: str | None = None


@dataclass(frozen=True)
class Refused:
    """The reading at `index` of those given was not taken; `expected` and `found` are words."""

    index: int
    reason: Reason
    expected: str
    found: str


class Told(NamedTuple):
    """A reading as it is kept: to the millisecond, in the indicator's own measure."""

    stream_id: int
    at: datetime
    value: float


class Checker:
    """Checks readings of `streams` at the moment `now`."""

    def __init__(self, province: Province, streams: Mapping[int, Stream], now: datetime) -> None:
        self._streams = streams
        self._indicators: dict[int, Indicator] = {}
        for stream in streams.values():
            with suppress(UnknownCode):
                self._indicators[stream.id] = province.indicator(stream.indicator)
        self._latest = now + AHEAD
        self._earliest = {
            indicator.code: max(FIRST, raw_until(province, indicator, now) or FIRST)
            for indicator in self._indicators.values()
        }

    def check(self, index: int, reading: Reading) -> Told | Refused:
        """The reading as it is kept, or why not."""
        indicator = self._indicators.get(reading.stream_id)
        if indicator is None:
            return self._no_series(index, reading)
        at, value = reading.phenomenon_at, reading.value
        if at.tzinfo is None:
            return Refused(index, Reason.ZONE, "a moment with its zone", at.isoformat())
        if not self._earliest[indicator.code] <= at <= self._latest:
            return self._wrong_time(index, at, indicator)
        if not math.isfinite(value):
            return Refused(index, Reason.NUMBER, "a finite number", str(value))
        if reading.unit is not None:
            measure = measure_written(reading.unit)
            written = indicator.measure.symbol or indicator.measure.code
            if measure is None:
                return Refused(index, Reason.UNIT, written, reading.unit[:40])
            try:
                value = convert(value, measure, indicator.measure)
            except UnlikeMeasures:
                return Refused(index, Reason.UNLIKE, written, reading.unit[:40])
        if not indicator.lowest <= value <= indicator.highest:
            reason = Reason.LOW if value < indicator.lowest else Reason.HIGH
            expected = f"{indicator.lowest:g} – {indicator.highest:g} {indicator.measure.symbol}"
            return Refused(index, reason, expected.rstrip(), f"{value:g}")
        # Minus nought is nought; and whole milliseconds are what a number of it can tell.
        return Told(reading.stream_id, whole_ms(at), value + 0.0)

    def _no_series(self, index: int, reading: Reading) -> Refused:
        stream = self._streams.get(reading.stream_id)
        if stream is None:
            return Refused(index, Reason.STREAM, "a known series", str(reading.stream_id))
        return Refused(index, Reason.INDICATOR, "an indicator of the province", stream.indicator)

    def _wrong_time(self, index: int, at: datetime, indicator: Indicator) -> Refused:
        if at > self._latest:
            return Refused(
                index, Reason.FUTURE, f"until {self._latest.isoformat()}", at.isoformat()
            )
        earliest = self._earliest[indicator.code]
        reason = Reason.ANCIENT if at < FIRST else Reason.PURGED
        return Refused(index, reason, f"from {earliest.isoformat()} on", at.isoformat())
