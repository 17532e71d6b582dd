"""Numbers in spoken sentences: after head words only, and telephone numbers in any grouping."""

from collections.abc import Sequence
from dataclasses import dataclass

from understanding import numbers_heads as heads
from understanding.number_tokens import (
    HALF,
    UNITS,
    VAGUE,
    ZERO,
    clean,
    spans_of,
    words_of,
)
from understanding.numbers_cardinal import STARTS, Cardinal, cardinal
from understanding.numbers_hours import hour_at
from understanding.numbers_phone import PhoneSaid, phone_at

PHONE, HOUR = "phone", "giờ"
_MOST = {"tháng": 12, "ngày": 31, "mùng": 10, "mồng": 10, "phường": 30, "khóm": 99, "ấp": 99}
_YEARS = range(1900, 2100)
_DIGIT_BY_DIGIT = heads.DOORS | heads.ROADS | heads.MARKS
_PHONE_STARTS = STARTS | {ZERO, "cộng", "cặp", "đôi"}
_STARTS = _PHONE_STARTS | heads.FIRST_WORDS


@dataclass(frozen=True)
class NumberFound:
    """A number as digits ("12/5", "1A", "7:30", "30/4"), and its words without the head.

    `start` and `end` are places in the text's NFC form. An hour's words hold their "giờ".
    """

    head: str
    value: str
    words: str
    start: int
    end: int


def numbers_in(text: str) -> tuple[NumberFound, ...]:
    """The numbers of the text in order; words that count by themselves are none."""
    text = clean(text)
    words = words_of(text, heads.AROUND, heads.FIRST)
    told: list[_Said] = []
    free = 0
    for at, word in enumerate(words):
        if at < free or not (word in _STARTS or word.isdecimal()):
            continue
        said = _at(words, at, free)
        if said is not None:
            told.append(said)
            free = said[3]
    if not told:
        return ()
    spans = spans_of(text)
    found = []
    for head, value, begin, end in told:
        start, stop = spans[begin][0], spans[end - 1][1]
        found.append(NumberFound(head, value, text[start:stop], start, stop))
    return tuple(found)


def written(text: str) -> str:
    """The text (NFC) with its numbers as digits; everything else stays as it was said."""
    text = clean(text)
    parts, done = [], 0
    for number in numbers_in(text):
        parts += [text[done : number.start], _digits(number)]
        done = number.end
    return "".join([*parts, text[done:]])


def _digits(number: NumberFound) -> str:
    if number.head != HOUR:
        return number.value
    hour, _, minute = number.value.partition(":")
    return f"{hour} giờ {minute}".rstrip()


_Said = tuple[str, str, int, int]


def _at(words: Sequence[str], at: int, free: int) -> _Said | None:
    """The number that begins, or whose head begins, at `at`; nothing before `free` is read."""
    word = words[at]
    if phone := _phone(words, at):
        return PHONE, phone.digits, phone.begin, phone.end
    if word in heads.FIRST_WORDS:
        said = _after_head(words, at, free)
        if said is not None:
            return said
    if (word in STARTS or word.isdecimal() or word == ZERO) and (hour := hour_at(words, at, free)):
        return HOUR, hour.value, at, hour.end
    return None


def _after_head(words: Sequence[str], at: int, free: int) -> _Said | None:
    for length in range(min(heads.MOST_WORDS, len(words) - at), 0, -1):
        head = " ".join(words[at : at + length])
        if head in heads.HEADS:
            break
    else:
        return None
    begin = at + length
    if begin < len(words) and words[begin] in heads.BETWEEN and head not in heads.NUMBERED:
        begin += 1
    if head == "số" and at and words[at - 1] in heads.BEFORE_NUMBERED:
        return None
    if head in heads.NAMED_FOR_A_DAY and (day := _day_and_month(words, begin)):
        return head, day[0], begin, day[1]
    if head in heads.NAMED_FOR_A_DAY and head not in heads.ROADS:
        return None
    before = words[at - 1] if at > free else ""
    if head in ("cây số", "km", "ki lô mét", "ngày") and _counts(before):
        return None
    if head == "tháng" and before in (heads.BEFORE_NAMED_MONTHS | heads.BEFORE_EACH):
        return None
    # Ten digits after "số" are a telephone.
    if begin >= len(words) or _phone(words, begin):
        return None
    return _number(words, head, begin)


def _phone(words: Sequence[str], at: int) -> PhoneSaid | None:
    starts = words[at] in _PHONE_STARTS or words[at].isdecimal()
    return phone_at(words, at) if starts else None


def _counts(word: str) -> bool:
    return word in UNITS or word in VAGUE or word in ("mươi", "mười", "vài", "nửa", HALF, "trăm")


def _number(words: Sequence[str], head: str, begin: int) -> _Said | None:
    if "/" in words[begin]:
        return head, words[begin], begin, begin + 1
    value, end, single = _value(words, head, begin)
    if not value or not _fits(head, value):
        return None
    if _is_taken_back(words, head, begin, end, single):
        return None
    if head in heads.DATES:
        return head, value, begin, end
    value, end = _with_letter(words, value, end)
    while head in heads.DOORS and end + 1 < len(words) and words[end] in heads.SLASHES:
        part, after, _ = _value(words, head, end + 1)
        if not part:
            break
        part, after = _with_letter(words, part, after)
        value, end = f"{value}/{part}", after
    return head, value, begin, end


def _value(words: Sequence[str], head: str, begin: int) -> tuple[str, int, bool]:
    """Digits, the index after them, and whether it is one digit in one word."""
    first = _cardinal(words, begin)
    if first is None:
        return "", begin, False
    value, end = words[begin] if words[begin].isdecimal() else str(first.value), first.end
    if head in ("tháng", "ngày", "mùng", "mồng") and first.value > _MOST[head]:
        return "", begin, False
    if not first.single or (head not in _DIGIT_BY_DIGIT and head != "năm"):
        return value, end, first.single
    while end < len(words):
        following = cardinal(words, end)
        if words[end] == ZERO and _is_digit_after_zero(words, end):
            following = Cardinal(0, end + 1, True)
        if following is None or _counts_things(words, following.end, head):
            break
        value, end = value + str(following.value), following.end
    return value, end, end == begin + 1


def _cardinal(words: Sequence[str], at: int) -> Cardinal | None:
    """An amount after a head word, where "tư" is four too."""
    if at < len(words) and words[at] == "tư":
        return Cardinal(4, at + 1, True)
    return cardinal(words, at)


def _is_digit_after_zero(words: Sequence[str], at: int) -> bool:
    return at + 1 < len(words) and (words[at + 1] in UNITS or words[at + 1] == ZERO)


def _fits(head: str, value: str) -> bool:
    if head == "năm":
        return int(value) in _YEARS
    return int(value) >= 1 and int(value) <= _MOST.get(head, 10**9)


def _is_taken_back(words: Sequence[str], head: str, begin: int, end: int, single: bool) -> bool:
    following = words[end] if end < len(words) else ""
    number = words[begin]
    if following in VAGUE or following in ("trăm", "mươi") or _counts_things(words, end, head):
        return True
    if not single or number.isdecimal():
        return False
    if number == "một" and following in heads.AFTER_ONE - _own(head):
        return True
    if number == "năm" and following in heads.AFTER_FIVE and head != "tháng":
        return True
    if number == "tư" and following in heads.AFTER_FOUR:
        return True
    if number == "một" and head == "ngày":
        # "ngày một nặng": more every day.
        return following not in ("", "tháng", "tây", "âm", "dương", "ta")
    if number == "ba" and following in heads.FATHERS:
        return head not in heads.AREAS or following in ("má", "mẹ")
    return False


def _own(head: str) -> frozenset[str]:
    """What follows a day is its month, what follows a month its year."""
    return frozenset({"ngày": ["tháng"], "tháng": ["năm"]}.get(head, []))


def _counts_things(words: Sequence[str], at: int, head: str) -> bool:
    """Whether the words from `at` are what the number before counts."""
    following = words[at] if at < len(words) else ""
    after = words[at + 1] if at + 1 < len(words) else ""
    if following in heads.COUNTED:
        return True
    if following == "người":
        return after not in heads.PEOPLE
    if following in heads.SPANS and head not in heads.DATES:
        return after in heads.SPAN_ENDS
    if following in heads.COUNTED_BY_ROADS and head in heads.ROADS | {"hẻm"}:
        return following not in ("năm", "tháng", "ngày", "hôm", "đêm")
    return head == "tháng" and following in ("ngày", "hôm")


def _with_letter(words: Sequence[str], value: str, end: int) -> tuple[str, int]:
    following = words[end] if end < len(words) else ""
    after = words[end + 1] if end + 1 < len(words) else ""
    if following == "a" and after in heads.AFTER_AN_OH:
        return value, end  # "khóm bốn, a lô"
    if following in heads.LETTERS:
        return value + heads.LETTERS[following], end + 1
    return value, end


def _day_and_month(words: Sequence[str], begin: int) -> tuple[str, int] | None:
    """Streets are called by days: "ba tháng hai" is 3/2."""
    if begin < len(words) and "/" in words[begin]:
        return words[begin], begin + 1
    day, end, _ = _value(words, "số", begin)
    if not day or int(day) > 31 or end >= len(words) or words[end] != "tháng":
        return None
    month = _cardinal(words, end + 1)
    if month is None or month.value > 12 or _counts_things(words, month.end, "tháng"):
        return None
    return f"{day}/{month.value}", month.end
