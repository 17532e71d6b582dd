"""What a form asks to become of a report, and carrying it out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from console.errors import BadForm
from console.places import labelled_units, place_of
from console.reports.access import actor_of
from provinces.schema import Province
from reports.actors import Party
from reports.change import Change
from reports.changes import change_report
from reports.merging import merge
from reports.models import Report, ReportStatus, Update
from reports.reference import parse_reference

LONGEST = 4000
# The fields of the forms, as the page has them; all may be sent again after somebody was quicker.
FIELDS = (
    "status",
    "category",
    "place",
    "place_typed",
    "agency",
    "urgent",
    "original",
    "reason",
    "text",
    "internal_text",
)


@dataclass(frozen=True)
class Wanted:
    """`duplicate_of` is the reference of the report's original; else `change` is carried out."""

    change: Change
    duplicate_of: str | None = None


def read_version(sent: Mapping[str, str]) -> int:
    """The version that the author looked at.

    Raises:
        BadForm: there is none.
    """
    text = sent.get("version", "")
    if not text.isdecimal() or len(text) > 9:
        raise BadForm("wrong_input")
    return int(text)


def read_change(sent: Mapping[str, str], province: Province) -> Wanted:
    """What the form asks for.

    Raises:
        BadForm: a value is none of those that the page offers, or is too long.
    """
    given = {name: _text(sent.get(name, "")) for name in FIELDS}
    status = given["status"]
    if status and status not in set(ReportStatus):
        raise BadForm("wrong_input")
    if given["urgent"] not in ("", "yes", "no"):
        raise BadForm("wrong_input")
    change = Change(
        status=ReportStatus(status) if status else None,
        category=given["category"] or None,
        place=given["place"] or place_typed(given["place_typed"], province),
        urgent={"yes": True, "no": False}.get(given["urgent"]),
        agency=given["agency"] or None,
        reason=given["reason"] or None,
        text=given["text"] or None,
        internal_text=given["internal_text"] or None,
    )
    if change.agency and change.status is None:
        change = replace(change, status=ReportStatus.ASSIGNED)
    return Wanted(change, given["original"] or None)


def carry_out(
    session: Session,
    province: Province,
    report: Report,
    wanted: Wanted,
    user: User,
    version: int,
    now: datetime,
) -> Update | None:
    """The update that tells of it; None where there was nothing to change.

    Raises:
        BadForm: the original is no report.
        ReportsError: as `reports.changes.change_report`.
    """
    actor = actor_of(user)
    if wanted.duplicate_of is None:
        return change_report(session, province, report.id, wanted.change, actor, now, version)
    digits = parse_reference(wanted.duplicate_of)
    original = session.scalar(select(Report.id).where(Report.reference == (digits or "")))
    if original is None or actor.party is Party.AGENCY:
        raise BadForm("unknown_report")
    note = wanted.change.internal_text
    return merge(session, province, report.id, original, actor, now, version, note)


def place_typed(typed: str, province: Province) -> str | None:
    """The one unit that is called so; None where nothing was typed.

    Raises:
        BadForm: none is, or several are.
    """
    if not typed:
        return None
    found = labelled_units(province, typed)
    if not found:
        raise BadForm("unknown_place")
    today = [unit for unit in found if unit.key.edition == province.current_edition] or found
    if len(today) > 1:
        raise BadForm("several_places")
    return place_of(today[0])


def _text(text: str) -> str:
    if len(text) > LONGEST or "\x00" in text:
        raise BadForm("wrong_input")
    return text.strip()
