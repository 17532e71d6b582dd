"""All sounds of a language at one pace: what is heard of each, what waits to be published, what is
to be seen to. For staff; a call asks `ivr.published_prompts`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.flow_check.limits import MOST_SOUND_S, MOST_WORDS
from ivr.prompt_editions import Edition, current_edition
from ivr.prompt_groups import Group, group_of
from ivr.prompt_models import EditionTake, PromptTake
from ivr.prompt_sounds import MadeSound, read_manifest
from ivr.prompt_takes import Spot, by_spot, newest_takes, still_right
from ivr.prompts import DIGITS, Piece, Prompts
from ivr.published_prompts import heard_takes


class Heard(StrEnum):
    """Who speaks a sound to callers just now."""

    TAKE = "take"  # recorded here and published
    STUDIO = "studio"  # a file of the province pack
    UNITS = "units"  # put together of recorded units
    VOICE = "voice"  # a synthetic voice
    MISSING = "missing"


_MADE = {"studio": Heard.STUDIO, "units": Heard.UNITS, "rendered": Heard.VOICE}


@dataclass(frozen=True)
class PromptRow:
    """One sound.

    `take` is heard, `length_s` is that of what is heard; `draft` is newer and was never published.
    `stale` was published for other words than today's, `waiting` is a published digit while other
    digits lack, the file of `lost` is gone: none of them is heard.
    """

    piece: Piece
    group: Group
    heard: Heard
    length_s: float | None
    take: PromptTake | None = None
    draft: PromptTake | None = None
    stale: PromptTake | None = None
    waiting: PromptTake | None = None
    lost: PromptTake | None = None

    @property
    def recorded(self) -> bool:
        """Whether a person is heard."""
        return self.heard in (Heard.TAKE, Heard.STUDIO, Heard.UNITS)

    @property
    def too_long(self) -> bool:
        """Whether callers lose the thread: by its sound, or by its words where there is none."""
        if len(self.piece.text.split()) > MOST_WORDS:
            return True
        return self.length_s is not None and self.length_s > MOST_SOUND_S


@dataclass(frozen=True)
class Coverage:
    """How much of a part of the call is spoken by people."""

    group: Group
    sounds: int
    recorded: int
    drafts: int
    faults: int  # what somebody should look at


@dataclass(frozen=True)
class Overview:
    """The sounds of a language at one pace, in the order of a call; `edition` is the newest."""

    rows: Sequence[PromptRow]
    edition: Edition

    @property
    def coverage(self) -> Sequence[Coverage]:
        """By parts of the call, those that have any sound."""
        found = []
        for group in Group:
            rows = [row for row in self.rows if row.group is group]
            if rows:
                found.append(
                    Coverage(
                        group,
                        len(rows),
                        sum(row.recorded for row in rows),
                        sum(row.draft is not None for row in rows),
                        sum(is_faulty(row) for row in rows),
                    )
                )
        return found

    def row(self, name: str) -> PromptRow | None:
        """The sound of that name."""
        return next((row for row in self.rows if row.piece.name == name), None)


def is_faulty(row: PromptRow) -> bool:
    """Whether somebody should look at it."""
    return row.too_long or bool(row.stale or row.waiting or row.lost) or row.heard is Heard.MISSING


def overview(session: Session, prompts: Prompts, slow: bool, folder: Path) -> Overview:
    """How all of `prompts` stand; `folder` has the takes' sounds."""
    edition = current_edition(session, prompts.language)
    published = by_spot(edition.takes)
    known = ever_published(session, prompts.language)
    heard = heard_takes(prompts, slow, folder, published)
    drafts = {
        spot: take
        for spot, take in newest_takes(session, prompts.language).items()
        if take.id not in known
    }
    made = read_manifest(prompts.folder)
    rows = [
        _row(piece, slow, prompts.language, heard, published, drafts, made)
        for piece in prompts.pieces
    ]
    order = {group: place for place, group in enumerate(Group)}
    rows.sort(key=lambda row: order[row.group])
    return Overview(rows, edition)


def ever_published(session: Session, language: str) -> frozenset[str]:
    """Ids of the takes that callers have heard, now or before."""
    query = (
        select(EditionTake.take_id)
        .join(PromptTake, PromptTake.id == EditionTake.take_id)
        .where(PromptTake.language == language)
        .distinct()
    )
    return frozenset(session.scalars(query))


def _row(
    piece: Piece,
    slow: bool,
    language: str,
    heard: Mapping[str, PromptTake],
    published: Mapping[Spot, PromptTake],
    drafts: Mapping[Spot, PromptTake],
    made: Mapping[str, MadeSound],
) -> PromptRow:
    spot = Spot(language, slow, piece.name)
    take = heard.get(piece.name)
    there = published.get(spot)
    unheard = there if there is not None and there is not take else None
    right = unheard is not None and still_right(unheard, piece)
    digit = piece.name in DIGITS.values()
    draft = drafts.get(spot)
    sound = made.get(piece.name)
    if take is not None:
        who, length_s = Heard.TAKE, take.length_s
    elif sound is not None:
        who, length_s = _MADE.get(sound.source, Heard.VOICE), sound.length_s
    else:
        who, length_s = Heard.MISSING, None
    return PromptRow(
        piece,
        group_of(piece.key),
        who,
        length_s,
        take,
        draft if draft is not None and still_right(draft, piece) else None,
        stale=None if right else unheard,
        waiting=unheard if right and digit else None,
        lost=unheard if right and not digit else None,
    )
