"""From what a rule has found to alerts: opened once, raised, lowered, seen again, and ended.

Any number of workers may find the same at once: one alert comes of it, told once. Whoever closed
an alert by hand is not shown the same again: only what is graver, or what comes after a while.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from monitoring.alert_kinds import (
    CURRENT,
    SYSTEM,
    AlertEventKind,
    AlertState,
    AlertView,
    Level,
    Rule,
)
from monitoring.alert_lists import view_of
from monitoring.alert_models import Alert, AlertEvent, AlertReport
from monitoring.alerts import add_event
from monitoring.telling import Duty, announce, tell
from provinces.schema import Province
from storage.locks import alone

log = structlog.get_logger()

SEEN_EVERY = timedelta(hours=1)
"""What goes on is noted this often at most: an alert of a flood gets reports by the minute."""
MOST_REPORTS = 500
"""Behind one alert: of more, the count tells."""


@dataclass(frozen=True)
class Found:
    """What a rule has found, at one moment.

    Attributes:
        subject: of an indicator, category or module, whose is `module`.
        at: when the newest of what it tells of was: a report came in, a value was observed.
        why: numbers and codes, as `monitoring.alert_kinds` tells.
        reports: ids of those behind it.
        quiet: so long after its end another one of the same level is not opened.
        told_again: so long after somebody was told of a level nobody is told of it again, though
            it was lowered and raised in between.
        falls: whether `level` may be lower than the alert's: values fall, counts of a day do not.
    """

    module: str
    rule: Rule
    subject: str
    unit_key: str | None
    level: Level
    at: datetime
    why: Mapping[str, Any]
    reports: Sequence[str] = ()
    quiet: timedelta = timedelta(0)
    told_again: timedelta = timedelta(0)
    falls: bool = False
    demo: bool = False

    @property
    def key(self) -> str:
        where = self.why["members"][0] if self.rule is Rule.SCAN else self.unit_key or ""
        return f"{self.rule}|{self.subject}|{where}{'|demo' if self.demo else ''}"


def keep(
    session: Session, province: Province, duty: Duty, found: Found, now: datetime
) -> AlertView | None:
    """The alert that tells of it; None where somebody has closed it, and nothing is new."""
    alone(session, "alerts")  # numbers too are given one after another
    alert = _current(session, found)
    if alert is None:
        if _was_settled(session, found, now):
            return None
        return _open(session, province, duty, found, now)
    return _go_on(session, province, duty, alert, found, now)


def _current(session: Session, found: Found) -> Alert | None:
    query = select(Alert).with_for_update().execution_options(populate_existing=True)
    if found.rule is not Rule.SCAN:
        return session.scalar(query.where(Alert.open_key == found.key))
    # What spreads to the next commune is the same thing, whichever is its middle now.
    same = query.where(
        Alert.state.in_(CURRENT),
        Alert.rule == found.rule,
        Alert.subject == found.subject,
        Alert.demo.is_(found.demo),
    ).order_by(Alert.number)
    members = set(found.why["members"])
    rows = session.scalars(same).all()
    there = (row for row in rows if members & set(row.why["members"]))
    # One that has wandered off keeps its key: what begins anew where it began goes on with it.
    began_here = (row for row in rows if row.open_key == found.key)
    return next(there, None) or next(began_here, None)


def _was_settled(session: Session, found: Found, now: datetime) -> bool:
    """Whether an alert that has ended told of the same already."""
    query = select(Alert).where(
        Alert.state == AlertState.CLOSED,
        Alert.rule == found.rule,
        Alert.subject == found.subject,
        Alert.demo.is_(found.demo),
        Alert.closed_at > now - max(found.quiet, timedelta(days=7)),
    )
    if found.rule is not Rule.SCAN:
        same_unit = Alert.unit_key == found.unit_key
        query = query.where(Alert.unit_key.is_(None) if found.unit_key is None else same_unit)
    for row in session.scalars(query):
        if found.rule is Rule.SCAN and not set(row.why["members"]) & set(found.why["members"]):
            continue
        if found.at <= row.last_at and not _is_graver(found, row):
            return True
        assert row.closed_at is not None
        graver = found.level.rank > Level(row.level).rank
        if not graver and now < row.closed_at + found.quiet:
            return True
    return False


def _is_graver(found: Found, row: Alert) -> bool:
    """Of the same moment: a correction for the worse, or reports that were not counted then."""
    if found.rule is Rule.THRESHOLD:
        return is_worse(found.why["value"], row.why)
    return found.level.rank > Level(row.level).rank


def is_worse(value: float, why: Mapping[str, Any]) -> bool:
    """Whether the value is worse than the one that an alert of a threshold tells of."""
    told: float = why["value"]
    return value < told if why["worse"] == "lower" else value > told


def _open(
    session: Session, province: Province, duty: Duty, found: Found, now: datetime
) -> AlertView:
    number = (session.scalar(select(func.max(Alert.number))) or 0) + 1
    alert = Alert(
        id=uuid.uuid4().hex,
        number=number,
        module=found.module,
        rule=found.rule,
        subject=found.subject,
        unit_key=found.unit_key,
        level=found.level,
        state=AlertState.OPEN,
        open_key=found.key,
        why=dict(found.why),
        first_at=found.at,
        last_at=found.at,
        opened_at=now,
        changed_at=now,
        version=1,
        demo=found.demo,
    )
    session.add(alert)
    session.flush()
    _keep_reports(session, alert, found.reports)
    opened = add_event(session, alert, AlertEventKind.OPENED, SYSTEM, now, details=dict(found.why))
    log.warning("alert opened", alert=alert.id, rule=alert.rule, grade=alert.level)
    return _told(session, province, duty, alert, opened, now)


def _go_on(
    session: Session, province: Province, duty: Duty, alert: Alert, found: Found, now: datetime
) -> AlertView:
    if found.falls and found.at < alert.last_at:
        return view_of(session, alert, now)  # a worker that has looked before another one did
    before, after = Level(alert.level), found.level
    new_reports = _keep_reports(session, alert, found.reports)
    newer = found.at > alert.last_at
    changed = dict(found.why) != alert.why
    if changed or newer:
        alert.why = dict(found.why)
        alert.last_at = max(alert.last_at, found.at)
    if after.rank > before.rank or (found.falls and after is not before):
        raised = after.rank > before.rank
        alert.level = after
        alert.version += 1
        alert.changed_at = now
        kind = AlertEventKind.RAISED if raised else AlertEventKind.LOWERED
        changed_to = add_event(session, alert, kind, SYSTEM, now, details=dict(found.why))
        log.warning("alert changed", alert=alert.id, kind=str(kind), grade=alert.level)
        if raised:
            untold = not _told_lately(session, alert, now - found.told_again)
            return _told(session, province, duty, alert, changed_to, now, untold)
        view = view_of(session, alert, now)
        announce(session, alert, "alert.lowered", view.muted, now)
        return view
    if (newer or new_reports) and _last_event_at(session, alert) <= now - SEEN_EVERY:
        add_event(session, alert, AlertEventKind.SEEN_AGAIN, SYSTEM, now, details=dict(found.why))
    session.flush()
    return view_of(session, alert, now)


def _told(
    session: Session,
    province: Province,
    duty: Duty,
    alert: Alert,
    event: AlertEvent,
    now: datetime,
    untold: bool = True,
) -> AlertView:
    view = view_of(session, alert, now)
    if view.muted:
        add_event(session, alert, AlertEventKind.MUTED, SYSTEM, now)
    elif untold and not _known_already(session, alert):
        tell(session, province, duty, alert, view, event, now)
    announce(session, alert, f"alert.{event.kind}", view.muted, now)
    return view


def _told_lately(session: Session, alert: Alert, since: datetime) -> bool:
    """Whether somebody was told of the alert at its level after that moment."""
    query = select(AlertEvent.id).where(
        AlertEvent.alert_id == alert.id,
        AlertEvent.kind == AlertEventKind.TOLD,
        AlertEvent.level == alert.level,
        AlertEvent.at > since,
    )
    return session.scalar(query.limit(1)) is not None


def _known_already(session: Session, alert: Alert) -> bool:
    """Whether those on duty were told of the same cause by another rule: one SMS is enough.

    The same category in the same commune, found as a burst and as a cluster.
    """
    if alert.rule not in (Rule.BURST, Rule.CLUSTER):
        return False
    others = select(Alert.id).where(
        Alert.id != alert.id,
        Alert.state.in_(CURRENT),
        Alert.rule.in_((Rule.BURST, Rule.CLUSTER)),
        Alert.subject == alert.subject,
        Alert.unit_key == alert.unit_key,
    )
    told = select(AlertEvent.level).where(
        AlertEvent.alert_id.in_(others), AlertEvent.kind == AlertEventKind.TOLD
    )
    rank = Level(alert.level).rank
    return any(Level(level).rank >= rank for level in session.scalars(told) if level)


def _keep_reports(session: Session, alert: Alert, reports: Sequence[str]) -> int:
    """Note those that were not behind it yet; how many."""
    query = select(AlertReport.report_id).where(AlertReport.alert_id == alert.id)
    known = set(session.scalars(query))
    new = [each for each in dict.fromkeys(reports) if each not in known]
    new = new[: max(0, MOST_REPORTS - len(known))]
    if new:
        rows = [{"alert_id": alert.id, "report_id": each} for each in new]
        session.execute(insert(AlertReport), rows)
    return len(new)


def _last_event_at(session: Session, alert: Alert) -> datetime:
    query = select(func.max(AlertEvent.at)).where(AlertEvent.alert_id == alert.id)
    return session.scalar(query) or alert.opened_at
