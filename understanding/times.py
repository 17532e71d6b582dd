"""When it happened, as far as it was told: days before the call, and the part of the day.

No clock here: "hồi hôm" is one day before at night, on whichever day it is said.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from understanding import times_words as known
from understanding.number_tokens import STOP, clean, spans_of, words_of
from understanding.numbers_cardinal import STARTS, cardinal

Part = Literal["night", "morning", "noon", "afternoon", "evening"]

_LONGEST = 4
_NOW = frozenset(["giờ", "nay", "bây", "bi"])


@dataclass(frozen=True)
class TimeFound:
    """None where it was not told; `words` are the phrases that told it, in order."""

    days_before: int | None
    part: Part | None
    words: tuple[str, ...] = ()


NO_TIME = TimeFound(None, None)


@dataclass(frozen=True)
class _Phrase:
    days: int | None
    part: str | None
    begin: int
    end: int


def times_in(text: str) -> TimeFound:
    """The first day that the text tells, and the part of the day told with it or else first."""
    text = clean(text)
    words = words_of(text, known.AROUND, known.FIRST)
    if text.isascii():
        words = [word if word != "tối" else _evening(words, at) for at, word in enumerate(words)]
    days = _all(words, _STARTS, _day)
    parts = _all(words, _PART_STARTS, _part)
    day = _the_day(days)
    part = day if day and day.part else _part_beside(day, parts) if parts else None
    if part is None:
        part = next((one for one in days if one.part), None)
    told = sorted({one for one in (day, part) if one}, key=lambda one: one.begin)
    if not told:
        return NO_TIME
    spans = spans_of(text)
    return TimeFound(
        day.days if day else None,
        cast(Part | None, part.part if part else None),
        tuple(text[spans[one.begin][0] : spans[one.end - 1][1]] for one in told),
    )


def _evening(words: Sequence[str], at: int) -> str:
    before = words[at - 1] if at else ""
    is_one = before in known.EVENING_BEFORE or _word(words, at + 1) in known.EVENING_AFTER
    return "tối" if is_one else "tới"


def _the_day(days: Sequence[_Phrase]) -> _Phrase | None:
    """The first that is told; "bữa hổm, hồi tối" is of a day that is not."""
    for one, before in zip(days, (None, *days), strict=False):
        if one.days is None:
            continue
        vague = before and before.days is None and one.begin - before.end <= 1
        return None if vague and one.part and one.days <= 1 else one
    return None


def _part_beside(day: _Phrase | None, parts: Sequence[_Phrase]) -> _Phrase:
    """The part nearest to the day ("chiều hôm qua"), the first where no day was told."""
    if day is None:
        return parts[0]
    return min(parts, key=lambda one: max(one.begin - day.end, day.begin - one.end))


def _all(
    words: Sequence[str],
    starts: Collection[str],
    read: Callable[[Sequence[str], int], _Phrase | None],
) -> list[_Phrase]:
    """What `read` finds from left to right, where a word of `starts` stands; none overlap."""
    found: list[_Phrase] = []
    end = 0
    for at, word in enumerate(words):
        if at >= end and (word in starts or word.isdecimal()):
            phrase = read(words, at)
            if phrase is not None:
                found.append(phrase)
                end = phrase.end
    return found


def _day(words: Sequence[str], at: int) -> _Phrase | None:
    return (
        _fixed(words, at)
        or _counted(words, at)
        or _since_part(words, at)
        or _part_of_a_day(words, at)
    )


def _fixed(words: Sequence[str], at: int) -> _Phrase | None:
    if words[at] not in _FIRST:
        return None
    for length in range(min(_LONGEST, len(words) - at), 0, -1):
        told = known.FIXED.get(" ".join(words[at : at + length]))
        if told is not None:
            if words[at] in known.SPAN_DAYS and at and _is_count(words, at - 1):
                return None  # "ba ngày nay" is not today
            return _Phrase(told[0], told[1], at, at + length)
    return None


def _is_count(words: Sequence[str], at: int) -> bool:
    return cardinal(words, at) is not None or words[at] in known.UNTOLD | {known.HALF, "mươi"}


def _counted(words: Sequence[str], at: int) -> _Phrase | None:
    """ "ba bữa trước", "nửa tháng nay", "cách đây hai tuần"; "mấy bữa nay" is nobody's number."""
    if words[at] in known.UNTOLD:
        # Read, so that its "bữa nay" is not today.
        end = at + 1
        while _word(words, end) in known.MANY:
            end += 1
        if _word(words, end) in known.SPAN_DAYS:
            return _Phrase(None, None, at, end + 1 + (_word(words, end + 1) in known.BACK))
        return None
    half = words[at] == known.HALF
    count = None if half else cardinal(words, at)
    end = at + 1 if half else count.end if count else at
    span = _word(words, end)
    if end == at or (span not in known.SPAN_DAYS and span not in known.SPAN_TODAY):
        return None
    after = _word(words, end + 1)
    back = after in known.BACK or _is_ago(words, at)
    if not back or _word(words, end + 1) == "sau":
        return None
    last = end + 1 + (after in known.BACK)
    if span in known.SPAN_TODAY:
        return None if span == "giờ" and after == "giờ" else _Phrase(0, None, at, last)
    if count and not count.single and span == "năm" and count.value > 99:
        return None
    days = known.SPAN_DAYS[span] * count.value if count else known.SPAN_DAYS[span] // 2
    return _Phrase(days, known.NIGHT if span == "đêm" else None, at, last)


def _is_ago(words: Sequence[str], at: int) -> bool:
    before = words[max(0, at - 4) : at]
    return "cách" in before or bool(set(before[-1:]) & {"được", "trước", "đã"})


def _part_of_a_day(words: Sequence[str], at: int) -> _Phrase | None:
    """ "tối qua", "sáng nay", "trưa hôm kia", "hồi khuya": a part that tells the day too."""
    part = known.PARTS.get(words[at])
    if part is None or _means_else(words, at):
        return None
    after = _word(words, at + 1)
    if after == "nay" or (after == "này" and words[at] != "tối"):
        return _Phrase(0, part, at, at + 2)
    if after == "qua" and _word(words, at + 2) not in ("cầu", "đường", "sông", "bên"):
        return _Phrase(1, part, at, at + 2)
    if after in ("hôm", "bữa", "ngày") and (day := _fixed(words, at + 1)):
        return _Phrase(day.days, part, at, day.end)
    before = words[at - 1] if at else ""
    if before == "từ" and after in ("tới", "đến") and not _NOW & set(words[at + 2 : at + 4]):
        return None  # "từ sáng tới tối": every day
    if before in ("hồi", "từ") or after == "giờ":
        # What was earlier today; an evening spoken of so is yesterday's.
        days = 1 if words[at] in ("tối", "đêm") else 0
        return _Phrase(days, part, at - (before in ("hồi", "từ")), at + 1 + (after == "giờ"))
    return None


def _since_part(words: Sequence[str], at: int) -> _Phrase | None:
    """ "hồi rạng sáng", "hồi chạng vạng": today's, an evening's yesterday's."""
    if words[at] != "hồi":
        return None
    for length in (3, 2):
        part = known.PART_PHRASES.get(" ".join(words[at + 1 : at + 1 + length]))
        after = _word(words, at + 1 + length)
        if part is not None and after not in known.TELLS_THE_DAY:
            days = 1 if part == known.EVENING or "đêm" in words[at + 1 : at + 1 + length] else 0
            return _Phrase(days, part, at, at + 1 + length)
    return None


def _part(words: Sequence[str], at: int) -> _Phrase | None:
    for length in (3, 2):
        part = known.PART_PHRASES.get(" ".join(words[at : at + length]))
        if part is not None and at + length <= len(words) and not _means_else(words, at):
            return _Phrase(None, part, at, at + length)
    part = known.PARTS.get(words[at])
    if part is None or _means_else(words, at):
        return None
    before = words[at - 1] if at else ""
    timely = (
        words[at] in known.SURE_PARTS
        or before in known.TIMELY_BEFORE
        or _word(words, at + 1) in known.TIMELY_AFTER
        or at == 0
        or before == STOP
    )
    return _Phrase(None, part, at, at + 1) if timely else None


def _means_else(words: Sequence[str], at: int) -> bool:
    before = words[at - 1] if at else ""
    after = _word(words, at + 1)
    if after in known.NOT_AFTER:
        return True
    if words[at] == "tối" and after == "ngày" and _word(words, at + 2) not in known.DAY_NAMES:
        return cardinal(words, at + 2) is None  # "tối ngày": day in, day out
    # "ăn tối" is a meal, "tối qua" a time whatever stands before it.
    told = after in known.TELLS_THE_DAY
    return before in known.NOT_BEFORE and not told


def _word(words: Sequence[str], at: int) -> str:
    return words[at] if at < len(words) else ""


_PART_STARTS = frozenset([*known.PARTS, *(phrase.split()[0] for phrase in known.PART_PHRASES)])
_FIRST = frozenset(phrase.split()[0] for phrase in known.FIXED)
_STARTS = _FIRST | STARTS | known.UNTOLD | {known.HALF, "hồi"} | frozenset(known.PARTS)
