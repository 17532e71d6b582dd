"""Reports and alerts for tests of early warning, with what those on duty were told."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select

from monitoring.alert_kinds import AlertView, Level, Rule
from monitoring.alert_lists import Wanted, alerts
from monitoring.detecting import Watcher, detect
from monitoring.raising import Found, keep
from monitoring.telling import Duty
from notifications.models import Message
from reports.models import Report
from storage.database import reading, transaction
from tests.builders import NOON, a_report
from tests.provinces.packs import bac_lieu

GANH_HAO, DONG_HAI, LONG_DIEN = "2025:31972", "2025:31975", "2025:31985"
DENGUE, SCAM = "YT01", "KM01"
DUTY = "+84900000001"
FIRST = "f" * 32  # the id of the hotline's first report
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def watcher(*numbers: str) -> Watcher:
    return Watcher(bac_lieu(), Duty(numbers or (DUTY,)))


def file(
    engine: Engine,
    count: int,
    category: str = DENGUE,
    place: str = GANH_HAO,
    last_at: datetime = NOON,
    every: timedelta = 10 * MINUTE,
    begun: bool = True,
    **given: Any,
) -> list[str]:
    """So many reports, the last one at `last_at`; their ids. `begun`: the hotline has, long ago."""
    rows = [
        a_report(category=category, place=place, requested_at=last_at - back * every, **given)
        for back in range(count)
    ]
    ids = [row.id for row in rows]
    with transaction(engine) as session:
        if begun and session.get(Report, FIRST) is None:
            first_at = NOON - 100 * DAY
            session.add(a_report(id=FIRST, status="rejected", requested_at=first_at))
        session.add_all(rows)
    return ids


def an_alert(engine: Engine, now: datetime = NOON, **given: Any) -> AlertView:
    """A burst that has been found."""
    values: dict[str, Any] = {
        "module": "health",
        "rule": Rule.BURST,
        "subject": DENGUE,
        "unit_key": GANH_HAO,
        "level": Level.WATCH,
        "at": now,
        "why": {
            "count": 4,
            "expected": 0.3,
            "dispersion": 1.0,
            "p": 0.002,
            "day": "2026-11-22",
            "baseline_days": 28,
            "weekday": False,
        },
    }
    with transaction(engine) as session:
        found = Found(**(values | given))
        view = keep(session, bac_lieu(), Duty((DUTY,)), found, now)
    assert view is not None
    return view


def all_alerts(engine: Engine, now: datetime = NOON) -> Sequence[AlertView]:
    with reading(engine) as session:
        return alerts(session, Wanted(), now)


def look(engine: Engine, now: datetime = NOON, scan: bool = False) -> Sequence[AlertView]:
    detect(engine, watcher(), now, scan)
    return all_alerts(engine, now)


def messages(engine: Engine) -> Sequence[Message]:
    with reading(engine) as session:
        return session.scalars(select(Message).order_by(Message.id)).all()
