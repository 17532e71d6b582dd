"""Whether something can have been observed at all: its series, moment, measure and value.

A value is of a period: told at whatever moment of it, it stands at its beginning. So two who tell
of one day at two clock times tell of the same, and the later one corrects.
"""

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple

from monitoring import buckets
from monitoring.numbering import FIRST
from monitoring.periods import begin_of, midnight
from monitoring.retention import raw_until
from monitoring.streams import Stream
from provinces.errors import UnknownCode, UnlikeMeasures
from provinces.measures import convert, measure_written
from provinces.modules import SYSTEM, Indicator, Period
from provinces.schema import Province

# A sender's clock may be ahead of ours.
AHEAD = timedelta(minutes=5)
_MOST_BEGINS = 20_000  # are remembered


class Reason(StrEnum):
    """Why something is not taken: a key of words."""

    STREAM = "unknown_stream"
    INDICATOR = "unknown_indicator"  # the pack no longer has what the series is of
    COUNTED = "counted_here"  # the system counts it itself, and nobody else tells it
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
    """A reading as it is kept: of its period, in the indicator's own measure."""

    stream_id: int
    at: datetime
    value: float


def period_begin(period: Period, at: datetime, zone: tzinfo) -> datetime:
    """When the period begins that `at` lies in, by the clocks of `zone`; in UTC."""
    if period is Period.HOUR:
        return buckets.begin_of(buckets.Bucket.HOUR, at, zone)
    return midnight(begin_of(at.astimezone(zone).date(), period), zone)


class Checker:
    """Checks what is told at the moment `now`; readings of `streams`, or what says it itself."""

    def __init__(
        self, province: Province, now: datetime, streams: Mapping[int, Stream] | None = None
    ) -> None:
        self._streams = streams or {}
        self._indicators: dict[int, Indicator] = {}
        for stream in self._streams.values():
            with suppress(UnknownCode):
                self._indicators[stream.id] = province.indicator(stream.indicator)
        self._latest = now + AHEAD
        self._earliest = {
            period: max(FIRST, raw_until(province, period, now) or FIRST) for period in Period
        }
        self._zone = province.timezone
        self._begins: dict[tuple[Period, datetime], datetime] = {}

    def check(self, index: int, reading: Reading) -> Told | Refused:
        """The reading as it is kept, or why not."""
        indicator = self._indicators.get(reading.stream_id)
        if indicator is None:
            return self._no_series(index, reading)
        source = self._streams[reading.stream_id].source
        return self.check_of(index, indicator, source, reading)

    def check_of(
        self, index: int, indicator: Indicator, source: str, reading: Reading
    ) -> Told | Refused:
        """The same where it is known what the reading is of, and its series may not be made yet."""
        if indicator.from_system is not None and source != SYSTEM:
            return Refused(index, Reason.COUNTED, f"the source {SYSTEM}", source)
        at, value = reading.phenomenon_at, reading.value
        if at.tzinfo is None:
            return Refused(index, Reason.ZONE, "a moment with its zone", at.isoformat())
        if not FIRST <= at <= self._latest:
            return self._wrong_time(index, at, indicator)
        begin = self._begin(indicator.period, at)
        if begin < self._earliest[indicator.period]:
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
        return Told(reading.stream_id, begin, value + 0.0)  # minus nought is nought

    def _begin(self, period: Period, at: datetime) -> datetime:
        begins = self._begins  # of a batch many are of the same moment
        if (period, at) not in begins:
            if len(begins) >= _MOST_BEGINS:
                begins.clear()
            begins[period, at] = period_begin(period, at, self._zone)
        return begins[period, at]

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
        earliest = self._earliest[indicator.period]
        ancient = at < FIRST or earliest == FIRST
        reason = Reason.ANCIENT if ancient else Reason.PURGED
        return Refused(index, reason, f"from {earliest.isoformat()} on", at.isoformat())
