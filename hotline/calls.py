"""What calls are held with, and which service carries out which command of a conversation."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from hotline.clock import utc_now
from hotline.settings import Settings
from hotline.wiring import LANGUAGE, the_prompts, the_province
from ivr.conversation import Conversations
from ivr.drivers.agi_server import Hotline
from ivr.drivers.recorder import Recorder
from ivr.engine import Handlers
from ivr.facts import CallFacts
from ivr.models import Call
from provinces.schema import Province
from reports import service
from reports.commands import DeclineRecording, DiscardRecordings, FileReport
from understanding.phone_number import PhoneNumber, read_phone_number

# The flow checker sees to the prompts of flows; these are spoken when no flow can.
SPOKEN_OUTSIDE_FLOWS = ("apology", "goodbye", "technical_problem")


def command_handlers() -> Handlers:
    """Which service carries out which command of a conversation."""
    return {
        FileReport: _file_report,
        DiscardRecordings: _discard_recordings,
        DeclineRecording: _decline_recording,
    }


def the_hotline(settings: Settings, engine: Engine) -> Hotline:
    """What the AGI server holds calls with.

    Raises:
        MissingPrompts: a prompt cannot be played: better known now than in a call.
    """
    province = the_province(settings)
    prompts = the_prompts(settings, province)
    prompts.check(SPOKEN_OUTSIDE_FLOWS)
    settings.recordings.mkdir(parents=True, exist_ok=True)
    return Hotline(
        conversations=Conversations(engine, command_handlers(), utc_now),
        prompts=prompts,
        recorder=Recorder(settings.recordings),
        facts_for=lambda number: facts_of(province, number),
    )


def facts_of(province: Province, number: PhoneNumber | None) -> CallFacts:
    """What a new call's flow is told; stored with the call."""
    menu: Mapping[str, str] = {choice.key: choice.target.code for choice in province.menu}
    return CallFacts(LANGUAGE, menu, can_text=number is not None and number.mobile)


def _file_report(
    session: Session, call: Call, position: int, command: object, now: datetime
) -> str:
    assert isinstance(command, FileReport)
    number = read_phone_number(call.caller_number) if call.caller_number else None
    reporter = service.Reporter(
        call_id=call.id,
        call_position=position,
        language=call.language,
        text_number=number.e164 if number and number.mobile else None,
    )
    return service.file_report(session, command, reporter, now)


def _discard_recordings(
    session: Session, call: Call, position: int, command: object, now: datetime
) -> None:
    assert isinstance(command, DiscardRecordings)
    service.discard_recordings(session, call.id, now)


def _decline_recording(
    session: Session, call: Call, position: int, command: object, now: datetime
) -> None:
    assert isinstance(command, DeclineRecording)
    call.recording_declined = True
