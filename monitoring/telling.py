"""Who is told of alerts: those on duty and the agency by SMS, and programs by webhook.

Everybody is told of an alert when it opens, when it is raised, and when somebody escalates it.
What is to be watched can wait for the morning; an alert of the level `alert`, and an escalation,
goes at any hour. Of made-up data nobody is told at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitoring.alert_kinds import AlertEventKind, AlertView, Level, Rule
from monitoring.alert_models import Alert, AlertEvent
from monitoring.saying import figures
from monitoring.subjects import units_of
from notifications.kinds import EVERYWHERE
from notifications.service import queue_message, take_back
from notifications.webhooks import publish
from provinces.errors import UnknownCode
from provinces.schema import Province
from reports.routing import find_agency, receivers
from understanding.phone_number import mobile_number

log = structlog.get_logger()

_TEXTS = {Level.WATCH: "monitoring_watch", Level.ALERT: "monitoring_alert"}
_ESCALATED = "monitoring_escalated"


@dataclass(frozen=True)
class Duty:
    """Who is on duty: E.164 numbers of staff."""

    numbers: Sequence[str] = ()


def tell(
    session: Session,
    province: Province,
    duty: Duty,
    alert: Alert,
    view: AlertView,
    event: AlertEvent,
    now: datetime,
) -> int:
    """Queue the SMS about the event: it was opened, raised or escalated; how many."""
    if alert.demo:
        return 0
    agency = agency_mobile(province, alert, now)
    told = tuple(dict.fromkeys([*duty.numbers, *([agency] if agency else [])]))
    if not told:
        return 0
    escalated = event.kind == AlertEventKind.ESCALATED
    waits = not escalated and alert.level == Level.WATCH
    found, compared = figures(province, view, province.languages[0])
    for index, number in enumerate(told):
        queue_message(
            session,
            idempotency_key=f"{_key(event)}{index}",
            to_number=number,
            text_key=_ESCALATED if escalated else _TEXTS[Level(alert.level)],
            values={
                "number": str(alert.number),
                "subject": alert.subject,
                "units": _units(alert),
                "found": found,
                "compared": compared,
            },
            language=province.languages[0],
            report_id=None,
            now=now,
            not_before=province.sms.rules.quiet_end(now, province.timezone) if waits else None,
        )
    session.add(
        AlertEvent(
            alert_id=alert.id,
            at=now,
            actor="system",
            kind=AlertEventKind.TOLD,
            level=alert.level,
            details={"messages": len(told)},
        )
    )
    session.flush()
    log.info("alert told", alert=alert.id, grade=alert.level, messages=len(told))
    return len(told)


def forget_untold(session: Session, alert: Alert) -> None:
    """It is over: who has not been told of it need not be."""
    told_of = (AlertEventKind.OPENED, AlertEventKind.RAISED)
    query = select(AlertEvent).where(AlertEvent.alert_id == alert.id, AlertEvent.kind.in_(told_of))
    for event in session.scalars(query):
        take_back(session, _key(event))


def announce(session: Session, alert: Alert, event: str, muted: bool, now: datetime) -> None:
    """Tell programs that subscribed to `alert.opened` and the like; codes and numbers alone."""
    if alert.demo:
        return
    data = {
        "id": alert.id,
        "number": alert.number,
        "version": alert.version,
        "module": alert.module,
        "rule": alert.rule,
        "subject": alert.subject,
        "unit": alert.unit_key,
        "level": alert.level,
        "state": alert.state,
        "opened_at": alert.opened_at.isoformat(),
        "closed_at": alert.closed_at.isoformat() if alert.closed_at else None,
        "muted": muted,
        "why": alert.why,
    }
    publish(session, event, alert.id, data, now)


def agency_mobile(province: Province, alert: Alert, now: datetime) -> str | None:
    """The number at which the agency that the alert concerns gets SMS, E.164; most have none."""
    day = now.astimezone(province.timezone).date()
    if alert.rule == Rule.THRESHOLD:
        try:
            agency: str | None = province.indicator(alert.subject).source
        except UnknownCode:
            return None
    else:
        concerned = receivers(province, alert.subject, alert.unit_key, day)
        agency = next((each.id for each in concerned if each.lead), None)
    found = find_agency(province, agency, day) if agency else None
    return mobile_number(found[0].number) if found else None


def _key(event: AlertEvent) -> str:
    return f"monitoring:{event.alert_id}:{event.id}:"


def _units(alert: Alert) -> str:
    """The unit, or the first of several and how many more there are: `2025:31972+2`."""
    first, *others = units_of(alert.unit_key, alert.why) or (EVERYWHERE,)
    return f"{first}+{len(others)}" if others else first
