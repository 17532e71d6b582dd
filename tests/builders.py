"""Rows with sensible defaults; a test names only what it is about."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from argon2 import PasswordHasher

from accounts.models import User
from accounts.roles import Role
from ivr.codec import encode
from ivr.models import Call, CallStatus, JournalEntry
from ivr.steps import Result
from notifications.models import Message, MessageStatus
from reports.models import Recording, Report, ReportStatus, Transcript, TranscriptStatus
from reports.reference import new_reference

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
"""Noon of a Sunday in Việt Nam."""

CALLER_NUMBER = "+84912345678"
EMAIL, PASSWORD = "chi@example.vn", "a right password"


def a_user(**given: Any) -> User:
    """An operator with `EMAIL` and `PASSWORD`."""
    values: dict[str, Any] = {
        "id": uuid.uuid4().hex,
        "email": EMAIL,
        "password_hash": _hashed(PASSWORD),
        "role": Role.OPERATOR,
        "created_at": NOON,
    }
    return User(**(values | given))


@cache
def _hashed(password: str) -> str:
    # Slow by design, and each sign-in pays it again; whoever tests that hashes by itself.
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)


def a_call(**given: Any) -> Call:
    """A completed call of two minutes that began at noon."""
    values: dict[str, Any] = {
        "id": uuid.uuid4().hex,
        "driver": "agi",
        "driver_call_id": uuid.uuid4().hex,
        "caller_number": CALLER_NUMBER,
        "called_number": "19009120",
        "language": "vi",
        "flow": "incoming",
        "flow_version": 1,
        "facts": {"language": "vi", "can_text": True},
        "status": CallStatus.COMPLETED,
        "started_at": NOON,
    }
    values |= given
    ended_at = values["started_at"] + timedelta(minutes=2)
    return Call(**({"advanced_at": ended_at, "ended_at": ended_at} | values))


def a_journal(
    call: Call, *answers: tuple[str, Result], pause_s: float = 10.0
) -> list[JournalEntry]:
    """The call's journal from (step, result), an answer each `pause_s` seconds."""
    return [
        JournalEntry(
            call_id=call.id,
            position=position,
            step=step,
            result=encode(result),
            entered_at=call.started_at + timedelta(seconds=pause_s * (position + 1)),
        )
        for position, (step, result) in enumerate(answers)
    ]


def a_report(recordings: Sequence[Recording] = (), **given: Any) -> Report:
    """A new report by telephone, filed at noon."""
    values: dict[str, Any] = {
        "id": uuid.uuid4().hex,
        "reference": new_reference(),
        "status": ReportStatus.NEW,
        "source": "phone",
        "category": "giao_thong",
        "partial": False,
        "call_id": None,
        "call_position": None,
        "requested_at": NOON,
    }
    values |= given
    report = Report(**({"updated_at": values["requested_at"]} | values))
    report.recordings = list(recordings)
    return report


def a_recording(transcript: Transcript | None = None, **given: Any) -> Recording:
    """An audible recording of five seconds; its file is not written."""
    values: dict[str, Any] = {
        "call_id": uuid.uuid4().hex,
        "position": 1,
        "length_s": 5.0,
        "size_bytes": 80_044,
        "sha256": "ab" * 32,
        "silent": False,
        "recorded_at": NOON,
    }
    values |= given
    recording = Recording(**({"name": f"{values['call_id']}-{values['position']}"} | values))
    recording.transcript = transcript
    return recording


def a_transcript(**given: Any) -> Transcript:
    """The finished draft of somebody's words; bound to a recording by `a_recording`."""
    values: dict[str, Any] = {
        "status": TranscriptStatus.DONE,
        "language": "vi",
        "text": "đường ngập nước",
        "confidence": 0.8,
        "segments": [{"start_s": 0.0, "end_s": 2.0, "text": "đường ngập nước", "confidence": 0.8}],
        "engine": "scripted",
        "model": "scripted",
        "took_s": 0.5,
        "requested_at": NOON,
    }
    return Transcript(**(values | given))


def a_message(report: Report, **given: Any) -> Message:
    """The SMS that tells a reporter the reference."""
    values: dict[str, Any] = {
        "id": uuid.uuid4().hex,
        "idempotency_key": f"received:{report.id}",
        "to_number": CALLER_NUMBER,
        "text_key": "report_received",
        "text_values": {"reference": report.reference},
        "language": "vi",
        "report_id": report.id,
        "status": MessageStatus.SENT,
        "queued_at": NOON,
    }
    return Message(**(values | given))
