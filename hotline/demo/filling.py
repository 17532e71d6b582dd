"""The whole demonstration: planned, played in a database of its own, and moved to the real one."""

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, event, func, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session

from hotline.demo.aside import lay_aside
from hotline.demo.calling import calls_of, rows_of
from hotline.demo.figures import made_up_series
from hotline.demo.finding import Finding, judge
from hotline.demo.moving import mark, move, move_sounds, put
from hotline.demo.own_figures import own_series
from hotline.demo.plan import Plan, make_plan
from hotline.demo.spoken import Spoken
from hotline.demo.storing import store_series
from hotline.demo.story import Story, raised
from hotline.errors import DemoRefused
from hotline.rehearsal import Rehearsed, rehearsing
from hotline.settings import Settings
from ivr.drivers.simulator import Simulator
from ivr.models import Call
from ivr.summary_models import CallStep, CallSummary
from ivr.summing import keep_summaries, sum_up_calls
from monitoring.alert_kinds import Level
from monitoring.alert_models import AlertEvent, AlertReport
from monitoring.detecting import Watcher
from monitoring.models import Datastream, DemoMark, Observation
from monitoring.partitions import make_months_of
from monitoring.periods import midnight
from provinces.modules import SYSTEM
from provinces.schema import Province
from reports.day_models import ReportCode
from reports.days import pack_days
from reports.models import Report
from reports.reference import new_reference
from storage.database import reading, transaction

SPOKEN_CALLS = 40
HOURLY_DAYS = 60


@dataclass(frozen=True)
class Wanted:
    """`hourly_days`: of older hours only their days are kept. `beside`: real data may be there."""

    days: int
    seed: int
    beside: bool = False
    hourly_days: int = HOURLY_DAYS
    spoken_calls: int = SPOKEN_CALLS


@dataclass(frozen=True)
class Filled:
    """`counts`: rows by table; `took_s`: by part."""

    first: date
    last: date
    counts: Mapping[str, int]
    took_s: Mapping[str, float]
    finding: Finding


def fill_demo(
    engine: Engine,
    settings: Settings,
    province: Province,
    wanted: Wanted,
    now: datetime,
    tell: Callable[[date], None] = lambda day: None,
) -> Filled:
    """Fill the database; what early warning found of it. Nobody is told anything.

    Raises:
        DemoRefused: a demonstration is there already, or real data, and not `beside`.
    """
    with reading(engine) as session:
        _check_room(session, wanted.beside)
        taken = set(session.scalars(select(Report.reference)))
    clock = _Clock()
    plan = make_plan(province, wanted.days, wanted.seed, now)
    with rehearsing(settings, Rehearsed(None, now)) as simulator:
        event.listen(simulator.database, "connect", _in_no_hurry)
        simulator.database.dispose()  # nothing there has to outlive a power failure
        story = _the_story(simulator, province, plan, wanted, taken)
        story.play(tell)
        clock.lap("story")
        finding = _found(story)
        clock.lap("finding")
        counts = Counter(_moved(engine, simulator, settings.recordings, story, province))
        clock.lap("moving")
        counts["observations"] = _observed(engine, story, province, wanted, now)
        clock.lap("observations")
    return Filled(plan.first, plan.until.date(), dict(sorted(counts.items())), clock.laps, finding)


class _Clock:
    def __init__(self) -> None:
        self._since = time.monotonic()
        self.laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.monotonic()
        self.laps[name] = round(now - self._since, 1)
        self._since = now


def _check_room(session: Session, beside: bool) -> None:
    if session.scalar(select(func.count()).select_from(DemoMark)):
        raise DemoRefused("a demonstration is there already: `hotline demo --remove` first")
    if beside:
        return
    told = select(Datastream.id).where(
        Datastream.source != SYSTEM,
        select(Observation.value).where(Observation.datastream == Datastream.id).exists(),
    )
    for what, query in (
        ("reports", select(Report.id)),
        ("calls", select(Call.id)),
        ("figures", told),
    ):
        if session.execute(query.limit(1)).first() is not None:
            raise DemoRefused(
                f"expected an empty database, found {what}: --beside puts made-up data beside them"
            )


def _in_no_hurry(connection: DBAPIConnection, _: object) -> None:
    connection.cursor().execute("PRAGMA synchronous = OFF")


def _the_story(
    simulator: Simulator, province: Province, plan: Plan, wanted: Wanted, taken: set[str]
) -> Story:
    chance = random.Random(wanted.seed + 1)

    def make_reference() -> str:
        while (found := new_reference()) in taken:
            pass
        return found

    count = min(wanted.spoken_calls, len(plan.reports))
    # The newest ones among them: those are looked at first.
    chosen = [*chance.sample(plan.reports, count // 2), *plan.reports[-(count - count // 2) :]]
    return Story(
        scratch=simulator.database,
        province=province,
        plan=plan,
        chance=chance,
        make_reference=make_reference,
        watcher=Watcher(province),
        spoken=Spoken(simulator, province, chosen if count else (), chance),
    )


def _found(story: Story) -> Finding:
    with reading(story.scratch) as session:
        alerts = raised(session)
        members: dict[str, set[str]] = {}
        for row in session.execute(select(AlertReport.alert_id, AlertReport.report_id)):
            if (outbreak := story.members.get(row.report_id)) is not None:
                members.setdefault(row.alert_id, set()).add(outbreak)
        zone = story.province.timezone
        alarmed: dict[str, date] = {}
        graver = select(AlertEvent).where(AlertEvent.level == Level.ALERT)
        for each in session.scalars(graver.order_by(AlertEvent.id)):
            alarmed.setdefault(each.alert_id, each.at.astimezone(zone).date())
        watched = story.plan.days + 1 - story.learns
        finding = judge(
            story.province,
            story.plan.outbreaks,
            alerts.values(),
            {alert: sorted(names) for alert, names in members.items()},
            alarmed,
            Counter(story.members.values()),
            watched,
            story.series,
        )
        session.expunge_all()
    return finding


def _moved(
    engine: Engine,
    simulator: Simulator,
    recordings: Path,
    story: Story,
    province: Province,
) -> Mapping[str, int]:
    zone = province.timezone
    chance = random.Random(len(story.calls))
    with reading(engine) as session:
        before = _codes(session)
    sum_up_calls(simulator.database, zone)
    with reading(simulator.database) as source, transaction(engine) as target:
        lay_aside(target)
        counts = dict(move(source, target))
        rows, lines = [], []
        made = calls_of(story.calls, story.plan.calls, chance)
        language = province.languages[0]
        for number, (called, outcome) in enumerate(made):
            row, line = rows_of(
                called, outcome, number, chance, province.hotline_number, language, zone
            )
            rows.append(row)
            lines.append(line)
        counts["calls"] += put(target, Call.__table__, rows, marked=True)  # type: ignore[arg-type]
        held = [_again(each) for each in source.scalars(select(CallSummary))]
        counts["call_summaries"] = keep_summaries(target, [*held, *lines])
    pack_days(engine)
    with transaction(engine) as session:
        for kind, numbers in _codes(session).items():
            mark(session, kind, [str(each) for each in sorted(numbers - before[kind])])
    counts["sounds"] = move_sounds(simulator.recorder.folder, recordings)
    return counts


def _again(line: CallSummary) -> CallSummary:
    names = [column.name for column in CallSummary.__table__.columns]
    return CallSummary(**{name: getattr(line, name) for name in names})


def _codes(session: Session) -> Mapping[str, set[int]]:
    return {
        CallStep.__tablename__: set(session.scalars(select(CallStep.number))),
        ReportCode.__tablename__: set(session.scalars(select(ReportCode.number))),
    }


def _observed(
    engine: Engine, story: Story, province: Province, wanted: Wanted, now: datetime
) -> int:
    plan, zone = story.plan, province.timezone
    begin = midnight(plan.first, zone)
    make_months_of(engine, begin - timedelta(days=31), now, zone)
    told = made_up_series(province, plan.first, now, plan.outbreaks, wanted.seed)
    count = store_series(engine, told, zone, now, wanted.hourly_days)
    with reading(engine) as session:
        marked = select(DemoMark.row_id).where(DemoMark.kind == Call.__tablename__)
        lines = session.scalars(select(CallSummary).where(CallSummary.call_id.in_(marked))).all()
        session.expunge_all()
    with reading(story.scratch) as session:
        own = list(own_series(session, province, lines, begin, now))
    return count + store_series(engine, own, zone, now, wanted.hourly_days)
