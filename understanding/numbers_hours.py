"""The hour of a day in words: "bảy giờ rưỡi", "tám giờ kém mười"; not "ba giờ đồng hồ"."""

from collections.abc import Sequence
from dataclasses import dataclass

from understanding import numbers_heads as heads
from understanding.number_tokens import HALF, UNITS, VAGUE, ZERO
from understanding.numbers_cardinal import Cardinal, cardinal

_HOUR = "giờ"
# Words that mean other things before "giờ": father, four, no, year.
_DOUBTFUL = frozenset(["ba", "tư", "năm", ZERO])
_HOURS, _MINUTES = 24, 60


@dataclass(frozen=True)
class HourSaid:
    """`7` or `7:30`, and the index after the last word."""

    value: str
    end: int


def hour_at(words: Sequence[str], at: int, free: int) -> HourSaid | None:
    """The hour whose first word is at `at`; None where it is a span of hours or no hour."""
    hour = Cardinal(0, at + 1, True) if words[at] == ZERO else cardinal(words, at)
    if hour is None or _word(words, hour.end) != _HOUR or hour.value > _HOURS:
        return None
    before = words[at - 1] if at > free else ""
    end = hour.end + 1
    following = _word(words, end)
    if before in VAGUE or before in UNITS or before in heads.BEFORE_SPANS:
        return None
    minute, after = _minute(words, end)
    if _word(words, after) == "đồng" or (minute is None and following in heads.AFTER_SPANS):
        return None
    told = minute is not None or following in heads.PARTS_OF_DAY or before in heads.BEFORE_HOURS
    if words[at] in _DOUBTFUL and not told:
        return None
    if minute is None:
        return HourSaid(str(hour.value), end)
    total = (hour.value * _MINUTES + minute) % (_HOURS * _MINUTES)
    return HourSaid(f"{total // _MINUTES}:{total % _MINUTES:02}", after)


def _minute(words: Sequence[str], at: int) -> tuple[int | None, int]:
    """Minutes after the hour (before it, less than 0), and the index after them."""
    following = _word(words, at)
    if following == HALF:
        return 30, at + 1
    short = following in heads.SHORT_OF
    found = cardinal(words, at + 1 if short else at)
    if found is None or not 0 < found.value < _MINUTES:
        return None, at
    minutes_said = _word(words, found.end) == "phút"
    if found.single and not minutes_said and not short:
        return None, at  # "bảy giờ ba tôi về"
    if _word(words, found.end) in heads.COUNTED | {"người", "năm"}:
        return None, at
    return -found.value if short else found.value, found.end + minutes_said


def _word(words: Sequence[str], at: int) -> str:
    return words[at] if at < len(words) else ""
