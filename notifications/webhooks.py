"""Telling programs what happens: subscriptions, and deliveries written with their cause.

Signed as Standard Webhooks 1.0 has it; `notifications.webhook_sending` sends them.
"""

import base64
import binascii
import json
import secrets
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from notifications.destinations import Destinations
from notifications.errors import BadSubscription, UnknownSubscription
from notifications.models import Delivery, DeliveryState, Subscription
from storage.database import transaction

log = structlog.get_logger()

EVENTS = (
    "report.created",
    "report.changed",  # corrected, noted, added to: no new status
    "report.triaged",
    "report.assigned",
    "report.in_progress",
    "report.waiting_citizen",
    "report.resolved",
    "report.closed",
    "report.rejected",
    "report.duplicate",
    "report.diverted",
    "report.reopened",
    "report.new",  # waited for the citizen, and goes on where it was
    "alert.opened",
    "alert.raised",  # graver than before
    "alert.lowered",
    "alert.acknowledged",
    "alert.escalated",
    "alert.closed",
)
SECRET_PREFIX = "whsec_"
_SECRET_BYTES = 32
_SHORTEST_SECRET, _LONGEST_SECRET = 24, 64
MAX_NAME_LENGTH = 80
_AT_ONCE = 500  # deliveries in one statement


@dataclass(frozen=True)
class Wanted:
    """What a subscription shall be. Without a secret one is made."""

    url: str
    events: tuple[str, ...]
    name: str = ""
    secret: str | None = None


def subscribe(
    session: Session, wanted: Wanted, destinations: Destinations, by: str, now: datetime
) -> Subscription:
    """The new subscription, told of what happens from now on. `by` is a user's id.

    Raises:
        BadDestination: nothing may be sent to that URL.
        BadSubscription: an event is unknown, or there is none, or the secret is none.
    """
    destinations.check_url(wanted.url)
    secret = wanted.secret or new_secret()
    key_of(secret)
    row = Subscription(
        id=uuid.uuid4().hex,
        url=wanted.url,
        name=wanted.name[:MAX_NAME_LENGTH],
        events=_written(wanted.events),
        secret=secret,
        created_by=by,
        created_at=now,
    )
    session.add(row)
    session.flush()
    log.info("webhook subscribed", subscription=row.id)
    return row


def change_subscription(
    session: Session,
    subscription_id: str,
    destinations: Destinations,
    now: datetime,
    url: str | None = None,
    events: Iterable[str] | None = None,
    name: str | None = None,
    enabled: bool | None = None,
) -> Subscription:
    """The subscription with what is given changed; None leaves a thing as it is.

    Raises:
        UnknownSubscription, BadDestination, BadSubscription: see `subscribe`.
    """
    row = _subscription(session, subscription_id)
    if url is not None:
        destinations.check_url(url)
        row.url = url
    if events is not None:
        row.events = _written(events)
    if name is not None:
        row.name = name[:MAX_NAME_LENGTH]
    if enabled is True:
        row.disabled_at = row.disabled_why = row.failing_since = None
    elif enabled is False and row.disabled_at is None:
        row.disabled_at, row.disabled_why = now, "by_hand"
    session.flush()
    return row


def remove_disabled(engine: Engine, subscription_id: str) -> None:
    """Remove a disabled subscription and its deliveries, in transactions that are short.

    A month's deliveries are many: whoever else writes goes in between. One that was interrupted
    leaves the subscription, disabled, to be removed again; one that is gone is no error.
    """
    some = select(Delivery.id).where(Delivery.subscription_id == subscription_id).limit(_AT_ONCE)
    left = True
    while left:
        with transaction(engine) as session:
            ids = session.scalars(some).all()
            session.execute(delete(Delivery).where(Delivery.id.in_(ids)))
        left = len(ids) == _AT_ONCE
    with transaction(engine) as session:
        try:
            row = _subscription(session, subscription_id)
        except UnknownSubscription:
            return
        # What was published by whoever had looked before it was disabled.
        session.execute(delete(Delivery).where(Delivery.subscription_id == subscription_id))
        session.delete(row)
    log.info("webhook unsubscribed", subscription=subscription_id)


def publish(
    session: Session, event: str, subject: str, data: Mapping[str, Any], now: datetime
) -> int:
    """Write a delivery for each subscription to `event`; how many. Sent if this commits.

    `data` tells what happened and nothing of a person.
    """
    rows = session.scalars(select(Subscription).where(Subscription.disabled_at.is_(None))).all()
    told = [row for row in rows if event in row.events.split()]
    if not told:
        return 0
    body = json.dumps(
        {"type": event, "timestamp": _iso(now), "data": data},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    for row in told:
        session.add(
            Delivery(
                id=uuid.uuid4().hex,
                subscription_id=row.id,
                event=event,
                subject=subject,
                body=body,
                created_at=now,
                state=DeliveryState.WAITING,
                next_at=now,
            )
        )
    session.flush()
    return len(told)


def replay(session: Session, subscription_id: str, delivery_id: str, now: datetime) -> Delivery:
    """Have a delivery sent once more, whatever became of it; under the same id.

    Raises:
        UnknownSubscription: there is no such delivery of that subscription.
    """
    row = session.scalar(select(Delivery).where(Delivery.id == delivery_id).with_for_update())
    if row is None or row.subscription_id != subscription_id:
        raise UnknownSubscription("no such delivery")
    row.state, row.tries, row.next_at, row.held_until = DeliveryState.WAITING, 0, now, None
    session.flush()
    return row


def replay_failed(session: Session, subscription_id: str, since: datetime, now: datetime) -> int:
    """Have everything sent once more that was given up since then; how many.

    Raises:
        UnknownSubscription: there is none of that id.
    """
    _subscription(session, subscription_id)
    failed = select(Delivery.id).where(
        Delivery.subscription_id == subscription_id,
        Delivery.state == DeliveryState.FAILED,
        Delivery.created_at >= since,
    )
    ids = list(session.scalars(failed))
    for at in range(0, len(ids), _AT_ONCE):
        session.execute(
            update(Delivery)
            .where(Delivery.id.in_(ids[at : at + _AT_ONCE]))
            .values(state=DeliveryState.WAITING, tries=0, next_at=now, held_until=None)
        )
    return len(ids)


def new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def key_of(secret: str) -> bytes:
    """The bytes to sign with.

    Raises:
        BadSubscription: it is not `whsec_` and 24 to 64 bytes of base64.
    """
    try:
        if not secret.startswith(SECRET_PREFIX):
            raise ValueError
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
        if not _SHORTEST_SECRET <= len(key) <= _LONGEST_SECRET:
            raise ValueError
    except (ValueError, binascii.Error) as error:
        raise BadSubscription("expected a secret: whsec_ and 24 to 64 bytes of base64") from error
    return key


def _subscription(session: Session, subscription_id: str) -> Subscription:
    row = session.scalar(
        select(Subscription).where(Subscription.id == subscription_id).with_for_update()
    )
    if row is None:
        raise UnknownSubscription("no such subscription")
    return row


def _written(events: Iterable[str]) -> str:
    wanted = set(events)
    unknown = wanted - set(EVENTS)
    if unknown or not wanted:
        raise BadSubscription("expected events of: " + ", ".join(EVENTS))
    return " ".join(event for event in EVENTS if event in wanted)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
