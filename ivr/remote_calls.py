"""Calls whose end, or whose words, the telephone provider may have failed to tell us.

It tells of a recording and of the call's end by requests that come in any order, late, or never.
So after each call it is asked which recordings it has of it, and the call ends here only then;
and now and then it is asked for recordings of calls that never reached us.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update

from ivr import engine
from ivr.conversation import Conversations
from ivr.drivers.recorder import Recorder
from ivr.drivers.twiml_calls import DRIVER, HOLDER
from ivr.engine import Arrival
from ivr.errors import ProviderAway, SoundGone
from ivr.last_resort import file_last_resort, file_recording
from ivr.models import Call
from ivr.remote_recordings import (
    READY_AFTER,
    RemoteCall,
    RemoteRecording,
    RemoteRecordings,
    adopted,
)
from ivr.short_recordings import noted
from ivr.steps import Record, Recorded
from reports.models import Recording
from storage.database import reading, transaction
from understanding.phone_number import read_phone_number

log = structlog.get_logger()

AT_ONCE = 50
LEASE = timedelta(seconds=60)
# No turn takes longer: whoever is silent for so long is asked about.
LONGEST_TURN = timedelta(minutes=10)
# So long nobody talks: where the provider itself is away, the call is over without asking it.
LONGEST_TALK = timedelta(minutes=130)
NOT_READY = timedelta(seconds=10)
STRAYS_OF = timedelta(days=1)
# What the provider puts where a caller withholds the number: words, or these typed as digits.
_WITHHELD = frozenset({"266696687", "7378742833", "2562533", "8656696", "86282452253"})


def caller_of(told: str) -> str | None:
    """The caller's number in E.164; None where it is withheld or is none."""
    if told.strip().lstrip("+") in _WITHHELD:
        return None
    number = read_phone_number(told)
    return number.e164 if number else None


@dataclass(frozen=True)
class Settling:
    """Asks the provider about calls. `numbers` are ours there, in E.164: what else the account
    carries is left alone; none: all of it is ours."""

    conversations: Conversations
    recorder: Recorder
    remote: RemoteRecordings
    numbers: Sequence[str] = ()

    def once(self) -> int:
        """How many calls were settled."""
        return sum(self._settled(call_id) for call_id in self._due())

    def find_strays(self) -> int:
        """How many recordings of ours the provider has that nothing here knows; the calls that
        they belong to are begun where they are unknown, and settled next."""
        now = self.conversations.clock()
        strays = self._unknown(self.remote.made_since(now - STRAYS_OF))
        for driver_call_id in dict.fromkeys(stray.driver_call_id for stray in strays):
            self._find_again(driver_call_id, now)
        return len(strays)

    def _due(self) -> Sequence[str]:
        with reading(self.conversations.database) as session:
            query = select(Call.id).where(_is_due(self.conversations.clock()))
            return session.scalars(query.order_by(Call.settle_at).limit(AT_ONCE)).all()

    def _settled(self, call_id: str) -> bool:
        call = self._take(call_id)
        if call is None:
            return False
        try:
            again_at = self._settle(call)
        except (ProviderAway, SoundGone) as error:
            log.warning("call not settled", call=call_id, why=type(error).__name__)
            if call.ended_at is None and call.advanced_at < self._now - LONGEST_TALK:
                self._hang_up(call_id)
            again_at = self._now + LEASE
        return self._look_again(call_id, call.settle_at, again_at) and again_at is None

    @property
    def _now(self) -> datetime:
        return self.conversations.clock()

    def _take(self, call_id: str) -> Call | None:
        """The row, held for a while: other workers leave the call alone."""
        with transaction(self.conversations.database) as session:
            held = session.execute(
                update(Call)
                .where(Call.id == call_id, _is_due(self._now))
                .values(settle_at=self._now + LEASE)
                .returning(Call.id)
            )
            return session.get_one(Call, call_id) if held.first() is not None else None

    def _settle(self, call: Call) -> datetime | None:
        """When to look again; None where all is known."""
        there = self.remote.call(call.driver_call_id)
        if there is not None and not there.over:
            return self._now + LONGEST_TURN
        found = self._unknown(self.remote.of_call(call.driver_call_id))
        words = noted(self.conversations.database, [each.remote_id for each in found])
        found = [each for each in found if each.remote_id not in words]
        if not all(each.ready for each in found):
            return self._now + NOT_READY
        if call.recording_declined:
            for each in found:  # a slip of somebody's: it is not listened to, and not kept
                self.remote.forget(each.remote_id)
            found = []
        missing = False
        at = self.conversations.standing(call.id)
        if at is not None and isinstance(at.turn.wait, Record) and found:
            last = found[-1]
            try:
                if sound := adopted(self.recorder, self.remote, last, call.id):
                    self.conversations.advance(at, sound)
                    found = found[:-1]
            except SoundGone:  # filed when it is there: what was given already does not wait for it
                missing = True
        self._hang_up(call.id)
        for each in found:
            try:
                self._file(call, each)
            except SoundGone:
                log.error("recording is listed and not there", call=call.id)
                missing = missing or each.made_at > self._now - READY_AFTER
        return self._now + LEASE if missing else None

    def _hang_up(self, call_id: str) -> None:
        if (at := self.conversations.standing(call_id)) is not None:
            self.conversations.hang_up(at)

    def _file(self, call: Call, found: RemoteRecording) -> None:
        """Words that reached no turn: they go to the call's report, or make one."""
        sound = adopted(self.recorder, self.remote, found, call.id)
        if sound is None:
            return
        with transaction(self.conversations.database) as session:
            query = select(Call).where(Call.id == call.id).with_for_update()
            row = session.scalars(query).one()
            if _known(session.scalars(_of_remote([found.remote_id])).all(), found):
                return
            last = session.scalar(
                select(func.max(Recording.position)).where(Recording.call_id == call.id)
            )
            length = engine.journal_length(session, call.id)
            position = max(length, (last if last is not None else -1) + 1)
            file_recording(session, self.conversations, row, sound, position, found.made_at)

    def _find_again(self, driver_call_id: str, now: datetime) -> None:
        with reading(self.conversations.database) as session:
            call = session.scalar(
                select(Call).where(Call.driver == DRIVER, Call.driver_call_id == driver_call_id)
            )
        if call is None:
            there = self.remote.call(driver_call_id)
            if there is None or not there.over or not self._ours(there):
                return
            number = caller_of(there.caller)
            arrival = Arrival(DRIVER, driver_call_id, number, there.called[:40], HOLDER)
            call_id = file_last_resort(self.conversations, arrival, now, _no_sound)
        elif call.settle_at is None and call.ended_at is not None:
            call_id = call.id
        else:
            return  # it is in progress, or asked about already
        self._look_again(call_id, None, now)

    def _ours(self, there: RemoteCall) -> bool:
        return not self.numbers or there.called in self.numbers

    def _unknown(self, found: Sequence[RemoteRecording]) -> list[RemoteRecording]:
        with reading(self.conversations.database) as session:
            known = session.scalars(_of_remote([each.remote_id for each in found])).all()
        return [each for each in found if not _known(known, each)]

    def _look_again(self, call_id: str, held: datetime | None, at: datetime | None) -> bool:
        """Whether it is so now: where `held` no longer stands, the provider has told something
        since, or another worker has the call."""
        with transaction(self.conversations.database) as session:
            settled = session.execute(
                update(Call)
                .where(Call.id == call_id, Call.settle_at.is_not_distinct_from(held))
                .values(settle_at=at)
                .returning(Call.id)
            )
            return settled.first() is not None


def _no_sound(name: str) -> Recorded | None:
    return None


def _of_remote(remote_ids: Sequence[str]) -> Select[str | None]:
    return select(Recording.remote_id).where(Recording.remote_id.in_(remote_ids))


def _known(known: Sequence[str | None], found: RemoteRecording) -> bool:
    return found.remote_id in known


def _is_due(now: datetime) -> ColumnElement[bool]:
    silent = and_(
        Call.settle_at.is_(None), Call.ended_at.is_(None), Call.advanced_at < now - LONGEST_TURN
    )
    return and_(Call.driver == DRIVER, or_(Call.settle_at <= now, silent))
