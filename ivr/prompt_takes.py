"""Recordings of prompts: kept, found again, thrown away. What calls hear, `ivr.prompt_editions`.

A take's sounds lie in one folder: `<id>.wav` as callers hear it, `<id>.flac` as it was recorded,
for the day when a line carries more than 8 kHz. They are there before the row that names them is
committed, and never change.
"""

import hashlib
import os
import shutil
import unicodedata
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from accounts.audit import record
from ivr.errors import TakeInUse, UnknownTake
from ivr.prompt_models import EditionTake, PromptEdition, PromptTake
from ivr.prompts import Piece
from ivr.take_sound import TakeSound
from speech.sound import write_flac, write_wav
from storage.database import reading, transaction
from storage.disk import sync
from storage.locks import alone

SUFFIXES = (".wav", ".flac")


@dataclass(frozen=True)
class Spot:
    """Where a recording belongs: one sound of a language, at one pace."""

    language: str
    slow: bool
    name: str


def keep_take(
    engine: Engine,
    folder: Path,
    spot: Spot,
    words: str,
    sound: TakeSound,
    by: str,
    now: datetime,
) -> PromptTake:
    """A new take of `words`; nobody hears it before it is published.

    Raises:
        BrokenSound, OSError: the folder cannot be written; nothing was kept.
    """
    take_id = uuid.uuid4().hex
    finished = sound_path(folder, take_id)
    master = finished.with_suffix(".flac")
    with _files_of(folder, take_id):
        folder.mkdir(parents=True, exist_ok=True)
        write_wav(finished, sound.finished)
        write_flac(master, sound.master)
        # On the disk before a row names it: a row may outlive a power cut that it did not.
        for path in (finished, master, folder):
            sync(path)
        take = PromptTake(
            id=take_id,
            language=spot.language,
            slow=spot.slow,
            name=spot.name,
            words=words,
            length_s=round(sound.finished.length_s, 3),
            remarks=list(sound.remarks),
            sha256=_hash(finished),
            master_sha256=_hash(master),
            by=by,
            taken_at=now,
        )
        with transaction(engine) as session:
            session.add(take)
            record(session, by, "prompt.recorded", "prompt", _object(spot), now, take=take_id)
    return take


def keep_for_new_words(
    engine: Engine, folder: Path, take_id: str, words: str, by: str, now: datetime
) -> PromptTake:
    """The same recording for words that were changed: somebody has listened and says that it is
    still right.

    Raises:
        UnknownTake: there is none.
        OSError: the folder cannot be written, or the recording's files are gone; nothing was kept.
    """
    with reading(engine) as session:
        old = find_take(session, take_id)
    take = PromptTake(
        id=uuid.uuid4().hex,
        language=old.language,
        slow=old.slow,
        name=old.name,
        words=words,
        length_s=old.length_s,
        remarks=old.remarks,
        sha256=old.sha256,
        master_sha256=old.master_sha256,
        by=by,
        taken_at=now,
    )
    with _files_of(folder, take.id):
        for suffix in SUFFIXES:
            there = sound_path(folder, old.id).with_suffix(suffix)
            _linked(there, sound_path(folder, take.id).with_suffix(suffix))
        sync(folder)
        spot = Spot(take.language, take.slow, take.name)
        with transaction(engine) as session:
            session.add(take)
            record(session, by, "prompt.still_right", "prompt", _object(spot), now, take=take.id)
    return take


def find_take(session: Session, take_id: str) -> PromptTake:
    """Raises: UnknownTake: there is none, or it was thrown away."""
    found = session.get(PromptTake, take_id)
    if found is None or found.discarded_at is not None:
        raise UnknownTake("expected a recording that is kept, found none of that id")
    return found


def discard_take(engine: Engine, folder: Path, take_id: str, by: str, now: datetime) -> None:
    """Throw away a recording that was never published; what callers once heard is kept.

    Raises:
        UnknownTake: there is none, or it was published.
    """
    with transaction(engine) as session:
        take = find_take(session, take_id)
        alone(session, publishing(take.language))  # nobody publishes it meanwhile
        query = select(EditionTake.take_id).where(EditionTake.take_id == take_id).limit(1)
        if session.scalar(query):
            raise UnknownTake("expected a recording that was never published, found one that was")
        take.discarded_at = now
        spot = Spot(take.language, take.slow, take.name)
        record(session, by, "prompt.discarded", "prompt", _object(spot), now, take=take_id)
    _unlink(folder, take_id)


def forget_take(engine: Engine, folder: Path, take_id: str, by: str, now: datetime) -> None:
    """Erase a recording's sound for good, also one that callers once heard; its row stays.

    An edition that had it is heard without it from now on, should it be brought back.

    Raises:
        UnknownTake: there is none.
        TakeInUse: it belongs to what is published now.
    """
    with transaction(engine) as session:
        take = session.get(PromptTake, take_id)
        if take is None:
            raise UnknownTake("expected the id of a recording, found another")
        alone(session, publishing(take.language))
        newest = (
            select(PromptEdition.id)
            .where(PromptEdition.language == take.language)
            .order_by(PromptEdition.number.desc())
            .limit(1)
            .scalar_subquery()
        )
        query = select(EditionTake.take_id).where(
            EditionTake.edition_id == newest, EditionTake.take_id == take_id
        )
        if session.scalar(query):
            raise TakeInUse("expected a recording that is not in use, found one that callers hear")
        take.discarded_at = take.discarded_at or now
        spot = Spot(take.language, take.slow, take.name)
        record(session, by, "prompt.forgotten", "prompt", _object(spot), now, take=take_id)
    for suffix in SUFFIXES:
        sound_path(folder, take_id).with_suffix(suffix).unlink(missing_ok=True)


def publishing(language: str) -> str:
    """What whoever changes the editions of a language is alone with."""
    return f"prompts.{language}"


def kept_files(session: Session) -> Mapping[str, str]:
    """The files of all takes that are kept, by their names in the folder → SHA-256."""
    query = select(PromptTake.id, PromptTake.sha256, PromptTake.master_sha256)
    rows = session.execute(query.where(PromptTake.discarded_at.is_(None))).all()
    return {f"{row.id}.wav": row.sha256 for row in rows} | {
        f"{row.id}.flac": row.master_sha256 for row in rows
    }


def takes_of(session: Session, spot: Spot) -> Sequence[PromptTake]:
    """All takes of one sound, the newest first."""
    return session.scalars(
        select(PromptTake)
        .where(
            PromptTake.language == spot.language,
            PromptTake.slow == spot.slow,
            PromptTake.name == spot.name,
            PromptTake.discarded_at.is_(None),
        )
        .order_by(PromptTake.taken_at.desc(), PromptTake.id)
    ).all()


def newest_takes(session: Session, language: str) -> dict[Spot, PromptTake]:
    """The newest take of each sound of a language."""
    query = (
        select(PromptTake)
        .where(PromptTake.language == language, PromptTake.discarded_at.is_(None))
        .order_by(PromptTake.taken_at, PromptTake.id.desc())
    )
    return by_spot(session.scalars(query))


def by_spot(takes: Iterable[PromptTake]) -> dict[Spot, PromptTake]:
    """Takes by where they belong; of several at one spot the last one."""
    return {Spot(take.language, take.slow, take.name): take for take in takes}


def sound_path(folder: Path, take_id: str) -> Path:
    """Where what callers hear lies."""
    return folder / f"{take_id}.wav"


def still_right(take: PromptTake, piece: Piece) -> bool:
    """Whether the recording has the words of today: signs and capitals are not heard."""
    return _heard(take.words) == _heard(piece.text)


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _heard(words: str) -> str:
    composed = unicodedata.normalize("NFC", words).lower()
    return " ".join("".join(s if s.isalnum() else " " for s in composed).split())


def _object(spot: Spot) -> str:
    return f"{spot.language}{'-slow' if spot.slow else ''}/{spot.name}"


@contextmanager
def _files_of(folder: Path, take_id: str) -> Iterator[None]:
    """The making of a take: where it fails, nothing of it is left on the disk."""
    try:
        yield
    except BaseException:
        _unlink(folder, take_id)
        raise


def _unlink(folder: Path, take_id: str) -> None:
    for suffix in SUFFIXES:
        with suppress(OSError):  # without its row nobody asks for it
            sound_path(folder, take_id).with_suffix(suffix).unlink()


def _linked(there: Path, path: Path) -> None:
    """The same file under another name; a copy where the disk knows no second names."""
    try:
        os.link(there, path)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(there, path)
        sync(path)
