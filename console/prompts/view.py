"""What the pages of prompts show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ivr.prompt_groups import Group
from ivr.prompt_models import PromptTake
from ivr.prompt_overview import Overview, PromptRow, is_faulty
from understanding.fold import fold


class State(StrEnum):
    """What the list can be narrowed to."""

    DRAFT = "draft"
    MACHINE = "machine"
    FAULTY = "faulty"


@dataclass(frozen=True)
class Asked:
    """The filters of the list, as its address has them."""

    group: Group | None
    state: State | None
    words: str

    @property
    def narrows(self) -> bool:
        return bool(self.group or self.state or self.words)


def read_asked(args: Mapping[str, str]) -> Asked:
    """The filters; those that mean nothing are left out."""
    group, state = args.get("group", ""), args.get("state", "")
    return Asked(
        Group(group) if group in list(Group) else None,
        State(state) if state in list(State) else None,
        args.get("q", "").strip()[:100],
    )


def chosen(overview: Overview, asked: Asked) -> Sequence[PromptRow]:
    """The rows that are asked for; without a question, those of the first part of a call."""
    wanted = fold(asked.words)
    first = overview.rows[0].group if overview.rows else None
    group = asked.group or (None if asked.narrows else first)
    return [
        row
        for row in overview.rows
        if (group is None or row.group is group)
        and (asked.state is None or _is(row, asked.state))
        and (not wanted or wanted in fold(row.piece.text) or asked.words in row.piece.name)
    ]


def _is(row: PromptRow, state: State) -> bool:
    match state:
        case State.DRAFT:
            return row.draft is not None
        case State.MACHINE:
            return not row.recorded
        case State.FAULTY:
            return is_faulty(row)


@dataclass(frozen=True)
class Neighbours:
    """Names of sounds of the same list: the next one, and the next that no person speaks yet."""

    after: str | None
    unrecorded: str | None


def neighbours(overview: Overview, name: str) -> Neighbours:
    """What to go on with after `name`."""
    names = [row.piece.name for row in overview.rows]
    rest = overview.rows[names.index(name) + 1 :]
    machine = (row.piece.name for row in rest if not row.recorded and row.draft is None)
    return Neighbours(rest[0].piece.name if rest else None, next(machine, None))


def drafts_of(overview: Overview) -> Sequence[tuple[PromptRow, PromptTake]]:
    """What waits to be published."""
    return [(row, row.draft) for row in overview.rows if row.draft is not None]
