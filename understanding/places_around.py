"""The words around a name: what they make of it, and when they take it back."""

from dataclasses import dataclass

from understanding.fold import Syllable, syllables
from understanding.places_names import Head, Spelled
from understanding.places_words import Words

# "Đường Hòa Bình" lies anywhere; so does what else is called by a place at its end.
_ROADS = Words("đường hẻm lộ phố ngõ")
# "Anh Châu Thới" is a man, "quán Hồng Dân" may stand anywhere.
_PEOPLE = Words(
    "anh chị ông bà cô chú bác dì cậu mợ thím dượng thầy tên bé thằng nhỏ họ nguyễn trần lê phạm "
    "huỳnh phan võ đặng bùi đỗ ngô trương văn thị"
)
_SHOPS = Words(
    "ty quán tiệm xe hàng hiệu hãng shop sạn nghỉ hiệp nghiệp phở bún karaoke vàng thuốc đò khách "
    "buýt vựa bánh tằm mắm muối phê lẩu tàu ghe gạo may báo đài bia"
)
# Hamlets are called by many a commune's name.
_HAMLETS = Words("ấp khóm thôn xóm")
# A river passes several communes: which one, must be asked.
_WATERS = Words("sông kinh kênh rạch")
_LINK, _CALLED = Words("là"), Words("tên")
BEFORE_A_PLACE = Words(
    "ở tại dưới trên bên qua về khu vùng gần chỗ tới đến thuộc trong ngoài từ giáp ngay đầu cuối "
    "chợ cầu"
)
# Between two names these say that neither lies in the other.
APART = Words("đi tới đến qua về sang gần giáp và với hay hoặc còn ra lên xuống chạy từ")
_OH = ("à", "á", "ý", "í", "ủa", "ấy", "ờ", "ơ")
# "Vĩnh Thanh, à không, Vĩnh Thịnh": the first is taken back.
_CORRECTIONS = tuple(
    syllables(words)
    for words in (
        *(f"{oh} {no}" for oh in _OH for no in ("không", "hông", "hổng", "quên", "lộn", "mà")),
        *("không không", "hổng hổng", "nói lộn", "lộn", "nhầm", "xin lỗi", "ủa"),
    )
)
_NOT_THERE = tuple(
    syllables(words)
    for words in (
        *("không phải", "hổng phải", "hông phải", "đâu phải", "không phải là", "hổng phải là"),
        *(f"{mixed} {up}" for mixed in ("lộn", "nhầm") for up in ("với", "qua", "sang", "vô")),
    )
)
MOST_BETWEEN_CORRECTED = 8


@dataclass(frozen=True)
class Before:
    """What stands before a name, and where that begins."""

    head: Head | None
    begin: int
    aside: bool
    along: bool = False


def unaccented(said: Spelled) -> bool:
    """Whether the whole text has no accents."""
    return all(syllable.text == syllable.folded for syllable in said)


def before_name(said: Spelled, begin: int, bare: bool) -> Before:
    """The head of the name at `begin`, and whether a person or a shop has it."""
    if begin == 0 or said[begin - 1].sentence != said[begin].sentence:
        return Before(None, begin, False)
    last = said[begin - 1]
    if last.key in _LAST_OF_HEADS and (head := _head_before(said, begin, bare)):
        return Before(head[0], begin - head[1], False)
    if _ROADS.hold(last, bare):
        return Before(Head.STREET, begin - 1, False)
    called = _LINK.hold(last, bare) and begin > 1 and _CALLED.hold(said[begin - 2], bare)
    aside = (
        called or _HAMLETS.hold(last, bare) or _PEOPLE.hold(last, bare) or _SHOPS.hold(last, bare)
    )
    return Before(None, begin, aside, _WATERS.hold(last, bare))


def _head_before(said: Spelled, begin: int, bare: bool) -> tuple[Head, int] | None:
    """The head that ends before `begin`, and its length; the longer of two."""
    for length in (2, 1):
        before = said[max(0, begin - length) : begin]
        if len(before) < length or before[0].sentence != said[begin].sentence:
            continue
        head = _HEADS.get(tuple(syllable.heard for syllable in before))
        if head is None and bare:
            head = _BARE_HEADS.get(tuple(syllable.text for syllable in before))
        if head is not None:
            return head, length
    return None


def is_a_person(syllable: Syllable, bare: bool) -> bool:
    """Whether it is a word for a person, or a surname."""
    return _PEOPLE.hold(syllable, bare)


def corrections(said: Spelled, bare: bool) -> list[tuple[int, int]]:
    """Where the caller takes back what was just said: (first word, after the last)."""
    return [
        (at, at + len(phrase))
        for at in range(len(said))
        for phrase in _CORRECTIONS_BY_FIRST.get(said[at].folded, ())
        if _is_said(said, at, phrase, bare)
        # "đừng lộn với Vĩnh Thanh" is of the name after it
        and not any(_is_said(said, at, other, bare) for other in _NOT_THERE)
    ]


def is_denied(said: Spelled, begin: int, bare: bool) -> bool:
    """Whether "không phải" stands before the name whose head begins at `begin`.

    "À không phải" is of the name before.
    """
    for end in (begin, begin - 1):
        for words in _NOT_THERE:
            start = end - len(words)
            if start >= 0 and _is_said(said, start, words, bare):
                return start == 0 or said[start - 1].text not in _OH
    return False


def are_apart(said: Spelled, begin: int, end: int, bare: bool) -> bool:
    """Whether the words between two names part them."""
    return any(APART.hold(syllable, bare) for syllable in said[begin:end])


def _is_said(said: Spelled, at: int, phrase: Spelled, bare: bool) -> bool:
    window = said[at : at + len(phrase)]
    return len(window) == len(phrase) and all(
        one.folded == other.folded if bare else one.spelled == other.spelled
        for one, other in zip(window, phrase, strict=True)
    )


_SPOKEN_HEADS = {head: syllables(head.value) for head in Head if head is not Head.LANDMARK}
_HEADS = {tuple(s.heard for s in spelled): head for head, spelled in _SPOKEN_HEADS.items()}
_LAST_OF_HEADS = frozenset(
    key for s in _SPOKEN_HEADS.values() for key in (s[-1].key, s[-1].key.replace("đ", "d"))
)
_CORRECTIONS_BY_FIRST = {
    first: [phrase for phrase in _CORRECTIONS if phrase[0].folded == first]
    for first in {phrase[0].folded for phrase in _CORRECTIONS}
}
_BARE_HEADS = {tuple(s.folded for s in spelled): head for head, spelled in _SPOKEN_HEADS.items()}
