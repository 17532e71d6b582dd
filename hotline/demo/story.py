"""The made-up year as it goes by, in a database that is thrown away: filed, handled, watched.

Everything is done by the services that do it for real, at clocks of then: nothing that they write
besides (SMS, webhooks, jobs, audit entries) ever leaves that database. Early warning looks at
midday and at the end of each day, and knows no more than was known then.
"""

import heapq
import random
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from hotline.demo.fates import Step, fate
from hotline.demo.marks import SOURCE
from hotline.demo.plan import MadeUp, Plan
from hotline.demo.spoken import Spoken
from monitoring.alert_kinds import Rule
from monitoring.alert_models import Alert
from monitoring.detecting import Watcher, detect
from monitoring.early.cluster import CLUSTERS
from monitoring.looking import HISTORY_DAYS
from monitoring.models import DemoMark
from monitoring.periods import midnight
from monitoring.subjects import communes
from provinces.schema import Province
from reports.adding import Addition, rate
from reports.alarms import Watch
from reports.change import Change
from reports.changes import change_report
from reports.days import pack_days
from reports.errors import ReportsError
from reports.locked import locked
from reports.models import ReportStatus
from reports.web_filing import Alert as Danger
from reports.web_filing import WebReport, file_from_web
from storage.database import transaction

_BY_PHONE = 0.7  # of those reports that are told to somebody, or sent
_NOBODY_IN_DANGER = Danger(lambda words: None, Watch())
_DAY = timedelta(days=1)
# Days have to be packed before a look at them costs more than that does.
_PACK_EVERY = 10


@dataclass(frozen=True)
class Called:
    """A call without a journal: when, which it was, and the report that came of it."""

    id: str
    at: datetime
    filed: bool


@dataclass
class Story:
    """Plays `plan` in `scratch`. `spoken` holds the calls that are real conversations."""

    scratch: Engine
    province: Province
    plan: Plan
    chance: random.Random
    make_reference: Callable[[], str]
    watcher: Watcher
    spoken: Spoken
    calls: list[Called] = field(default_factory=list)
    members: dict[str, str] = field(default_factory=dict)  # report → its outbreak
    _due: list[tuple[datetime, int, str, Step]] = field(default_factory=list)
    _originals: dict[tuple[str, str], str] = field(default_factory=dict)
    _number: int = 0

    def play(self, tell: Callable[[date], None] = lambda day: None) -> None:
        """All of it; `tell` hears of each day that is over."""
        coming = list(reversed(self.plan.reports))
        for number in range(self.plan.days + 1):
            day = self.plan.first + number * _DAY
            begin = midnight(day, self.province.timezone)
            for until in (begin + _DAY / 2, begin + _DAY):
                until = min(until, self.plan.until)
                some: list[MadeUp] = []
                while coming and coming[-1].at < until:
                    some.append(coming.pop())
                self._live(some, until)
                self._look(number, until, some, at_night=until != begin + _DAY / 2)
            if number % _PACK_EVERY == 0:
                pack_days(self.scratch)
            tell(day)

    def _look(self, number: int, until: datetime, some: list[MadeUp], at_night: bool) -> None:
        """Early warning first learns what is usual. At midday it has only clusters to see."""
        of_a_kind = Counter((each.category, each.place) for each in some)
        clustered = max(of_a_kind.values(), default=0) >= CLUSTERS.least
        if number >= self.learns and (at_night or clustered):
            detect(self.scratch, self.watcher, until - timedelta(seconds=1), scan=at_night)

    @property
    def learns(self) -> int:
        """So many days of the first pass without a look."""
        return min(HISTORY_DAYS, self.plan.days // 8)

    @property
    def series(self) -> int:
        """So many are looked at: each category and each module, in each commune."""
        kinds = {code for module in self.province.modules for code in module.report_categories}
        return (len(kinds) + len(self.province.modules)) * len(communes(self.province))

    def _live(self, some: list[MadeUp], until: datetime) -> None:
        """Until then: what is said in conversations, then all the rest in one transaction."""
        said = {id(each): self.spoken.hold(each) for each in some if self.spoken.wants(each)}
        with transaction(self.scratch) as session:
            for each in some:
                self._pass(session, each.at)
                report_id = said.get(id(each))
                if report_id is None:
                    report_id = self._file(session, each)
                else:
                    self.spoken.settle(session, report_id, each)
                self._filed(session, report_id, each)
            self._pass(session, until)

    def _file(self, session: Session, made_up: MadeUp) -> str:
        call_id = uuid.uuid4().hex if self.chance.random() < _BY_PHONE else None
        if call_id is not None:
            self.calls.append(Called(call_id, made_up.at - timedelta(minutes=3), True))
        told = WebReport(
            made_up.words,
            category=made_up.category,
            place=made_up.place,
            latitude=made_up.latitude,
            longitude=made_up.longitude,
            language=self.province.languages[0],
            source=SOURCE,
            urgent=made_up.urgent,
            call_id=call_id,
        )
        filed = file_from_web(
            session, self.province, told, _NOBODY_IN_DANGER, made_up.at, self.make_reference
        )
        return filed["report"]

    def _filed(self, session: Session, report_id: str, made_up: MadeUp) -> None:
        session.add(DemoMark(kind="reports", row_id=report_id))
        if made_up.outbreak is not None:
            self.members[report_id] = made_up.outbreak
        original = self._originals.get((made_up.category, made_up.place))
        if made_up.outbreak is None or original is None:
            self._originals[made_up.category, made_up.place] = report_id
            original = None
        for step in fate(self.province, self.chance, made_up, original):
            self._number += 1
            at = made_up.at + step.after
            heapq.heappush(self._due, (at, self._number, report_id, step))

    def _pass(self, session: Session, until: datetime) -> None:
        """What is done to reports before then. Where it no longer fits it is left out: a report
        that was joined to another is answered with that one."""
        while self._due and self._due[0][0] < until:
            at, _, report_id, step = heapq.heappop(self._due)
            try:
                self._do(session, report_id, step, at)
            except ReportsError:
                continue

    def _do(self, session: Session, report_id: str, step: Step, at: datetime) -> None:
        if isinstance(step.what, Change):
            change_report(session, self.province, report_id, step.what, step.actor, at)
            return
        report = locked(session, report_id)
        if report is not None and report.status in (ReportStatus.RESOLVED, ReportStatus.CLOSED):
            rate(session, report, step.what, Addition({"client_id": str(uuid.uuid4())}), at)


def raised(session: Session) -> Mapping[str, Alert]:
    """All that early warning found of reports, by id."""
    rules = (Rule.BURST, Rule.CLUSTER, Rule.SCAN)
    query = select(Alert).where(Alert.rule.in_(rules)).order_by(Alert.number)
    return {each.id: each for each in session.scalars(query)}
