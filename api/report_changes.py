"""Routes that file and change reports. What may be done, `reports.lifecycle` says."""

from datetime import datetime

from apiflask import APIBlueprint
from flask import Response, url_for
from sqlalchemy.orm import Session

from accounts.permissions import Permission
from api import schemas, writing_schemas
from api.auth import current_actor, current_visitor
from api.changing import apply, carry_out, change_seen, told_as_http
from api.documented import BAD_KEY, CHANGING, NO_REPORT
from api.errors import NotPossible
from api.found import found_report
from api.idempotency import Answer, once
from api.openapi import SECURED
from api.report_view import show_update
from api.services import ApiServices
from reports.change import Change
from reports.duplicates import Candidate, Reason, duplicate_candidates
from reports.merging import merge
from reports.models import Report, ReportStatus
from reports.reference import parse_reference
from reports.web_filing import WebReport, file_from_web
from storage.database import reading

_CHANGED = {**CHANGING, **BAD_KEY}


def add_change_routes(blueprint: APIBlueprint, services: ApiServices) -> None:
    """Filing, changing, assigning, joining, noting."""

    @blueprint.post("/reports")
    @blueprint.input(writing_schemas.NewReport)
    @blueprint.output(writing_schemas.FiledReport, status_code=201)
    @blueprint.doc(
        operation_id="fileReport",
        security=SECURED,
        responses={
            **BAD_KEY,
            409: "It belongs to another office by law and is not filed here; or its client_id "
            "was sent with another report",
        },
    )
    def file_report(json_data: writing_schemas.NewReport) -> Response:
        """File a report in writing: what staff were told, or another program's."""

        def work(session: Session, now: datetime) -> Answer:
            with told_as_http():
                filed = file_from_web(
                    session,
                    services.province,
                    _in_writing(json_data, current_visitor().user),
                    services.alert,
                    now,
                )
            spoken = filed["reference"]
            reference = parse_reference(spoken) or spoken
            body = writing_schemas.FiledReport(
                reference=reference, spoken_reference=spoken, pin=filed["pin"]
            )
            where = url_for("api.report", reference=reference)
            return Answer(body, 201, {"Location": where, "Cache-Control": "no-store"})

        return once(services, work)

    @blueprint.patch("/reports/<reference:reference>")
    @blueprint.input(writing_schemas.ReportChange)
    @blueprint.output(schemas.Report)
    @blueprint.doc(operation_id="changeReport", security=SECURED, responses=_CHANGED)
    def change_report(reference: str, json_data: writing_schemas.ReportChange) -> Response:
        """Correct a report, or bring it to another status; tells it as it then is."""
        return change_seen(services, reference, _change(json_data))

    @blueprint.post("/reports/<reference>/assignment")
    @blueprint.input(writing_schemas.Assignment)
    @blueprint.output(schemas.Report)
    @blueprint.doc(operation_id="assignReport", security=SECURED, responses=_CHANGED)
    def assign_report(reference: str, json_data: writing_schemas.Assignment) -> Response:
        """Give a report to an agency, or to another one, and to one of its officers."""
        change = Change(status=ReportStatus.ASSIGNED, **json_data.model_dump())
        return change_seen(services, reference, change)

    @blueprint.post("/reports/<reference>/duplicate")
    @blueprint.input(writing_schemas.DuplicateOf)
    @blueprint.output(schemas.Report)
    @blueprint.doc(operation_id="markDuplicate", security=SECURED, responses=_CHANGED)
    def mark_duplicate(reference: str, json_data: writing_schemas.DuplicateOf) -> Response:
        """Join a report to its original: whoever reported either is told when it is solved."""

        def join(session: Session, report: Report, now: datetime, seen: int) -> None:
            original = found_report(session, json_data.original).id
            merge(
                session,
                services.province,
                report.id,
                original,
                current_actor(),
                now,
                seen,
                json_data.internal_text,
            )

        return carry_out(services, reference, join)

    @blueprint.get("/reports/<reference>/duplicates")
    @blueprint.output(writing_schemas.CandidateList)
    @blueprint.doc(operation_id="listDuplicates", security=SECURED, responses=NO_REPORT)
    def list_duplicates(reference: str) -> writing_schemas.CandidateList:
        """Reports that may tell of the same matter, and why; the likeliest first."""
        with reading(services.engine) as session:
            report = found_report(session, reference)
            found = duplicate_candidates(session, services.province, report)
            words = current_visitor().may(Permission.WORDS_READ)
            shown = [_candidate(one, words) for one in found]
            return writing_schemas.CandidateList(candidates=shown)

    @blueprint.get("/reports/<reference>/updates")
    @blueprint.output(writing_schemas.UpdateList)
    @blueprint.doc(operation_id="listUpdates", security=SECURED, responses=NO_REPORT)
    def list_updates(reference: str) -> writing_schemas.UpdateList:
        """What happened to a report, in order."""
        words = current_visitor().may(Permission.WORDS_READ)
        with reading(services.engine) as session:
            report = found_report(session, reference)
            updates = [show_update(update, words) for update in report.updates]
        return writing_schemas.UpdateList(version=report.version, updates=updates)

    @blueprint.post("/reports/<reference>/updates")
    @blueprint.input(writing_schemas.NewUpdate)
    @blueprint.output(schemas.Update, status_code=201)
    @blueprint.doc(
        operation_id="addUpdate",
        security=SECURED,
        responses={**NO_REPORT, **BAD_KEY, 409: "Neither text nor internal_text is given"},
    )
    def add_update(reference: str, json_data: writing_schemas.NewUpdate) -> Response:
        """Note something for staff, or tell the citizen something; takes no version."""

        def work(session: Session, now: datetime) -> Answer:
            report = found_report(session, reference)
            with told_as_http():
                update = apply(services, session, report, Change(**json_data.model_dump()), now)
            if update is None:
                raise NotPossible("expected text, internal_text, or both")
            return Answer(show_update(update, current_visitor().may(Permission.WORDS_READ)), 201)

        return once(services, work)


def _in_writing(told: writing_schemas.NewReport, sender: str) -> WebReport:
    return WebReport(
        description=told.description,
        category=told.category,
        place=told.place,
        address=told.address,
        latitude=told.position.latitude if told.position else None,
        longitude=told.position.longitude if told.position else None,
        number=told.number,
        name=told.name,
        language=told.language,
        source="api",
        sender=sender,
        client_id=told.client_id,
    )


def _change(told: writing_schemas.ReportChange) -> Change:
    given = told.model_dump(exclude={"position", "status"})
    if told.position is not None:
        given |= {"latitude": told.position.latitude, "longitude": told.position.longitude}
    return Change(status=ReportStatus(told.status) if told.status else None, **given)


def _candidate(one: Candidate, words: bool) -> writing_schemas.Candidate:
    def hidden(reason: Reason) -> bool:
        return reason.why == "words" and not words

    reasons = [
        writing_schemas.CandidateReason(
            why=reason.why,
            score=reason.score,
            value=None if reason.value is None or hidden(reason) else str(reason.value),
        )
        for reason in one.reasons
    ]
    return writing_schemas.Candidate(
        reference=one.report.reference, score=one.score, reasons=reasons
    )
