"""The life of a report as one table: from which state to which, by whom, and what it takes.

`docs/lifecycle.md` draws it. Everything that changes a report's state asks this table.
"""

from collections.abc import Mapping
from itertools import chain

from reports.actors import Actor, Party
from reports.errors import NotAllowed
from reports.models import ReportStatus

S = ReportStatus
Parties = frozenset[Party]

_CITIZEN = frozenset({Party.CITIZEN})
_STAFF = frozenset({Party.STAFF})
_WORK = frozenset({Party.STAFF, Party.AGENCY})
_ANYBODY = frozenset(Party)

# How work on a report ends: with an answer, or without any work.
_ANSWERED = {S.RESOLVED: _WORK}
_NOT_OURS = {
    S.REJECTED: _STAFF,
    S.DUPLICATE: _STAFF,
    S.DIVERTED: frozenset({Party.STAFF, Party.SYSTEM}),
}
_ASKED = {S.WAITING_CITIZEN: _WORK}
_SORTED = {S.ASSIGNED: _STAFF, S.WAITING_CITIZEN: _STAFF, S.RESOLVED: _STAFF, **_NOT_OURS}
_WORKED_ON = {**_ANSWERED, **_ASKED, **_NOT_OURS, S.TRIAGED: _WORK}  # triaged: handed back

MOVES: Mapping[ReportStatus, Mapping[ReportStatus, Parties]] = {
    S.NEW: {S.TRIAGED: _STAFF, **_SORTED, S.CLOSED: _CITIZEN},  # closed: withdrawn
    S.TRIAGED: _SORTED,
    S.ASSIGNED: {S.IN_PROGRESS: _WORK, **_WORKED_ON},
    S.IN_PROGRESS: {S.ASSIGNED: _STAFF, **_WORKED_ON},
    # Back to where it was, when the citizen has answered or is waited for no more.
    S.WAITING_CITIZEN: {
        S.NEW: _ANYBODY,
        S.TRIAGED: _ANYBODY,
        S.ASSIGNED: _ANYBODY,
        S.IN_PROGRESS: _ANYBODY,
        S.REOPENED: _ANYBODY,
        S.CLOSED: frozenset({Party.STAFF, Party.SYSTEM}),
        **_ANSWERED,
        **_NOT_OURS,
    },
    S.REOPENED: {S.TRIAGED: _WORK, S.IN_PROGRESS: _WORK, **_SORTED, **_ANSWERED, **_ASKED},
    S.RESOLVED: {S.CLOSED: _ANYBODY - {Party.AGENCY}, S.REOPENED: _CITIZEN | _STAFF},
    S.CLOSED: {S.REOPENED: _CITIZEN | _STAFF},
    S.REJECTED: {S.REOPENED: _CITIZEN | _STAFF},
    S.DUPLICATE: {S.REOPENED: _STAFF},
    S.DIVERTED: {S.REOPENED: _STAFF},
}
# What a state cannot be entered without: a field of `reports.changes.Change`.
NEEDS: Mapping[ReportStatus, tuple[str, ...]] = {
    S.ASSIGNED: ("agency",),
    S.WAITING_CITIZEN: ("text",),
    S.RESOLVED: ("text",),
    S.REJECTED: ("reason",),
    S.DUPLICATE: ("original",),
    S.DIVERTED: ("reason",),
}
# Nothing is due any more, and callers are not offered these as their open reports.
ENDED = frozenset({S.RESOLVED, S.CLOSED, S.REJECTED, S.DUPLICATE, S.DIVERTED})
NEXT: Mapping[ReportStatus, frozenset[ReportStatus]] = {
    state: frozenset(moves) for state, moves in MOVES.items()
}
assert set(chain.from_iterable(MOVES.values())) <= set(MOVES)


def may_move(actor: Actor, before: ReportStatus, after: ReportStatus) -> bool:
    """Whether the table leads from one state to the other, for that party."""
    return actor.party in MOVES[before].get(after, frozenset())


def check_move(
    actor: Actor, before: ReportStatus, after: ReportStatus, paused_from: str | None = None
) -> None:
    """Pass where the table has that way for that party.

    A waiting report goes back to the state that it was `paused_from` and to no other open one.

    Raises:
        NotAllowed: it has not.
    """
    if not may_move(actor, before, after):
        raise NotAllowed(f"a {before} report cannot become {after} by the {actor.party}")
    if before is S.WAITING_CITIZEN and after not in ENDED and after != paused_from:
        raise NotAllowed(f"a waiting report goes back to {paused_from}, not to {after}")
