"""An outbox with messages, a provider that keeps what it is told, and a sender between."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine, select

from notifications.lease import Lease
from notifications.models import Message, MessageStatus
from notifications.pace import Pace
from notifications.picking import Picker
from notifications.providers.provider import Outgoing, Search
from notifications.sending import Sender
from notifications.service import queue_message
from notifications.texts import Texts
from notifications.trouble import Told
from storage.database import reading, transaction
from tests.builders import CALLER_NUMBER, NOON
from tests.provinces.packs import bac_lieu

REFERENCE = {"reference": "482-173-905"}
RECEIVED = {**REFERENCE, "pin": "4711"}
STAFF = "+84912999999"
UNDER_WAY = (MessageStatus.QUEUED, MessageStatus.SENDING)


@dataclass
class TestClock:
    """The time, which passes when the test says so."""

    __test__ = False
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **much: float) -> None:
        self.now += timedelta(**much)


@dataclass
class FakeProvider:
    """Keeps what it was given; `errors` are raised first, one for each message handed over.

    With `taken_all_the_same` an error comes after the message was taken.
    """

    name: str = "fake"
    at_once: int = 1
    settle_s: float | None = 10.0
    sent: list[Outgoing] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)
    taken_all_the_same: bool = False
    searched: list[Search] = field(default_factory=list)
    away: Exception | None = None
    before: Callable[[Outgoing], None] | None = None

    def send(self, message: Outgoing) -> tuple[str, ...]:
        if self.before is not None:
            self.before(message)
        if self.away is not None:
            raise self.away
        error = self.errors.pop(0) if self.errors else None
        if error is None or self.taken_all_the_same:
            self.sent.append(message)
        if error is not None:
            raise error
        return (f"id-{len(self.sent)}",)

    def find(self, search: Search) -> tuple[str, ...] | None:
        if self.away is not None:
            raise self.away
        self.searched.append(search)
        for number, message in enumerate(self.sent, 1):
            known = f"id-{number}"
            ours = message.to_number == search.to_number and search.is_ours(message.body)
            if ours and not search.is_taken(known):
                return (known,)
        return None

    def close(self) -> None:
        pass

    @property
    def bodies(self) -> list[str]:
        return [message.body for message in self.sent]


def queue(
    engine: Engine,
    key: str = "received:r1",
    text_key: str = "report_received",
    values: Mapping[str, str] = RECEIVED,
    to: str = CALLER_NUMBER,
    now: datetime = NOON,
    call_id: str | None = None,
) -> str:
    """Our id of the message."""
    with transaction(engine) as session:
        queue_message(
            session,
            idempotency_key=key,
            to_number=to,
            text_key=text_key,
            values=values,
            language="vi",
            report_id="r1",
            call_id=call_id,
            now=now,
        )
        found = session.scalars(select(Message.id).where(Message.idempotency_key == key)).one()
    return found


def messages(engine: Engine) -> list[Message]:
    with reading(engine) as session:
        return list(session.scalars(select(Message).order_by(Message.queued_at, Message.id)))


def the_message(engine: Engine) -> Message:
    [message] = messages(engine)
    return message


def states(engine: Engine) -> list[str]:
    return [message.status for message in messages(engine)]


def a_picker() -> Picker:
    province = bac_lieu()
    return Picker(Texts(province), province.timezone)


@contextmanager
def a_sender(
    engine: Engine,
    provider: FakeProvider,
    clock: TestClock,
    holder: str = "worker-1",
    told: Sequence[str] = (STAFF,),
    parts_s: float = 1000.0,
) -> Iterator[Sender]:
    lease = Lease(engine, provider.name, holder, clock_s=lambda: clock.now.timestamp())
    sender = Sender(engine, provider, a_picker(), Pace(parts_s), clock, lease, Told(told))
    try:
        yield sender
    finally:
        sender.close()


def work_off(sender: Sender, rounds: int = 3) -> None:
    """Have the sender do all that it can do at this moment."""
    idle = 0
    while idle < rounds:
        before = sender.once()
        while sender.under_way:
            time.sleep(0.001)
            before = 0.0
        idle = idle + 1 if before > 0 else 0


def send_all(engine: Engine, provider: FakeProvider, clock: TestClock) -> None:
    with a_sender(engine, provider, clock) as sender:
        work_off(sender)


def until(holds: Callable[[], bool], limit_s: float = 10.0) -> None:
    end = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < end, f"did not come true within {limit_s} s"
        time.sleep(0.01)


@contextmanager
def running(sender: Sender) -> Iterator[None]:
    """The sender at work in a thread."""
    stop = threading.Event()
    thread = threading.Thread(target=sender.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
