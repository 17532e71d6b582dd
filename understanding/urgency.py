"""May it wait? Urgent or ordinary, and the words that say so.

A danger cannot wait, nor can a category that is an emergency by itself. One that is merely
urgent, or any other, becomes so by what callers say of it: "nguy hiểm", "gấp".
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from understanding.categories import CategoryFound
from understanding.danger import DangerFound
from understanding.lexicon import Lexicon, Said, said

URGENT = 0.6
OF_DANGER, OF_EMERGENCY, OF_URGENT, OF_WORD = 1.0, 0.6, 0.4, 0.3
LEAST_SCORE = 0.35  # of a category that is believed enough to hurry for
LEAST_LIKE = 0.7

_HURRY = Lexicon(
    [
        *("gấp", "khẩn", "khẩn cấp", "cấp bách", "liền", "ngay bây giờ", "mau lên", "lẹ lên"),
        *("lẹ giùm", "nhanh lên", "càng sớm càng tốt", "nguy hiểm", "nguy lắm", "mất an toàn"),
        *("chết người", "có ngày chết", "rất nguy", "sắp sập", "sắp đổ", "sắp ngã", "sắp rớt"),
        *("không chịu nổi nữa", "chờ hổng nổi", "chờ không nổi", "không đợi được", "đang chảy máu"),
        *("con nít dễ", "trẻ em dễ", "đi bệnh viện", "nhập viện", "cấp cứu", "bị thương"),
    ]
)


@dataclass(frozen=True)
class Urgency:
    """Whether it may not wait, how surely (0 to 1), and the words that said so."""

    urgent: bool
    score: float
    words: tuple[str, ...]


def urgency_of(
    text: str | Said,
    categories: Sequence[CategoryFound],
    danger: DangerFound | None,
    emergencies: Collection[str],
    urgent: Collection[str],
) -> Urgency:
    """How urgent a report is, of what was found in its text.

    `emergencies` and `urgent` are the categories that cannot wait and that should not.
    """
    speech = said(text) if isinstance(text, str) else text
    score, words = 0.0, list[str]()
    if danger is not None:
        score, words = OF_DANGER, [danger.words]
    elif categories and categories[0].score >= LEAST_SCORE:
        likeliest = categories[0]
        if likeliest.category in emergencies:
            score = OF_EMERGENCY
        elif likeliest.category in urgent:
            score = OF_URGENT
        if score:
            words.extend(likeliest.words)
    hurry = {
        speech.between(match.begin, match.end): None
        for match in _HURRY.find(speech, _HURRY.nears(speech))
        if match.like >= LEAST_LIKE
    }
    score = min(1.0, score + OF_WORD * len(hurry))
    return Urgency(score >= URGENT, round(score, 2), tuple(dict.fromkeys([*words, *hurry])))
