"""What webhooks need; `hotline.app` puts it together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ivr.drivers.twiml_calls import TwimlCalls
from webhooks.sounds import PublicSounds
from webhooks.trust import Trust


@dataclass(frozen=True)
class VoiceServices:
    """Twilio's calls. `account_sid` is the one whose calls these are."""

    calls: TwimlCalls
    trust: Trust
    sounds: PublicSounds
    clock: Callable[[], datetime]
    account_sid: str
    recording_ready: Callable[[str], None]
