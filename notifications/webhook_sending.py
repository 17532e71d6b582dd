"""Sending webhooks: many at once, each within a time limit, again and again until it arrives.

Whoever sends holds a delivery for a while; if they die, it is taken up by others. So each arrives
at least once, and its `webhook-id` tells a repeat. No job of the queue: one that pauses for hours
would keep a place there that an SMS waits for. The only file that imports httpx.
"""

import asyncio
import base64
import hmac
import ipaddress
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256

import httpx
import structlog
from sqlalchemy import Engine, delete, or_, select
from sqlalchemy.orm import Session

from notifications.destinations import Destinations
from notifications.errors import BadDestination
from notifications.models import Delivery, DeliveryState, Subscription
from notifications.service import queue_message
from notifications.webhooks import key_of
from storage.database import reading, transaction

log = structlog.get_logger()

# After which pauses it is tried again: those that Standard Webhooks proposes, 3 days in all.
PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
# Nothing has arrived for so long: it is not tried any more, and staff are told.
DISABLED_AFTER = timedelta(days=5)
KEPT = timedelta(days=30)
AT_ONCE = 20
LIMIT_S = 15.0  # for all of one attempt, the name's look-up included
HELD = timedelta(seconds=60)
LONGEST_WISH = timedelta(days=1)
AGENT = "hotline-webhooks/1"
GONE = 410


@dataclass(frozen=True)
class Told:
    """Whom to tell when a subscription is disabled: E.164 numbers of staff."""

    numbers: Sequence[str] = ()
    language: str = "vi"


@dataclass(frozen=True)
class _Letter:
    """A delivery, out of the database."""

    id: str
    subscription: str
    url: str
    secret: str
    body: str


@dataclass(frozen=True)
class _Answer:
    """`status` is None where there was no answer; `problem` then says why."""

    status: int | None
    problem: str | None = None
    wait_s: float | None = None  # what the other side asks for

    @property
    def arrived(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def send_due(
    engine: Engine,
    destinations: Destinations,
    clock: Callable[[], datetime],
    told: Told,
    limit_s: float = LIMIT_S,
) -> int:
    """Send what is due, at most `AT_ONCE` of them; how many were tried."""
    letters = _taken(engine, clock())
    if not letters:
        return 0
    answers = asyncio.run(_send_all(letters, destinations, clock, limit_s))
    for letter, answer in zip(letters, answers, strict=True):
        with transaction(engine) as session:
            _note(session, letter, answer, told, clock())
    return len(letters)


def forget_deliveries(session: Session, now: datetime) -> None:
    """Remove what is a month old, delivered or not."""
    session.execute(delete(Delivery).where(Delivery.created_at < now - KEPT))


def signature(secret: str, delivery_id: str, timestamp: int, body: str) -> str:
    """What the header `webhook-signature` says: `v1,` and the HMAC-SHA256 of id, time and body."""
    signed = f"{delivery_id}.{timestamp}.{body}".encode()
    return "v1," + base64.b64encode(hmac.digest(key_of(secret), signed, sha256)).decode()


def _taken(engine: Engine, now: datetime) -> list[_Letter]:
    query = (
        select(Delivery, Subscription)
        .join(Subscription, Subscription.id == Delivery.subscription_id)
        .where(
            Delivery.state == DeliveryState.WAITING,
            Delivery.next_at <= now,
            or_(Delivery.held_until.is_(None), Delivery.held_until <= now),
            Subscription.disabled_at.is_(None),
        )
        .order_by(Delivery.next_at, Delivery.id)
        .limit(AT_ONCE)
    )
    with reading(engine) as session:  # mostly nothing is due: no writer waits for that
        if session.execute(query.limit(1)).first() is None:
            return []
    letters = []
    with transaction(engine) as session:
        for delivery, subscription in session.execute(
            query.with_for_update(of=Delivery, skip_locked=True)
        ):
            delivery.held_until = now + HELD
            letters.append(
                _Letter(
                    delivery.id,
                    subscription.id,
                    subscription.url,
                    subscription.secret,
                    delivery.body,
                )
            )
    return letters


async def _send_all(
    letters: Sequence[_Letter],
    destinations: Destinations,
    clock: Callable[[], datetime],
    limit_s: float,
) -> list[_Answer]:
    # `trust_env`: a proxy named in the environment would look up and reach what it likes.
    async with httpx.AsyncClient(
        verify=_certificates(), trust_env=False, follow_redirects=False, timeout=limit_s
    ) as client:
        return await asyncio.gather(
            *(_attempt(client, letter, destinations, clock(), limit_s) for letter in letters)
        )


async def _attempt(
    client: httpx.AsyncClient,
    letter: _Letter,
    destinations: Destinations,
    now: datetime,
    limit_s: float,
) -> _Answer:
    try:
        # One limit over all: a server that sends a byte now and then never meets httpx's own.
        async with asyncio.timeout(limit_s):
            return await _post(client, letter, destinations, now)
    except TimeoutError:
        return _Answer(None, "timeout")
    except BadDestination:
        return _Answer(None, "forbidden address")
    except (OSError, UnicodeError):  # the latter: a name that the look-up cannot even write
        return _Answer(None, "no such host")
    except httpx.TimeoutException:
        return _Answer(None, "timeout")
    except Exception as error:  # whatever it is: the others of the batch have arrived already
        return _Answer(None, type(error).__name__[:40])


async def _post(
    client: httpx.AsyncClient, letter: _Letter, destinations: Destinations, now: datetime
) -> _Answer:
    parts = destinations.check_url(letter.url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    # The very address that was checked is asked: a second look-up might lead elsewhere.
    found = await asyncio.get_running_loop().getaddrinfo(host, port, proto=6)
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    for each in addresses:
        destinations.check_address(each)
    address = addresses[0]
    timestamp = int(now.timestamp())
    where = f"[{address}]" if address.version == 6 else str(address)
    request = client.build_request(
        "POST",
        httpx.URL(letter.url).copy_with(host=where, port=port),
        content=letter.body.encode(),
        headers={
            "Host": parts.netloc,
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": AGENT,
            "webhook-id": letter.id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature(letter.secret, letter.id, timestamp, letter.body),
        },
        extensions={"sni_hostname": host},  # whose certificate it must be
    )
    answer = await client.send(request, stream=True)
    try:  # what it says beside its status is not read
        return _Answer(answer.status_code, None, _wish(answer.headers.get("Retry-After")))
    finally:
        await answer.aclose()


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _wish(retry_after: str | None) -> float | None:
    if retry_after is None or not (retry_after.isascii() and retry_after.isdigit()):
        return None
    return min(float(retry_after[:9]), LONGEST_WISH.total_seconds())


def _note(session: Session, letter: _Letter, answer: _Answer, told: Told, now: datetime) -> None:
    # The subscription first, as everybody locks them: two never wait for each other.
    subscription = session.scalar(
        select(Subscription).where(Subscription.id == letter.subscription).with_for_update()
    )
    delivery = session.scalar(select(Delivery).where(Delivery.id == letter.id).with_for_update())
    if delivery is None or subscription is None:
        return  # unsubscribed meanwhile
    delivery.tries += 1
    delivery.tried_at = now
    delivery.held_until = None
    delivery.status, delivery.problem = answer.status, answer.problem
    if answer.arrived:
        delivery.state, delivery.next_at = DeliveryState.DELIVERED, None
        subscription.failing_since = None
        return
    subscription.failing_since = subscription.failing_since or now
    if delivery.tries > len(PAUSES):
        delivery.state, delivery.next_at = DeliveryState.FAILED, None
    else:
        pause = max(PAUSES[delivery.tries - 1], timedelta(seconds=answer.wait_s or 0.0))
        delivery.next_at = now + pause
    log.info(
        "webhook not delivered",
        delivery=delivery.id,
        subscription=subscription.id,
        tries=delivery.tries,
        status=answer.status,
        problem=answer.problem,
    )
    gone = answer.status == GONE
    if subscription.disabled_at is None and (
        gone or now - subscription.failing_since >= DISABLED_AFTER
    ):
        _disable(session, subscription, "gone" if gone else "failing", told, now)


def _disable(
    session: Session, subscription: Subscription, why: str, told: Told, now: datetime
) -> None:
    subscription.disabled_at, subscription.disabled_why = now, why
    log.warning("webhook disabled", subscription=subscription.id, why=why)
    for index, number in enumerate(told.numbers):
        queue_message(
            session,
            idempotency_key=f"webhook:{subscription.id}:{int(now.timestamp())}:{index}",
            to_number=number,
            text_key="webhook_disabled",
            values={"name": subscription.name or subscription.id},
            language=told.language,
            report_id=None,
            now=now,
        )
