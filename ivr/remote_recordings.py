"""Recordings that a telephone provider made: fetched after the call went on, and deleted there.

What is to be done stands in the recordings' rows, so several workers share it and any of them may
die anywhere: who has taken a row holds it for a minute, and everything can be done twice.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy import ColumnElement, Engine, and_, or_, select, update

from ivr.drivers.recorder import Recorder
from ivr.errors import ProviderAway, SoundGone
from ivr.steps import Recorded
from reports.models import Recording
from reports.recordings import sound_came, sound_is_lost
from storage.database import reading, transaction

log = structlog.get_logger()

AT_ONCE = 20
LEASE = timedelta(seconds=60)
LONGEST_PAUSE_S = 3600
# A recording is ready seconds after it was made. What is not there by then was deleted.
READY_AFTER = timedelta(hours=2)
# What was asked for so often, over some four minutes, and is not there or is no sound, will not
# become one.
MOST_TRIES = 8
_KEPT_OF_REMOTE_ID = 24  # the rest of a name's 60 characters is the call's


@dataclass(frozen=True)
class RemoteRecording:
    """A recording at the provider; `ready`: its sound can be fetched."""

    remote_id: str
    driver_call_id: str
    made_at: datetime
    ready: bool


@dataclass(frozen=True)
class RemoteCall:
    """A call as the provider sees it. `caller` and `called` are as it writes them."""

    over: bool
    caller: str
    called: str


class RemoteRecordings(Protocol):
    """What is asked of a provider. Each raises `ProviderAway` where it does not answer."""

    def sound(self, remote_id: str) -> bytes:
        """The WAV file. Raises: SoundGone: there is none (yet)."""

    def forget(self, remote_id: str) -> None:
        """Delete it there; what is not there any more is deleted."""

    def of_call(self, driver_call_id: str) -> Sequence[RemoteRecording]:
        """Those of a call, the oldest first."""

    def made_since(self, since: datetime) -> Sequence[RemoteRecording]:
        """Those of the whole account."""

    def call(self, driver_call_id: str) -> RemoteCall | None:
        """The call; None where the provider knows none."""


@dataclass(frozen=True)
class Fetching:
    """Fetches what is due. `forgets`: what lies safe here is deleted at the provider; what people
    took back is deleted there in any case. `has_room`: the disk can take another recording."""

    database: Engine
    recorder: Recorder
    remote: RemoteRecordings
    clock: Callable[[], datetime]
    forgets: bool = True
    has_room: Callable[[], bool] = lambda: True

    def once(self) -> int:
        """How many recordings were looked after."""
        done = 0
        for name in self._due():
            taken = self._take(name)
            if taken is None:
                continue
            try:
                self._look_after(taken)
                done += 1
            except SoundGone:
                self._not_there(taken)
            except ProviderAway as error:
                log.warning("recording not fetched", recording=name, why=str(error))
                self._later(taken, counts=False)
        return done

    def _due(self) -> Sequence[str]:
        now = self.clock()
        with reading(self.database) as session:
            query = select(Recording.name).where(_is_due(now)).order_by(Recording.fetch_at)
            return session.scalars(query.limit(AT_ONCE)).all()

    def _take(self, name: str) -> Recording | None:
        """The row, held for a while: other workers leave it alone."""
        now = self.clock()
        with transaction(self.database) as session:
            held = session.execute(
                update(Recording)
                .where(Recording.name == name, _is_due(now))
                .values(fetch_at=now + LEASE, fetch_attempts=Recording.fetch_attempts + 1)
                .returning(Recording.name)
            )
            return session.get_one(Recording, name) if held.first() is not None else None

    def _look_after(self, recording: Recording) -> None:
        assert recording.remote_id is not None
        gone = recording.discarded_at is not None or recording.sound_erased_at is not None
        if not gone and not recording.sha256 and not self._fetch(recording, recording.remote_id):
            return
        if gone or self.forgets:
            self.remote.forget(recording.remote_id)
        self._done(recording.name, kept=not (gone or self.forgets))

    def _fetch(self, recording: Recording, remote_id: str) -> bool:
        """Whether the sound lies here now, as it lies there."""
        if not self.has_room():
            self._later(recording, counts=False)
            return False
        content = self.remote.sound(remote_id)
        sound = self.recorder.keep(content, recording.name)
        if sound is None or sound.sha256 != hashlib.sha256(content).hexdigest():
            if recording.fetch_attempts < MOST_TRIES:
                self._later(recording)
            else:
                # It stays there, for a person to look at; and it is known to be there.
                self._give_up(recording.name, kept=True)
            return False
        with transaction(self.database) as session:
            row = session.get_one(Recording, recording.name, with_for_update=True)
            if row.discarded_at is None and row.sound_erased_at is None:
                sound_came(session, row, sound)
                log.info("recording fetched", recording=row.name, attempts=row.fetch_attempts)
                return True
            row.fetch_at = self.clock()
        # Taken back while it was on its way: it is as if it had never come.
        self.recorder.forget(recording.name)
        return False

    def _done(self, name: str, kept: bool) -> None:
        with transaction(self.database) as session:
            row = session.get_one(Recording, name)
            row.remote_kept, row.fetch_at, row.fetch_attempts = kept, None, 0

    def _later(self, recording: Recording, counts: bool = True) -> None:
        """Try again after a pause; what tells nothing of the sound was no try that counts."""
        pause_s = min(2 ** min(recording.fetch_attempts, 20), LONGEST_PAUSE_S)
        with transaction(self.database) as session:
            row = session.get_one(Recording, recording.name)
            row.fetch_at = self.clock() + timedelta(seconds=pause_s)
            if not counts:
                row.fetch_attempts = max(0, row.fetch_attempts - 1)

    def _not_there(self, recording: Recording) -> None:
        young = self.clock() < recording.recorded_at + READY_AFTER
        # A provider that was away, and is not all there yet, says "not found" now and then.
        if young or recording.fetch_attempts < MOST_TRIES:
            self._later(recording)
        else:
            self._give_up(recording.name, kept=False)

    def _give_up(self, name: str, kept: bool) -> None:
        log.error("recording cannot be had of the provider", recording=name, kept_there=kept)
        with transaction(self.database) as session:
            row = session.get_one(Recording, name, with_for_update=True)
            if not row.sha256:  # another worker may have had more luck meanwhile
                sound_is_lost(session, row, kept, self.clock())


def adopted(
    recorder: Recorder, remote: RemoteRecordings, found: RemoteRecording, call_id: str
) -> Recorded | None:
    """A recording of which we were not told, on our disk; None where it is no sound.

    It is named after the provider's own name for it and not after a position: two workers that look
    after one call may count differently, and none must write over what the other has found.

    Raises:
        ProviderAway, SoundGone: it cannot be had now.
    """
    name = f"{call_id}-{found.remote_id[-_KEPT_OF_REMOTE_ID:]}"
    sound = recorder.keep(remote.sound(found.remote_id), name)
    if sound is None:
        return None
    return Recorded(
        sound.name,
        sound.length_s,
        sound.size_bytes,
        sound.sha256,
        sound.silent,
        remote_id=found.remote_id,
    )


def _is_due(now: datetime) -> ColumnElement[bool]:
    unwanted = or_(Recording.discarded_at.is_not(None), Recording.sound_erased_at.is_not(None))
    return and_(
        Recording.remote_kept.is_(True),
        or_(Recording.fetch_at <= now, and_(Recording.fetch_at.is_(None), unwanted)),
    )
