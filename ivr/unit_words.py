"""How times, dates, letters and amounts are said, cut into what a speaker can record once.

A part of a prompt that changes from call to call is a row of recorded units: "hai giờ ba mươi phút
chiều" is `number_2`, `hour`, `number_30`, `minute`, `part_afternoon`. Amounts to 60 are recorded
whole, for they are said most; those above are tens and ones.
"""

import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

MOST_WHOLE = 60
MOST = 99
ONE_AFTER_TENS, FIVE_AFTER_TENS = "one_after_tens", "five_after_tens"

Row = tuple[str, ...]
"""Names of units in the order in which they are said."""


@dataclass(frozen=True)
class UnitWords:
    """What one language needs beside its wording: the words of each unit, and how to row them."""

    letters: Mapping[str, str]
    times: Mapping[str, str]
    dates: Mapping[str, str]
    after_tens: Mapping[str, str]
    place_words: tuple[str, ...]
    time: Callable[[int, int], Row]
    date: Callable[[int, int], Row]


def letter_unit(sign: str) -> str:
    """The unit of a letter: names of files are plain, so "đ" is typed as on a keyboard."""
    return f"letter_{sign.replace('đ', 'dd')}"


def amount_row(amount: int, language: str) -> Row:
    """The units of an amount from 0 to 99.

    Raises:
        ValueError: there is no word for it.
    """
    if not 0 <= amount <= MOST:
        raise ValueError(f"expected an amount from 0 to {MOST}, found {amount}")
    tens, ones = divmod(amount, 10)
    if amount <= MOST_WHOLE or ones == 0:
        return (f"number_{amount}",)
    words = UNIT_WORDS.get(language)
    if words is None:
        return (f"number_{amount}",)
    special = {1: ONE_AFTER_TENS, 5: FIVE_AFTER_TENS}.get(ones, "")
    last = special if special in words.after_tens else f"number_{ones}"
    return (f"number_{tens * 10}", last)


def _vietnamese_time(hour: int, minute: int) -> Row:
    """By the twelve hours of the clock: old people do not say "fourteen hours"."""
    if hour < 11:
        part = "part_morning" if hour > 0 else "part_night"
    elif hour < 13:
        part = "part_noon"
    elif hour < 18:
        part = "part_afternoon"
    else:
        part = "part_evening" if hour < 22 else "part_night"
    minutes = (f"number_{minute}", "minute") if minute else ()
    return (f"number_{hour % 12 or 12}", "hour", *minutes, part)


def _english_time(hour: int, minute: int) -> Row:
    minutes: Row = ()
    if minute:
        minutes = (f"number_{minute}",) if minute >= 10 else ("minute_zero", f"number_{minute}")
    return (f"number_{hour % 12 or 12}", *minutes, "part_am" if hour < 12 else "part_pm")


def _vietnamese_date(day: int, month: int) -> Row:
    return ("day", f"number_{day}", f"month_{month}")


def _english_date(day: int, month: int) -> Row:
    return (f"month_{month}", f"number_{day}")


def _numbered(prefix: str, words: str) -> dict[str, str]:
    return {f"{prefix}_{n}": word for n, word in enumerate(words.split(", "), start=1)}


def _letters(words: str) -> dict[str, str]:
    return dict(zip(string.ascii_lowercase, words.split(", "), strict=True))


_VI_MONTHS = (
    "tháng một, tháng hai, tháng ba, tháng tư, tháng năm, tháng sáu, tháng bảy, tháng tám, "
    "tháng chín, tháng mười, tháng mười một, tháng mười hai"
)
_EN_MONTHS = (
    "January, February, March, April, May, June, July, August, September, October, November, "
    "December"
)
UNIT_WORDS: Mapping[str, UnitWords] = MappingProxyType(
    {
        "vi": UnitWords(
            letters=_letters(
                "a, bê, xê, dê, e, ép, giê, hát, i, gi, ca, lờ, mờ, nờ, o, pê, cu, rờ, sờ, tê, u, "
                "vê, vê kép, ích xì, i dài, dét"
            )
            | {"đ": "đê"},
            times={
                "hour": "giờ",
                "minute": "phút",
                "part_morning": "sáng",
                "part_noon": "trưa",
                "part_afternoon": "chiều",
                "part_evening": "tối",
                "part_night": "đêm",
            },
            dates={"day": "ngày"}
            | _numbered("weekday", "thứ hai, thứ ba, thứ tư, thứ năm, thứ sáu, thứ bảy, chủ nhật")
            | _numbered("month", _VI_MONTHS),
            after_tens={ONE_AFTER_TENS: "mốt", FIVE_AFTER_TENS: "lăm"},
            place_words=("thành phố", "thị trấn", "thị xã", "phường", "xã", "cũ", "của"),
            time=_vietnamese_time,
            date=_vietnamese_date,
        ),
        "en": UnitWords(
            letters=_letters(
                "ay, bee, see, dee, ee, eff, gee, aitch, eye, jay, kay, ell, em, en, oh, pee, "
                "queue, ar, ess, tee, you, vee, double you, ex, why, zed"
            ),
            times={"minute_zero": "oh", "part_am": "a m", "part_pm": "p m"},
            dates=_numbered(
                "weekday", "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday"
            )
            | _numbered("month", _EN_MONTHS),
            after_tens={},
            place_words=("the former", "township", "commune", "ward", "of"),
            time=_english_time,
            date=_english_date,
        ),
    }
)
