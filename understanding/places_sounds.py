"""Which names may stand somewhere, by the sounds of two syllables: few are looked at closely."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from understanding.fold import Syllable

LEAST_NEAR = 3  # letters; shorter syllables are other words with one letter changed
_ANY = ""  # beside a name of one syllable; a letter ("Vĩnh Mỹ A") is spelled in several ways
_KEPT = 16384  # said syllables of which it is remembered what they are near

Where = tuple[int, int]  # a name, and which of its syllables


def loose(syllable: Syllable) -> str:
    """Its southern key, where "đ" is "d": the text may have no accents at all."""
    return syllable.key.replace("đ", "d")


@lru_cache(maxsize=32768)
def one_letter_apart(one: str, other: str) -> bool:
    """Whether a letter was changed, added or left out; short syllables are other words then."""
    short, long = sorted((one, other), key=len)
    if len(short) < LEAST_NEAR or len(long) - len(short) > 1:
        return False
    if len(short) == len(long):
        return sum(a != b for a, b in zip(short, long, strict=True)) == 1
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


class NamesBySound:
    """Names by the sounds of their first two syllables. Made once: keep it."""

    def __init__(self, names: Sequence[Sequence[Syllable]]) -> None:
        begun: dict[str, dict[str, list[Where]]] = {}
        ended: dict[str, dict[str, list[Where]]] = {}
        for index, name in enumerate(names):
            first, second = loose(name[0]), _beside(name[1:2])
            begun.setdefault(first, {}).setdefault(second, []).append((index, 0))
            if len(name) > 1:
                first = _beside(name[:1])
                ended.setdefault(loose(name[1]), {}).setdefault(first, []).append((index, 1))
        self._begun: Mapping[str, Mapping[str, list[Where]]] = begun
        self._ended: Mapping[str, Mapping[str, list[Where]]] = ended
        self._sounds = sorted({loose(syllable) for name in names for syllable in name[:2]})
        self._near = lru_cache(maxsize=_KEPT)(self._like)

    def holding(self, sound: str) -> list[Where]:
        """Names whose first or second syllable sounds so."""
        tables = (self._begun.get(sound, {}), self._ended.get(sound, {}))
        return sorted(one for table in tables for found in table.values() for one in found)

    def standing(self, said: Sequence[Syllable]) -> Iterator[tuple[int, int]]:
        """Names that may stand in a text: its index, and that of the syllable where it begins.

        They have one syllable's sound, and the other of the two is like it.
        """
        sounds = [syllable.key.replace("đ", "d") for syllable in said]
        last = len(sounds) - 1
        for at, sound in enumerate(sounds):
            begun, ended = self._begun.get(sound), self._ended.get(sound)
            if begun is None and ended is None:
                continue
            found: list[Where] = []
            if begun is not None:
                for other in self._near(sounds[at + 1] if at < last else _ANY) & begun.keys():
                    found += begun[other]
            if ended is not None and at:
                before = sounds[at - 1]
                for other in self._near(before) & ended.keys():
                    if other != before:  # else it was found by its first syllable
                        found += ended[other]
            for index, offset in sorted(found):
                yield index, at - offset

    def _like(self, sound: str) -> frozenset[str]:
        near = (known for known in self._sounds if one_letter_apart(sound, known))
        return frozenset([_ANY, sound, *near])


def _beside(syllable: Iterable[Syllable]) -> str:
    return next((loose(one) for one in syllable if len(one.folded) > 1), _ANY)
