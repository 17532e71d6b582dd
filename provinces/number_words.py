"""Amounts in words, as a caller hears them.

Ours, because every library that counts in Vietnamese rests on a package without a ready-made
build (docs/decisions/0008), and a hundred words are no more than this.
"""

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

MOST = 99

_VI = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_EN = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
_EN_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def _vietnamese(amount: int) -> str:
    """Spoken forms: "mười lăm", "hai mươi mốt", "hai mươi bốn"."""
    tens, ones = divmod(amount, 10)
    if tens == 0:
        return _VI[ones]
    last = {0: "", 1: "một" if tens == 1 else "mốt", 5: "lăm"}.get(ones, _VI[ones])
    return f"{'mười' if tens == 1 else f'{_VI[tens]} mươi'} {last}".rstrip()


def _english(amount: int) -> str:
    tens, ones = divmod(amount, 10)
    if tens < 2:
        return _EN[amount]
    return _EN_TENS[tens - 2] + (f"-{_EN[ones]}" if ones else "")


_COUNTED: Mapping[str, Callable[[int], str]] = {"vi": _vietnamese, "en": _english}


@cache
def number_words(language: str) -> Mapping[str, str]:
    """`number_0` to `number_99` in words; nothing in a language that we cannot count in."""
    if (words := _COUNTED.get(language)) is None:
        return {}
    return MappingProxyType({f"number_{n}": words(n) for n in range(MOST + 1)})
