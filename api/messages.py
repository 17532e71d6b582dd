"""Routes of SMS: the thread of a report, and what came in that only staff can settle."""

from datetime import datetime

from apiflask import APIBlueprint
from flask import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.permissions import Permission
from api import message_schemas as schemas
from api.auth import current_visitor
from api.cursor import Cursor
from api.documented import BAD_KEY, NO_REPORT
from api.errors import NotFound, NotPossible
from api.found import found_report
from api.idempotency import Answer, once
from api.masking import masked_number
from api.openapi import SECURED
from api.paging import read_page
from api.services import ApiServices
from notifications.inbox_models import IncomingMessage
from reports.errors import BadChange, NotAllowed, UnknownMessage
from reports.models import Report
from reports.threads import Letter, settle, thread_of, write_to_reporter
from storage.database import reading

_NO_MESSAGE = {404: "No message has this id, or no report this reference"}


def add_message_routes(blueprint: APIBlueprint, services: ApiServices) -> None:
    """Reading a thread, writing to a reporter, and settling what came in."""

    @blueprint.get("/reports/<reference>/messages")
    @blueprint.output(schemas.Thread)
    @blueprint.doc(operation_id="listMessages", security=SECURED, responses=NO_REPORT)
    def list_messages(reference: str) -> schemas.Thread:
        """All SMS about a report, both ways, the oldest first."""
        with reading(services.engine) as session:
            found = thread_of(session, found_report(session, reference))
        return schemas.Thread(messages=[_letter(one) for one in found])

    @blueprint.post("/reports/<reference>/messages")
    @blueprint.input(schemas.NewMessage)
    @blueprint.output(schemas.QueuedMessage, status_code=202)
    @blueprint.doc(
        operation_id="writeMessage",
        security=SECURED,
        responses={**NO_REPORT, **BAD_KEY, 409: "No SMS reaches whoever reported it"},
    )
    def write_message(reference: str, json_data: schemas.NewMessage) -> Response:
        """Write an SMS to whoever reported it. It is queued, and sent outside of quiet hours."""

        def work(session: Session, now: datetime) -> Answer:
            report = found_report(session, reference)
            author = current_visitor().user
            try:
                queued = write_to_reporter(session, report.id, json_data.text, author, now)
            except NotAllowed as error:
                raise NotPossible(str(error)) from error
            return Answer(schemas.QueuedMessage(id=queued), 202)

        return once(services, work)

    @blueprint.get("/incoming-messages")
    @blueprint.input(schemas.IncomingQuery, location="query")
    @blueprint.output(schemas.IncomingPage)
    @blueprint.doc(operation_id="listIncomingMessages", security=SECURED)
    def list_incoming_messages(query_data: schemas.IncomingQuery) -> schemas.IncomingPage:
        """SMS that came in, the newest first; those that wait for staff, or all."""
        query = select(IncomingMessage)
        if query_data.status is not None:
            query = query.where(IncomingMessage.status == query_data.status)
        with reading(services.engine) as session:
            rows, before = read_page(
                session,
                query,
                IncomingMessage.received_at,
                IncomingMessage.id,
                query_data,
                lambda row: Cursor(row.received_at, row.id),
            )
            shown = [_incoming(session, row) for row in rows]
        return schemas.IncomingPage(messages=shown, next_before=before)

    @blueprint.post("/incoming-messages/<message_id>/settlement")
    @blueprint.input(schemas.Settlement)
    @blueprint.output(schemas.Incoming)
    @blueprint.doc(
        operation_id="settleIncomingMessage",
        security=SECURED,
        responses={
            **_NO_MESSAGE,
            **BAD_KEY,
            409: "Somebody has seen to it already, or the report takes no words",
        },
    )
    def settle_incoming_message(message_id: str, json_data: schemas.Settlement) -> Response:
        """Say what became of an SMS: it belongs to a report, or needs nothing more."""

        def work(session: Session, now: datetime) -> Answer:
            report = None
            if json_data.reference is not None:
                report = found_report(session, json_data.reference)
            try:
                message = settle(
                    session,
                    services.province,
                    services.alert,
                    message_id,
                    report,
                    current_visitor().user,
                    now,
                )
            except UnknownMessage as error:
                raise NotFound(str(error)) from error
            except (NotAllowed, BadChange) as error:
                raise NotPossible(str(error)) from error
            return Answer(_incoming(session, message))

        return once(services, work)


def _letter(letter: Letter) -> schemas.ThreadMessage:
    words = current_visitor().may(Permission.WORDS_READ)
    return schemas.ThreadMessage(
        id=letter.id,
        direction="in" if letter.incoming else "out",
        at=letter.at,
        status=letter.status,
        kind=letter.kind,
        number_masked=masked_number(letter.number),
        text=letter.text if words else None,
    )


def _incoming(session: Session, row: IncomingMessage) -> schemas.Incoming:
    words = current_visitor().may(Permission.WORDS_READ)
    report = session.get(Report, row.report_id) if row.report_id else None
    return schemas.Incoming.model_validate(
        {
            "id": row.id,
            "received_at": row.received_at,
            "status": row.status,
            "rule": row.rule,
            "reference": report.reference if report else None,
            "number_masked": masked_number(row.from_number),
            "text": row.text if words else None,
        }
    )
