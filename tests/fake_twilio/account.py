"""What Twilio keeps of calls: who called, how they stand, and recordings. Memory only."""

import io
import itertools
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import soundfile

from ivr.answers import Speech
from ivr.drivers.simulator import RATE_HZ, tone
from ivr.errors import SoundGone
from ivr.remote_recordings import RemoteCall, RemoteRecording

OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


@dataclass
class TwilioCall:
    """A call at Twilio."""

    sid: str
    caller: str
    called: str
    status: str = "ringing"


@dataclass
class TwilioRecording:
    """A recording at Twilio."""

    sid: str
    call_sid: str
    made_at: datetime
    content: bytes
    status: str = "completed"


@dataclass
class Account:
    """One account; `forgotten` are the recordings that were deleted there."""

    calls: dict[str, TwilioCall] = field(default_factory=dict)
    recordings: dict[str, TwilioRecording] = field(default_factory=dict)
    forgotten: list[str] = field(default_factory=list)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _prefix: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def new_sid(self, kind: str) -> str:
        with self._lock:
            return f"{kind}{self._prefix}{next(self._numbers):0{32 - len(self._prefix)}x}"

    def start_at(self, prefix: str) -> None:
        """Ids begin with these hexadecimal digits: another account's are others."""
        self._prefix = prefix

    def new_call(self, caller: str, called: str) -> TwilioCall:
        call = TwilioCall(self.new_sid("CA"), caller, called)
        self.calls[call.sid] = call
        return call

    def new_recording(
        self, call_sid: str, made_at: datetime, spoken_s: float, quiet_s: float
    ) -> TwilioRecording:
        """Somebody speaks for a while and is then silent."""
        content = _wav(spoken_s, quiet_s)
        recording = TwilioRecording(self.new_sid("RE"), call_sid, made_at, content)
        self.recordings[recording.sid] = recording
        return recording

    # As `ivr.remote_recordings.RemoteRecordings`, without the network.

    def sound(self, remote_id: str) -> bytes:
        if remote_id not in self.recordings:
            raise SoundGone(remote_id)
        return self.recordings[remote_id].content

    def forget(self, remote_id: str) -> None:
        if self.recordings.pop(remote_id, None):
            self.forgotten.append(remote_id)

    def of_call(self, driver_call_id: str) -> Sequence[RemoteRecording]:
        return [each for each in self._all() if each.driver_call_id == driver_call_id]

    def made_since(self, since: datetime) -> Sequence[RemoteRecording]:
        return [each for each in self._all() if each.made_at >= since]

    def call(self, driver_call_id: str) -> RemoteCall | None:
        call = self.calls.get(driver_call_id)
        return RemoteCall(call.status in OVER, call.caller, call.called) if call else None

    def _all(self) -> list[RemoteRecording]:
        found = [
            RemoteRecording(each.sid, each.call_sid, each.made_at, each.status == "completed")
            for each in list(self.recordings.values())
        ]
        return sorted(found, key=lambda each: (each.made_at, each.remote_id))


def _wav(spoken_s: float, quiet_s: float) -> bytes:
    spoken = tone(Speech(spoken_s)).samples
    quiet = np.zeros(round(quiet_s * RATE_HZ), np.int16)
    wire = io.BytesIO()
    soundfile.write(wire, np.concatenate([spoken, quiet]), RATE_HZ, format="WAV", subtype="PCM_16")
    return wire.getvalue()
