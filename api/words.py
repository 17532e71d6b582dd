"""Routes of a recording's words, and of who reported: people's own, so each look has a reason."""

from datetime import datetime

from apiflask import APIBlueprint
from flask import Response
from sqlalchemy.orm import Session

from accounts.audit import record
from accounts.permissions import Permission
from api import schemas, writing_schemas
from api.auth import current_visitor
from api.documented import BAD_KEY, NO_REPORT
from api.errors import BadValue, ChangedSince, NotAllowed, NotFound
from api.found import found_report, known_to_asker
from api.idempotency import Answer, once
from api.openapi import SECURED
from api.services import ApiServices
from ivr.models import Call
from reports.corrections import Correction, best_words, correct, corrections_of
from reports.errors import NoWords, WordsChanged, WordsTooLong
from reports.models import Contact, Recording, Report
from reports.search import index_report_id
from storage.database import reading, transaction

_NO_RECORDING = {404: "No report that you may know of has such a recording, or such words"}


def add_word_routes(blueprint: APIBlueprint, services: ApiServices) -> None:
    """Words of recordings, their correction, and whole numbers."""

    @blueprint.get("/recordings/<name>/transcript")
    @blueprint.output(writing_schemas.RecordingWords)
    @blueprint.doc(operation_id="getTranscript", security=SECURED, responses=_NO_RECORDING)
    def transcript(name: str) -> writing_schemas.RecordingWords:
        """The words of a recording: the draft, what people made of it, and what holds."""
        with reading(services.engine) as session:
            return _words(session, _recording(session, name))

    @blueprint.put("/recordings/<name>/transcript")
    @blueprint.input(writing_schemas.NewWords)
    @blueprint.output(writing_schemas.RecordingWords)
    @blueprint.doc(
        operation_id="correctTranscript",
        security=SECURED,
        responses={
            **_NO_RECORDING,
            **BAD_KEY,
            412: "`before` is not what holds now: somebody was quicker",
        },
    )
    def correct_transcript(name: str, json_data: writing_schemas.NewWords) -> Response:
        """Say what was really said. The draft is kept beside it."""

        if not current_visitor().may(Permission.WORDS_READ):  # the answer tells all of them
            raise NotAllowed(f"this takes the scope {Permission.WORDS_READ} as well")

        def work(session: Session, now: datetime) -> Answer:
            found = _recording(session, name)
            by = current_visitor().user
            try:
                correct(session, found.name, json_data.before, json_data.after, by, now)
            except NoWords as error:
                raise NotFound("this recording has no words yet") from error
            except WordsChanged as error:
                more = {"text": best_words(session, found.name)}
                raise ChangedSince(str(error), more, '"0"') from error
            except WordsTooLong as error:  # composed letters may be more than they were
                raise BadValue(str(error), "after") from error
            index_report_id(session, services.province, found.report_id)
            record(session, by, "words.corrected", "recording", found.name, now)
            return Answer(_words(session, found))

        return once(services, work)

    @blueprint.get("/reports/<reference>/contact")
    @blueprint.output(writing_schemas.ContactDetails)
    @blueprint.doc(operation_id="getContact", security=SECURED, responses=NO_REPORT)
    def contact(reference: str) -> tuple[writing_schemas.ContactDetails, int, dict[str, str]]:
        """Whom to ring, in whole; each look is in the audit log. Nobody knows an anonymous one."""
        now = services.clock()
        with transaction(services.engine) as session:
            report = found_report(session, reference)
            record(session, current_visitor().user, "numbers.seen", "report", report.id, now)
            told = _contact(session, report)
        return told, 200, {"Cache-Control": "no-store"}


def _contact(session: Session, report: Report) -> writing_schemas.ContactDetails:
    if report.anonymous:
        return writing_schemas.ContactDetails(number=None, name=None, email=None)
    number = None
    if report.contact == Contact.OTHER:
        number = report.contact_number
    elif report.contact == Contact.CALLER and report.call_id is not None:
        call = session.get(Call, report.call_id)
        number = call.caller_number if call is not None else None
    who = report.reporter or {}
    return writing_schemas.ContactDetails(
        number=number, name=who.get("name"), email=who.get("email")
    )


def _recording(session: Session, name: str) -> Recording:
    found = session.get(Recording, name) if len(name) <= 60 and "\x00" not in name else None
    if found is None or found.discarded_at is not None or not known_to_asker(found.report):
        raise NotFound("no report has a recording of this name")
    return found


def _words(session: Session, recording: Recording) -> writing_schemas.RecordingWords:
    draft = recording.transcript
    return writing_schemas.RecordingWords(
        recording=recording.name,
        status=schemas.Transcript.model_validate(draft, from_attributes=True).status
        if draft
        else "none",
        text=best_words(session, recording.name),
        draft_text=draft.text if draft else None,
        draft=draft.draft if draft else True,
        corrections=[_correction(each) for each in corrections_of(session, recording.name)],
    )


def _correction(one: Correction) -> writing_schemas.WordsCorrection:
    return writing_schemas.WordsCorrection(
        number=one.number,
        by=one.by,
        at=one.at,
        before=one.before,
        after=one.after,
        edits=[
            writing_schemas.WordsEdit(
                kind=edit.kind.value, at=edit.at, before=list(edit.before), after=list(edit.after)
            )
            for edit in one.edits
        ],
    )
