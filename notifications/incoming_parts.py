"""Parts of somebody's long SMS until all are there; what waits too long for the rest goes without.

They lie in the database: the parts of one SMS may reach several processes, and any of them may die
in between.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, delete, select
from sqlalchemy.orm import Session

from notifications.arrival_files import arrived_at
from notifications.inbox import Incoming, store_incoming
from notifications.inbox_models import IncomingPart
from notifications.providers.smpp_parts import Fragment
from storage.crypto import current_box
from storage.locks import alone

JOINED_WITHIN = timedelta(minutes=2)
# So long the same part, stored again after a death, is known.
KNOWN_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Part:
    """A part as it arrived; `provider_id` is its file's name, ever the same."""

    provider: str
    provider_id: str
    sender: str = field(repr=False)
    fragment: Fragment = field(repr=False)


def store_part(session: Session, part: Part, now: datetime) -> str | None:
    """Our id of the message that this part completes; None where others are missing, or it was
    known."""
    fragment = part.fragment
    row = IncomingPart(
        provider=part.provider,
        provider_id=part.provider_id,
        sender_hash=current_box().keyed_hash(part.sender),
        sender=part.sender,
        reference=fragment.reference,
        total=fragment.total,
        number=fragment.number,
        text=fragment.text,
        received_at=now,
    )
    _alone(session, row)
    if session.get(IncomingPart, (part.provider, part.provider_id)) is not None:
        return None
    session.add(row)
    session.flush()
    there = session.scalars(_of_one_message(row)).all()
    if set(range(1, row.total + 1)) - {each.number for each in there}:
        return None
    return _join(session, there)


def anything_overdue(session: Session, now: datetime) -> bool:
    """Whether joining is worth a transaction."""
    some = select(IncomingPart.provider_id).where(_overdue(now)).limit(1)
    return session.scalar(some) is not None


def join_overdue(session: Session, now: datetime) -> int:
    """Hand on what waited for its rest in vain; how many messages."""
    joined = 0
    for row in session.scalars(select(IncomingPart).where(_overdue(now))).all():
        _alone(session, row)
        there = session.scalars(
            _of_one_message(row).execution_options(populate_existing=True)
        ).all()
        if there:  # else it was joined with another one of this loop, or by somebody quicker
            _join(session, there)
            joined += 1
    return joined


def forget_parts(session: Session, now: datetime) -> None:
    """Remove what was joined long ago; its words have gone with that already."""
    session.execute(
        delete(IncomingPart).where(
            IncomingPart.joined.is_(True), IncomingPart.received_at < now - KNOWN_FOR
        )
    )


def _join(session: Session, parts: Sequence[IncomingPart]) -> str:
    newest = {each.number: each for each in parts}  # one that came twice counts once
    text = "".join(newest[number].text for number in sorted(newest))
    first = parts[0]
    whole = Incoming(first.provider, first.provider_id, first.sender, text)
    for each in parts:
        each.joined, each.sender, each.text = True, "", ""
    # A part's `received_at` is since when it waits here; its name tells when it arrived.
    arrived = min(arrived_at(each.provider_id) or each.received_at for each in parts)
    return store_incoming(session, whole, arrived)


def _overdue(now: datetime) -> ColumnElement[bool]:
    return and_(IncomingPart.joined.is_(False), IncomingPart.received_at < now - JOINED_WITHIN)


def _of_one_message(row: IncomingPart) -> Select[IncomingPart]:
    return (
        select(IncomingPart)
        .where(
            IncomingPart.provider == row.provider,
            IncomingPart.sender_hash == row.sender_hash,
            IncomingPart.reference == row.reference,
            IncomingPart.total == row.total,
            IncomingPart.joined.is_(False),
        )
        .order_by(IncomingPart.received_at, IncomingPart.provider_id)
    )


def _alone(session: Session, row: IncomingPart) -> None:
    alone(session, f"incoming parts {row.sender_hash} {row.reference} {row.total}")
