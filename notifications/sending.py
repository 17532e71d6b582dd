"""The sender: takes SMS from the outbox in order, and hands each to the provider once.

A message is noted as on its way, and committed, before the provider is called; what became of it
is committed afterwards. Between the two a death leaves a message whose fate is unknown. It is then
looked up at the provider; where that cannot be asked it is sent again, counted in `doubts`.
"""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine, or_, select
from sqlalchemy.orm import Session

from notifications.errors import OutcomeUnknown, Refused, SendingFailed, TryLater
from notifications.lease import Lease
from notifications.models import Message, MessagePart, MessageStatus
from notifications.opt_outs import opt_out_hash
from notifications.pace import Pace
from notifications.picking import Picker, adopt_old, give_up
from notifications.providers.provider import Outgoing, Provider, Search
from notifications.receipts import alone_with_parts, note_accepted
from notifications.trouble import Told, Trouble
from storage.crypto import current_box
from storage.database import reading, transaction

log = structlog.get_logger()

S = MessageStatus
IDLE_S = 0.25
SEARCHED_AFTER = timedelta(seconds=1)
# Of one message that the provider does not take, while it takes others.
MAX_ATTEMPTS = 8
# Of one whose fate stays unknown where nobody can be asked: each may have arrived.
MAX_DOUBTS = 5


@dataclass(frozen=True)
class _Flight:
    """A message on its way. `search`: it is being looked for and not sent."""

    message_id: str
    attempted_at: datetime
    outgoing: Outgoing | None
    search: Search | None = None


@dataclass(frozen=True)
class _Landed:
    """What became of it: ids of the provider, nothing found, or an error."""

    flight: _Flight
    ids: tuple[str, ...] | None = None
    error: SendingFailed | None = None
    never_left: bool = False


class Sender:
    """Sends over one provider, while it holds the lease. One thread calls `once` or `run`."""

    def __init__(
        self,
        engine: Engine,
        provider: Provider,
        picker: Picker,
        pace: Pace,
        clock: Callable[[], datetime],
        lease: Lease,
        told: Told,
    ) -> None:
        self._engine = engine
        self._provider = provider
        self._picker = picker
        self._pace = pace
        self._clock = clock
        self._lease = lease
        self._pool = ThreadPoolExecutor(provider.at_once, thread_name_prefix="sms")
        self._flying: dict[str, _Flight] = {}
        self._landed: deque[_Landed] = deque()
        self._wake = threading.Event()
        self._trouble = Trouble(provider.name, told)
        self._adopted = False
        self._searched_at: datetime | None = None

    def run(self, stop: threading.Event) -> None:
        """Send until `stop` is set; then what is on its way is waited for and noted."""
        while not stop.is_set():
            try:
                wait_s = self.once()
            except Exception as error:  # the database may be away: nothing is lost meanwhile
                log.warning("sms sender failed", error=type(error).__name__)
                wait_s = 1.0
            if wait_s > 0:
                self._wake.wait(wait_s)
            self._wake.clear()
        self.close()

    def close(self) -> None:
        """Note what is on its way, and let others send."""
        self._pool.shutdown(wait=True, cancel_futures=False)
        self._provider.close()
        if self._landed:
            self._note_all(self._clock(), may_fetch=False)
        self._lease.release()

    @property
    def under_way(self) -> int:
        """Messages that are handed over, or looked for, at the moment."""
        return len(self._flying) - len(self._landed)

    def once(self) -> float:
        """Do what can be done now; how long until there may be more, in seconds."""
        now = self._clock()
        ours = self._lease.hold(now)
        if ours and not self._adopted:
            with transaction(self._engine) as session:
                self._adopted = adopt_old(session) == 0
        if ours and (self._searched_at is None or now - self._searched_at >= SEARCHED_AFTER):
            self._searched_at = now
            self._search_lost(now)
        may_fetch = ours and self._pace.wait_s <= 0
        if not self._landed and not (may_fetch and self._room(now) and self._anything_due(now)):
            return IDLE_S if self._pace.wait_s <= 0 else min(IDLE_S, self._pace.wait_s)
        if self._note_all(now, may_fetch):
            return max(0.0, min(IDLE_S, self._pace.wait_s))
        return min(IDLE_S, self._pace.wait_s) if self._pace.wait_s > 0 else IDLE_S

    def _room(self, now: datetime) -> int:
        """How many more may be on their way; one at a time while the provider fails."""
        if self._trouble.is_left_alone(now):
            return 0
        most = 1 if self._trouble.failures else self._provider.at_once
        return max(0, most - self.under_way)

    def _anything_due(self, now: datetime) -> bool:
        with reading(self._engine) as session:  # mostly nothing is: no writer waits for that
            return self._picker.anything_due(session, now)

    def _note_all(self, now: datetime, may_fetch: bool) -> int:
        """Commit what became of those that are back and who goes next, together; how many."""
        back = list(self._landed)
        flights: list[_Flight] = []
        with transaction(self._engine) as session:
            for landed in back:
                self._note(session, landed, now)
            session.flush()
            fetch = self._room(now) if may_fetch else 0  # what failed leaves less
            picked = self._picker.candidates(session, now, fetch) if fetch else ()
            for message in picked:
                if self._pace.wait_s > 0:
                    break
                outgoing = self._picker.claim(session, message, self._provider.name, now)
                if outgoing is not None:
                    self._pace.spend(len(outgoing.parts))
                    flights.append(_Flight(message.id, now, outgoing))
            session.flush()
        for landed in back:
            self._landed.popleft()
            self._flying.pop(landed.flight.message_id, None)
        for flight in flights:
            self._start(flight)
        return len(back) + len(picked)

    def _start(self, flight: _Flight) -> None:
        self._flying[flight.message_id] = flight
        self._pool.submit(self._fly, flight)

    def _fly(self, flight: _Flight) -> None:
        """In a thread of the pool: talks to the provider, and to nothing else."""
        try:
            if flight.search is not None:
                landed = _Landed(flight, self._provider.find(flight.search))
            elif not self._lease.is_ours:
                landed = _Landed(flight, never_left=True)
            else:
                assert flight.outgoing is not None
                landed = _Landed(flight, self._provider.send(flight.outgoing))
        except SendingFailed as error:
            landed = _Landed(flight, error=error)
        except Exception as error:  # a fault of ours must not stop the others
            log.exception("sms provider failed", error=type(error).__name__)
            landed = _Landed(flight, error=OutcomeUnknown(type(error).__name__))
        self._landed.append(landed)
        self._wake.set()

    def _note(self, session: Session, landed: _Landed, now: datetime) -> None:
        alone_with_parts(session, self._provider.name, landed.ids or ())
        message = session.scalar(
            select(Message).where(Message.id == landed.flight.message_id).with_for_update()
        )
        if message is None or message.attempted_at != landed.flight.attempted_at:
            return
        if landed.ids is not None:
            self._trouble.worked(session, now)
            note_accepted(session, message, landed.ids, now)
            return
        if message.status != S.SENDING:
            return  # a receipt was quicker
        match landed.error:
            case None if landed.never_left:
                _requeue(message)
            case None if landed.flight.search is not None:
                # The provider has it not, so it goes again. Not at once: if it is the message that
                # makes the provider fail, others go in between.
                _requeue(message, now + self._trouble.pause(message.attempts))
            case Refused() as error:
                self._trouble.worked(session, now)
                if error.opted_out and message.number_hash is not None:
                    opt_out_hash(session, message.number_hash, "provider", now)
                give_up(message, error.code)
            case TryLater() as error if landed.flight.search is None and not error.everybody:
                self._trouble.worked(session, now)
                self._again(message, error, now)
            case TryLater() as error:
                self._trouble.failed(session, message, error, now)
                if landed.flight.search is None:
                    message.attempts -= 1  # that the provider is away is not the message's doing
                    _requeue(message)
            case OutcomeUnknown() as error:
                self._trouble.failed(session, message, error, now)
                if self._provider.settle_s is None:
                    doubt(message, error.code)
                    message.next_at = now + self._trouble.pause(message.attempts)
            case error:
                raise AssertionError(f"unknown outcome {error!r}")

    def _again(self, message: Message, error: TryLater, now: datetime) -> None:
        if message.attempts >= MAX_ATTEMPTS:
            give_up(message, error.code)
            return
        pause = max(timedelta(seconds=error.after_s or 0.0), self._trouble.pause(message.attempts))
        _requeue(message, now + pause)
        message.problem = error.code

    def _search_lost(self, now: datetime) -> None:
        """Look for messages whose fate an earlier death, or a lost answer, left unknown."""
        if self._room(now) == 0:
            return
        settle_s = self._provider.settle_s
        since = now - timedelta(seconds=settle_s or 0.0)
        lost = select(Message).where(
            Message.status == S.SENDING,
            Message.id.not_in(list(self._flying)),
            or_(Message.attempted_at <= since, Message.provider != self._provider.name),
        )
        with reading(self._engine) as session:
            ids = session.scalars(lost.order_by(Message.queued_at, Message.id)).all()
        for found in ids:
            if found.provider != self._provider.name or settle_s is None:
                self._doubt(found.id)
            elif found.to_number is None or found.attempted_at is None:
                self._drop(found.id)
            elif self._room(now):
                search = self._search(found, found.to_number, found.attempted_at)
                self._start(_Flight(found.id, found.attempted_at, None, search))

    def _search(self, message: Message, number: str, attempted_at: datetime) -> Search:
        body_hash, name, engine = message.body_hash, self._provider.name, self._engine

        def is_taken(provider_id: str) -> bool:
            with reading(engine) as session:
                part = session.get(MessagePart, (name, provider_id))
                return part is not None and part.message_id not in (None, message.id)

        return Search(
            message_id=message.id,
            to_number=number,
            since=attempted_at,
            is_ours=lambda body: current_box().keyed_hash(body) == body_hash,
            is_taken=is_taken,
        )

    def _doubt(self, message_id: str) -> None:
        with transaction(self._engine) as session:
            message = _sending(session, message_id)
            if message is not None and message.to_number is None:
                message.status = S.CANCELLED
            elif message is not None:
                doubt(message, "sender_died")

    def _drop(self, message_id: str) -> None:
        with transaction(self._engine) as session:
            message = _sending(session, message_id)
            if message is not None and message.to_number is None:
                message.status = S.CANCELLED


def doubt(message: Message, why: str) -> None:
    """Send it again although it may have arrived: rather twice than never. Staff see it."""
    message.doubts += 1
    if message.doubts > MAX_DOUBTS:
        give_up(message, why)
        return
    _requeue(message)
    message.problem = why
    log.warning("message sent again in doubt", message=message.id, why=why, doubts=message.doubts)


def _sending(session: Session, message_id: str) -> Message | None:
    message = session.scalar(select(Message).where(Message.id == message_id).with_for_update())
    return message if message is not None and message.status == S.SENDING else None


def _requeue(message: Message, next_at: datetime | None = None) -> None:
    message.status, message.next_at = S.QUEUED, next_at
    if message.to_number is None:
        message.status, message.text_values = S.CANCELLED, {}
