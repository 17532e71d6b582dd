"""Counting words read from a place on: "một trăm hai" is 120, "hai ngàn không trăm lẻ năm" 2005."""

from collections.abc import Sequence
from dataclasses import dataclass

from understanding.number_tokens import (
    DOZEN,
    HALF,
    HUNDRED,
    MILLION,
    ODD,
    TAILS,
    TEN,
    TENS,
    THIRTY_AND,
    THOUSAND,
    TWENTY_AND,
    UNITS,
    ZERO,
)

STARTS = frozenset([*UNITS, *TEN, *DOZEN, *THOUSAND, HUNDRED, MILLION, TWENTY_AND, THIRTY_AND])


@dataclass(frozen=True)
class Cardinal:
    """A value and the index after its last word."""

    value: int
    end: int
    single: bool  # one digit in one word, which may be the beginning of "một hai ba"


def cardinal(words: Sequence[str], at: int) -> Cardinal | None:
    """The longest amount that begins at `at`; None where none does. "không" is no amount."""
    if at >= len(words):
        return None
    if words[at] not in STARTS:
        if not words[at].isdecimal():
            return None
        return Cardinal(int(words[at]), at + 1, len(words[at]) == 1)
    found = _below_thousand(words, at)
    if found is None and _word(words, at) not in (*THOUSAND, MILLION):
        return None
    if found is None:
        found = Cardinal(1, at, False)
    if _word(words, found.end) == MILLION:
        return _rest(words, found, 1_000_000)
    if _word(words, found.end) in THOUSAND:
        return _rest(words, found, 1_000)
    return found if found.end > at else None


def _word(words: Sequence[str], at: int) -> str:
    return words[at] if at < len(words) else ""


def _rest(words: Sequence[str], many: Cardinal, factor: int) -> Cardinal:
    """What follows "ngàn" or "triệu"."""
    value, at = many.value * factor, many.end + 1
    if _word(words, at) == HALF:
        return Cardinal(value + factor // 2, at + 1, False)
    if _word(words, at) in ODD and (odd := cardinal(words, at + 1)):
        return Cardinal(value + odd.value, odd.end, False)
    if _word(words, at) == ZERO and _word(words, at + 1) == HUNDRED:
        at += 2
        if _word(words, at) in ODD:
            at += 1
        rest = _below_hundred(words, at)
        return Cardinal(value + rest.value, rest.end, False) if rest else Cardinal(value, at, False)
    rest = cardinal(words, at) if factor > 1_000 else _below_thousand(words, at)
    if rest is None or rest.value >= factor:
        return Cardinal(value, at, False)
    # "ngàn hai" leaves out what the hundreds are called.
    return Cardinal(value + rest.value * (factor // 10 if rest.single else 1), rest.end, False)


def _below_thousand(words: Sequence[str], at: int) -> Cardinal | None:
    if _word(words, at) == HUNDRED:
        hundreds, after = 1, at + 1
    elif _word(words, at) in UNITS and _word(words, at + 1) == HUNDRED:
        hundreds, after = UNITS[words[at]], at + 2
    else:
        return _below_hundred(words, at)
    value = hundreds * 100
    following = _word(words, after)
    if following == HALF:
        return Cardinal(value + 50, after + 1, False)
    if following in ODD and (unit := _unit(words, after + 1)) is not None:
        return Cardinal(value + unit, after + 2, False)
    rest = _below_hundred(words, after)
    if rest is None:
        if following in TAILS:
            return Cardinal(value + TAILS[following] * 10, after + 1, False)
        return Cardinal(value, after, False)
    if not rest.single:
        return Cardinal(value + rest.value, rest.end, False)
    # "trăm hai" is 120, "trăm hai ba" 123.
    last = _unit(words, rest.end)
    if last is not None and _word(words, rest.end + 1) not in (*TENS, HUNDRED, *THOUSAND):
        return Cardinal(value + rest.value * 10 + last, rest.end + 1, False)
    return Cardinal(value + rest.value * 10, rest.end, False)


def _unit(words: Sequence[str], at: int) -> int | None:
    word = _word(words, at)
    return UNITS[word] if word in UNITS else TAILS.get(word)


def _below_hundred(words: Sequence[str], at: int) -> Cardinal | None:
    first, second = _word(words, at), _word(words, at + 1)
    if first in TEN:
        return _with_tail(words, 10, at + 1)
    if first in DOZEN:
        return Cardinal(10, at + 1, False)
    if first in (TWENTY_AND, THIRTY_AND):
        tail = _unit(words, at + 1)
        tens = 20 if first == TWENTY_AND else 30
        return None if tail is None else Cardinal(tens + tail, at + 2, False)
    if first not in UNITS:
        return None
    unit = UNITS[first]
    if second in TENS or (second in TEN and unit > 1):
        return _with_tail(words, unit * 10, at + 2)
    if second in DOZEN:
        return Cardinal(unit * 10, at + 2, False)
    if second in TAILS and unit > 1:
        return Cardinal(unit * 10 + TAILS[second], at + 2, False)
    return Cardinal(unit, at + 1, True)


def _with_tail(words: Sequence[str], tens: int, at: int) -> Cardinal:
    tail = _word(words, at)
    # "mười năm" are ten years; a five after a ten is "lăm".
    if tail == "năm" or _unit(words, at) is None or (tail in ("mốt", "tư") and tens == 10):
        return Cardinal(tens, at, False)
    following = _word(words, at + 1)
    if following in (*TENS, HUNDRED, *THOUSAND):
        return Cardinal(tens, at, False)
    unit = _unit(words, at)
    assert unit is not None
    return Cardinal(tens + unit, at + 1, False)
