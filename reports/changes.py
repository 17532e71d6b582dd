"""What staff, agencies and the clock do to a report: one way in, so that the table, the deadline
and the history always agree. Every change leaves an update that says who, when and what."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session

from accounts.audit import record
from provinces.schema import Province
from reports.actors import Actor, Party
from reports.announcing import announce_change
from reports.change import CORRECTIONS, Change, check_corrections, check_move_of
from reports.clock import count_anew, go_on, start_clock, stop_clock
from reports.errors import ChangedMeanwhile, Incomplete, UnknownReport
from reports.lifecycle import ENDED
from reports.locked import locked
from reports.models import Report, ReportStatus, Update, UpdateKind
from reports.search import SEARCHED, index_report
from reports.telling import tell_agency, tell_of_move

log = structlog.get_logger()

S = ReportStatus


def change_report(
    session: Session,
    province: Province,
    report_id: str,
    change: Change,
    actor: Actor,
    now: datetime,
    seen_version: int | None = None,
) -> Update | None:
    """Carry out `change`; the update that tells of it, None where nothing was to be changed.

    `seen_version` is the version that the author looked at: a change by somebody else since then
    is never overwritten unseen.

    Raises:
        UnknownReport: there is none of that id, or none of the actor's agency.
        ChangedMeanwhile: it is at another version than `seen_version`.
        NotAllowed: the table has no such way for the actor.
        Incomplete: the new state needs more than the change gives.
        BadChange: it names an unknown category, place, agency, reason or original.
    """
    report = locked_report(session, report_id, actor)
    if seen_version is not None and seen_version != report.version:
        raise ChangedMeanwhile(report.version)
    check_corrections(province, report, change, actor)
    before = S(report.status)
    after = change.status or before
    moves = after is not before or _reassigns(report, change)
    if moves:
        check_move_of(session, province, report, change, actor, before, after, now)
    elif change.agency is not None and change.agency != report.agency:
        raise Incomplete("a new agency needs the status `assigned`")
    changed = dict(_corrected(report, change))
    if not (moves or changed or change.text or change.internal_text):
        return None
    if "category" in changed:
        count_anew(report, province)
    # The citizen has answered, or is waited for no more: nothing new to tell of, or to begin.
    resumes = before is S.WAITING_CITIZEN and after == report.paused_from
    if moves:
        _move(report, province, change, before, after, now)
        changed.update(_handed_on(report, change, after))
    if not SEARCHED.isdisjoint(changed):
        index_report(session, province, report)
    update = _noted(session, report, change, actor, now, moves, resumes, changed)
    if moves and after is S.ASSIGNED and not resumes:
        tell_agency(session, province, report, update, now)
    return update


def locked_report(session: Session, report_id: str, actor: Actor) -> Report:
    """The report, kept from others until the transaction ends. Officers find their agency's alone.

    Raises:
        UnknownReport: there is none that the actor may work on.
    """
    report = locked(session, report_id)
    theirs = actor.party is not Party.AGENCY or (report and report.agency == actor.agency)
    if report is None or not theirs:
        raise UnknownReport("no such report")
    return report


def _reassigns(report: Report, change: Change) -> bool:
    """To another agency without a new state."""
    stays = change.status is S.ASSIGNED and report.status == S.ASSIGNED
    return stays and change.agency not in (None, report.agency)


def _corrected(report: Report, change: Change) -> Iterator[tuple[str, list[Any]]]:
    """Set what is corrected; each with what it was and what it is."""
    for name in CORRECTIONS:
        value = getattr(change, name)
        if value is None:
            continue
        before, after = getattr(report, name), value if name != "officer" else value or None
        if before != after:
            setattr(report, name, after)
            yield name, [before, after]


def _move(
    report: Report,
    province: Province,
    change: Change,
    before: ReportStatus,
    after: ReportStatus,
    now: datetime,
) -> None:
    report.status = after
    if before is S.WAITING_CITIZEN:
        go_on(report, province, now)
        report.paused_from = None
    if after is S.WAITING_CITIZEN:
        stop_clock(report, now)
        report.paused_from = before
    if after is S.REOPENED and before is not S.WAITING_CITIZEN:
        start_clock(report, province, now)
        report.original_id = report.reason = None
    if after is S.RESOLVED:
        report.resolved_at = now
    elif after is not S.CLOSED:
        report.resolved_at = None
    report.closed_at = now if after is S.CLOSED else None
    if after in (S.REJECTED, S.DIVERTED):
        report.reason = change.reason
    if after is S.DUPLICATE:
        report.original_id = change.original


def _handed_on(
    report: Report, change: Change, after: ReportStatus
) -> Iterator[tuple[str, list[Any]]]:
    """A new agency, or none where the report is sorted anew; its officer goes with it."""
    agency = change.agency if after is S.ASSIGNED else None
    if after is not S.TRIAGED and (agency is None or agency == report.agency):
        return
    if agency != report.agency:
        yield "agency", [report.agency, agency]
        report.agency = agency
        if report.officer is not None and change.officer is None:
            yield "officer", [report.officer, None]
            report.officer = None


def _noted(
    session: Session,
    report: Report,
    change: Change,
    actor: Actor,
    now: datetime,
    moves: bool,
    resumes: bool,
    changed: Mapping[str, list[Any]],
) -> Update:
    status = ReportStatus(report.status)
    kind = UpdateKind.CHANGED if changed else UpdateKind.NOTE
    if moves:
        reopened = status is S.REOPENED and not resumes
        kind = UpdateKind.REOPENED if reopened else UpdateKind.STATUS
    update = Update(
        kind=kind,
        # What nobody said to the citizen is for staff: a corrected place, a new officer.
        internal=not (change.text or (moves and status in _TOLD)),
        status=status if moves else None,
        wording_key=change.wording_key,
        text=change.text,
        internal_text=change.internal_text,
        reason=change.reason,
        changes=dict(changed) or None,
    )
    note_change(session, report, update, actor, now)
    if moves and not resumes:
        tell_of_move(session, report, update, now)
    return update


def note_change(
    session: Session, report: Report, update: Update, actor: Actor, now: datetime
) -> None:
    """Give the changed report its next version, with `update` to tell of it; audit and announce it.

    `update` has no report, version, time or author yet.
    """
    report.version += 1
    report.updated_at = now
    update.report_id, update.version = report.id, report.version
    update.author, update.at = actor.id, now
    session.add(update)
    session.flush()
    record(
        session,
        actor.id,
        "report.changed",
        "report",
        report.id,
        now,
        update=update.id,
        version=report.version,
        status=report.status,
        fields=sorted(update.changes or ()),
    )
    announce_change(session, report, update.status is not None, now)
    log.info("report changed", report=report.id, status=report.status, version=report.version)


# States of which a citizen is told. That it was sorted is a matter of the house.
_TOLD = frozenset({S.ASSIGNED, S.IN_PROGRESS, S.WAITING_CITIZEN, S.REOPENED, *ENDED})
