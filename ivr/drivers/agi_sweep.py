"""Calls that ended while none of our servers was listening: filed all the same.

Asterisk leaves a file named after the channel in a folder when a call ends unfinished, and a
recording beside a note where no server answered at all (asterisk_conf/extensions.conf). Should
Asterisk itself die, its new process or silence tells.
"""

import threading
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from ivr.conversation import Conversations, EndedBy
from ivr.drivers.agi_server import DRIVER
from ivr.drivers.call_files import NotReached, tell_unreached
from ivr.drivers.handover import outcome_of
from ivr.drivers.recorder import Recorder
from ivr.engine import Arrival
from ivr.last_resort import HOLDER, file_last_resort
from ivr.orphans import in_dialplan
from storage.errors import DATABASE_AWAY
from storage.file_lock import alone_at
from understanding.phone_number import read_phone_number

log = structlog.get_logger()

# No turn takes longer: prompts of a minute, a recording of two, a slow caller.
LONGEST_TURN = timedelta(minutes=10)
# No wait in the dialplan takes longer: LONGEST_TALK_S of hotline.telephony.render, and a margin.
LONGEST_TALK = timedelta(minutes=130)
EVERY_S = 1.0
NOTE_BYTES = 1000
LOCK = ".sweep"


@dataclass(frozen=True)
class Spool:
    """The folders in which Asterisk leaves word for us, and the file that holds its process id."""

    ended: Path
    last_resort: Path
    unreached: Path
    asterisk_pid: Path


@dataclass(frozen=True)
class Sweep:
    """Looks for calls that nobody holds any more and ends them. One server sweeps at a time."""

    conversations: Conversations
    recorder: Recorder
    spool: Spool
    not_reached: NotReached | None = None
    _asterisk: list[str] = field(default_factory=list, init=False, repr=False)

    def once(self) -> int:
        """The number of calls that were ended or filed."""
        with self._alone() as alone:
            if not alone:
                return 0
            done = self._last_resorts() + self._told() + self._former() + self._silent()
            if self.not_reached is not None:
                tell_unreached(self.spool.unreached, self.not_reached)
            return done

    def run(self, stop: threading.Event) -> None:
        while not stop.wait(EVERY_S):
            try:
                self.once()
            except Exception as error:  # the database may be away for a while: the files stay
                log.exception("sweep failed", error=type(error).__name__)

    def _alone(self) -> AbstractContextManager[bool]:
        """Whether we sweep now."""
        if not self.spool.ended.is_dir():
            return nullcontext(True)  # no Asterisk has ever run here: nothing to quarrel about
        return alone_at(self.spool.ended.parent / LOCK)

    def _last_resorts(self) -> int:
        folder = self.spool.last_resort
        unique_ids = {path.stem for path in folder.glob("*") if path.suffix in (".note", ".wav")}
        return sum(self._last_resort(unique_id) for unique_id in sorted(unique_ids))

    def _last_resort(self, unique_id: str) -> bool:
        note = self.spool.last_resort / f"{unique_id}.note"
        sound = self.spool.last_resort / f"{unique_id}.wav"
        ended = self.spool.ended / unique_id
        if not ended.exists() and not self._abandoned(note, sound):
            return False  # the caller is still speaking
        arrival, spoken_at = _read_note(_text(note), unique_id, self.conversations.clock())
        try:
            file_last_resort(
                self.conversations,
                arrival,
                spoken_at,
                lambda name: self.recorder.adopt(sound, name),
                self.recorder.take,
                _ended_by(_text(ended)),
            )
        except DATABASE_AWAY:
            raise  # nothing can be filed now: the files stay, and all is tried again
        except Exception as error:  # one that cannot be filed must not keep the others waiting
            log.exception("last resort not filed", error=type(error).__name__)
            return False
        # What is filed lies in the recordings and the database; only now is it safe to forget.
        for path in (sound, ended, note):
            path.unlink(missing_ok=True)
        return True

    def _abandoned(self, *files: Path) -> bool:
        """Whether Asterisk died over these: nothing was written for longer than one may speak."""
        newest = max(path.stat().st_mtime for path in files if path.exists())
        return datetime.fromtimestamp(newest, UTC) < datetime.now(UTC) - LONGEST_TURN

    def _told(self) -> int:
        notes = [note for note in self.spool.ended.glob("*") if note.is_file()]
        if not notes:
            return 0
        still_open = self.conversations.open_calls(DRIVER)
        ended = 0
        for note in notes:
            if (self.spool.last_resort / f"{note.name}.note").exists():
                continue  # it is filed with its recording
            if call_id := still_open.get(note.name):
                if not self._end(call_id, "ended after the fact", _ended_by(_text(note))):
                    continue  # the note stays, and the call is tried again
                ended += 1
            note.unlink(missing_ok=True)
        return ended

    def _former(self) -> int:
        """Calls of an Asterisk that is no more: a process id that we did not know tells."""
        try:
            pid = self.spool.asterisk_pid.read_text().strip()
            booted_at = self.spool.asterisk_pid.stat().st_mtime
        except OSError:
            return 0
        known, self._asterisk[:] = list(self._asterisk), [pid]
        age_s = datetime.now(UTC).timestamp() - booted_at
        # What we see first may have run for weeks, and clocks are put right in the meantime:
        # only the beginning of a process that is young is believed.
        if known == [pid] or not 0 <= age_s < LONGEST_TURN.total_seconds():
            return 0
        calls = self.conversations.open_calls(DRIVER)
        former = [call for unique_id, call in calls.items() if _began_at(unique_id) < booted_at]
        return sum(self._end(call_id, "ended with its Asterisk") for call_id in former)

    def _silent(self) -> int:
        now = self.conversations.clock()
        silent = self.conversations.open_calls(DRIVER, now - LONGEST_TURN)
        if not silent:
            return 0
        talked_out = self.conversations.open_calls(DRIVER, now - LONGEST_TALK)
        return sum(
            self._end(call_id, "ended after long silence")
            for unique_id, call_id in silent.items()
            if unique_id in talked_out or not in_dialplan(self.conversations.database, call_id)
        )

    def _end(self, call_id: str, why: str, ended_by: EndedBy = lambda at: None) -> bool:
        """Whether it worked: one call that cannot be ended must not keep the others open."""
        try:
            self.conversations.caller_left(call_id, self.recorder.take, ended_by)
        except Exception as error:
            log.exception("call could not be ended", call=call_id, error=type(error).__name__)
            return False
        log.warning(why, call=call_id)
        return True


def _text(note: Path) -> str:
    try:
        return note.read_bytes()[:NOTE_BYTES].decode("utf-8", "replace").strip()
    except FileNotFoundError:
        return ""


def _ended_by(told: str) -> EndedBy:
    return lambda at: outcome_of(told, at)


def _read_note(text: str, unique_id: str, now: datetime) -> tuple[Arrival, datetime]:
    """`<epoch>|<called number>|<presentation>|<caller's number>`; a full disk may have cut it."""
    epoch, called, presentation, caller = [*text.split("|", 3), "", "", "", ""][:4]
    number = None if presentation.startswith("prohib") else read_phone_number(caller)
    spoken_at = now
    if epoch.isdecimal() and int(epoch) <= now.timestamp():
        spoken_at = datetime.fromtimestamp(int(epoch), UTC)
    arrival = Arrival(
        driver=DRIVER,
        driver_call_id=unique_id[:150],
        caller_number=number.e164 if number else None,
        called_number=called[:40],
        holder=HOLDER,
    )
    return arrival, spoken_at


def _began_at(unique_id: str) -> float:
    """`<epoch>.<number>`, as Asterisk names its channels; infinity where it is named otherwise."""
    seconds = unique_id.partition(".")[0]
    return float(seconds) + 1 if seconds.isdecimal() else float("inf")
