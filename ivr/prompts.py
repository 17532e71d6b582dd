"""Which sound files a prompt is made of: from a key and its values to paths, without the disk.

A wording is a text with `{placeholders}`. The words before, between and after them are one sound
file each; a value is put together at the call from sounds that are there already:

- digits in groups ("482-193"): the digits one by one, a pause between the groups;
- `@menu_choice_2`: the sounds of that other prompt.
"""

import copy
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from ivr.errors import MissingPrompts
from ivr.phrases import Phrases, StepPhrases

PAUSE = "pause"
BEEP = "beep"
DIGITS = MappingProxyType({digit: f"digit_{digit}" for digit in string.digits})
_GROUP_ENDS = "- "
_NO_PHRASES: StepPhrases = MappingProxyType({})


@dataclass(frozen=True)
class Piece:
    """Words that are one sound file: `name`.wav, a part of the prompt `key`."""

    name: str
    key: str
    text: str


@dataclass(frozen=True)
class _Slot:
    placeholder: str


class Prompts:
    """The prompts of one language, as sounds in `folder`; safe to share between threads."""

    def __init__(
        self,
        wording: Mapping[str, str],
        language: str,
        folder: Path,
        phrases: StepPhrases = _NO_PHRASES,
    ) -> None:
        """Cuts every wording into its pieces; `phrases` are what may be said in answer to some.

        Raises:
            MissingPrompts: a wording's braces cannot be read, or it says nothing.
        """
        self.language = language
        self.folder = folder
        self._phrases = phrases
        self._prompts = {key: _cut(key, text) for key, text in wording.items()}
        self.pieces: tuple[Piece, ...] = tuple(
            part for parts in self._prompts.values() for part in parts if isinstance(part, Piece)
        )
        self._paths = {name: str(folder / name) for name in self.names}

    @property
    def names(self) -> tuple[str, ...]:
        """Every sound there has to be, without extension."""
        return (*(piece.name for piece in self.pieces), PAUSE, BEEP)

    def __contains__(self, name: object) -> bool:
        """Whether there has to be a sound of that name."""
        return name in self._paths

    @property
    def beep(self) -> str:
        """The tone before a recording: its path without extension, as Asterisk wants it."""
        return self._paths[BEEP]

    @property
    def pause(self) -> str:
        """A short silence: its path without extension."""
        return self._paths[PAUSE]

    def phrases(self, key: str) -> Phrases:
        """What may be said at the question `key`; nothing where only keys count."""
        return self._phrases.get(key, {})

    def sounds(self, key: str, values: Mapping[str, str]) -> tuple[str, ...]:
        """The sound files to play one after another, absolute and without extension.

        Raises:
            MissingPrompts: no such key or value, or a value that cannot be spoken. `check` and
                the flow checker find these before any caller does.
        """
        found: list[str] = []
        for part in self._parts(key):
            match part:
                case Piece(name=name):
                    found.append(self._paths[name])
                case _Slot(placeholder=placeholder):
                    if placeholder not in values:
                        raise MissingPrompts(f"{key}: no value for {{{placeholder}}}")
                    found.extend(self._spoken(key, placeholder, values[placeholder]))
        return tuple(found)

    def sound(self, name: str) -> str:
        """The path, without extension, of one of `names`."""
        return self._paths[name]

    def with_sounds(self, paths: Mapping[str, str]) -> "Prompts":
        """The same prompts, some of them heard from other files: name → path without extension."""
        if not paths:
            return self
        other = copy.copy(self)
        other._paths = {**self._paths, **paths}
        return other

    def placeholders(self, key: str) -> frozenset[str]:
        """The values which the wording of a prompt wants."""
        return frozenset(p.placeholder for p in self._parts(key) if isinstance(p, _Slot))

    def check(self, required: Iterable[str] = ()) -> None:
        """Makes sure that every prompt can be played: looks at the disk, so call it at start.

        Raises:
            MissingPrompts: its message lists each key of `required` without a wording, and each
                key whose sound files are absent or empty.
        """
        lacking = [f"{key} → no wording" for key in sorted(required) if key not in self._prompts]
        if any(isinstance(part, _Slot) for parts in self._prompts.values() for part in parts):
            needed = [key for key in DIGITS.values() if key not in self._prompts]
            lacking += [f"{key} → no wording" for key in needed]
        owners = {piece.name: piece.key for piece in self.pieces}
        absent: dict[str, list[str]] = {}
        for name in self.names:
            path = self.folder / f"{name}.wav"
            if not path.is_file() or path.stat().st_size == 0:
                absent.setdefault(owners.get(name, name), []).append(path.name)
        lacking += [f"{key} → {', '.join(files)}" for key, files in absent.items()]
        if lacking:
            raise MissingPrompts(
                f"{len(lacking)} prompts cannot be played from {self.folder}: {'; '.join(lacking)}"
            )

    def _parts(self, key: str) -> tuple[Piece | _Slot, ...]:
        try:
            return self._prompts[key]
        except KeyError:
            raise MissingPrompts(f"{key}: no wording in {self.language!r}") from None

    def _spoken(self, key: str, placeholder: str, value: str) -> Iterable[str]:
        if value.startswith("@"):
            return self.sounds(value[1:], {})
        found: list[str] = []
        for sign in value.strip(_GROUP_ENDS):
            if sign in DIGITS:
                found.extend(self.sounds(DIGITS[sign], {}))
            elif sign not in _GROUP_ENDS:
                # The value itself may be somebody's number: it stays out of the message.
                raise MissingPrompts(
                    f"{key}: {{{placeholder}}} expected digits in groups or @key, found other signs"
                )
            elif found[-1] != self.pause:
                found.append(self.pause)
        return found


def _cut(key: str, text: str) -> tuple[Piece | _Slot, ...]:
    try:
        read = list(string.Formatter().parse(text))
    except ValueError as error:
        raise MissingPrompts(f"{key}: the wording's braces cannot be read: {error}") from error
    placeholders = [slot for _, slot, _, _ in read if slot is not None]
    if not all(name.isidentifier() for name in placeholders):
        raise MissingPrompts(f"{key}: expected placeholders like {{reference}}, found others")
    parts: list[Piece | _Slot] = []
    number = 0
    for words, slot, _, _ in read:
        # A full stop after a placeholder is nothing to say.
        if any(sign.isalnum() for sign in words):
            number += 1
            name = f"{key}.{number}" if placeholders else key
            parts.append(Piece(name, key, words.strip(" .,;:–") if placeholders else words))
        if slot is not None:
            parts.append(_Slot(slot))
    if not parts:
        raise MissingPrompts(f"{key}: the wording says nothing")
    return tuple(parts)
