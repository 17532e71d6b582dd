"""What staff do with alerts: take one on, comment, pass it on, end it; each leaves an event.

Whoever changes an alert may say which version they saw: of two at once the second is told. A
comment changes nothing that others decide by, so it asks for no version.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.audit import record
from monitoring.alert_kinds import CURRENT, SYSTEM, AlertEventKind, AlertState, AlertView
from monitoring.alert_lists import view_of
from monitoring.alert_models import Alert, AlertEvent
from monitoring.errors import AlertChanged, AlertEnded, UnknownAlert
from monitoring.telling import Duty, announce, forget_untold, tell
from monitoring.words import checked_words
from provinces.schema import Province

log = structlog.get_logger()


def acknowledge(
    session: Session, alert_id: str, by: str, now: datetime, seen_version: int | None = None
) -> AlertView:
    """The user takes the alert on; whoever takes it over from somebody else is its owner then.

    Raises:
        UnknownAlert: there is none of that id.
        AlertChanged: it is at another version than `seen_version`.
        AlertEnded: it is closed.
    """
    alert = _current(session, alert_id, seen_version)
    if alert.state == AlertState.ACKNOWLEDGED and alert.owner == by:
        return view_of(session, alert, now)  # pressed twice
    alert.state, alert.owner = AlertState.ACKNOWLEDGED, by
    _changed(session, alert, AlertEventKind.ACKNOWLEDGED, by, now)
    return _announced(session, alert, "alert.acknowledged", now)


def comment(session: Session, alert_id: str, by: str, words: str, now: datetime) -> AlertView:
    """The alert with a comment more; a closed one, too, may be commented.

    Raises:
        UnknownAlert: there is none of that id.
        BadWords: there are none, or too many.
    """
    told = checked_words(words)
    alert = _locked(session, alert_id)
    add_event(session, alert, AlertEventKind.COMMENTED, by, now, told)
    record(session, by, "alert.commented", "alert", alert.id, now)
    return view_of(session, alert, now)


def escalate(
    session: Session,
    province: Province,
    duty: Duty,
    alert_id: str,
    by: str,
    words: str,
    now: datetime,
    seen_version: int | None = None,
) -> AlertView:
    """The alert is passed on: everybody on duty is told at once, at any hour, muted or not.

    Raises:
        UnknownAlert, AlertChanged, AlertEnded: see `acknowledge`.
        BadWords: nothing says why.
    """
    told = checked_words(words)
    alert = _current(session, alert_id, seen_version)
    event = _changed(session, alert, AlertEventKind.ESCALATED, by, now, told)
    tell(session, province, duty, alert, view_of(session, alert, now), event, now)
    return _announced(session, alert, "alert.escalated", now)


def close(
    session: Session,
    alert_id: str,
    by: str,
    words: str | None,
    now: datetime,
    seen_version: int | None = None,
) -> AlertView:
    """The alert ends by hand; what causes it must be over, or come anew, to open another.

    Raises:
        UnknownAlert, AlertChanged, AlertEnded: see `acknowledge`.
        BadWords: too many.
    """
    told = checked_words(words) if words and words.strip() else None
    return _end(session, alert_id, by, told, now, seen_version)


def end_by_rule(session: Session, alert_id: str, now: datetime) -> None:
    """What it told of is over."""
    _end(session, alert_id, SYSTEM, None, now, None)


def add_event(
    session: Session,
    alert: Alert,
    kind: AlertEventKind,
    actor: str,
    now: datetime,
    words: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> AlertEvent:
    """A line of the alert's history."""
    event = AlertEvent(
        alert_id=alert.id,
        at=now,
        actor=actor,
        kind=kind,
        level=alert.level,
        words=words,
        details=None if details is None else dict(details),
    )
    session.add(event)
    session.flush()
    return event


def _end(
    session: Session,
    alert_id: str,
    by: str,
    words: str | None,
    now: datetime,
    seen_version: int | None,
) -> AlertView:
    alert = _current(session, alert_id, seen_version)
    alert.state, alert.closed_at, alert.open_key = AlertState.CLOSED, now, None
    _changed(session, alert, AlertEventKind.CLOSED, by, now, words)
    forget_untold(session, alert)
    return _announced(session, alert, "alert.closed", now)


def _announced(session: Session, alert: Alert, event: str, now: datetime) -> AlertView:
    view = view_of(session, alert, now)
    announce(session, alert, event, view.muted, now)
    return view


def _changed(
    session: Session,
    alert: Alert,
    kind: AlertEventKind,
    by: str,
    now: datetime,
    words: str | None = None,
) -> AlertEvent:
    alert.version += 1
    alert.changed_at = now
    event = add_event(session, alert, kind, by, now, words)
    record(session, by, f"alert.{kind}", "alert", alert.id, now, version=alert.version)
    log.info("alert changed", alert=alert.id, kind=str(kind), version=alert.version)
    return event


def _current(session: Session, alert_id: str, seen_version: int | None) -> Alert:
    alert = _locked(session, alert_id)
    if seen_version is not None and seen_version != alert.version:
        raise AlertChanged(alert.version)
    if alert.state not in CURRENT:
        raise AlertEnded("the alert is closed")
    return alert


def _locked(session: Session, alert_id: str) -> Alert:
    """The alert as it is now, kept from others until the transaction ends."""
    query = select(Alert).where(Alert.id == alert_id).with_for_update()
    alert = session.scalar(query.execution_options(populate_existing=True))
    if alert is None:
        raise UnknownAlert("no such alert")
    return alert
