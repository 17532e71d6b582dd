"""Recordings that the dialplan took alone, while none of our servers answered: filed afterwards.

Every step can be done twice: whatever dies in between, the next try ends with one report.
"""

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr import engine
from ivr.conversation import Conversations, EndedBy, FindRecording
from ivr.engine import Arrival
from ivr.models import Call, CallStatus
from ivr.steps import Recorded
from reports.commands import AddToReport, FileReport
from reports.models import Recording, Report
from reports.recordings import keep_recording
from storage.database import reading, transaction

log = structlog.get_logger()

HOLDER = "last_resort"

Adopt = Callable[[str], Recorded | None]
"""Copies what the dialplan recorded to where recordings lie, under the name given."""


def file_last_resort(
    conversations: Conversations,
    arrival: Arrival,
    spoken_at: datetime,
    adopt: Adopt,
    find_recording: FindRecording = lambda name: None,
    ended_by: EndedBy = lambda at: None,
) -> str:
    """The id of the call whose last recording is filed now, if there is one to file.

    A call that none of our servers ever saw begins and ends here. What was recorded although the
    caller had declined is not adopted.
    """
    call_id, declined = _find(conversations, arrival) or _begin(conversations, arrival, spoken_at)
    conversations.caller_left(call_id, find_recording, ended_by)
    recorded = None if declined else adopt(recording_name(call_id))
    with transaction(conversations.database) as session:
        query = select(Call).where(Call.id == call_id).with_for_update()
        call = session.scalars(query).one()
        call.status = CallStatus.FAILED
        if recorded is not None and session.get(Recording, recorded.name) is None:
            position = engine.journal_length(session, call.id)
            file_recording(session, conversations, call, recorded, position, spoken_at)
    return call_id


def recording_name(call_id: str) -> str:
    """Beside the call's other recordings, `<call>-<position>`; there is one of these."""
    return f"{call_id}-last"


def _find(conversations: Conversations, arrival: Arrival) -> tuple[str, bool] | None:
    with reading(conversations.database) as session:
        found = session.execute(
            select(Call.id, Call.recording_declined).where(
                Call.driver == arrival.driver, Call.driver_call_id == arrival.driver_call_id
            )
        ).one_or_none()
        return None if found is None else (found.id, found.recording_declined)


def _begin(conversations: Conversations, arrival: Arrival, spoken_at: datetime) -> tuple[str, bool]:
    with transaction(conversations.database) as session:
        at = engine.begin(
            session, arrival, conversations.prepare, conversations.handlers, spoken_at
        )
        return at.call_id, False


def file_recording(
    session: Session,
    conversations: Conversations,
    call: Call,
    recorded: Recorded,
    position: int,
    spoken_at: datetime,
) -> None:
    """Add the recording to the report that the call has, or file one of it alone; `position` is
    beyond the journal's end."""
    keep_recording(session, recorded, call.id, position, spoken_at)
    if recorded.silent:
        log.info("last resort without words", call=call.id)
        return
    report = session.scalar(
        select(Report.id).where(Report.call_id == call.id).order_by(Report.requested_at).limit(1)
    )
    command: AddToReport | FileReport
    if report is not None:
        command = AddToReport(report, recorded.name)
    else:
        command = FileReport(category=None, recording=recorded.name, partial=True)
    conversations.handlers[type(command)](session, call, position, command, spoken_at)
    log.info("last resort filed", call=call.id)
