"""Publishing recorded prompts: an edition is all recordings of a language that calls hear.

A call hears the edition that was the newest when it began, to its end, whichever server carries it:
so nobody hears half of a change. Publishing is one transaction and no file is touched by it; an
edition is never changed, and going back is publishing an older one's recordings again.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.audit import record
from ivr.errors import StaleEdition, UnknownEdition, UnknownTake
from ivr.prompt_models import EditionTake, PromptEdition, PromptTake
from ivr.prompt_takes import Spot, by_spot, publishing
from storage.locks import alone

Clock = Callable[[], datetime]

# Whoever looks when a call begins has to see every edition that was published before: so it counts
# from a moment on by which it is surely committed, and clocks of servers may differ by as much.
LEAD = timedelta(seconds=2)


@dataclass(frozen=True)
class Edition:
    """What was published of a language; number 0 is before anything was."""

    language: str
    number: int
    takes: tuple[PromptTake, ...] = ()
    by: str = ""
    published_at: datetime | None = None
    restores: int | None = None


def current_edition(session: Session, language: str) -> Edition:
    """What a call hears that begins now."""
    row = _newest(session, language)
    return _edition(session, row) if row is not None else Edition(language, 0)


def edition(session: Session, language: str, number: int) -> Edition:
    """What was published under that number; of 0, nothing.

    Raises:
        UnknownEdition: nothing was.
    """
    if number == 0:
        return Edition(language, 0)
    row = session.scalar(
        select(PromptEdition).where(
            PromptEdition.language == language, PromptEdition.number == number
        )
    )
    if row is None:
        raise UnknownEdition("expected the number of an edition, found none of that number")
    return _edition(session, row)


def editions(session: Session, language: str, most: int) -> Sequence[tuple[PromptEdition, int]]:
    """The last `most` editions, the newest first, each with how many recordings it has."""
    counted = (
        select(func.count()).where(EditionTake.edition_id == PromptEdition.id).scalar_subquery()
    )
    rows = session.execute(
        select(PromptEdition, counted)
        .where(PromptEdition.language == language)
        .order_by(PromptEdition.number.desc())
        .limit(most)
    )
    return [(row, count) for row, count in rows]


def publish(
    session: Session, language: str, take_ids: Collection[str], seen: int, by: str, clock: Clock
) -> Edition:
    """The current edition with these recordings, each in the place of what was there.

    `seen` is the number of the edition that whoever publishes was looking at.

    Raises:
        StaleEdition: another one was published since.
        UnknownTake: a recording is thrown away, of another language, or there is none at all.
    """
    before = _for_change(session, language, seen)
    new = session.scalars(
        select(PromptTake).where(
            PromptTake.id.in_(list(take_ids)),
            PromptTake.language == language,
            PromptTake.discarded_at.is_(None),
        )
    ).all()
    if not new or len(new) != len(set(take_ids)):
        raise UnknownTake("expected recordings of that language, found others or none")
    takes = by_spot([*before.takes, *new])
    return _publish(session, language, list(takes.values()), None, by, clock)


def withdraw(session: Session, spot: Spot, seen: int, by: str, clock: Clock) -> Edition:
    """The current edition without the recording of `spot`: what is spoken otherwise is heard again.

    Raises:
        StaleEdition: another one was published since.
        UnknownTake: nothing of it is published.
    """
    takes = by_spot(_for_change(session, spot.language, seen).takes)
    if takes.pop(spot, None) is None:
        raise UnknownTake("expected a sound with a published recording, found one without")
    return _publish(session, spot.language, list(takes.values()), None, by, clock)


def restore(
    session: Session, language: str, number: int, seen: int, by: str, clock: Clock
) -> Edition:
    """The recordings of an older edition, as a new one; number 0 takes all recordings back.

    Raises:
        StaleEdition: another one was published since.
        UnknownEdition: there is none of that number.
    """
    _for_change(session, language, seen)
    old = edition(session, language, number)
    kept = [take for take in old.takes if take.discarded_at is None]  # some were erased since
    return _publish(session, language, kept, number, by, clock)


def _for_change(session: Session, language: str, seen: int) -> Edition:
    alone(session, publishing(language))
    before = current_edition(session, language)
    if before.number != seen:
        raise StaleEdition(f"expected edition {seen} to be the newest, found {before.number}")
    return before


def _publish(
    session: Session,
    language: str,
    takes: Sequence[PromptTake],
    restores: int | None,
    by: str,
    clock: Clock,
) -> Edition:
    before = _newest(session, language)
    # Only now: whoever waited for another publisher, or for the database, began seconds ago.
    now = clock()
    number = before.number + 1 if before else 1
    # The newer edition is the later one, whatever a server's clock says.
    at = max(now + LEAD, before.published_at) if before else now + LEAD
    row = PromptEdition(language=language, number=number, restores=restores, by=by, published_at=at)
    session.add(row)
    session.flush()
    session.add_all(EditionTake(edition_id=row.id, take_id=take.id) for take in takes)
    session.flush()
    details: dict[str, int] = {"recordings": len(takes)}
    if restores is not None:
        details["restores"] = restores
    record(session, by, "prompts.published", "prompts", f"{language}/{number}", now, **details)
    return Edition(language, number, tuple(takes), by, at, restores)


def _newest(session: Session, language: str) -> PromptEdition | None:
    return session.scalar(
        select(PromptEdition)
        .where(PromptEdition.language == language)
        .order_by(PromptEdition.number.desc())
        .limit(1)
    )


def _edition(session: Session, row: PromptEdition) -> Edition:
    takes = session.scalars(
        select(PromptTake)
        .join(EditionTake, EditionTake.take_id == PromptTake.id)
        .where(EditionTake.edition_id == row.id)
    ).all()
    return Edition(row.language, row.number, tuple(takes), row.by, row.published_at, row.restores)
