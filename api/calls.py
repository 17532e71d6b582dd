"""Routes of calls and their journals."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from apiflask import APIBlueprint
from sqlalchemy import select
from sqlalchemy.orm import Session

from api import schemas
from api.cursor import Cursor
from api.errors import NotFound
from api.masking import masked_number
from api.openapi import SECURED
from api.paging import read_page
from api.services import ApiServices
from ivr.models import Call, JournalEntry
from ivr.privacy import shown
from ivr.stored_calls import call_by_id
from reports.models import Report
from storage.database import reading

# What each result may tell; a field that a later release adds is told only once it is listed.
_PUBLIC: Mapping[str, tuple[str, ...]] = {
    "digits": ("value",),
    "said": ("key", "words", "confidence"),
    "recorded": ("name", "length_s", "size_bytes", "sha256", "silent", "key"),
    "no_input": (),
    "heard": (),
    "queue_seen": ("waiting", "agents", "wait_s"),
    "queue_ended": ("outcome", "waited_s", "key"),
    "dial_ended": ("outcome", "talked_s"),
    "done": ("value",),
    "hung_up": (),
}


def add_call_routes(blueprint: APIBlueprint, services: ApiServices) -> None:
    """Listing, and single calls with their journals."""

    @blueprint.get("/calls")
    @blueprint.input(schemas.CallQuery, location="query")
    @blueprint.output(schemas.CallPage)
    @blueprint.doc(operation_id="listCalls", security=SECURED)
    def list_calls(query_data: schemas.CallQuery) -> schemas.CallPage:
        """Calls, newest first; all of them, or those of a technical identifier."""
        query = select(Call)
        if query_data.driver_call_id is not None:
            query = query.where(Call.driver_call_id == _plain(query_data.driver_call_id))
        if query_data.carrier_call_id is not None:
            query = query.where(Call.carrier_call_id == _plain(query_data.carrier_call_id))
        with reading(services.engine) as session:
            rows, before = read_page(
                session,
                query,
                Call.started_at,
                Call.id,
                query_data,
                lambda call: Cursor(call.started_at, call.id),
            )
            references = _references(session, rows)
        shown = [schemas.CallSummary(**_summary(each, references[each.id])) for each in rows]
        return schemas.CallPage(calls=shown, next_before=before)

    @blueprint.get("/calls/<call_id>")
    @blueprint.output(schemas.Call)
    @blueprint.doc(operation_id="getCall", security=SECURED)
    def call(call_id: str) -> schemas.Call:
        """A call with its journal: what was asked and what came back."""
        with reading(services.engine) as session:
            found = call_by_id(session, call_id)
            if found is None:
                raise NotFound("no call has this id")
            entries = session.scalars(
                select(JournalEntry)
                .where(JournalEntry.call_id == found.id)
                .order_by(JournalEntry.position)
            ).all()
            references = _references(session, [found])
        return schemas.Call(
            **_summary(found, references[found.id]),
            journal=[_entry(entry, found) for entry in entries],
        )


def _summary(call: Call, references: list[str]) -> dict[str, Any]:
    return {
        "id": call.id,
        "status": call.status,
        "driver": call.driver,
        "driver_call_id": call.driver_call_id,
        "carrier_call_id": call.carrier_call_id,
        "caller": schemas.Caller(number_masked=masked_number(call.caller_number)),
        "called_number": call.called_number,
        "language": call.language,
        "flow": call.flow,
        "flow_version": call.flow_version,
        "recording_declined": call.recording_declined,
        "anonymous": call.anonymous,
        "started_at": call.started_at,
        "ended_at": call.ended_at,
        "reports": references,
    }


def _entry(entry: JournalEntry, call: Call) -> schemas.JournalEntry:
    result = shown(entry.step, entry.result)
    kind = str(result.get("type", "unknown"))
    told = {name: result.get(name) for name in _PUBLIC.get(kind, ())}
    return schemas.JournalEntry(
        position=entry.position,
        step=entry.step,
        wording_key=entry.step.partition(":")[2],
        result={"type": kind, **told},
        after_s=round((entry.entered_at - call.started_at).total_seconds(), 3),
    )


def _references(session: Session, calls: Sequence[Call]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    rows = session.execute(
        select(Report.call_id, Report.reference)
        .where(Report.call_id.in_([call.id for call in calls]))
        .order_by(Report.requested_at, Report.id)
    )
    for call_id, reference in rows:
        if call_id is not None:
            found[call_id].append(reference)
    return found


def _plain(text: str) -> str:
    """PostgreSQL refuses a query that holds NUL; no identifier has one."""
    return text.replace("\x00", "")
