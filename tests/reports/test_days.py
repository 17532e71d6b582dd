"""Figures added up from packed days are those of the reports themselves, whatever was done."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session

from reports.change import Change
from reports.changes import change_report
from reports.day_models import COUNTED, ReportDay, ReportDayMark
from reports.days import MOST_LIVE, Span, pack_all_days, pack_days, tallies_of
from reports.errors import ReportsError
from reports.merging import merge
from reports.models import Report, ReportStatus
from reports.search_filters import Filters
from reports.statistics import Statistics, counted, statistics
from reports.wiping import erase_reports
from storage.database import reading, transaction
from tests.builders import NOON, a_report
from tests.hotline.somebody import STAFF
from tests.provinces.packs import bac_lieu

S = ReportStatus
DAY = timedelta(days=1)
CATEGORIES = (None, "giao_thong", "GT01", "DT01", "MT01")
PLACES = (None, "2025:31942", "2025:31825", "2024:31825")
AGENCIES = ("so_xay_dung", "so_y_te", "cong_an_tinh")
SOURCES = ("phone", "web", "open311", "staff")


def same(found: Statistics, right: Statistics) -> bool:
    """SQLite itself counts waits in thousandths of a second."""
    waits = found.resolve_median_s, right.resolve_median_s
    close = waits[0] == waits[1] or (
        None not in waits and waits[0] == pytest.approx(waits[1], abs=0.002)
    )
    return bool(close) and replace(found, resolve_median_s=waits[1]) == right


def check(engine: Engine, filters: Filters, now: datetime) -> None:
    with reading(engine) as session:
        span = Span(filters.received_from, filters.received_to)
        assert tallies_of(session, span) is not None  # else it is the same way twice
        found = statistics(session, bac_lieu(), filters, now)
        assert same(found, counted(session, bac_lieu(), filters, now))


def some_filters(chance: random.Random, now: datetime) -> Filters:
    def perhaps(pool: Sequence[Any]) -> Any:
        wanted = chance.sample(pool, k=chance.randint(0, 2))
        return tuple(each for each in wanted if each) if chance.random() < 0.3 else None

    def moment() -> datetime | None:
        at = now - chance.random() * 20 * DAY
        if chance.random() < 0.3:
            at = at.replace(hour=chance.choice((0, 17)), minute=0, second=0, microsecond=0)
        return at if chance.random() < 0.4 else None

    return Filters(
        statuses=perhaps([status.value for status in S]),
        categories=perhaps(CATEGORIES),
        places=perhaps(PLACES),
        agencies=perhaps(AGENCIES),
        sources=perhaps(SOURCES),
        urgent=chance.choice((None, None, True, False)),
        partial=chance.choice((None, None, True, False)),
        received_from=moment(),
        received_to=moment(),
    )


class Life:
    """Whatever may happen to reports, at random."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self.engine, self.chance, self.now = engine, random.Random(seed), NOON
        self.done: set[str] = set()

    def step(self) -> None:
        self.now += timedelta(hours=self.chance.expovariate(1 / 4))
        happens: Callable[[Session], object] = self.chance.choice(
            [self.file] * 3 + [self.change] * 8 + [self.merge, self.erase, self.many, self.gone]
        )
        try:
            with transaction(self.engine) as session:
                happens(session)
            self.done.add(happens.__name__)
        except ReportsError:
            pass  # not from this state, or not with that
        if self.chance.random() < 0.1:  # and what is rolled back is as if it had never been
            with pytest.raises(ZeroDivisionError), transaction(self.engine) as session:
                self.many(session)
                raise ZeroDivisionError

    def file(self, session: Session) -> None:
        chance, at = self.chance, self.now - self.chance.random() * 3 * DAY
        session.add(
            a_report(
                requested_at=at,
                expected_at=chance.choice((None, at + DAY)),
                category=chance.choice(CATEGORIES),
                place=chance.choice(PLACES),
                source=chance.choice(SOURCES),
                partial=chance.random() < 0.2,
            )
        )

    def change(self, session: Session) -> None:
        chance = self.chance
        reason = next(iter(bac_lieu().handling.rejected))
        change = chance.choice(
            [
                Change(status=S.TRIAGED),
                Change(status=S.ASSIGNED, agency=chance.choice(AGENCIES)),
                Change(status=S.IN_PROGRESS),
                Change(status=S.WAITING_CITIZEN, text="ở đâu?"),
                Change(status=S.RESOLVED, text="xong"),
                Change(status=S.RESOLVED, text="xong"),
                Change(status=S.CLOSED),
                Change(status=S.REJECTED, reason=reason, text="không"),
                Change(status=S.REOPENED),
                Change(category=chance.choice(CATEGORIES[2:])),
                Change(place=chance.choice(PLACES[1:])),
                Change(urgent=chance.random() < 0.5),
                Change(internal_text="x"),
            ]
        )
        change_report(session, bac_lieu(), self.one(session), change, STAFF, self.now)

    def merge(self, session: Session) -> None:
        merge(session, bac_lieu(), self.one(session), self.one(session), STAFF, self.now)

    def erase(self, session: Session) -> None:
        erase_reports(session, [self.one(session)], self.now)

    def many(self, session: Session) -> None:
        moved = Report.requested_at < self.now - 5 * DAY
        session.execute(update(Report).where(moved).values(urgent=self.chance.random() < 0.5))

    def gone(self, session: Session) -> None:
        """Nothing of ours deletes a report or moves it to another day; figures would bear it."""
        session.execute(
            update(Report)
            .where(Report.id == self.one(session))
            .values(requested_at=self.now - self.chance.random() * 9 * DAY)
        )

    def one(self, session: Session) -> str:
        ids = session.scalars(select(Report.id).order_by(Report.requested_at, Report.id)).all()
        return self.chance.choice(ids) if ids else ""


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_figures_are_those_of_the_reports(database: Engine, seed: int) -> None:
    life = Life(database, seed)
    for number in range(50):
        life.step()
        if life.chance.random() < 0.15:
            pack_days(database)
        if number % 5 == 0:
            check(database, Filters(), life.now)
            check(database, some_filters(life.chance, life.now), life.now)

    for _ in range(10):
        check(database, some_filters(life.chance, life.now), life.now)
    pack_all_days(database)
    check(database, Filters(), life.now)
    assert {"file", "change", "erase", "many", "gone"} <= life.done


def days_in(engine: Engine) -> tuple[int, int]:
    """How many are packed, and how many marked."""
    with reading(engine) as session:
        marked = select(func.count(ReportDayMark.day.distinct()))
        packed = session.scalar(select(func.count()).select_from(ReportDay))
        return packed or 0, session.scalar(marked) or 0


def test_a_day_is_marked_by_what_is_counted_and_by_nothing_else(database: Engine) -> None:
    with transaction(database) as session:
        session.add(a_report(id="r"))
    assert (days_in(database), pack_days(database)) == ((0, 1), 1)

    for values, marks in (
        ({"description": "x", "version": 9, "updated_at": NOON + DAY}, 0),
        ({"status": "new"}, 0),
        ({"status": "triaged"}, 1),
        ({"expected_at": NOON}, 1),
        ({"expected_at": None}, 1),
        ({"requested_at": NOON - DAY}, 2),
    ):
        with transaction(database) as session:
            session.execute(update(Report).values(**values))
        assert days_in(database)[1] == marks
        pack_days(database)
        check(database, Filters(), NOON)

    with transaction(database) as session:
        session.execute(delete(Report))
    pack_days(database)
    assert days_in(database) == (0, 0)


def test_every_counted_column_marks(database: Engine) -> None:
    other = {
        "status": "closed",
        "source": "web",
        "category": "GT01",
        "partial": True,
        "urgent": True,
        "place": "2025:31942",
        "agency": "so_y_te",
        "requested_at": NOON + timedelta(minutes=1),
        "expected_at": NOON,
        "resolved_at": NOON,
    }
    assert set(other) == set(COUNTED)
    with transaction(database) as session:
        session.add(a_report())
    for name, value in other.items():
        pack_days(database)
        with transaction(database) as session:
            session.execute(update(Report).values({name: value}))
        assert days_in(database)[1] == 1, name
        check(database, Filters(), NOON)


@pytest.mark.slow
def test_a_change_that_is_committed_after_the_packing_is_seen(postgres_url: str) -> None:
    """PostgreSQL writes side by side: the change is there, and nobody else sees it yet."""
    from storage.database import open_engine

    engine = open_engine(postgres_url)
    with transaction(engine) as session:
        session.add(a_report(id="r"))
    with transaction(engine) as session:
        session.execute(update(Report).values(status="closed"))
        assert pack_days(engine) == 1
        check(engine, Filters(), NOON)

    check(engine, Filters(), NOON)
    assert (days_in(engine), pack_days(engine)) == ((1, 1), 1)
    with reading(engine) as session:
        found = statistics(session, bac_lieu(), Filters(), NOON)
    engine.dispose()
    assert found.statuses == {"closed": 1}


def test_where_many_days_have_changed_the_database_counts(database: Engine) -> None:
    with transaction(database) as session:
        session.add_all(a_report(requested_at=NOON - n * DAY) for n in range(MOST_LIVE + 1))
    with reading(database) as session:
        assert tallies_of(session, Span()) is None
        assert tallies_of(session, Span(since=NOON - 3 * DAY)) is not None
        assert statistics(session, bac_lieu(), Filters(), NOON).total == MOST_LIVE + 1

    assert pack_days(database) == MOST_LIVE + 1
    check(database, Filters(), NOON)


def test_days_begin_and_end_where_they_are_asked_to(database: Engine) -> None:
    midnight = datetime(2026, 11, 22, tzinfo=UTC)
    second = timedelta(seconds=1)
    with transaction(database) as session:
        for at in (midnight - second, midnight, midnight + second, midnight + DAY):
            session.add(a_report(requested_at=at))
    pack_days(database)

    with reading(database) as session:
        for since, until, total in (
            (midnight, midnight + DAY, 2),
            (midnight - second, None, 4),
            (midnight + second, midnight + DAY + second, 2),
            (None, midnight, 1),
            (midnight + second, midnight + 2 * second, 1),
            (midnight + DAY, midnight, 0),
        ):
            filters = Filters(received_from=since, received_to=until)
            assert statistics(session, bac_lieu(), filters, NOON).total == total
