"""Calls over Twilio, put together: what its webhooks answer with, and what the worker asks it."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from flask import Flask
from sqlalchemy import Engine, update

from hotline.call_facts import prepare_calls
from hotline.calls import the_disk_guard
from hotline.clock import utc_now
from hotline.handlers import command_handlers
from hotline.periodic import Task
from hotline.published import published_prompts
from hotline.settings import Settings
from hotline.telephony.wanted import NONE
from hotline.twilio_trust import the_trust
from hotline.voices import live_voices
from hotline.wiring import open_database
from ivr.conversation import Conversations
from ivr.drivers.listening import SpeechService
from ivr.drivers.recorder import Recorder
from ivr.drivers.short_words import FETCH_S, ShortWords
from ivr.drivers.twiml_calls import TwimlCalls
from ivr.remote_calls import Settling
from ivr.remote_recordings import Fetching
from ivr.short_recordings import ShortRecordings
from ivr.steps import QueueSeen
from notifications.providers.twilio_client import TIMEOUT_S, TwilioAccount
from provinces.schema import Province
from reports.models import Recording
from reports.transcription import words_ready
from storage.database import transaction
from storage.jobs import warm_up
from webhooks.services import VoiceServices
from webhooks.sounds import PublicSounds
from webhooks.twilio_voice import PREFIX, register_twilio_voice

if TYPE_CHECKING:
    from webhooks.twilio_rest import TwilioRecordings

Clock = Callable[[], datetime]
ASK_EVERY_S = 1.0
STRAYS_EVERY_S = 600.0
# Twilio waits fifteen seconds for an answer, and so does the caller.
DATABASE_WAIT_S = 3.0


def serve_twilio(app: Flask, settings: Settings, province: Province) -> None:
    """Serve Twilio's webhooks on a database connection of their own, which waits less long."""
    engine = open_database(settings, DATABASE_WAIT_S)
    register_twilio_voice(app, voice_services(settings, engine, province))
    # No caller has got as far as filing when this is done.
    threading.Thread(target=warm_up, args=(settings.database,), daemon=True).start()


def voice_services(
    settings: Settings, engine: Engine, province: Province, clock: Clock = utc_now
) -> VoiceServices:
    """What answers Twilio's webhooks."""
    trust = the_trust(settings)
    voices = live_voices(settings, province)
    root = trust.root_path + PREFIX
    sounds = PublicSounds(voices, f"{root}/sounds", settings.prompt_takes)
    calls = TwimlCalls(
        conversations=conversations_of(settings, engine, province, clock),
        voices=voices,
        recorder=_recorder(settings),
        root=root,
        sound_address=sounds.address,
        words_ready=lambda recording: words_ready(engine, recording),
        # All operators are rung at once: nobody stands in a line, and nobody knows who is there.
        look_at_queue=lambda: QueueSeen(0, len(settings.twilio_operators), 0),
        operators=settings.twilio_operators,
        can_dial=settings.twilio_emergency_dial,
        hears=settings.twilio_words == "twilio",
        words=_short_words(settings, engine, clock) if settings.twilio_hears_itself else None,
        published=published_prompts(settings, engine),
    )

    def recording_ready(remote_id: str) -> None:
        with transaction(engine) as session:
            session.execute(
                update(Recording)
                .where(Recording.remote_id == remote_id, Recording.sha256 == "")
                .values(fetch_at=clock())
            )

    return VoiceServices(calls, trust, sounds, clock, recording_ready)


def twilio_tasks(engine: Engine, settings: Settings, province: Province) -> Sequence[Task]:
    """What the worker asks of Twilio, in a thread of its own; nothing where it is not set up."""
    if not settings.twilio_calls:
        return []
    remote = the_recordings(settings)
    recorder = _recorder(settings)
    fetching = Fetching(
        engine,
        recorder,
        remote,
        utc_now,
        forgets=settings.twilio_delete_recordings,
        has_room=the_disk_guard(settings, engine).has_room,
    )
    conversations = conversations_of(settings, engine, province)
    settling = Settling(conversations, recorder, remote, settings.twilio_numbers)
    return [
        Task("fetch recordings", ASK_EVERY_S, fetching.once),
        Task("settle calls", ASK_EVERY_S, settling.once),
        Task("find strays", STRAYS_EVERY_S, settling.find_strays),
        Task("delete words", ASK_EVERY_S, ShortRecordings(engine, remote, utc_now).once),
    ]


def the_recordings(settings: Settings, timeout_s: float = TIMEOUT_S) -> "TwilioRecordings":
    from webhooks.twilio_rest import TwilioRecordings  # the library takes a second to load

    return TwilioRecordings(
        TwilioAccount(
            settings.twilio_account_sid,
            settings.twilio_auth_token.get_secret_value(),
            settings.twilio_api_url,
            timeout_s,
        )
    )


def _short_words(settings: Settings, engine: Engine, clock: Clock) -> ShortWords:
    remote = the_recordings(settings, FETCH_S)
    return ShortWords(ShortRecordings(engine, remote, clock), SpeechService(settings.speech_bind))


def conversations_of(
    settings: Settings, engine: Engine, province: Province, clock: Clock = utc_now
) -> Conversations:
    """The conversations of Twilio's calls."""
    # What a flow may offer over Twilio has settings of its own.
    hears = settings.twilio_words == "twilio" or settings.twilio_hears_itself
    there = settings.model_copy(
        update={
            "emergency_dial": settings.twilio_emergency_dial,
            "speech": "auto" if hears else NONE,
        }
    )
    return Conversations(
        engine, command_handlers(there, province), prepare_calls(there, province), clock
    )


def _recorder(settings: Settings) -> Recorder:
    settings.recordings.mkdir(parents=True, exist_ok=True)
    return Recorder(settings.recordings)
