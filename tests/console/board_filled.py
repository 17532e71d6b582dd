"""A board with something on it: figures of some weeks, alerts of each rule, reports behind one."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from monitoring.models import (
    Alert,
    AlertEvent,
    AlertReport,
    Datastream,
    Observation,
    ObservationDay,
)
from reports.models import Report
from storage.database import transaction
from tests.builders import NOON
from tests.console.conftest import Browser
from tests.console.filled import FIRST, fill_desk
from tests.provinces.packs import bac_lieu

GANH_HAO, VINH_LOI, BAC_LIEU = "2025:31972", "2025:31900", "2025:31825"
CLUSTER, FEVER, FLOOD, ENDED = 1, 2, 3, 4
"""Numbers of the alerts: three of a kind, a threshold, a scan, and one that is closed."""
TODAY = date(2026, 11, 22)
CASE_DAYS = (*range(40), *range(362, 380))  # back from today: to show, and a year before
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def fill_board(visitor: Browser) -> None:
    """What `fill_desk` makes, figures up to today, and four alerts."""
    fill_desk(visitor)
    fill_monitoring(visitor)


def fill_monitoring(visitor: Browser) -> None:
    """Figures and alerts, where `fill_desk` has been before."""
    fill_figures(visitor)
    fill_alerts(visitor)


def fill_figures(visitor: Browser) -> None:
    """Cases of three communes, at noon of each day of this month and a year before: 2 a day, 3 of
    today in Gành Hào. Of some other indicators a little, and of attendance nothing for a month."""
    province = bac_lieu()
    with transaction(visitor.engine) as session:
        for indicator, unit, days, value in (
            ("security.cases", GANH_HAO, CASE_DAYS, 2.0),
            ("security.cases", VINH_LOI, CASE_DAYS, 2.0),
            ("security.cases", BAC_LIEU, CASE_DAYS[1:], 2.0),
            ("traffic.deaths", None, range(0, 30), 0.0),
            ("health.dengue", VINH_LOI, range(0, 100, 7), 4.0),
            ("hotline.answered", None, range(0, 30), 91.5),
            ("education.attendance", None, range(30, 60), 96.0),
        ):
            if indicator not in province.indicators:
                continue
            keep(
                session,
                indicator,
                unit,
                province.indicators[indicator].source,
                {
                    NOON - back * DAY: value + (1 if unit == GANH_HAO and back == 0 else 0)
                    for back in days
                },
            )


def keep(
    session: Any, indicator: str, unit: str | None, source: str, values: Mapping[datetime, float]
) -> int:
    """A series with one value on each of some days, known an hour later; its id."""
    stream = Datastream(indicator=indicator, unit_key=unit, source=source, made_at=NOON)
    session.add(stream)
    session.flush()
    zone = bac_lieu().timezone
    for at, value in values.items():
        session.add(
            Observation(
                datastream=stream.id, phenomenon_at=at, known_at=at + HOUR, value=value, made_by="x"
            )
        )
        session.add(
            ObservationDay(
                datastream=stream.id,
                day=at.astimezone(zone).date(),
                count=1,
                sum=value,
                lowest=value,
                highest=value,
                last=value,
                last_at=at,
            )
        )
    return stream.id


def an_alert(number: int, **given: Any) -> Alert:
    """An open alert of the cluster rule, an hour old."""
    values: dict[str, Any] = {
        "id": uuid.UUID(int=number).hex,
        "number": number,
        "module": "security",
        "rule": "cluster",
        "subject": "MT02",
        "unit_key": VINH_LOI,
        "level": "watch",
        "state": "open",
        "open_key": f"test|{number}",
        "why": {
            "count": 3,
            "expected": 0.1,
            "p": 0.0002,
            "hours": 2,
            "radius_m": None,
            "first_at": (NOON - 2 * HOUR).isoformat(),
            "last_at": NOON.isoformat(),
        },
        "first_at": NOON - 2 * HOUR,
        "last_at": NOON,
        "opened_at": NOON - HOUR,
        "changed_at": NOON - HOUR,
        "version": 1,
        "demo": False,
    }
    return Alert(**(values | given))


def fill_alerts(visitor: Browser) -> None:
    """One of each rule that pages tell apart, and one that is closed."""
    alerts = [
        an_alert(CLUSTER),
        an_alert(
            FEVER,
            module="health",
            rule="threshold",
            subject="health.dengue",
            level="alert",
            why={
                "value": 12.0,
                "unit": "patients",
                "bound": 10.0,
                "release": 8.0,
                "worse": "higher",
                "phenomenon_at": NOON.isoformat(),
                "source": "cdc",
            },
        ),
        an_alert(
            FLOOD,
            module="public_services",
            rule="scan",
            subject="MT02",
            unit_key=None,
            why={
                "count": 9,
                "expected": 1.2,
                "score": 8.4,
                "p": 0.002,
                "days": 2,
                "first_day": "2026-11-21",
                "day": "2026-11-22",
                "members": [GANH_HAO, BAC_LIEU],
                "dispersion": 1.1,
            },
            opened_at=NOON - 30 * HOUR,
            changed_at=NOON - 30 * HOUR,
        ),
        an_alert(
            ENDED,
            state="closed",
            open_key=None,
            closed_at=NOON - 2 * HOUR,
            opened_at=NOON - 30 * HOUR,
            changed_at=NOON - 2 * HOUR,
        ),
    ]
    with transaction(visitor.engine) as session:
        session.add_all(alerts)
        session.flush()
        report = session.scalar(select(Report.id).where(Report.reference == FIRST))
        assert report is not None
        session.add(AlertReport(alert_id=alert_id(CLUSTER), report_id=report))
        for alert in alerts:
            session.add(
                AlertEvent(
                    alert_id=alert.id,
                    at=alert.opened_at,
                    actor="system",
                    kind="opened",
                    level=alert.level,
                )
            )
        session.add(
            AlertEvent(
                alert_id=alert_id(ENDED),
                at=NOON - 2 * HOUR,
                actor="system",
                kind="closed",
                level="watch",
            )
        )


def alert_id(number: int) -> str:
    """The id of the alert of that number."""
    return uuid.UUID(int=number).hex
