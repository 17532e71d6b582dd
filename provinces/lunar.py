"""The Vietnamese lunar calendar: on which day of ours a lunar date falls.

Months begin on the local day of the new moon; the eleventh holds the winter solstice; where
thirteen months lie between two of those, the first in which the sun enters no new twelfth of
the ecliptic is a leap month. "Local" decides: Vietnam (UTC+7) and China (UTC+8) sometimes keep
Tết on different days. New moons and the sun after J. Meeus, Astronomical Algorithms (2nd ed.),
chapters 25 and 49, leading terms; good to a few minutes between 1900 and 2100.
"""

from datetime import date
from functools import lru_cache
from math import floor, pi, sin

SYNODIC_MONTH_DAYS = 29.530588861
_FIRST_NEW_MOON_JDE = 2451550.09766  # 6 January 2000, lunation 0
_ORDINAL_OF_JULIAN_DAY = 1721425  # date.fromordinal(n) is the civil day of Julian day n + this


def solar_date(day: int, month: int, year: int, utc_offset_h: float = 7.0) -> date:
    """The civil day of the lunar `day`/`month` (not a leap month) of the lunar year `year`.

    The lunar year bears the number of the civil year in which it begins. `day` 30 of a month of
    29 days is the first of the next.
    """
    start = _month_starts(year, utc_offset_h)[month - 1]
    return date.fromordinal(start + day - 1 - _ORDINAL_OF_JULIAN_DAY)


@lru_cache(maxsize=64)
def _month_starts(year: int, utc_offset_h: float) -> tuple[int, ...]:
    """Julian day numbers on which months 1 to 12 of the lunar year begin."""
    starts = [*_numbered_months(year, utc_offset_h)[2:], *_numbered_months(year + 1, utc_offset_h)]
    return tuple(starts[:12])


def _numbered_months(year: int, utc_offset_h: float) -> list[int]:
    """First days of months 11, 12, 1 … 10 that end in the civil `year`, the leap month left out."""
    first = _eleventh_month(year - 1, utc_offset_h)
    last = _eleventh_month(year, utc_offset_h)
    starts = [_new_moon_day(k, utc_offset_h) for k in range(first, last + 1)]
    if len(starts) == 14:  # thirteen months and the first day of the next eleventh
        twelfths = [_sun_twelfth(start, utc_offset_h) for start in starts]
        leap = next(i for i in range(1, 13) if twelfths[i] == twelfths[i + 1])
        del starts[leap]
    return starts[:12]


def _eleventh_month(year: int, utc_offset_h: float) -> int:
    """The lunation whose month holds the winter solstice of the civil `year`."""
    new_year = date(year + 1, 1, 1).toordinal() + _ORDINAL_OF_JULIAN_DAY
    lunation = round((new_year - _FIRST_NEW_MOON_JDE) / SYNODIC_MONTH_DAYS) + 1
    while True:
        start = _new_moon_day(lunation, utc_offset_h)
        # The sun passes 270° on a day whose midnight it had not yet reached it.
        if start < new_year and _sun_twelfth(start, utc_offset_h) < 9:
            return lunation
        lunation -= 1


def _sun_twelfth(julian_day: int, utc_offset_h: float) -> int:
    """Which twelfth of the ecliptic (0 from the March equinox) the sun is in as the day begins."""
    return floor(_sun_longitude(julian_day - 0.5 - utc_offset_h / 24) / (pi / 6))


def _new_moon_day(lunation: int, utc_offset_h: float) -> int:
    """Julian day number of the local civil day of that new moon."""
    return floor(_new_moon(lunation) + 0.5 + utc_offset_h / 24)


def _new_moon(lunation: int) -> float:
    """Julian date (UT) of the new moon; lunation 0 is that of 6 January 2000."""
    k = float(lunation)
    t = k / 1236.85
    jde = _FIRST_NEW_MOON_JDE + SYNODIC_MONTH_DAYS * k + 0.00015437 * t * t
    sun = _radians(2.5534 + 29.10535670 * k)
    moon = _radians(201.5643 + 385.81693528 * k + 0.0107582 * t * t)
    latitude = _radians(160.7108 + 390.67050284 * k - 0.0016118 * t * t)
    node = _radians(124.7746 - 1.56375588 * k)
    e = 1 - 0.002516 * t
    jde += (
        -0.40720 * sin(moon)
        + 0.17241 * e * sin(sun)
        + 0.01608 * sin(2 * moon)
        + 0.01039 * sin(2 * latitude)
        + 0.00739 * e * sin(moon - sun)
        - 0.00514 * e * sin(moon + sun)
        + 0.00208 * e * e * sin(2 * sun)
        - 0.00111 * sin(moon - 2 * latitude)
        - 0.00057 * sin(moon + 2 * latitude)
        + 0.00056 * e * sin(2 * moon + sun)
        - 0.00042 * sin(3 * moon)
        + 0.00042 * e * sin(sun + 2 * latitude)
        + 0.00038 * e * sin(sun - 2 * latitude)
        - 0.00024 * e * sin(2 * moon - sun)
        - 0.00017 * sin(node)
        + 0.000325 * sin(_radians(299.77 + 0.107408 * k - 0.009173 * t * t))
    )
    return jde - _delta_t_days(t)


def _sun_longitude(julian_date: float) -> float:
    """The sun's apparent longitude in radians, 0 to 2π, at a Julian date (UT)."""
    t = (julian_date - 2451545.0) / 36525
    t += _delta_t_days(t) / 36525
    mean = 280.46646 + 36000.76983 * t + 0.0003032 * t * t
    anomaly = _radians(357.52911 + 35999.05029 * t - 0.0001537 * t * t)
    centre = (
        (1.914602 - 0.004817 * t) * sin(anomaly)
        + (0.019993 - 0.000101 * t) * sin(2 * anomaly)
        + 0.000289 * sin(3 * anomaly)
    )
    node = _radians(125.04 - 1934.136 * t)
    return _radians(mean + centre - 0.00569 - 0.00478 * sin(node))


def _delta_t_days(centuries: float) -> float:
    """Dynamical minus universal time; a minute is all the precision a calendar needs here."""
    return (64 + 30 * centuries) / 86400


def _radians(degrees: float) -> float:
    return (degrees % 360) * pi / 180
