"""How the parts of the hotline are, for the live view: asked every few seconds, answered in one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from console.live.facts import Health, LiveServices, PartHealth
from hotline.clock import utc_now
from hotline.disk_guard import MB
from hotline.settings import Settings
from hotline.speech_health import SpeechState, speech_health
from hotline.telephony.wanted import NONE, the_manager
from ivr.models import AgiServerRow
from ivr.orphans import SILENT_AFTER
from ivr.queue_watch import QueueWatch
from notifications.models import Message, MessageStatus
from notifications.trouble import sms_trouble
from storage.database import reading
from storage.disk import free_bytes
from storage.jobs import backlog

GB = 1_000_000_000
# A worker takes a job up within a second; recognition of a long queue may take its time.
SLOW_AFTER = timedelta(minutes=5)
STUCK_AFTER = timedelta(minutes=30)


def queue_watch(settings: Settings) -> QueueWatch | None:
    """Looks at Asterisk's queue; None where there is no Asterisk of ours."""
    if settings.asterisk == NONE:
        return None
    return QueueWatch(the_manager(settings), utc_now)


def the_live_services(settings: Settings, engine: Engine) -> LiveServices:
    """What the live view needs."""
    watch = queue_watch(settings)
    health = LiveHealth(settings, engine, watch)
    return LiveServices(health, watch, settings.live_streams)


@dataclass(frozen=True)
class LiveHealth:
    """Asks every part; `watch` knows of Asterisk."""

    settings: Settings
    engine: Engine
    watch: QueueWatch | None

    def __call__(self) -> Sequence[PartHealth]:
        now = utc_now()
        agi, messages = self._of_tables(now)
        return (
            self._asterisk(),
            agi,
            self._speech(),
            _jobs(self.engine, now),
            messages,
            self._disk(),
        )

    def _of_tables(self, now: datetime) -> tuple[PartHealth, PartHealth]:
        """What only the database tells; the others shall not wait for it to come back."""
        try:
            with reading(self.engine) as session:
                return _agi(session, len(self.settings.agi_binds), now), _messages(session, now)
        except SQLAlchemyError:
            return PartHealth("agi", Health.UNKNOWN), PartHealth("messages", Health.UNKNOWN)

    def _asterisk(self) -> PartHealth:
        if self.watch is None:
            return PartHealth("asterisk", Health.OFF)
        seen, away_since = self.watch.state()
        if away_since is not None:
            return PartHealth("asterisk", Health.AWAY)
        return PartHealth("asterisk", Health.UNKNOWN if seen is None else Health.READY)

    def _speech(self) -> PartHealth:
        found = speech_health(self.settings)
        figures: dict[str, str | int]
        figures = {"engine": found.engine, "used": found.used, "places": found.places}
        match found.state:
            case SpeechState.READY if found.used >= found.places:
                return PartHealth("speech", Health.LOW, figures)
            case SpeechState.READY:
                return PartHealth("speech", Health.READY, figures)
            case SpeechState.OFF:
                return PartHealth("speech", Health.OFF)
            case SpeechState.AWAY:
                return PartHealth("speech", Health.AWAY)

    def _disk(self) -> PartHealth:
        free = free_bytes(self.settings.data)
        state = Health.READY
        if free < self.settings.disk_reserve_mb * MB:
            state = Health.AWAY
        elif free < self.settings.disk_alarm_mb * MB:
            state = Health.LOW
        return PartHealth("disk", state, {"free_gb": f"{free / GB:.1f}"})


def _agi(session: Session, wanted: int, now: datetime) -> PartHealth:
    alive = session.scalar(
        select(func.count())
        .select_from(AgiServerRow)
        .where(AgiServerRow.beat_at > now - SILENT_AFTER)
    )
    alive = alive or 0
    state = Health.READY if alive >= wanted else Health.LOW if alive else Health.AWAY
    return PartHealth("agi", state, {"alive": alive, "wanted": wanted})


def _jobs(engine: Engine, now: datetime) -> PartHealth:
    try:
        with reading(engine) as session:
            found = backlog(session, now)
    except SQLAlchemyError:  # its tables are made by the first set-up
        return PartHealth("jobs", Health.AWAY, {"waiting": 0, "minutes": 0})
    return _waiting("jobs", found.waiting, timedelta(seconds=found.oldest_s))


def _messages(session: Session, now: datetime) -> PartHealth:
    trouble = sms_trouble(session, now)
    if trouble is not None:
        minutes = int((now - trouble.since).total_seconds() / 60)
        figures: dict[str, str | int] = {"waiting": trouble.waiting, "minutes": minutes}
        state = Health.AWAY if trouble.stands_still else Health.LOW
        return PartHealth("messages", state, figures)
    waiting, oldest = session.execute(
        select(func.count(), func.min(Message.queued_at)).where(
            Message.status == MessageStatus.QUEUED
        )
    ).one()
    return _waiting("messages", waiting, now - oldest if oldest else timedelta(), most=Health.LOW)


def _waiting(name: str, count: int, oldest: timedelta, most: Health = Health.AWAY) -> PartHealth:
    state = Health.READY
    if oldest > STUCK_AFTER:
        state = most
    elif oldest > SLOW_AFTER:
        state = Health.LOW
    return PartHealth(name, state, {"waiting": count, "minutes": int(oldest.total_seconds() / 60)})
