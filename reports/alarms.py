"""Somebody may be in danger: an alarm for staff, and an SMS to those who are on call."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from notifications.service import queue_message
from reports.models import Alarm, Report
from reports.reference import spoken_reference
from storage.locks import alone

log = structlog.get_logger()

Source = Literal["key", "words"]
LANGUAGE = "vi"
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Watch:
    """Who is told of an alarm at once: E.164 numbers of staff."""

    numbers: Sequence[str] = ()


def raise_alarm(
    session: Session,
    watch: Watch,
    call_id: str,
    danger: str | None,
    source: Source,
    now: datetime,
    report: Report | None = None,
) -> Alarm:
    """The call's alarm, raised now unless it is already; it learns which danger, and the report.

    Staff are told when it is raised, and once more when it is known which danger it is. An alarm
    that was withdrawn, or that staff have seen, is raised anew by what was not known then.
    """
    alone(session, f"alarm of {call_id}")
    alarm = session.scalar(select(Alarm).where(Alarm.call_id == call_id))
    news = alarm is None or alarm.withdrawn_at is not None or _adds(danger, alarm)
    if alarm is None:
        alarm = Alarm(id=uuid.uuid4().hex, call_id=call_id, source=source, raised_at=now)
        session.add(alarm)
    if news:
        alarm.danger = danger or alarm.danger
        alarm.withdrawn_at = alarm.seen_at = alarm.seen_by = None
    if report is not None:
        alarm.report_id = report.id
        report.urgent = True
    session.flush()
    if news:
        log.warning("alarm raised", alarm=alarm.id, call=call_id, danger=alarm.danger or UNKNOWN)
        _tell(session, watch, alarm, report, now)
    return alarm


def withdraw_alarm(session: Session, call_id: str, now: datetime) -> None:
    """The caller says that it was a mistake. The alarm stays to be seen, and says so."""
    alarm = session.scalar(select(Alarm).where(Alarm.call_id == call_id))
    if alarm is not None and alarm.withdrawn_at is None:
        alarm.withdrawn_at = now
        session.flush()
        log.info("alarm withdrawn", alarm=alarm.id, call=call_id)


def see_alarm(session: Session, alarm_id: str, user_id: str, now: datetime) -> None:
    """A member of staff takes it on; whoever was first stays named."""
    alarm = session.scalar(select(Alarm).where(Alarm.id == alarm_id).with_for_update())
    if alarm is not None and alarm.seen_at is None:
        alarm.seen_at, alarm.seen_by = now, user_id
        session.flush()


def _adds(danger: str | None, alarm: Alarm) -> bool:
    return danger is not None and danger != alarm.danger


def _tell(
    session: Session, watch: Watch, alarm: Alarm, report: Report | None, now: datetime
) -> None:
    danger = alarm.danger or UNKNOWN
    raised = int(now.timestamp())  # one that is raised anew is told anew
    for index, number in enumerate(watch.numbers):
        queue_message(
            session,
            idempotency_key=f"alarm:{alarm.id}:{danger}:{raised}:{index}",
            to_number=number,
            text_key="alarm",
            values={
                "danger": danger,
                "reference": spoken_reference(report.reference) if report else "",
            },
            language=LANGUAGE,
            report_id=alarm.report_id,
            now=now,
        )
