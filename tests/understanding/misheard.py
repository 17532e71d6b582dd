"""Recognition errors put into texts by program: the same seed makes the same errors.

Three kinds, as a recogniser on a southern telephone line makes them: no accents at all, southern
spellings, and a fifth of the words wrong (something like them, any other word, or nothing).
"""

import random
import unicodedata
from collections.abc import Callable

from understanding.fold import fold
from understanding.word_sets import a_set

WRONG_SHARE = 0.2
SOUTHERN_SHARE = 0.5

_TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
_HOOK, _TILDE = "\u0309", "\u0303"
# What the south does not tell apart, as it is then spelled: at the beginning and at the end.
_STARTS = (
    *(("v", "d"), ("gi", "d"), ("d", "v"), ("d", "gi"), ("r", "g"), ("tr", "ch"), ("ch", "tr")),
    *(("s", "x"), ("x", "s"), ("qu", "w"), ("ho", "qu"), ("hu", "qu")),
)
_ENDS = (
    *(("ng", "n"), ("nh", "n"), ("n", "ng"), ("c", "t"), ("t", "c"), ("ch", "t")),
    *(("iêu", "iu"), ("ươu", "ưu"), ("y", "i")),
)
_INITIALS = ("b", "c", "d", "đ", "h", "l", "m", "n", "ph", "t", "th", "v")
_FINALS = ("", "m", "n", "ng", "p", "t", "c", "i", "u")
_VOWELS = "aăâeêioôơuưy"
# Words that any text may hold; none of them a name or a number.
_ANY = sorted(
    a_set(
        "là mà thì của được cho với này đó kia rồi nữa cũng đã đang sẽ phải nói làm đi về ra vào "
        "lên xuống người nhà nước đường tiền trời mưa nắng con cái anh em bà mẹ thầy cô bạn trẻ "
        "cây lá hoa sông biển núi ruộng lúa gạo cơm cá gà chó mèo xe thuyền chợ trường lớp sách "
        "vở bút giấy áo quần giày mũ tay chân mắt mũi miệng đầu tóc máu xương vui buồn giận "
        "thương nhớ quên biết hiểu nghĩ xem nghe "
    )
)

Mishearing = Callable[[str, int], str]


def without_accents(said: str, seed: int = 0) -> str:
    """What a recogniser without Vietnamese letters writes; there is no chance in it."""
    return fold(said)


def southern(said: str, seed: int) -> str:
    """Every second word as a southern ear may spell it."""
    chance = random.Random(seed)
    return " ".join(
        _southern(word, chance) if chance.random() < SOUTHERN_SHARE else word
        for word in said.split()
    )


def words_wrong(said: str, seed: int) -> str:
    """A fifth of the words like the right ones, others, or left out, in equal parts."""
    chance = random.Random(seed)
    heard = []
    for word in said.split():
        if chance.random() >= WRONG_SHARE:
            heard.append(word)
            continue
        kind = chance.randrange(3)
        if kind == 0:
            heard.append(_like(word, chance))
        elif kind == 1:
            heard.append(chance.choice(_ANY))
    return " ".join(heard)


KINDS: dict[str, Mishearing] = {
    "accents dropped": without_accents,
    "southern spelling": southern,
    "a fifth of the words wrong": words_wrong,
}


def heard_as(mishearing: Mishearing, seed: int) -> Callable[[str], str]:
    """The errors of one kind for one text after another, each with its own seed."""
    count = iter(range(seed, 1 << 30))
    return lambda said: mishearing(said, next(count))


def _southern(word: str, chance: random.Random) -> str:
    base, tone = _parted(word)
    if tone in (_HOOK, _TILDE) and chance.random() < 0.5:
        tone = _HOOK if tone == _TILDE else _TILDE
    starts = [(a, b) for a, b in _STARTS if base.startswith(a) and len(base) > len(a)]
    ends = [(a, b) for a, b in _ENDS if base.endswith(a) and len(base) > len(a)]
    if starts and chance.random() < 0.6:
        old, new = chance.choice(starts)
        base = new + base[len(old) :]
    elif ends:
        old, new = chance.choice(ends)
        base = base[: -len(old)] + new
    return _joined(base, tone)


def _like(word: str, chance: random.Random) -> str:
    """The word with another tone, beginning, vowel or end."""
    base, tone = _parted(word)
    vowels = [at for at, sign in enumerate(base) if sign in _VOWELS]
    if not vowels:
        return word
    kind = chance.randrange(4)
    if kind == 0:
        tone = chance.choice(_TONES)
    elif kind == 1:
        base = chance.choice(_INITIALS) + base[vowels[0] :]
    elif kind == 2:
        at = chance.choice(vowels)
        base = base[:at] + chance.choice(_VOWELS) + base[at + 1 :]
    else:
        base = base[: vowels[-1] + 1] + chance.choice(_FINALS)
    return _joined(base, tone)


def _parted(word: str) -> tuple[str, str]:
    """Small letters without the tone, and the tone."""
    signs = unicodedata.normalize("NFD", word.lower())
    tone = next((sign for sign in signs if sign in _TONES), "")
    return unicodedata.normalize("NFC", "".join(s for s in signs if s not in _TONES)), tone


def _joined(base: str, tone: str) -> str:
    """With the tone's mark on the vowel that has a mark, else the second of three or the first."""
    vowels = [at for at, sign in enumerate(base) if sign in _VOWELS]
    if not tone or not vowels:
        return base
    marked = [at for at in vowels if base[at] in "ăâêôơư"]
    at = marked[-1] if marked else vowels[-2] if len(vowels) > 2 else vowels[0]
    return unicodedata.normalize("NFC", base[: at + 1] + tone + base[at + 1 :])
