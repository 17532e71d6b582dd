"""A call at Twilio: it carries out the TwiML that it is given and posts what comes of it, signed.

As the documentation tells: a key stops the sounds of a Gather, which ends by its last digit, its
finish key or its timeout, and tells of nothing only where `actionOnEmptyResult` is set; a Record
tells of the key that ended it or of `hangup`, and an empty one is skipped; whatever stands behind
an `action` that was asked is never reached; the end of the document ends the call.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from xml.etree import ElementTree as ET

from twilio.request_validator import RequestValidator

from tests.fake_twilio.account import Account, TwilioCall
from tests.fake_twilio.documents import read_document
from tests.fake_twilio.rest import ACCOUNT_SID, AUTH_TOKEN

PUBLIC_URL = "https://hotline.example.vn"
VOICE = "/webhooks/twilio/voice"
STATUS = "/webhooks/twilio/calls/status"
MOST_DOCUMENTS = 2000

Post = Callable[[str, Mapping[str, str], Mapping[str, str]], str]
"""Posts (path, form, headers); the text of the answer."""
Form = dict[str, str]


class Clock(Protocol):
    """The time at Twilio, which is that of the test."""

    def __call__(self) -> datetime: ...
    def pass_by(self, seconds: float) -> None: ...


@dataclass(frozen=True)
class Pressed:
    """Keys, and after how long the first one came; none: silence."""

    keys: str = ""
    after_s: float = 0.0


@dataclass(frozen=True)
class SaidAloud:
    """What Twilio's recogniser makes of somebody's words."""

    text: str
    confidence: float


@dataclass(frozen=True)
class Take:
    """What a recorder hears: sound for so long, then the key, silence, or the hangup."""

    spoken_s: float = 0.0
    key: str = ""
    quiet_s: float = 0.0  # before the key
    hangs_up: bool = False
    no_sound: bool = False


@dataclass(frozen=True)
class Dialled:
    """What came of dialling: Twilio's word for it."""

    status: str
    rang_s: float = 0.0
    talked_s: int = 0


class LeavesLine(Exception):
    """The caller hangs up."""


class Caller(Protocol):
    """Who calls. Each method may raise `LeavesLine`."""

    def at_gather(self, gather: ET.Element) -> Pressed | SaidAloud: ...
    def at_record(self, record: ET.Element) -> Take: ...
    def at_dial(self, dial: ET.Element) -> Dialled: ...


def signed(path: str, form: Mapping[str, str], token: str = AUTH_TOKEN) -> dict[str, str]:
    """The headers of a request by Twilio."""
    signature = RequestValidator(token).compute_signature(PUBLIC_URL + path, dict(form))
    return {"X-Twilio-Signature": signature}


@dataclass
class PhoneCall:
    """One call into us. `played` are the sounds that were spoken, in order."""

    post: Post
    caller: Caller
    account: Account
    clock: Clock
    number: str = "+84912345678"
    called: str = "+842913819120"
    status_told: bool = True
    played: list[str] = field(default_factory=list)
    posts: list[tuple[str, Form]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.call: TwilioCall = self.account.new_call(self.number, self.called)

    def hold(self) -> None:
        """The whole call, until somebody hangs up."""
        try:
            text = self._ask(VOICE, {})
            self.call.status = "in-progress"
            for _ in range(MOST_DOCUMENTS):
                following = self._carry_out(text)
                if following is None:
                    break
                text = self._ask(*following)
            else:
                raise AssertionError("the call goes on for ever")
        except LeavesLine:
            pass
        self.end()

    def end(self) -> None:
        """The line is dead; the status callback tells."""
        self.call.status = "completed"
        if self.status_told:
            self._ask(STATUS, {"CallDuration": "60"})

    def _ask(self, path: str, form: Form) -> str:
        whole = {
            "AccountSid": ACCOUNT_SID,
            "ApiVersion": "2010-04-01",
            "CallSid": self.call.sid,
            "CallStatus": self.call.status,
            "Direction": "inbound",
            "From": self.call.caller,
            "To": self.call.called,
            **form,
        }
        self.posts.append((path, whole))
        return self.post(path, whole, signed(path, whole))

    def _carry_out(self, text: str) -> tuple[str, Form] | None:
        """The next document's address and what is posted there; None at the end."""
        for found in read_document(text):
            following = _VERBS[found.tag](self, found)
            if following is not None:
                return following if following[0] else None
        return None

    def _play(self, found: ET.Element) -> None:
        self.played.append(found.text or "")

    def _hang_up(self, found: ET.Element) -> tuple[str, Form]:
        return "", {}

    def _redirect(self, found: ET.Element) -> tuple[str, Form]:
        return found.text or "", {}

    def _gather(self, found: ET.Element) -> tuple[str, Form] | None:
        for nested in found:
            self._play(nested)
        came = self.caller.at_gather(found)
        if isinstance(came, SaidAloud):
            assert "speech" in found.get("input", "dtmf"), "nobody listens"
            heard = {"SpeechResult": came.text, "Confidence": f"{came.confidence}"}
            return found.attrib["action"], heard
        digits, finished = self._entered(found, came)
        self.clock.pass_by(came.after_s)
        if not digits and not finished:
            self.clock.pass_by(int(found.get("timeout", "5")))
        if digits or found.get("actionOnEmptyResult") == "true":
            told = {"Digits": digits} if digits or finished else {}
            return found.attrib["action"], told | ({"FinishedOnKey": "#"} if finished else {})
        return None

    def _entered(self, found: ET.Element, came: Pressed) -> tuple[str, bool]:
        digits = ""
        for key in came.keys:
            if key == found.get("finishOnKey", "#"):
                return digits, True
            digits += key
            if len(digits) == int(found.get("numDigits", "1000")):
                break
        return digits, False

    def _record(self, found: ET.Element) -> tuple[str, Form] | None:
        take = self.caller.at_record(found)
        if take.no_sound:
            if take.hangs_up:
                raise LeavesLine
            return None
        most_s = int(found.get("maxLength", "3600"))
        spoken_s = min(take.spoken_s, most_s)
        quiet_s = take.quiet_s
        if not take.key and not take.hangs_up and spoken_s < most_s:
            quiet_s = float(found.get("timeout", "5"))
        assert not take.key or take.key in found.get("finishOnKey", "1234567890*#")
        self.clock.pass_by(spoken_s + quiet_s)
        if spoken_s + quiet_s == 0:
            return None  # an empty recording: the action is not asked
        recording = self.account.new_recording(self.call.sid, self.clock(), spoken_s, quiet_s)
        told = {
            "RecordingSid": recording.sid,
            "RecordingUrl": f"{PUBLIC_URL}/elsewhere/{recording.sid}",
            "RecordingDuration": str(math.ceil(spoken_s + quiet_s)),
        }
        if take.hangs_up:
            self.call.status = "completed"
            self._ask(found.attrib["action"], told | {"Digits": "hangup"})
            raise LeavesLine
        return found.attrib["action"], told | ({"Digits": take.key} if take.key else {})

    def _dial(self, found: ET.Element) -> tuple[str, Form]:
        came = self.caller.at_dial(found)
        most_s = int(found.get("timeLimit", "14400"))
        assert came.talked_s <= most_s, f"talked {came.talked_s} s of at most {most_s}"
        self.clock.pass_by(came.rang_s + came.talked_s)
        told = {"DialCallStatus": came.status, "DialCallSid": self.account.new_sid("CA")}
        if came.status == "completed":
            told["DialCallDuration"] = str(came.talked_s)
        return found.attrib["action"], told


_VERBS: Mapping[str, Callable[[PhoneCall, ET.Element], tuple[str, Form] | None]] = {
    "Play": PhoneCall._play,
    "Hangup": PhoneCall._hang_up,
    "Redirect": PhoneCall._redirect,
    "Gather": PhoneCall._gather,
    "Record": PhoneCall._record,
    "Dial": PhoneCall._dial,
}
