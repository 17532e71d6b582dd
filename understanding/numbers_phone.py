"""Telephone numbers in words, however they are grouped: digits, pairs, hundreds, "ba số tám"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from understanding.number_tokens import (
    HUNDRED,
    ODD,
    STOP,
    TAILS,
    TEN,
    TENS,
    THOUSAND,
    TWENTY_AND,
    UNITS,
    ZERO,
)
from understanding.numbers_cardinal import cardinal
from understanding.word_sets import a_set

LEAST_DIGITS, MOST_DIGITS = 9, 11
_TIMES = frozenset(["số", "con", "lần", "cái"])
_TWICE = frozenset(["cặp", "đôi"])
# What people say while they look for the next digits.
_PAUSES = a_set("rồi dạ tới tiếp xong là ờ ừ ừm à ơ thì nha nhen nghen hen he chấm kế sau đó")
MOST_PAUSES = 3
_WHOLE = re.compile(r"0[35789]\d{8}|02\d{9}|01\d{9}")
_WITHOUT_ZERO = re.compile(r"[35789]\d{8}")


@dataclass(frozen=True)
class PhoneSaid:
    """The digits, and the indexes of the first word and after the last."""

    digits: str
    begin: int
    end: int


@dataclass(frozen=True)
class _Group:
    digits: str
    begin: int
    end: int


def phone_at(words: Sequence[str], at: int) -> PhoneSaid | None:
    """The telephone number whose first word is at `at`.

    Ten digits of a mobile network, eleven of a fixed line or of before 2018; without the zero
    nine, where nothing else that counts follows. "cộng tám tư" is the zero.
    """
    international = words[at] == "cộng"
    groups = _groups(words, at + 1 if international else at)
    if not groups:
        return None
    digits, ends = "", []
    for group in groups:
        digits += group.digits
        ends.append((len(digits), group.end))
    if international:
        if not digits.startswith("84"):
            return None
        digits = "0" + digits[2:]
        ends = [(length - 1, end) for length, end in ends]
    for length, end in ends:
        if length in (10, 11) and _WHOLE.fullmatch(digits[:length]):
            return PhoneSaid(digits[:length], at, end)
    whole = _WITHOUT_ZERO.fullmatch(digits) or re.match("0[1-9]", digits)
    if whole and LEAST_DIGITS <= len(digits) <= MOST_DIGITS:
        return PhoneSaid(digits, at, groups[-1].end)
    return None


def _groups(words: Sequence[str], at: int) -> list[_Group]:
    groups: list[_Group] = []
    pauses = 0
    while at < len(words):
        group = _group(words, at)
        if group is not None:
            groups.append(group)
            at, pauses = group.end, 0
        elif groups and words[at] == STOP:
            at += 1
        elif groups and words[at] in _PAUSES and pauses < MOST_PAUSES:
            at, pauses = at + 1, pauses + 1
        else:
            break
    return groups


def _group(words: Sequence[str], at: int) -> _Group | None:
    word = words[at]
    after = words[at + 1] if at + 1 < len(words) else ""
    beyond = words[at + 2] if at + 2 < len(words) else ""
    if word.isdecimal():
        return _Group(word, at, at + 1)
    if word in UNITS and after in _TIMES and (digit := _digit(beyond)):
        return _Group(digit * UNITS[word], at, at + 3)
    if word in _TWICE and (digit := _digit(after)):
        return _Group(digit * 2, at, at + 2)
    if word == ZERO and after == HUNDRED and beyond in ODD and at + 3 < len(words):
        last = _digit(words[at + 3])
        return _Group("00" + last, at, at + 4) if last else _Group("0", at, at + 1)
    large = (HUNDRED, *TENS, *THOUSAND)
    if word in (*TEN, TWENTY_AND) or (word in UNITS and after in large):
        return _amount(words, at)
    digit = _digit(word)
    return _Group(digit, at, at + 1) if digit else None


def _amount(words: Sequence[str], at: int) -> _Group | None:
    found = cardinal(words, at)
    if found is None:
        return None
    last = words[found.end] if found.end < len(words) else ""
    # Nobody counts years in a telephone number: "hai mươi năm" is 25.
    if found.value % 10 == 0 and last == "năm" and words[found.end - 1] in (*TENS, *TEN):
        return _Group(str(found.value + 5), at, found.end + 1)
    return _Group(str(found.value), at, found.end)


def _digit(word: str) -> str:
    if word == ZERO:
        return "0"
    if word.isdecimal() and len(word) == 1:
        return word
    value = UNITS.get(word) or TAILS.get(word)
    return str(value) if value else ""
