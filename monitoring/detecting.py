"""Early warning as a task: reads counts and values, holds them against the rules, keeps alerts.

It can be run by any number of workers, as often as they like: what is found twice is one alert. An
alert ends by itself once what it tells of is over: a value has come back past its release bound, a
burst has been followed by days without one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from monitoring.alert_kinds import CURRENT, AlertView, Rule
from monitoring.alert_lists import row_view
from monitoring.alert_models import Alert, AlertBaseline
from monitoring.alerts import end_by_rule
from monitoring.crossing import crossings
from monitoring.errors import AlertEnded
from monitoring.found_reports import bursts_found, clusters_found, scans_found
from monitoring.looking import Look, look_at
from monitoring.models import DemoMark, MonitoringCursor
from monitoring.raising import Found, keep
from monitoring.telling import Duty
from provinces.schema import Province
from storage.database import reading, transaction
from storage.locks import alone

log = structlog.get_logger()

SCAN_EVERY = timedelta(hours=1)
_SCANNED = "scan"
# So long after the last report of it an alert is over.
OVER_AFTER: Mapping[Rule, timedelta] = {
    Rule.BURST: timedelta(days=2),
    Rule.CLUSTER: timedelta(hours=12),
    Rule.SCAN: timedelta(days=3),
}


@dataclass(frozen=True)
class Watcher:
    """What early warning needs of the rest.

    `touching`: units by unit that have a border with it, where boundaries are known.
    """

    province: Province
    duty: Duty = field(default_factory=Duty)
    touching: Mapping[str, Iterable[str]] | None = None


def detect(
    engine: Engine, watcher: Watcher, now: datetime, scan: bool | None = None
) -> Sequence[AlertView]:
    """Look at everything once; the alerts that tell of something, new or going on.

    `scan`: whether neighbouring communes are looked at together, which takes longest; None: once
    an hour, by whichever worker comes first.
    """
    scanning = _may_scan(engine, now) if scan is None else scan
    with reading(engine) as session:
        real = look_at(session, watcher.province, now)
        found = _found(session, real, watcher, scanning)
        made_up = look_at(session, watcher.province, now, demo=True)
        if made_up.counts.counts:
            found += _found(session, made_up, watcher, scanning)
        crossed = crossings(session, watcher.province, now)
        known = _known(session)
    found = [*_one_each(found), *crossed.found]
    views = [view for each in found if (view := _keep(engine, watcher, real, known, each, now))]
    over = [*crossed.released, *_over(known, found, now)]
    for alert_id in over:
        _end(engine, alert_id, now)
    if over or views:
        log.info("early warning", alerts=len(views), ended=len(over), scanned=scanning)
    return views


def _found(session: Session, look: Look, watcher: Watcher, scanning: bool) -> list[Found]:
    bursts = bursts_found(session, look)
    found = [*bursts, *clusters_found(session, look)]
    if scanning:
        found += scans_found(session, look, bursts, watcher.touching)
    return found


def _known(session: Session) -> Mapping[str, Alert]:
    """Current alerts by what they are of."""
    query = select(Alert).where(Alert.state.in_(CURRENT)).order_by(Alert.number)
    return {row.open_key or row.id: row for row in session.scalars(query)}


def _one_each(found: Iterable[Found]) -> Sequence[Found]:
    """Of what would be one alert the gravest, and of equals the newest; with all the reports."""
    best: dict[str, Found] = {}
    for each in found:
        other = best.get(each.key)
        if other is None:
            best[each.key] = each
            continue
        first, second = sorted((each, other), key=lambda one: (one.level.rank, one.at))
        best[each.key] = replace(second, reports=(*second.reports, *first.reports))
    return list(best.values())


def _keep(
    engine: Engine,
    watcher: Watcher,
    look: Look,
    known: Mapping[str, Alert],
    found: Found,
    now: datetime,
) -> AlertView | None:
    alert = known.get(found.key)
    if alert is not None and _says_so(alert, found):
        return row_view(alert, ())  # most minutes: nobody who writes has to wait for that
    with transaction(engine) as session:
        view = keep(session, watcher.province, watcher.duty, found, now)
        _mark_days(session, look, found)
    return view


def _says_so(alert: Alert, found: Found) -> bool:
    return alert.level == found.level and alert.why == dict(found.why) and alert.last_at >= found.at


def _mark_days(session: Session, look: Look, found: Found) -> None:
    """The day is no measure of what is usual, whatever anybody does with its alert."""
    if found.rule not in (Rule.BURST, Rule.SCAN):
        return
    day = date.fromisoformat(found.why["day"])
    units = [found.unit_key] if found.unit_key else found.why["members"]
    for unit_key in units:
        if day not in look.alarms.get((found.subject, unit_key), ()):
            key = (found.rule, found.subject, unit_key, day)
            if session.get(AlertBaseline, key) is None:
                rule, subject, _, _ = key
                session.add(AlertBaseline(rule=rule, subject=subject, unit_key=unit_key, day=day))
                if found.demo:
                    row_id = f"{rule}|{subject}|{unit_key}|{day}"
                    session.add(DemoMark(kind="alert_baseline", row_id=row_id))
    session.flush()


def _over(known: Mapping[str, Alert], found: Iterable[Found], now: datetime) -> Sequence[str]:
    """Ids of alerts about reports of which nothing has been heard for long enough."""
    still = {each.key for each in found}
    return [
        alert.id
        for key, alert in known.items()
        if alert.rule in OVER_AFTER
        and key not in still
        and alert.last_at < now - OVER_AFTER[Rule(alert.rule)]
    ]


def _end(engine: Engine, alert_id: str, now: datetime) -> None:
    with transaction(engine) as session:
        try:
            end_by_rule(session, alert_id, now)
        except AlertEnded:
            return  # somebody was quicker


def _may_scan(engine: Engine, now: datetime) -> bool:
    """Whether it is time, and nobody else has begun; who asks first, does."""
    with reading(engine) as session:
        if _has_scanned(session.get(MonitoringCursor, _SCANNED), now):
            return False
    with transaction(engine) as session:
        alone(session, "monitoring scan")
        cursor = session.get(MonitoringCursor, _SCANNED)
        if _has_scanned(cursor, now):
            return False
        if cursor is None:
            session.add(MonitoringCursor(name=_SCANNED, at=now))
        else:
            cursor.at = now
    return True


def _has_scanned(cursor: MonitoringCursor | None, now: datetime) -> bool:
    return cursor is not None and now - SCAN_EVERY < cursor.at <= now
