"""What an SMS says: the province's text for its key, filled in, with accents or without.

Accents force UCS-2: 70 places instead of 160. Without them Vietnamese stays readable, as people
write it themselves, for half the price or less.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from notifications.errors import BadTexts, UnknownText
from notifications.kinds import EVERYWHERE, HOTLINE, KINDS, MAX_PARTS, Kind, Value
from notifications.parts import Parts, in_parts, is_gsm7
from provinces.errors import Problem
from provinces.schema import Province
from provinces.subjects import subject_names
from provinces.wording import placeholders
from understanding.fold import unaccented

# Signs of print that GSM-7 lacks, as a typewriter would put them.
_TYPED = str.maketrans(
    {"–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "…": "...", "•": "-", "`": "'"}
    | dict.fromkeys("\u00a0\u202f\u2009\t", " ")
)
_ELLIPSIS = "..."
_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Written:
    """`body` as the telephone shows it, and the parts that it goes in."""

    body: str
    parts: Parts


@dataclass(frozen=True)
class Texts:
    """The texts of a province. `accents`: whether they are kept."""

    province: Province
    accents: bool = False

    def write(self, key: str, values: Mapping[str, object], language: str) -> Written:
        """The SMS of that key in that language, or in the province's first one.

        Free words are shortened until the whole keeps to its parts: twice as many with accents.

        Raises:
            UnknownText: there is none of that key, or a value is missing.
        """
        kind = KINDS.get(key)
        texts = self._texts(language)
        if kind is None or key not in texts:
            raise UnknownText(f"no text {key!r}")
        named = language if language in self.province.sms.texts else self.province.languages[0]
        told = {
            name: self._told(value, str(values[name]), named)
            for name, value in {**kind.values, **kind.extras}.items()
            if values.get(name)
        }
        missing = kind.values.keys() - told.keys()
        if missing:
            raise UnknownText(f"text {key!r} lacks a value: {', '.join(sorted(missing))}")
        return self._short_enough(key, kind, texts, told)

    def _texts(self, language: str) -> Mapping[str, str]:
        texts = self.province.sms.texts
        return texts.get(language) or texts[self.province.languages[0]]

    def _short_enough(
        self, key: str, kind: Kind, texts: Mapping[str, str], told: dict[str, str]
    ) -> Written:
        free = [
            name
            for name, value in {**kind.values, **kind.extras}.items()
            if value is Value.FREE and name in told
        ]
        most = MAX_PARTS * (2 if self.accents else 1)
        written = self._filled(key, kind, texts, told)
        for name in free:
            whole, kept = told[name], len(told[name])
            low, high = 0, kept
            while len(written.parts) > most and low < high:
                kept = (low + high) // 2
                short = whole[:kept].rstrip() + _ELLIPSIS
                fits = self._filled(key, kind, texts, {**told, name: short})
                if len(fits.parts) > most:
                    high = kept
                else:
                    low = kept + 1
            if len(written.parts) > most:
                told[name] = whole[: max(0, low - 1)].rstrip() + _ELLIPSIS
                written = self._filled(key, kind, texts, told)
        return written

    def _filled(
        self, key: str, kind: Kind, texts: Mapping[str, str], told: Mapping[str, str]
    ) -> Written:
        said = [texts[key], *(texts[f"{key}_{name}"] for name in kind.extras if name in told)]
        filled = " ".join(said).format(**told, **{HOTLINE: self.province.hotline_number})
        body = unicodedata.normalize("NFC", filled)
        if not self.accents:
            body = without_accents(body)
        return Written(body, in_parts(body))

    def _told(self, value: Value, given: str, language: str) -> str:
        """As people read it. A code that the pack no longer has is told as it is."""
        match value:
            case Value.DAY:
                return f"{self._local(given):%d/%m/%Y}"
            case Value.TIME:
                return f"{self._local(given):%H:%M %d/%m}"
            case Value.AGENCY:
                return self._agency(given, language)
            case Value.REASON:
                names = self.province.handling.rejected.get(given)
                return names.get(language, given) if names else given
            case Value.DANGER:
                known = (each for each in self.province.dangers if each.code == given)
                return next((each.names.get(language, given) for each in known), "?")
            case Value.SUBJECT:
                return subject_names(self.province, given).get(language, given)
            case Value.UNITS:
                return self._units(given, language)
            case _:
                return _SPACES.sub(" ", _printable(given)).strip() or "?"

    def _units(self, given: str, language: str) -> str:
        first, plus, others = given.partition("+")
        unit = self.province.unit(first)
        name = unit.full_name if unit else first
        if first == EVERYWHERE:
            name = self.province.names.get(language, self.province.key)
        return f"{name} {plus}{others}".strip()

    def _agency(self, given: str, language: str) -> str:
        code, _, where = given.partition("@")
        agency = self.province.agencies.get(code)
        if agency is None:
            return given
        unit = self.province.unit(where) if where else None
        name = agency.names.get(language, given)
        return f"{name} {unit.full_name}" if unit else name

    def _local(self, given: str) -> datetime:
        return datetime.fromisoformat(given).astimezone(self.province.timezone)


def without_accents(text: str) -> str:
    """The text in GSM-7; where letters of another script are left, as it is.

    Pictures and signs that GSM-7 has not go; a Khmer name must not become a row of gaps.
    """
    plain = unaccented(text.translate(_TYPED)).translate(_TYPED)
    if is_gsm7(plain):
        return plain
    kept = "".join(sign for sign in plain if is_gsm7(sign) or unicodedata.category(sign)[0] in "LM")
    kept = _SPACES.sub(" ", kept.replace("\ufe0f", "").replace("\u200d", "")).strip()
    return kept if is_gsm7(kept) else text


def check_texts(province: Province) -> None:
    """Pass where every kind has its text in every language, filled with what it is given.

    Raises:
        BadTexts: something is missing or unknown, or a text without accents is not in GSM-7.
    """
    problems = [
        Problem(f"sms/{language}.toml", None, problem)
        for language, texts in province.sms.texts.items()
        for problem in _problems(texts)
    ]
    if problems:
        raise BadTexts(problems)


def _problems(texts: Mapping[str, str]) -> list[str]:
    wanted: dict[str, frozenset[str]] = {}
    for key, kind in KINDS.items():
        wanted[key] = frozenset(kind.values)
        wanted |= {f"{key}_{name}": frozenset({name}) for name in kind.extras}
    found = [f'key "{key}" is missing' for key in wanted if key not in texts]
    found += [f'key "{key}" is unknown' for key in texts if key not in wanted]
    for key, names in wanted.items():
        if key not in texts:
            continue
        there = placeholders(texts[key]) - {HOTLINE}
        found += [f"{key}: placeholder {{{name}}} is missing" for name in sorted(names - there)]
        found += [f"{key}: placeholder {{{name}}} is unknown" for name in sorted(there - names)]
        # The braces of the placeholders themselves are not sent.
        if not is_gsm7(without_accents(re.sub(r"\{\w+\}", "0", texts[key]))):
            found.append(f"{key}: without accents it holds signs that GSM-7 has not")
    return found


def _printable(text: str) -> str:
    """Without signs that end the text, hide a part of it or turn it round."""
    return "".join(sign if sign in "\n\t" or not _steers(sign) else " " for sign in text)


def _steers(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cs") or sign in _TURNING
