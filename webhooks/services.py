"""What webhooks need; `hotline.app` puts it together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from ivr.drivers.twiml_calls import TwimlCalls
from webhooks.sounds import PublicSounds
from webhooks.trust import Trust


@dataclass(frozen=True)
class VoiceServices:
    """Twilio's calls."""

    calls: TwimlCalls
    trust: Trust
    sounds: PublicSounds
    clock: Callable[[], datetime]
    recording_ready: Callable[[str], None]


@dataclass(frozen=True)
class SmsServices:
    """SMS that people send us, and what became of ours."""

    engine: Engine
    trust: Trust
    clock: Callable[[], datetime]
