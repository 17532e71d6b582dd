"""What staff make of a recogniser's words: kept beside the draft, with the difference.

The draft stays as it was, so that later models can be measured against what people wrote.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.errors import NoWords, WordsChanged, WordsTooLong
from reports.models import Transcript, TranscriptCorrection, TranscriptStatus
from reports.word_checks import keep_check, last_correction

log = structlog.get_logger()

AT_ONCE = 500
MOST_CHARACTERS = 10_000  # more than half an hour of speech
# Of two texts: so often a word of one may be one of the other. Speech of this length has a tenth of
# that; one word ten thousand times over would be compared for minutes, while nobody can write.
_MOST_PAIRS = 250_000


class EditKind(StrEnum):
    REPLACED = "replaced"
    ADDED = "added"
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class Edit:
    """Words that became others. `at` counts words from the beginning of the text before."""

    kind: EditKind
    at: int
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class Correction:
    """One correction of a recording's words, opened."""

    recording: str
    number: int
    by: str
    at: datetime
    before: str
    after: str
    edits: tuple[Edit, ...]


def correct(
    session: Session, recording: str, before: str, after: str, by: str, now: datetime
) -> Correction | None:
    """Keep `after` as the words of a recording; None where it says what `before` said.

    `before` is what the person saw. Either way the words are no draft any more: somebody has
    read them. `by` is a user's id.

    Raises:
        NoWords: the recording was not transcribed.
        WordsChanged: what the person saw is not what holds now.
        WordsTooLong: `after` has more than `MOST_CHARACTERS` without double spaces.
    """
    before, after = _tidy(before), _tidy(after)
    if len(after) > MOST_CHARACTERS and after != before:
        raise WordsTooLong(f"expected at most {MOST_CHARACTERS} characters, found {len(after)}")
    transcript = session.scalar(
        select(Transcript).where(Transcript.recording_name == recording).with_for_update()
    )
    if transcript is None or transcript.status == TranscriptStatus.PENDING:
        raise NoWords(f"recording {recording} has no words yet")
    last = last_correction(session, recording)
    current = last.after if last is not None else transcript.text or ""
    if before != _tidy(current):
        raise WordsChanged(f"the words of recording {recording} were corrected in the meantime")
    transcript.draft = False
    if transcript.status == TranscriptStatus.DONE:
        keep_check(session, transcript, after, now)
    if after == before:
        return None
    edits = word_edits(before, after)
    row = TranscriptCorrection(
        recording_name=recording,
        number=1 if last is None else last.number + 1,
        by=by,
        at=now,
        before=before,
        after=after,
        edits=[asdict(edit) for edit in edits],
    )
    session.add(row)
    session.flush()
    log.info("transcript corrected", recording=recording, number=row.number, edits=len(edits))
    return _opened(row)


def corrections_of(session: Session, recording: str) -> tuple[Correction, ...]:
    """Every correction of a recording, the first one first."""
    rows = session.scalars(
        select(TranscriptCorrection)
        .where(TranscriptCorrection.recording_name == recording)
        .order_by(TranscriptCorrection.number)
    )
    return tuple(_opened(row) for row in rows)


def best_words(session: Session, recording: str) -> str | None:
    """What a person made of the words, else the draft; None before there are any."""
    last = last_correction(session, recording)
    if last is not None:
        return last.after
    return session.scalar(
        select(Transcript.text).where(
            Transcript.recording_name == recording, Transcript.status == TranscriptStatus.DONE
        )
    )


def word_edits(before: str, after: str) -> tuple[Edit, ...]:
    """How one text became the other, word by word. Letters count as written, accents and all."""
    old, new = _tidy(before).split(), _tidy(after).split()
    there = Counter(new)
    if sum(there[word] for word in old) > _MOST_PAIRS:
        return (Edit(EditKind.REPLACED, 0, tuple(old), tuple(new)),)
    # Its guess at junk ("autojunk") would overlook the commonest words of a long statement.
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    kinds = {"replace": EditKind.REPLACED, "insert": EditKind.ADDED, "delete": EditKind.LEFT_OUT}
    return tuple(
        Edit(kinds[tag], begin, tuple(old[begin:end]), tuple(new[new_begin:new_end]))
        for tag, begin, end, new_begin, new_end in matcher.get_opcodes()
        if tag in kinds
    )


def words_put_in(session: Session, least_recordings: int) -> tuple[str, ...]:
    """Words that staff had to put in, those of most recordings first.

    Only such as were put into `least_recordings` different ones, and no numbers: what several
    callers say is vocabulary, what one says may be their name.
    """
    counts: Counter[str] = Counter()
    for edits in _edits_by_recording(session):
        counts.update({word for edit in edits for word in _plain_words(edit.after)})
    often = [(word, count) for word, count in counts.items() if count >= least_recordings]
    return tuple(word for word, _ in sorted(often, key=lambda one: (-one[1], one[0])))


def _edits_by_recording(session: Session) -> Iterable[Sequence[Edit]]:
    """The edits of each recording, all of its corrections together."""
    rows = session.execute(
        select(TranscriptCorrection.recording_name, TranscriptCorrection.edits)
        .order_by(TranscriptCorrection.recording_name)
        .execution_options(yield_per=AT_ONCE)
    )
    name, edits = None, list[Edit]()
    for row_name, row_edits in rows:
        if row_name != name and edits:
            yield edits
            edits = []
        name = row_name
        edits.extend(_edit(value) for value in row_edits)
    if edits:
        yield edits


def _plain_words(words: Iterable[str]) -> Iterable[str]:
    for word in words:
        plain = "".join(letter for letter in word.lower() if letter.isalpha())
        if len(plain) > 1 and not any(letter.isdigit() for letter in word):
            yield plain


def _opened(row: TranscriptCorrection) -> Correction:
    return Correction(
        recording=row.recording_name,
        number=row.number,
        by=row.by,
        at=row.at,
        before=row.before,
        after=row.after,
        edits=tuple(_edit(value) for value in row.edits),
    )


def _edit(value: dict[str, Any]) -> Edit:
    return Edit(
        EditKind(value["kind"]), int(value["at"]), tuple(value["before"]), tuple(value["after"])
    )


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
