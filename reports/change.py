"""What may be asked to become of a report, and the rules that it has to fit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from provinces.schema import Province
from reports.actors import Actor, Party
from reports.errors import BadChange, Incomplete, NotAllowed
from reports.lifecycle import NEEDS, check_move
from reports.models import Report, ReportStatus
from reports.routing import find_agency

S = ReportStatus


@dataclass(frozen=True)
class Change:
    """What shall become of a report; None leaves a thing as it is.

    Attributes:
        status: the state to go to.
        category, place, urgent, description, address, latitude, longitude: corrections.
        agency: who handles it, as `reports.routing` names them; needs the status `assigned`.
        officer: the user who works on it; an empty text: nobody.
        original: id of the report that this one is a duplicate of.
        reason: why it is rejected, diverted or handed back, from the pack.
        text: what the citizen is told.
        internal_text: for staff alone.
        wording_key: what callers hear of it, where a prompt says it.
    """

    status: ReportStatus | None = None
    category: str | None = None
    place: str | None = None
    urgent: bool | None = None
    description: str | None = None
    address: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    agency: str | None = None
    officer: str | None = None
    original: str | None = None
    reason: str | None = None
    text: str | None = None
    internal_text: str | None = None
    wording_key: str | None = None


CORRECTIONS = (
    "category",
    "place",
    "urgent",
    "description",
    "address",
    "latitude",
    "longitude",
    "officer",
)


def check_move_of(
    session: Session,
    province: Province,
    report: Report,
    change: Change,
    actor: Actor,
    before: ReportStatus,
    after: ReportStatus,
    now: datetime,
) -> None:
    if after is before:
        if actor.party is not Party.STAFF:
            raise NotAllowed(f"a report is handed on by staff, not by the {actor.party}")
    else:
        check_move(actor, before, after, report.paused_from)
    resumes = before is S.WAITING_CITIZEN and after == report.paused_from
    missing = [name for name in NEEDS.get(after, ()) if not getattr(change, name) and not resumes]
    handed_back = after is S.TRIAGED and actor.party is Party.AGENCY
    if handed_back and not change.reason:
        missing.append("reason")
    if missing:
        raise Incomplete(f"a report becomes {after} with its {' and '.join(missing)}")
    if after is not S.ASSIGNED and change.agency not in (None, report.agency):
        raise Incomplete("a new agency needs the status `assigned`")
    if change.agency is not None:
        day = now.astimezone(province.timezone).date()
        if find_agency(province, change.agency, day) is None:
            raise BadChange("agency", "no agency of today has this code")
    _check_reason(province, change, after, handed_back)
    if after is S.DUPLICATE:
        _check_original(session, report, change.original)


def _check_reason(
    province: Province, change: Change, after: ReportStatus, handed_back: bool
) -> None:
    if change.reason is None:
        return
    known: Mapping[str, Any] = {}
    if after is S.REJECTED:
        known = province.handling.rejected
    elif handed_back or after is S.TRIAGED:
        known = province.handling.handed_back
    elif after is S.DIVERTED:
        known = {wording: None for wording in province.diverted.values()}
    if change.reason not in known:
        raise BadChange("reason", "expected one of " + ", ".join(sorted(known) or ["none"]))


def _check_original(session: Session, report: Report, original: str | None) -> None:
    found = session.get(Report, original or "")
    if found is None or found.id == report.id:
        raise BadChange("original", "expected another report")
    if found.status == S.DUPLICATE:
        raise BadChange("original", "that report is a duplicate itself: name its original")


def check_corrections(province: Province, report: Report, change: Change, actor: Actor) -> None:
    corrects = [n for n in CORRECTIONS if n != "officer" and getattr(change, n) is not None]
    if corrects and actor.party is not Party.STAFF:
        raise NotAllowed(f"{', '.join(corrects)}: corrected by staff, not by the {actor.party}")
    if change.category is not None and change.category not in province.categories:
        raise BadChange("category", "the province has no such category")
    if change.place is not None and province.unit(change.place) is None:
        raise BadChange("place", "expected a unit such as 2025:31825")
    if (change.latitude is None) != (change.longitude is None):
        raise BadChange("longitude", "latitude and longitude come together")
