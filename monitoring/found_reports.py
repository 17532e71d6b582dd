"""What the rules find in reports: bursts, clusters, and scans over neighbouring communes."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from monitoring.alert_kinds import Rule
from monitoring.demo import MADE_UP_SOURCE
from monitoring.early.burst import BURSTS, Burst, burst
from monitoring.early.cluster import CLUSTERS, Cluster, Sighting, clusters
from monitoring.early.neighbours import Point, neighbours
from monitoring.early.scan import Scan, scan
from monitoring.looking import JUDGED_DAYS, Look
from monitoring.periods import midnight
from monitoring.raising import Found
from monitoring.subjects import communes
from reports.models import Report, ReportStatus
from reports.spread import places_in, unit_today

DAY = timedelta(days=1)
CLUSTERS_LOOKED = timedelta(hours=12)
# So long after somebody has closed an alert, no other of that level comes of the same.
QUIET: Mapping[Rule, timedelta] = {
    Rule.BURST: timedelta(days=1),
    Rule.CLUSTER: CLUSTERS.within,
    Rule.SCAN: timedelta(days=1),
}


def bursts_found(session: Session, look: Look) -> Sequence[Found]:
    """Today's and yesterday's bursts of each category in each commune, and of each module.

    Of a module nothing is said where one of its categories alone is in alarm there: that says it
    better.
    """
    found: list[Found] = []
    for (category, unit_key), counts in sorted(look.counts.counts.items()):
        module = look.module_of(category)
        if module is None or max(counts[-JUDGED_DAYS:]) < BURSTS.least:
            continue
        subjects = (category,)
        for day, each in _judged(counts, look.in_alarm(subjects, unit_key), look.counts.days):
            found.append(
                _burst(session, look, module.code, category, subjects, unit_key, day, each)
            )
    alone = {(each.module, each.unit_key) for each in found}
    for module in look.province.modules:
        categories = module.report_categories
        for unit_key, counts in sorted(look.counts.of_module(categories).items()):
            if max(counts[-JUDGED_DAYS:]) < BURSTS.least or (module.code, unit_key) in alone:
                continue
            alarms = look.in_alarm((module.code, *categories), unit_key)
            for day, each in _judged(counts, alarms, look.counts.days):
                found.append(
                    _burst(session, look, module.code, module.code, categories, unit_key, day, each)
                )
    return found


def clusters_found(session: Session, look: Look) -> Sequence[Found]:
    """What came together within the last hours."""
    before = slice(-BURSTS.baseline_days - 3, -3)
    known = len(look.counts.days[before])  # in its first weeks fewer than later
    usual = {
        key: sum(counts[before]) / known for key, counts in look.counts.counts.items() if known
    }
    seen = list(_sightings(session, look))
    units = {each.id: each.unit_key for each in seen}
    found = []
    for each in clusters(seen, usual):
        module = look.module_of(each.kind)
        if module is not None:
            found.append(_cluster(look, module.code, each, units))
    return found


def scans_found(
    session: Session,
    look: Look,
    bursts: Sequence[Found],
    touching: Mapping[str, Iterable[str]] | None,
) -> Sequence[Found]:
    """For each module, communes beside each other that together have more than usual.

    A single commune that is in alarm as a burst is not told of a second time.
    """
    province = look.province
    units = {key: unit for key in communes(province) if (unit := province.unit(key))}
    middles = {key: Point(unit.latitude, unit.longitude) for key, unit in units.items()}
    near = neighbours(middles, touching)
    nothing = [0] * len(look.counts.days)
    told = {(each.module, each.unit_key) for each in bursts}
    found = []
    for module in province.modules:
        by_unit = look.counts.of_module(module.report_categories)
        subjects = (module.code, *module.report_categories)
        alarms = {key: look.in_alarm(subjects, key) for key in units}
        counts = {key: by_unit.get(key, nothing) for key in units}
        seed = look.today.toordinal() * 100 + module.order  # of a day the same, however often
        for each in scan(counts, near, seed, alarms):
            if len(each.members) > 1 or (module.code, each.members[0]) not in told:
                found.append(_scan(session, look, module.code, module.report_categories, each))
    return found


def _judged(
    counts: Sequence[int], in_alarm: Sequence[bool], days: Sequence[date]
) -> Iterator[tuple[date, Burst]]:
    for back in range(JUDGED_DAYS):
        end = len(counts) - back
        found = burst(counts[:end], in_alarm[:end])
        if found is not None and found.level is not None:
            yield days[end - 1], found


def _burst(
    session: Session,
    look: Look,
    module: str,
    subject: str,
    categories: Collection[str],
    unit_key: str,
    day: date,
    each: Burst,
) -> Found:
    assert each.level is not None
    reports = _behind(session, look, categories, (unit_key,), day, day)
    return Found(
        module=module,
        rule=Rule.BURST,
        subject=subject,
        unit_key=unit_key,
        level=each.level,
        at=max((at for _, at in reports), default=look.now),
        why={
            "count": each.count,
            "expected": round(each.expected, 3),
            "dispersion": round(each.dispersion, 3),
            "p": _rounded(each.p),
            "day": day.isoformat(),
            "baseline_days": each.baseline_days,
            "weekday": each.weekday,
        },
        reports=[report for report, _ in reports],
        quiet=QUIET[Rule.BURST],
        demo=look.demo,
    )


def _cluster(look: Look, module: str, each: Cluster, units: Mapping[str, str | None]) -> Found:
    told = [unit for member in each.members if (unit := units[member]) is not None]
    return Found(
        module=module,
        rule=Rule.CLUSTER,
        subject=each.kind,
        # Those that lie close together across a border are told of where most of them are.
        unit_key=each.unit_key or max(sorted(set(told)), key=told.count, default=None),
        level=each.level,
        at=each.last_at,
        why={
            "count": each.count,
            "expected": None if each.expected is None else round(each.expected, 3),
            "p": None if each.p is None else _rounded(each.p),
            "hours": CLUSTERS.within / timedelta(hours=1),
            "radius_m": each.radius_m,
            "first_at": each.first_at.isoformat(),
            "last_at": each.last_at.isoformat(),
        },
        reports=each.members,
        quiet=QUIET[Rule.CLUSTER],
        demo=look.demo,
    )


def _scan(
    session: Session, look: Look, module: str, categories: Collection[str], each: Scan
) -> Found:
    first = look.today - (each.days - 1) * DAY
    reports = _behind(session, look, categories, each.members, first, look.today)
    ids = [report for report, _ in reports]
    return Found(
        module=module,
        rule=Rule.SCAN,
        subject=module,
        unit_key=None,
        level=each.level,
        at=max((at for _, at in reports), default=look.now),
        why={
            "count": each.count,
            "expected": round(each.expected, 3),
            "dispersion": round(each.dispersion, 3),
            "score": round(each.score, 2),
            "p": _rounded(each.p),
            "draws": each.draws,
            "days": each.days,
            "first_day": first.isoformat(),
            "day": look.today.isoformat(),
            "members": list(each.members),
        },
        reports=ids,
        quiet=QUIET[Rule.SCAN],
        demo=look.demo,
    )


def _behind(
    session: Session,
    look: Look,
    categories: Collection[str],
    units: Sequence[str],
    first: date,
    last: date,
) -> Sequence[tuple[str, datetime]]:
    """Ids of the reports that were counted, newest first, and when they came in."""
    zone = look.province.timezone
    places = [place for unit in units for place in places_in(look.province, unit)]
    query = (
        select(Report.id, Report.requested_at)
        .where(
            Report.requested_at >= midnight(first, zone),
            Report.requested_at < midnight(last + DAY, zone),
            Report.category.in_(sorted(categories)),
            Report.place.in_(places),
            Report.status != ReportStatus.REJECTED,
            _meant(look),
        )
        .order_by(Report.requested_at.desc(), Report.id)
    )
    return [(report, at) for report, at in session.execute(query)]


def _sightings(session: Session, look: Look) -> Iterator[Sighting]:
    query = select(
        Report.id,
        Report.category,
        Report.requested_at,
        Report.place,
        Report.latitude,
        Report.longitude,
        Report.caller_hash,
    ).where(
        Report.requested_at > look.now - CLUSTERS_LOOKED,
        Report.requested_at <= look.now,
        Report.category.is_not(None),
        Report.status != ReportStatus.REJECTED,
        _meant(look),
    )
    known = set(communes(look.province))
    for row in session.execute(query):
        unit_key = unit_today(look.province, row.place) if row.place else None
        yield Sighting(
            id=row.id,
            kind=row.category,
            at=row.requested_at,
            unit_key=unit_key if unit_key in known else None,
            latitude=row.latitude,
            longitude=row.longitude,
            reporter=row.caller_hash,
        )


def _meant(look: Look) -> ColumnElement[bool]:
    marked = Report.source == MADE_UP_SOURCE
    return marked if look.demo else ~marked


def _rounded(p: float) -> float:
    """Two figures of it: more would only look exact."""
    return float(f"{p:.2g}")
