"""How right a recogniser was, by what staff made of its words: kept when they do, as numbers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from reports.models import Recording, Transcript, TranscriptCorrection, TranscriptStatus
from reports.word_models import WordCheck
from storage.batches import in_batches
from storage.database import reading


def keep_check(session: Session, transcript: Transcript, words: str, now: datetime) -> WordCheck:
    """Note how far the draft was from `words`, which a person has read or written."""
    return session.merge(WordCheck(**_check(session, transcript, words, now)))


def wrong_words(draft: Sequence[str], right: Sequence[str]) -> int:
    """The fewest words to leave out, put in and replace that make `right` of `draft`.

    Divided by the words of `right` it is the word error rate, as it is measured everywhere:
    capitals and marks at a word's ends are none of the recogniser's business.
    """
    old, new = _without_same_ends(_plain(draft), _plain(right))
    numbers = {word: number for number, word in enumerate({*old, *new})}
    others = np.array([numbers[word] for word in new], dtype=np.int32)
    places = np.arange(len(new) + 1, dtype=np.int32)
    row = places
    for number, word in enumerate(old, start=1):
        best = np.minimum(row[1:] + 1, row[:-1] + (others != numbers[word]))
        # Words put in come one after the other: each place takes the best one before it.
        row = np.minimum.accumulate(np.concatenate(([number], best)) - places) + places
    return int(row[-1])


def unchecked_words(engine: Engine) -> Sequence[str]:
    """The recordings whose words were read before this was kept."""
    read = (
        select(Transcript.recording_name)
        .where(
            Transcript.draft.is_(False),
            Transcript.status == TranscriptStatus.DONE,
            ~select(WordCheck.recording_name)
            .where(WordCheck.recording_name == Transcript.recording_name)
            .exists(),
        )
        .order_by(Transcript.recording_name)
    )
    with reading(engine) as session:
        return session.scalars(read).all()


def check_earlier_words(engine: Engine, names: Sequence[str], now: datetime) -> int:
    """Do the same for those recordings of `unchecked_words`; how many there were."""
    # Whoever writes meanwhile does not wait for the counting.
    with reading(engine) as session:
        checks = {name: made for name in names if (made := _made(session, name, now)) is not None}

    def work(session: Session, some: Sequence[str]) -> Sequence[str]:
        new = [name for name in some if session.get(WordCheck, name) is None]
        session.add_all(WordCheck(**checks[name]) for name in new)
        return new

    return sum(len(done) for done in in_batches(engine, list(checks), work))


def last_correction(session: Session, recording: str) -> TranscriptCorrection | None:
    """What a person made of the words last; None where nobody has changed them."""
    return session.scalar(
        select(TranscriptCorrection)
        .where(TranscriptCorrection.recording_name == recording)
        .order_by(TranscriptCorrection.number.desc())
        .limit(1)
    )


def _made(session: Session, name: str, now: datetime) -> dict[str, Any] | None:
    transcript = session.get(Transcript, name)
    if transcript is None:
        return None
    last = last_correction(session, name)
    words = last.after if last is not None else transcript.text or ""
    return _check(session, transcript, words, last.at if last is not None else now)


def _check(session: Session, transcript: Transcript, words: str, at: datetime) -> dict[str, Any]:
    right = words.split()
    return {
        "recording_name": transcript.recording_name,
        "report_id": session.scalar(
            select(Recording.report_id).where(Recording.name == transcript.recording_name)
        ),
        "model": transcript.model,
        "checked_at": at,
        "words": len(right),
        "wrong": wrong_words((transcript.text or "").split(), right),
    }


def _without_same_ends(
    old: Sequence[str], new: Sequence[str]
) -> tuple[Sequence[str], Sequence[str]]:
    """Most of a draft is right: what is compared word by word is the middle."""
    shorter = min(len(old), len(new))
    begin = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    old, new = old[begin:], new[begin:]
    shorter = min(len(old), len(new))
    end = next((n for n in range(shorter) if old[-1 - n] != new[-1 - n]), shorter)
    return old[: len(old) - end], new[: len(new) - end]


def _plain(words: Sequence[str]) -> Sequence[str]:
    return [plain for word in words if (plain := word.strip(".,;:!?…\"'()–-").lower())]
