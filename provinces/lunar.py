"""The Vietnamese lunar calendar: on which day of ours a lunar date falls.

`lunar-vn` does the astronomy (MIT, typed, no dependencies; its Tết and Kings' days agree with
those that were kept: tests/provinces/test_lunar.py). The zone decides: Vietnam (UTC+7) and
China (UTC+8) sometimes keep Tết on different days.
"""

from datetime import date, timedelta

from lunar_vn import convert_lunar_to_solar


def solar_date(day: int, month: int, year: int, utc_offset_h: float = 7.0) -> date:
    """The civil day of the lunar `day`/`month` (not a leap month) of the lunar year `year`.

    The lunar year bears the number of the civil year in which it begins. `day` 30 of a month of
    29 days is the first of the next.
    """
    first = convert_lunar_to_solar(1, month, year, 0, utc_offset_h)
    return first + timedelta(days=day - 1)
