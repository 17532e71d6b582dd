"""The prompts as a call hears them: what was published when it began, over what is made.

Whatever was not recorded, was recorded for other words, or has lost its file is heard as
`ivr.prompt_sounds` made it. Digits are recorded all ten or not at all.
"""

import os
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from ivr.engine import Pending
from ivr.prompt_editions import current_edition, edition
from ivr.prompt_models import PromptEdition, PromptTake
from ivr.prompt_takes import Spot, by_spot, sound_path, still_right
from ivr.prompts import DIGITS, Prompts
from ivr.voices import Voices
from storage.database import reading

log = structlog.get_logger()

_Editions = tuple[tuple[str, int], ...]
KEPT = 8  # editions that calls in progress may still be hearing
KEPT_CALLS = 1000  # whose editions are known without asking

# What Asterisk plays by itself, also while none of our servers answers: by fixed paths.
PLAYED_ALONE = (
    "please_wait",
    "technical_problem",
    "last_resort",
    "last_resort_thanks",
    "last_resort_no_recording",
)


@dataclass(frozen=True)
class PublishedPrompts:
    """What was published, by when a call began; `folder` has the recordings' sounds.

    Safe to share between threads.
    """

    database: Engine
    folder: Path
    _known: OrderedDict[_Editions, tuple[Voices, Voices]] = field(
        default_factory=OrderedDict, init=False, repr=False, compare=False
    )
    _begun: OrderedDict[datetime, _Editions] = field(
        default_factory=OrderedDict, init=False, repr=False, compare=False
    )
    _lock: threading.Lock = field(
        default_factory=threading.Lock, init=False, repr=False, compare=False
    )

    def voices(self, made: Voices, began_at: datetime) -> Voices:
        """What a call hears that began at that moment, over the voices `made`.

        One question to the database, when a call is met first; where nothing was published, `made`
        itself.
        """
        found = self._editions(began_at)
        if not found:
            return made
        with self._lock:
            over, known = self._known.get(found, (None, made))
        if over is made:
            return known
        with reading(self.database) as session:
            takes = [
                take
                for language, number in found
                for take in edition(session, language, number).takes
            ]
        voices = with_takes(made, self.folder, takes)
        with self._lock:
            self._known[found] = (made, voices)
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return voices

    def _editions(self, began_at: datetime) -> _Editions:
        """The newest of each language that counts for the call: once it has begun they stay what
        they are (`ivr.prompt_editions.LEAD`)."""
        with self._lock:
            known = self._begun.get(began_at)
        if known is not None:
            return known
        query = (
            select(PromptEdition.language, func.max(PromptEdition.number))
            .where(PromptEdition.published_at <= began_at)
            .group_by(PromptEdition.language)
        )
        with reading(self.database) as session:
            found = tuple(sorted((language, number) for language, number in session.execute(query)))
        with self._lock:
            self._begun[began_at] = found
            while len(self._begun) > KEPT_CALLS:
                self._begun.popitem(last=False)
        return found


def voices_of_call(published: PublishedPrompts | None, made: Voices, at: Pending) -> Voices:
    """What the call hears, from its beginning to its end, whoever carries it."""
    if published is None or at.began_at is None:
        return made.now
    return published.voices(made.now, at.began_at)


def with_takes(made: Voices, folder: Path, takes: Iterable[PromptTake]) -> Voices:
    """`made` with the recordings in their places."""
    found = by_spot(takes)
    return Voices(
        {
            (language, slow): prompts.with_sounds(
                {
                    name: str(sound_path(folder, take.id).with_suffix(""))
                    for name, take in heard_takes(prompts, slow, folder, found).items()
                }
            )
            for (language, slow), prompts in made.items()
        }
    )


def heard_takes(
    prompts: Prompts, slow: bool, folder: Path, takes: Mapping[Spot, PromptTake]
) -> dict[str, PromptTake]:
    """By the name of the sound, the recordings that are heard at this pace.

    Who asked for slower words hears a recording at its own pace where no slower one was made.
    """
    found: dict[str, PromptTake] = {}
    digits = {piece.name for piece in prompts.pieces} & set(DIGITS.values())
    for at_pace in (False, True) if slow else (False,):
        usable = _usable(prompts, at_pace, folder, takes)
        whole = digits <= usable.keys()
        found |= {name: take for name, take in usable.items() if whole or name not in digits}
    return found


def _usable(
    prompts: Prompts, slow: bool, folder: Path, takes: Mapping[Spot, PromptTake]
) -> dict[str, PromptTake]:
    return {
        piece.name: take
        for piece in prompts.pieces
        if (take := takes.get(Spot(prompts.language, slow, piece.name))) is not None
        and still_right(take, piece)
        and _is_there(sound_path(folder, take.id))
    }


def _is_there(path: Path) -> bool:
    if path.is_file():
        return True
    log.warning("recorded prompt has no file", take=path.stem)
    return False


def lay_played_alone(
    session: Session, prompts: Prompts, slow: bool, takes_folder: Path, folder: Path
) -> bool:
    """Bring `folder` of studio recordings to what is published of `PLAYED_ALONE`; whether anything
    changed. It can be broken off anywhere, and done by several at once.
    """
    edition_now = current_edition(session, prompts.language)
    takes = by_spot(take for take in edition_now.takes if take.name in PLAYED_ALONE)
    usable = _usable(prompts, slow, takes_folder, takes)
    changed = False
    for name in PLAYED_ALONE:
        there = folder / f"{name}.wav"
        if name not in usable:
            if there.exists():
                there.unlink(missing_ok=True)
                changed = True
            continue
        content = sound_path(takes_folder, usable[name].id).read_bytes()
        if not there.exists() or there.read_bytes() != content:
            folder.mkdir(parents=True, exist_ok=True)
            draft = folder / f".{name}.{os.getpid()}.{threading.get_native_id()}"
            draft.write_bytes(content)
            draft.replace(there)
            changed = True
    return changed
