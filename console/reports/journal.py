"""The call that a report came from, as a timeline: when, what was asked, what came back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.wording import has_wording, words
from console.wording.steps import step_said
from ivr.models import Call, JournalEntry
from ivr.privacy import shown
from reports.models import Report

# Of what a command returned nothing is told: the step says what was done.
_TOLD = frozenset(
    {"digits", "said", "recorded", "no_input", "queue_seen", "queue_ended", "dial_ended", "hung_up"}
)


@dataclass(frozen=True)
class Moment:
    """`after` is the time since the call began, as `2:05`; `filed`: the report came of it."""

    after: str
    at: datetime
    step: str
    result: str
    filed: bool


@dataclass(frozen=True)
class Talked:
    """A call."""

    began_at: datetime
    language: str
    declined: bool
    length: str | None
    moments: Sequence[Moment]


def call_of(session: Session, report: Report, language: str) -> Talked | None:
    """The report's call; None for what did not come by one, or of which nothing is kept."""
    call = session.get(Call, report.call_id) if report.call_id else None
    return talk_of(session, call, language, report.call_position) if call is not None else None


def talk_of(session: Session, call: Call, language: str, filed: int | None = None) -> Talked:
    """What happened in a call; `filed` is the position at which the report came of it."""
    entries = session.scalars(
        select(JournalEntry).where(JournalEntry.call_id == call.id).order_by(JournalEntry.position)
    )
    moments = [
        Moment(
            _clock(entry.entered_at, call.started_at),
            entry.entered_at,
            step_said(entry.step, language),
            _result(shown(entry.step, entry.result), language),
            entry.position == filed,
        )
        for entry in entries
    ]
    length = _clock(call.ended_at, call.started_at) if call.ended_at else None
    return Talked(call.started_at, call.language, call.recording_declined, length, moments)


def _result(result: Mapping[str, Any], language: str) -> str:
    kind = str(result.get("type", ""))
    if kind not in _TOLD:
        return ""
    values = {
        "value": result.get("value") or "–",
        "words": result.get("words") or "–",
        "length_s": round(float(result.get("length_s") or 0)),
        "waiting": result.get("waiting", 0),
        "waited_s": result.get("waited_s", 0),
        "talked_s": result.get("talked_s", 0),
        "outcome": _outcome(str(result.get("outcome", "")), language),
    }
    return words(f"journal_{kind}", language, **values)


def _outcome(outcome: str, language: str) -> str:
    key = f"journal_outcome_{outcome}"
    return words(key, language) if has_wording(key) else outcome


def _clock(moment: datetime, since: datetime) -> str:
    seconds = max(0, int((moment - since).total_seconds()))
    return f"{seconds // 60}:{seconds % 60:02}"
