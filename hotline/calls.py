"""What the AGI server holds calls with."""

import time

from sqlalchemy import Engine

from hotline.call_facts import prepare_calls
from hotline.clock import utc_now
from hotline.disk_guard import MB, DiskGuard, DiskLimits
from hotline.handlers import command_handlers
from hotline.published import published_prompts
from hotline.settings import Settings
from hotline.telephony.wanted import NONE
from hotline.voices import live_voices
from ivr.conversation import Conversations
from ivr.drivers.agi_server import Hotline
from ivr.drivers.listening import SpeechService
from ivr.drivers.recorder import Recorder
from ivr.outgoing import not_reached
from ivr.steps import DialOutcome
from provinces.schema import Province
from reports.transcription import words_ready

# The flow checker sees to the prompts of flows; these are spoken when no flow can.
SPOKEN_OUTSIDE_FLOWS = (
    *("apology", "goodbye", "please_wait", "cannot_record"),
    # By the dialplan alone, when none of our servers answers.
    *("technical_problem", "last_resort", "last_resort_thanks", "last_resort_no_recording"),
)
LOOK_EVERY_S = 0.1


def the_hotline(settings: Settings, engine: Engine, province: Province) -> Hotline:
    """What the AGI server holds calls with.

    Raises:
        MissingPrompts: a prompt cannot be played: better known now than in a call.
    """
    voices = live_voices(settings, province)
    voices.check(SPOKEN_OUTSIDE_FLOWS)
    settings.recordings.mkdir(parents=True, exist_ok=True)

    def nobody_came(outgoing: str, outcome: DialOutcome) -> None:
        not_reached(engine, province, outgoing, utc_now())

    return Hotline(
        conversations=Conversations(
            engine,
            command_handlers(settings, province),
            prepare_calls(settings, province),
            utc_now,
        ),
        voices=voices,
        recorder=Recorder(settings.recordings),
        words_ready=lambda recording, limit_s: wait_for_words(engine, recording, limit_s),
        handling_s=settings.handling_s if settings.queued else None,
        can_dial=settings.emergency_dial,
        not_reached=nobody_came,
        has_room=the_disk_guard(settings, engine).has_room,
        speech=None if settings.speech == NONE else SpeechService(settings.speech_bind),
        published=published_prompts(settings, engine),
    )


def the_disk_guard(settings: Settings, engine: Engine) -> DiskGuard:
    """What keeps room for calls on the disk."""
    limits = DiskLimits(
        alarm_bytes=settings.disk_alarm_mb * MB,
        reserve_bytes=settings.disk_reserve_mb * MB,
        last_bytes=settings.disk_last_mb * MB,
        ballast_bytes=settings.disk_ballast_mb * MB,
    )
    return DiskGuard(
        engine, settings.data, settings.recordings, limits, settings.alert_numbers, utc_now
    )


def wait_for_words(engine: Engine, recording: str, limit_s: float) -> bool:
    """Whether the words of a recording are there within `limit_s` seconds."""
    until = time.monotonic() + limit_s
    while not words_ready(engine, recording):
        if time.monotonic() + LOOK_EVERY_S > until:
            return False
        time.sleep(LOOK_EVERY_S)
    return True
