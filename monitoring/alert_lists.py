"""Reading alerts: lists by what somebody asks for, one with its history and the reports behind."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Text, and_, cast, false, func, or_, select
from sqlalchemy.orm import Session

from monitoring.alert_kinds import (
    CURRENT,
    AlertEventKind,
    AlertState,
    AlertView,
    EventView,
    Level,
    MuteView,
    Rule,
)
from monitoring.alert_models import Alert, AlertEvent, AlertReport
from monitoring.errors import UnknownAlert
from monitoring.mutes import active_mutes, is_muted
from reports.models import Report

MOST = 200


@dataclass(frozen=True)
class Wanted:
    """Which alerts are meant; None: all of that kind. `since`: changed or seen then or later.

    `unit_keys`: about one of these units, alone or with others.
    """

    states: Sequence[AlertState] | None = None
    modules: Sequence[str] | None = None
    rules: Sequence[Rule] | None = None
    levels: Sequence[Level] | None = None
    subjects: Sequence[str] | None = None
    unit_keys: Sequence[str] | None = None
    since: datetime | None = None
    until: datetime | None = None  # opened before


def alerts(
    session: Session, wanted: Wanted, now: datetime, limit: int = 50, before: int | None = None
) -> Sequence[AlertView]:
    """Those alerts, the newest first; `before`: only those with a lower number than that."""
    query = select(Alert).where(*_conditions(wanted)).order_by(Alert.number.desc())
    if before is not None:
        query = query.where(Alert.number < before)
    rows = session.scalars(query.limit(min(limit, MOST))).all()
    muted = active_mutes(session, now)
    return [row_view(row, muted) for row in rows]


def count_alerts(session: Session, wanted: Wanted) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).select_from(Alert).where(*_conditions(wanted))) or 0


def current_alerts(session: Session, now: datetime) -> Sequence[AlertView]:
    """Every alert that is not closed, the gravest first, then the newest."""
    rows = session.scalars(select(Alert).where(Alert.state.in_(CURRENT))).all()
    muted = active_mutes(session, now)
    found = [row_view(row, muted) for row in rows]
    return sorted(found, key=lambda each: (-each.level.rank, -each.number))


def alerts_as_of(session: Session, moment: datetime) -> Sequence[AlertView]:
    """The alerts that were not closed at that moment; levels and states as they were then."""
    opened = Alert.opened_at <= moment
    still = or_(Alert.closed_at.is_(None), Alert.closed_at > moment)
    rows = session.scalars(select(Alert).where(and_(opened, still))).all()
    muted = active_mutes(session, moment)
    events: dict[str, list[AlertEvent]] = {row.id: [] for row in rows}
    query = select(AlertEvent).where(AlertEvent.alert_id.in_(events), AlertEvent.at <= moment)
    for event in session.scalars(query.order_by(AlertEvent.id)):
        events[event.alert_id].append(event)
    found = [_as_of(row, events[row.id], muted) for row in rows]
    return sorted(found, key=lambda each: (-each.level.rank, -each.number))


def find_alert(session: Session, alert_id: str, now: datetime) -> AlertView:
    """The alert of that id.

    Raises:
        UnknownAlert: there is none.
    """
    row = session.get(Alert, alert_id)
    if row is None:
        raise UnknownAlert("no such alert")
    return view_of(session, row, now)


def history(session: Session, alert_id: str) -> Sequence[EventView]:
    """What happened to it, in order."""
    query = select(AlertEvent).where(AlertEvent.alert_id == alert_id).order_by(AlertEvent.id)
    return [
        EventView(
            row.id,
            row.at,
            row.actor,
            AlertEventKind(row.kind),
            Level(row.level) if row.level else None,
            row.words,
        )
        for row in session.scalars(query)
    ]


def reports_behind(session: Session, alert_id: str) -> Sequence[Report]:
    """The reports that it was raised by, newest first; without those whose person was erased.

    What of them somebody may see, that one's permissions tell, as everywhere.
    """
    query = (
        select(Report)
        .join(AlertReport, AlertReport.report_id == Report.id)
        .where(AlertReport.alert_id == alert_id, Report.erased_at.is_(None))
        .order_by(Report.requested_at.desc(), Report.id)
    )
    return session.scalars(query).all()


def alerts_of_report(session: Session, report_id: str, now: datetime) -> Sequence[AlertView]:
    """The alerts that this report stands behind, newest first."""
    query = (
        select(Alert)
        .join(AlertReport, AlertReport.alert_id == Alert.id)
        .where(AlertReport.report_id == report_id)
        .order_by(Alert.number.desc())
    )
    muted = active_mutes(session, now)
    return [row_view(row, muted) for row in session.scalars(query)]


def view_of(session: Session, row: Alert, now: datetime) -> AlertView:
    return row_view(row, active_mutes(session, now))


def _as_of(row: Alert, events: Sequence[AlertEvent], mutes: Sequence[MuteView]) -> AlertView:
    """The alert as these events left it. Its numbers are those that it has now."""
    levels = [Level(each.level) for each in events if each.level]
    owners = [each.actor for each in events if each.kind == AlertEventKind.ACKNOWLEDGED]
    return replace(
        row_view(row, mutes),
        level=levels[-1] if levels else Level(row.level),
        state=AlertState.ACKNOWLEDGED if owners else AlertState.OPEN,
        owner=owners[-1] if owners else None,
        changed_at=events[-1].at if events else row.opened_at,
        closed_at=None,
    )


def row_view(row: Alert, mutes: Sequence[MuteView]) -> AlertView:
    """The row as others show it, while these mutes hold."""
    return AlertView(
        id=row.id,
        number=row.number,
        module=row.module,
        rule=Rule(row.rule),
        subject=row.subject,
        unit_key=row.unit_key,
        level=Level(row.level),
        state=AlertState(row.state),
        why=row.why,
        first_at=row.first_at,
        last_at=row.last_at,
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        closed_at=row.closed_at,
        version=row.version,
        owner=row.owner,
        muted=is_muted(mutes, Rule(row.rule), row.subject, row.unit_key, row.why),
        demo=row.demo,
    )


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        column.in_([str(each) for each in values])
        for column, values in (
            (Alert.state, wanted.states),
            (Alert.module, wanted.modules),
            (Alert.rule, wanted.rules),
            (Alert.level, wanted.levels),
            (Alert.subject, wanted.subjects),
        )
        if values is not None
    ]
    if wanted.unit_keys is not None:
        found.append(or_(false(), *(_about(each) for each in wanted.unit_keys)))
    if wanted.since is not None:
        found.append(or_(Alert.changed_at >= wanted.since, Alert.last_at >= wanted.since))
    if wanted.until is not None:
        found.append(Alert.opened_at < wanted.until)
    return found


def _about(unit_key: str) -> ColumnElement[bool]:
    """Of that unit, or a scan that has it among others: there are few of these."""
    named = cast(Alert.why, Text).contains(f'"{unit_key}"', autoescape=True)
    return or_(Alert.unit_key == unit_key, and_(Alert.rule == Rule.SCAN, named))
