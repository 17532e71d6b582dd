"""Words that tell of danger, and the ways in which they do not.

A missed danger costs more than a false alarm, so words must be denied, past or imagined right
where they stand before they are passed over.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from understanding.fold import Syllable, syllables

Phrase = tuple[Syllable, ...]

# Said straight before the words, with at most as many others between as `_FILLERS` allows.
_DENIED = (
    *("không có", "không phải", "không bị", "không thấy", "không còn", "không hề", "không"),
    *("hông có", "hông phải", "hông bị", "hông thấy", "hông", "hổng có", "hổng phải", "hổng bị"),
    *("hổng thấy", "hổng", "hỏng có", "chưa có", "chưa bị", "chưa thấy", "chưa", "chẳng có"),
    *("đâu có", "đâu phải", "khỏi"),
)
_IMAGINED = (
    *("nguy cơ", "dễ", "dễ xảy ra", "dễ gây", "sẽ gây", "có thể", "có thể gây", "nếu"),
    *("phòng chống", "phòng tránh", "đề phòng", "tránh", "coi chừng", "tập huấn"),
    *("diễn tập", "tuyên truyền", "chống", "hết", "khỏi lo"),
)
_FILLERS = frozenset(["ai", "gì", "vụ", "là", "việc", "bị", "xảy", "ra", "gây", "có", "chuyện"])
MOST_FILLERS = 2
# Said anywhere in the same sentence, not too far from the words.
_PAST = (
    *("hôm qua", "hôm kia", "hôm trước", "hôm nọ", "bữa trước", "bữa hổm", "bữa kia", "bữa nọ"),
    *("ngày trước", "tuần trước", "tuần rồi", "tháng trước", "tháng rồi", "năm ngoái"),
    *("năm trước", "năm rồi", "hồi trước", "hồi xưa", "hồi năm", "trước đây", "lần trước"),
    *("tối qua", "đêm qua", "khuya qua", "chiều qua", "trưa qua", "sáng qua", "cách đây"),
    *("đã dập tắt", "dập tắt rồi", "đã tắt", "đã cứu được", "đã giải quyết", "đã bắt được"),
)
MOST_APART = 10
# One of these makes it present again: "hôm qua cháy, bây giờ lại đang cháy".
_NOW = (
    *("đang", "bây giờ", "bi giờ", "hiện giờ", "hiện tại", "ngay lúc này", "lúc này", "mới đây"),
    *("vừa", "mới xảy ra", "liền", "gấp", "khẩn cấp", "cứu với", "cứu tôi", "cứu dùm", "tiếp tục"),
)
# Without accents "cháy" is "chạy", and every moped would burn.
_SILENT_WITHOUT_ACCENTS = frozenset(["chay"])


@dataclass(frozen=True)
class DangerFound:
    """A danger, and the words of the text that told of it."""

    danger: str
    words: str


@dataclass(frozen=True)
class DangerWords:
    """What to listen for; make it with `danger_words`."""

    dangers: tuple[tuple[str, Phrase], ...] = field(repr=False)
    harmless: tuple[Phrase, ...] = field(repr=False)
    lasting: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Span:
    begin: int
    end: int

    def overlaps(self, other: "_Span") -> bool:
        return self.begin < other.end and other.begin < self.end


def danger_words(
    dangers: Mapping[str, Iterable[str]],
    harmless: Iterable[str],
    lasting: Iterable[str] = (),
) -> DangerWords:
    """Danger → the phrases that tell of it, and phrases that hold such words and mean nothing.

    Who tells of a `lasting` danger as of something past is still in it.
    """
    return DangerWords(
        tuple(
            (danger, syllables(phrase)) for danger, phrases in dangers.items() for phrase in phrases
        ),
        tuple(syllables(phrase) for phrase in harmless),
        frozenset(lasting),
    )


def find_danger(text: str, words: DangerWords) -> DangerFound | None:
    """The danger that `text` tells of: of several the one with the most words, then the first.

    None where nothing is, or where all of it is denied, past, imagined or a figure of speech.
    """
    said = syllables(text)
    bare = all(syllable.text == syllable.folded for syllable in said)
    harmless = [span for phrase in words.harmless for span in _where(said, phrase, bare)]
    found = [
        (danger, span)
        for danger, phrase in words.dangers
        for span in _where(said, phrase, bare)
        if not any(span.overlaps(other) for other in harmless)
        and not _before(said, span, _DENIED_SAID, bare)
        and not _before(said, span, _IMAGINED_SAID, bare)
        and (danger in words.lasting or not _is_past(said, span, bare))
    ]
    if not found:
        return None
    danger, span = min(found, key=lambda one: (one[1].begin - one[1].end, one[1].begin))
    return DangerFound(danger, " ".join(syllable.text for syllable in said[span.begin : span.end]))


def _where(said: Phrase, phrase: Phrase, bare: bool) -> list[_Span]:
    """Where the phrase was said. Tones count, unless the whole text has none."""
    spans = []
    for begin in range(len(said) - len(phrase) + 1):
        window = said[begin : begin + len(phrase)]
        if window[0].sentence == window[-1].sentence and all(
            _same(one, other, bare) for one, other in zip(window, phrase, strict=True)
        ):
            spans.append(_Span(begin, begin + len(phrase)))
    return spans


def _same(said: Syllable, known: Syllable, bare: bool) -> bool:
    if not bare:
        return said.heard == known.heard
    return said.text == known.folded and said.text not in _SILENT_WITHOUT_ACCENTS


def _told(said: Phrase, phrase: Phrase, bare: bool) -> bool:
    """Whether these are the very words. No southern ear here: "trưa" must not be "chưa"."""
    return len(said) == len(phrase) and all(
        one.text == other.folded if bare else one.spelled == other.spelled
        for one, other in zip(said, phrase, strict=True)
    )


def _before(said: Phrase, span: _Span, phrases: tuple[Phrase, ...], bare: bool) -> bool:
    """Whether one of `phrases` stands straight before the words, fillers aside."""
    begin = span.begin
    for _ in range(MOST_FILLERS + 1):
        if any(_ends_at(said, begin, span, phrase, bare) for phrase in phrases):
            return True
        if begin == 0 or said[begin - 1].text not in _FILLERS:
            return False
        begin -= 1
    return False


def _ends_at(said: Phrase, end: int, span: _Span, phrase: Phrase, bare: bool) -> bool:
    window = said[max(0, end - len(phrase)) : end]
    return _told(window, phrase, bare) and window[0].sentence == said[span.begin].sentence


def _is_past(said: Phrase, span: _Span, bare: bool) -> bool:
    here = said[span.begin].sentence
    sentence = tuple(syllable for syllable in said if syllable.sentence == here)
    offset = next(at for at, syllable in enumerate(said) if syllable.sentence == here)
    if any(_told_in(sentence, phrase, bare) for phrase in _NOW_SAID):
        return False
    begin, end = span.begin - offset, span.end - offset
    near = sentence[max(0, begin - MOST_APART) : end + MOST_APART]
    return any(_told_in(near, phrase, bare) for phrase in _PAST_SAID)


def _told_in(said: Phrase, phrase: Phrase, bare: bool) -> bool:
    ends = range(len(phrase), len(said) + 1)
    return any(_told(said[end - len(phrase) : end], phrase, bare) for end in ends)


_DENIED_SAID, _IMAGINED_SAID, _PAST_SAID, _NOW_SAID = (
    tuple(syllables(phrase) for phrase in phrases) for phrases in (_DENIED, _IMAGINED, _PAST, _NOW)
)
