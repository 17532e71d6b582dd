"""Which recordings a speaker has to make so that changing parts are spoken in a human voice.

A *part* is what changes from call to call: a reference, an amount, a time, the name of a commune.
It is a row of *units*, each recorded once. A part is recorded whole or not at all: somebody who
hears "xã" from a person and "Vĩnh Lợi" from a machine looks for a meaning in it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from ivr.errors import MissingPrompts
from ivr.place_units import cut_place, is_name, place_unit_names
from ivr.prompts import DIGITS
from ivr.unit_words import MOST_WHOLE, UNIT_WORDS, Row, UnitWords, amount_row, letter_unit
from understanding.fold import fold

Group = Literal["digits", "amounts", "times", "dates", "letters", "places"]

# Seconds of silence between two units of a part, each cut to its first and last sound.
CLOSE_S = 0.04  # "sáu mươi" + "lăm", "xã" + "Vĩnh Lợi": one word to the ear
APART_S = 0.12  # letters and digits, which are written down one by one
COMMA_S = 0.25  # after the weekday, before the day
GROUP_S = 0.4  # as long as the pause between the groups of a reference

_AMOUNT = re.compile(r"number_(\d{1,2})")
_PLACE = re.compile(r"(?:old_)?unit_\d+")


@dataclass(frozen=True)
class RecordedUnit:
    """One recording: its file is `name`.wav, `words` is what the speaker reads."""

    name: str
    words: str
    group: Group


@dataclass(frozen=True)
class Part:
    """A row of units with the silence after each, and the same in words for a synthetic voice.

    `with_units` have to be recorded too, although this part does not hold them: whoever hears a
    digit of a reference from a person hears the next one from the same.
    """

    units: tuple[tuple[str, float], ...]
    text: str
    with_units: frozenset[str] = frozenset()

    @property
    def needs(self) -> frozenset[str]:
        """Names of the units that have to be recorded before any of it is."""
        return frozenset(name for name, _ in self.units) | self.with_units


class RecordedUnits:
    """The units of one language, and the parts that are made of them.

    `wording` gives the digits, the amounts and the names of places, as a province words them.
    """

    def __init__(self, wording: Mapping[str, str], language: str) -> None:
        self.language = language
        self._words = UNIT_WORDS.get(language)
        self._units: dict[str, RecordedUnit] = {}
        self._places: dict[str, tuple[str, ...]] = {}
        digits = [key for key in DIGITS.values() if key in wording]
        amounts = {int(key[7:]): text for key, text in wording.items() if _AMOUNT.fullmatch(key)}
        self._add("digits", {key: wording[key] for key in digits})
        whole = {name for amount in amounts for name in amount_row(amount, language)}
        self._add(
            "amounts",
            {f"number_{n}": amounts[n] for n in sorted(amounts) if f"number_{n}" in whole},
        )
        if self._words is not None:
            if max(amounts, default=0) > MOST_WHOLE:
                self._add("amounts", self._words.after_tens)
            self._add("times", self._words.times)
            self._add("dates", self._words.dates)
            self._add("letters", {letter_unit(sign): w for sign, w in self._words.letters.items()})
        self._add_places({key: text for key, text in wording.items() if _PLACE.fullmatch(key)})
        self._wording = wording
        self._digits = frozenset(digits)

    @property
    def units(self) -> tuple[RecordedUnit, ...]:
        """Everything there is to record, in the order of a reading list."""
        return tuple(self._units.values())

    def of_sound(self, key: str) -> Part | None:
        """The part that is the whole of one sound file; None for sounds that are no such part."""
        if key in self._digits:
            return Part(((key, 0.0),), self._wording[key], self._digits)
        if (amount := _AMOUNT.fullmatch(key)) and key in self._wording:
            return self._part(amount_row(int(amount[1]), self.language), self._wording[key])
        if key in self._places:
            return self._part(self._places[key], self._wording[key])
        return None

    def digits(self, value: str) -> Part:
        """Digit by digit, groups between "-" or blanks: a reference, a PIN, a telephone number.

        Raises:
            MissingPrompts: something else than digits in groups, or a digit without words.
        """
        groups = re.split(r"[- ]+", value.strip(" -"))
        if not all(sign in DIGITS for group in groups for sign in group) or not any(groups):
            raise MissingPrompts("expected digits in groups such as 123-456, found other signs")
        if lacking := [DIGITS[sign] for sign in "".join(groups) if DIGITS[sign] not in self._units]:
            raise MissingPrompts(f"{lacking[0]}: no wording in {self.language!r}")
        row = [
            (DIGITS[sign], GROUP_S if last else APART_S)
            for group in groups
            for sign, last in zip(group, _lasts(group), strict=True)
        ]
        text = ", ".join(" ".join(self._wording[DIGITS[sign]] for sign in g) for g in groups)
        return Part(tuple(row), text, self._digits)

    def amount(self, value: int) -> Part:
        """Raises: MissingPrompts: that amount has no words."""
        if (part := self.of_sound(f"number_{value}")) is None:
            raise MissingPrompts(f"expected an amount with words, 0 to 99; found {value}")
        return part

    def time(self, at: time) -> Part:
        """The time of day as people say it. Raises: MissingPrompts: not in this language."""
        return self._said(self._known().time(at.hour, at.minute))

    def date(self, on: date, *, weekday: bool = True) -> Part:
        """Weekday, day and month. Raises: MissingPrompts: not in this language."""
        row = self._said(self._known().date(on.day, on.month))
        if not weekday:
            return row
        name = f"weekday_{on.isoweekday()}"
        words = self._units[name].words
        return Part(((name, COMMA_S), *row.units), f"{words}, {row.text}")

    def letters(self, value: str) -> Part:
        """Letters and digits one by one. Raises: MissingPrompts: a sign without a name."""
        row = []
        for sign in value.lower():
            if sign in "- .":
                continue
            name = DIGITS.get(sign, letter_unit(sign))
            if name not in self._units:
                raise MissingPrompts(f"{sign!r} has no name in {self.language!r}")
            row.append((name, APART_S))
        if not row:
            raise MissingPrompts("expected letters or digits, found none")
        text = " ".join(self._units[name].words for name, _ in row)
        needed = self._digits if self._digits & {name for name, _ in row} else frozenset()
        return Part(tuple(row), text, needed)

    def place(self, code: str) -> Part:
        """A commune by its code or name; `old_` and a code is one of the edition before.

        Raises:
            MissingPrompts: no such commune is worded, or several are.
        """
        said = fold(code)
        named = {key for key, row in self._places.items() if self._is_called(key, row, said)}
        today = {key for key in named if key.startswith("unit_")}
        found = {f"unit_{code}", f"old_unit_{code.removeprefix('old_')}"} & self._places.keys()
        keys = sorted(found, reverse=True)[:1] or sorted(today or named)
        if len(keys) != 1:
            expected = "expected the code or the name of a commune"
            several = f"{code!r}, which is {', '.join(keys)}" if keys else repr(code)
            raise MissingPrompts(f"{expected}, found {several}")
        return self._part(self._places[keys[0]], self._wording[keys[0]])

    def _is_called(self, key: str, row: Row, said: str) -> bool:
        names = {fold(self._units[name].words) for name in row if is_name(name)}
        return said == fold(self._wording[key]) or said in names

    def _known(self) -> UnitWords:
        if self._words is None:
            raise MissingPrompts(f"times, dates and letters have no words in {self.language!r}")
        return self._words

    def _said(self, row: Row) -> Part:
        if lacking := [name for name in row if name not in self._units]:
            raise MissingPrompts(f"{lacking[0]}: no wording in {self.language!r}")
        return self._part(row, " ".join(self._units[name].words for name in row))

    def _part(self, row: Sequence[str], text: str) -> Part:
        return Part(tuple((name, CLOSE_S) for name in row), text)

    def _add(self, group: Group, words: Mapping[str, str]) -> None:
        for name, text in words.items():
            self._units.setdefault(name, RecordedUnit(name, text, group))

    def _add_places(self, places: Mapping[str, str]) -> None:
        """Each name once, however many communes of today and of before bear it."""
        if self._words is None:  # what is name and what is kind nobody knows here
            self._add("places", places)
            self._places = {key: (key,) for key in places}
            return
        heads = self._words.place_words
        cut = {key: cut_place(text, heads) for key, text in places.items()}
        names = place_unit_names({words for row in cut.values() for words in row}, heads)
        for key, row in cut.items():
            units = []
            for words in row:
                number = f"number_{words}"
                name = number if number in self._units else names[words]
                self._add("places", {name: words})
                units.append(name)
            self._places[key] = tuple(units)


def _lasts(group: str) -> list[bool]:
    return [False] * (len(group) - 1) + [True]
