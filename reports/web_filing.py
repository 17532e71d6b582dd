"""Filing a report that comes in writing: by the web, by another program, by staff."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Literal

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.audit import record
from provinces.schema import Priority, Province
from reports.actors import CITIZEN
from reports.alarms import Watch, raise_alarm
from reports.announcing import announce_filed
from reports.attachments import Kept, attach_file
from reports.clock import start_clock
from reports.danger import FindDanger
from reports.errors import BadChange, Diverted
from reports.filed import Filed, filed
from reports.free_reference import free_reference
from reports.models import Contact, Report, ReportStatus
from reports.pins import new_pin, pin_again, pin_hash
from reports.reference import new_reference
from reports.search import index_report
from reports.telling import tell_received
from storage.crypto import current_box
from understanding.phone_number import read_phone_number

log = structlog.get_logger()

MOST_WORDS = 4000  # characters, as Open311 has it
_KEPT_OF_CLIENT_ID = 36  # hexadecimal digits of its hash: the column has no more
_SENT = ("description", "category", "place", "address", "latitude", "longitude", "language")
Source = Literal["web", "open311", "api", "staff", "visitor", "sms", "demo"]


@dataclass(frozen=True)
class WebReport:
    """What somebody wrote. Numbers in any form; `place` is a unit, `edition:code`.

    `client_id` is made by the sender, once for a report: what is sent again is filed once.
    Senders count on their own: `sender` is who it is, a user's id for programs. Of what staff
    write down for somebody, `by` is the user's id, and `call_id` the call that it was told in.
    """

    description: str
    category: str | None = None
    place: str | None = None
    address: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    number: str | None = None
    name: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)
    language: str = "vi"
    source: Source = "web"
    sender: str = "web"
    client_id: str | None = None
    photos: Sequence[Kept] = ()
    urgent: bool = False
    by: str | None = None
    call_id: str | None = None


@dataclass(frozen=True)
class Alert:
    """How danger in the words is found, and who is told of it at once."""

    find_danger: FindDanger
    watch: Watch


def file_from_web(
    session: Session,
    province: Province,
    told: WebReport,
    alert: Alert,
    now: datetime,
    make_reference: Callable[[], str] = new_reference,
) -> Filed:
    """The report's id, spoken reference and PIN; its clock runs, and its SMS commits with it.

    Danger in the words makes it urgent and raises an alarm.

    Raises:
        Diverted: what it is about belongs to another office by law.
        BadChange: a field is too long, or names what the province does not have; or the sender
            gave its `client_id` to another report.
        TooManyAttachments: more photos than a report may have.
        NoFreeReference: no free reference was found.
    """
    number = read_phone_number(told.number) if told.number else None
    if told.number and number is None:
        raise BadChange("number", "expected a telephone number such as 0912345678")
    client_id = _client_id(told)
    known = _known(session, client_id, told, number.e164 if number else None)
    if known is not None:
        return known
    _check(province, told)
    report = Report(
        id=uuid.uuid4().hex,
        reference=free_reference(session, make_reference),
        status=ReportStatus.NEW,
        source=told.source,
        category=told.category,
        partial=False,
        urgent=told.urgent,
        place=told.place,
        language=told.language,
        call_id=told.call_id,
        caller_hash=current_box().keyed_hash(number.e164) if number else None,
        anonymous=False,
        contact=Contact.OTHER if number else Contact.NOBODY,
        contact_number=number.e164 if number else None,
        text_number=number.e164 if number and number.mobile else None,
        requested_at=now,
        updated_at=now,
        client_id=client_id,
        reporter=_reporter(told),
        description=told.description.strip(),
        address=told.address,
        latitude=told.latitude,
        longitude=told.longitude,
    )
    pin = new_pin()
    report.pin_hash = pin_hash(report.id, pin)
    start_clock(report, province, now)
    try:
        with session.begin_nested():
            session.add(report)
    except IntegrityError:
        # Two at once: the other has been filed since it was looked for.
        known = _known(session, client_id, told, number.e164 if number else None)
        if known is None:
            raise
        return known
    for kept in told.photos:
        attach_file(session, report, kept, told.by or CITIZEN.id, now)
    danger = alert.find_danger(report.description or "")
    if danger is not None:
        # There is no call: the report stands in its place.
        raise_alarm(session, alert.watch, report.id, danger, "words", now, report)
    index_report(session, province, report)
    if told.by is not None:
        record(session, told.by, "report.filed", "report", report.id, now, source=told.source)
    tell_received(session, report, pin, now)
    announce_filed(session, report, now)
    log.info("report filed", report=report.id, source=report.source)
    return filed(report, pin)


def _client_id(told: WebReport) -> str | None:
    """The same for the same id of the same sender, as the column keeps it."""
    if told.client_id is None:
        return None
    whole = "\n".join((told.source, told.sender, told.client_id))
    return sha256(whole.encode()).hexdigest()[:_KEPT_OF_CLIENT_ID]


def _known(
    session: Session, client_id: str | None, told: WebReport, number: str | None
) -> Filed | None:
    """What was filed under that id before.

    Raises:
        BadChange: it says something else.
    """
    if client_id is None:
        return None
    report = session.scalar(select(Report).where(Report.client_id == client_id))
    if report is None:
        return None
    if report.description is not None:  # else it was erased: nothing is left to be compared
        first = {name: getattr(report, name) for name in _SENT}
        for update in reversed(report.updates):  # as it came, not as staff have mended it
            changes = update.changes or {}
            first |= {name: changes[name][0] for name in _SENT if name in changes}
        again = {name: getattr(told, name) for name in _SENT}
        again["description"] = told.description.strip()
        if first != again or report.contact_number not in (None, number):
            raise BadChange("client_id", "expected the report that was sent with it before")
    return filed(report, pin_again(report) or "")


def _check(province: Province, told: WebReport) -> None:
    if not told.description.strip():
        raise BadChange("description", "expected what it is about, in words")
    if len(told.description) > MOST_WORDS:
        raise BadChange("description", f"expected at most {MOST_WORDS} characters")
    if told.category is not None:
        category = province.categories.get(told.category)
        if category is None and told.category not in province.groups:
            raise BadChange("category", "the province has no such category")
        if category is not None and category.priority is Priority.DIVERTED:
            raise Diverted(category.code, province.diverted[category.code])
    if told.place is not None and province.unit(told.place) is None:
        raise BadChange("place", "expected a unit such as 2025:31825")
    if (told.latitude is None) != (told.longitude is None):
        raise BadChange("longitude", "latitude and longitude come together")
    if told.language not in province.languages:
        raise BadChange("language", "expected one of " + ", ".join(province.languages))


def _reporter(told: WebReport) -> dict[str, str] | None:
    given = {"name": told.name, "email": told.email}
    return {key: value for key, value in given.items() if value} or None
