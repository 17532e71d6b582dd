"""`hotline demo`: a week beside real data, what it shows, and that it goes without a trace."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text

from accounts.models import AuditEntry
from hotline.demo.filling import Filled, Wanted, fill_demo
from hotline.demo.plan import SEED, make_plan
from hotline.demo.removing import remove_demo
from hotline.demo.sayings import SAYINGS
from hotline.errors import DemoRefused
from hotline.settings import Settings
from hotline.texting import the_sender
from ivr.call_numbers import call_numbers
from ivr.models import Call, JournalEntry
from monitoring.demo import any_demo, are_demo
from monitoring.detecting import Watcher, detect
from monitoring.figures import store_figures
from monitoring.models import Alert, DemoMark, Observation, ObservationDay
from monitoring.observing import Reading, store
from monitoring.streams import stream_of, streams
from monitoring.telling import Duty
from notifications.models import Delivery, Message, MessageStatus
from provinces.modules import SYSTEM
from reports.actors import Actor, Party
from reports.change import Change
from reports.changes import change_report
from reports.days import pack_days
from reports.merging import merge
from reports.models import Recording, Report, ReportStatus
from storage.crypto import use_key
from storage.database import Base, open_engine, reading, transaction
from tests.builders import (
    NOON,
    a_call,
    a_journal,
    a_recording,
    a_report,
    a_transcript,
)
from tests.conftest import TEST_KEY
from tests.provinces.packs import bac_lieu
from understanding.phone_number import mobile_number, read_phone_number

WEEK = Wanted(days=7, seed=SEED, beside=True, hourly_days=1, spoken_calls=3)
Dump = Mapping[str, Sequence[str]]
_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' "
    "AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%_fts_%'",
    # Partitions are left out: their rows are the whole table's.
    "postgresql": "SELECT CASE schemaname WHEN 'public' THEN '' ELSE schemaname || '.' END "
    "|| tablename FROM pg_tables JOIN pg_class "
    "ON pg_class.oid = format('%I.%I', schemaname, tablename)::regclass "
    "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND NOT relispartition",
}


@dataclass(frozen=True)
class Demo:
    """A filled database, and what was in it before."""

    engine: Engine
    settings: Settings
    before: Dump
    filled: Filled


def dump(engine: Engine) -> Dump:
    """Every table, row by row, as it lies there; the job queue's too."""
    with engine.connect() as connection:
        names = connection.execute(text(_TABLES[engine.dialect.name]))
        return {
            name: sorted(map(repr, connection.execute(text(f"SELECT * FROM {name}"))))
            for (name,) in names.all()
        }


def changed(before: Dump, after: Dump) -> set[str]:
    """Tables that are not as they were."""
    return {name for name in after if after[name] != before[name]}


def real_data(engine: Engine) -> None:
    """A report, a call and a figure of somebody."""
    call = a_call(started_at=NOON - timedelta(hours=2))
    with transaction(engine) as session:
        session.add_all([call, a_report(category="YT01", place="2025:31867")])
        session.flush()
        session.add_all(a_journal(call))
        stream = stream_of(session, "health.dengue", "2025:31867", "cdc", NOON)
        store(session, bac_lieu(), [Reading(stream.id, NOON - timedelta(days=8), 2.0)], NOON)
    pack_days(engine)
    # The worker has run, and has told that nothing came in.
    store_figures(engine, bac_lieu(), call_numbers, NOON - timedelta(hours=1))


@pytest.fixture(scope="module")
def demo(_migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    use_key(TEST_KEY)
    folder = tmp_path_factory.mktemp("demo")
    shutil.copy(_migrated_sqlite, folder / "hotline.sqlite3")
    engine = open_engine(f"sqlite:///{folder / 'hotline.sqlite3'}")
    settings = Settings(data=folder)
    real_data(engine)
    before = dump(engine)
    filled = fill_demo(engine, settings, bac_lieu(), WEEK, NOON)
    yield Demo(engine, settings, before, filled)
    engine.dispose()


def test_every_row_that_was_made_up_is_marked(demo: Demo) -> None:
    with reading(demo.engine) as session:
        made_up = session.scalars(select(Report.id).where(Report.source == "demo")).all()
        held = session.scalars(select(JournalEntry.call_id).distinct()).all()

        assert any_demo(session)
        assert len(made_up) == demo.filled.counts["reports"] > 20
        assert all(are_demo(session, "reports", [each]) for each in made_up)
        assert all(are_demo(session, "calls", [each]) for each in held)
        assert session.scalar(select(func.count()).where(Report.source != "demo")) == 1


def test_a_few_calls_have_their_journal_and_their_sound(demo: Demo) -> None:
    with reading(demo.engine) as session:
        recordings = session.scalars(select(Recording)).all()

        assert len({each.call_id for each in recordings}) == WEEK.spoken_calls
        assert all((demo.settings.recordings / f"{each.name}.wav").exists() for each in recordings)
        assert all(each.report_id for each in recordings if not each.silent)


def test_nobody_is_told_of_it_and_nobody_could_be(demo: Demo) -> None:
    with reading(demo.engine) as session:
        numbers = session.scalars(select(Call.caller_number).where(Call.driver != "agi")).all()

        assert session.scalar(select(func.count()).select_from(Message)) == 0
        assert session.scalar(select(func.count()).select_from(Delivery)) == 0
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0
        assert len(set(numbers)) == len(numbers) > 50
        assert all(number and read_phone_number(number) is None for number in numbers)
        assert session.scalars(select(Report.text_number).where(Report.source == "demo")).all()
        reached = session.scalars(select(Report.text_number).where(Report.source == "demo"))
        assert not any(map(mobile_number, reached))


def test_every_indicator_has_figures(demo: Demo) -> None:
    with reading(demo.engine) as session:
        told = {
            each.indicator
            for each in streams(session)
            if session.scalar(
                select(Observation.value).where(Observation.datastream == each.id).limit(1)
            )
            is not None
        }

    missing = {
        code
        for code, each in bac_lieu().indicators.items()
        if each.period in ("hour", "day") and code not in told
    }
    few = {"hotline.answered_hour", "hotline.abandoned_hour", "hotline.wait_hour"}
    assert missing <= {"hotline.abandoned", *few}  # hours of few calls tell none


def test_a_flood_is_found_before_anybody_knows_what_is_usual(demo: Demo) -> None:
    found = {each.name: each.delay_days for each in demo.filled.finding.outbreaks}

    assert set(found) == {"scam", "dengue", "flood"}
    assert found["flood"] is not None and found["flood"] <= 1
    with reading(demo.engine) as session:
        assert all(session.scalars(select(Alert.demo)))


@pytest.mark.slow
def test_early_warning_finds_the_outbreaks_of_two_months(sqlite: Engine, tmp_path: Path) -> None:
    wanted = Wanted(days=60, seed=SEED, hourly_days=1, spoken_calls=1)

    filled = fill_demo(sqlite, Settings(data=tmp_path), bac_lieu(), wanted, NOON)

    found = {each.name: each.delay_days for each in filled.finding.outbreaks}
    assert all(delay is not None and delay <= 3 for delay in found.values()), found


def test_a_second_one_and_one_among_real_data_are_refused(demo: Demo, sqlite: Engine) -> None:
    with pytest.raises(DemoRefused, match="--remove"):
        fill_demo(demo.engine, demo.settings, bac_lieu(), WEEK, NOON)

    real_data(sqlite)
    alone = Wanted(days=7, seed=SEED)
    with pytest.raises(DemoRefused, match="--beside"):
        fill_demo(sqlite, demo.settings, bac_lieu(), alone, NOON)


def test_an_sms_that_work_on_it_causes_does_not_leave(demo: Demo) -> None:
    officer = Actor("c" * 32, Party.STAFF)
    with transaction(demo.engine) as session:
        query = select(Report).where(
            Report.source == "demo", Report.status == ReportStatus.NEW, Report.category.is_not(None)
        )
        report = session.scalars(query).first()
        assert report is not None
        report.text_number = "+84912345678"  # somebody wrote it down
        session.flush()
        rejected = Change(status=ReportStatus.REJECTED, reason="too_little", text="Không rõ.")
        change_report(session, bac_lieu(), report.id, rejected, officer, NOON)

    sender = the_sender(demo.engine, demo.settings, bac_lieu(), "a-1", lambda: NOON)
    sender.once()

    with reading(demo.engine) as session:
        (message,) = session.scalars(select(Message)).all()
        assert (message.status, message.problem) == (MessageStatus.CANCELLED, "made_up")


def test_what_the_system_counts_of_it_alarms_nobody(demo: Demo) -> None:
    """The worker had counted before, and counts the made-up ones as they lie there."""
    engine, later = demo.engine, NOON + timedelta(hours=2)
    watcher = Watcher(bac_lieu(), Duty(("0912345678",)))
    with reading(engine) as session:
        messages = session.scalar(select(func.count()).select_from(Message))

    store_figures(engine, bac_lieu(), call_numbers, later)
    views = detect(engine, watcher, later, scan=False)

    with reading(engine) as session:
        own = {each.indicator: each.id for each in streams(session, source=SYSTEM)}
        assert are_demo(session, "datastreams", [str(each) for each in own.values()])
        days = select(func.count()).where(ObservationDay.datastream == own["hotline.reports"])
        assert (session.scalar(days) or 0) >= WEEK.days  # also where the worker had told before
        assert session.scalar(select(func.count()).select_from(Message)) == messages
    assert all(view.demo for view in views)


def test_a_real_report_that_was_joined_to_it_is_open_again(sqlite: Engine, tmp_path: Path) -> None:
    """And what a real caller has added to a made-up one goes, with its words."""
    with transaction(sqlite) as session:
        added = a_recording(a_transcript())
        original, real = a_report([added], source="demo"), a_report(category="YT01")
        session.add_all([original, real])
        session.flush()
        session.add(DemoMark(kind="reports", row_id=original.id))
        merge(session, bac_lieu(), real.id, original.id, Actor("c" * 32, Party.STAFF), NOON)
        name, real_id = added.name, real.id

    remove_demo(sqlite, bac_lieu(), tmp_path, tmp_path, NOON)

    with reading(sqlite) as session:
        left = session.get_one(Report, real_id)
        assert (left.status, left.original_id) == (ReportStatus.REOPENED, None)
        assert session.get(Recording, name) is None
        assert not any_demo(session)


def test_it_goes_without_a_trace(demo: Demo) -> None:
    """Also what staff did to it: all but their audit entries, which nobody can take away."""
    remove_demo(demo.engine, bac_lieu(), demo.settings.recordings, demo.settings.attachments, NOON)

    after = dump(demo.engine)
    kept = {"audit_entries", "message_senders"}
    assert changed(demo.before, after) <= kept
    assert list(demo.settings.recordings.glob("*.wav")) == []
    assert set(after) >= {table.name for table in Base.metadata.sorted_tables}


@pytest.mark.slow
@pytest.mark.postgres
def test_it_comes_and_goes_without_a_trace_on_postgresql(postgres_url: str, tmp_path: Path) -> None:
    engine = open_engine(postgres_url)
    settings = Settings(data=tmp_path)
    real_data(engine)
    before = dump(engine)

    filled = fill_demo(engine, settings, bac_lieu(), WEEK, NOON)
    between = changed(before, dump(engine))
    remove_demo(engine, bac_lieu(), settings.recordings, settings.attachments, NOON)
    after = dump(engine)
    engine.dispose()

    assert filled.counts["reports"] > 20
    assert {"reports", "calls", "alerts", "observations", "demo_marks"} <= between
    assert changed(before, after) == set()


def test_the_same_seed_plans_the_same() -> None:
    first, again, other = (make_plan(bac_lieu(), 30, seed, NOON) for seed in (1, 1, 2))

    assert first == again != other


def test_there_are_words_for_everything() -> None:
    said = [words for each in SAYINGS.values() for words in each]

    assert len(set(said)) == len(said) >= 120
    assert all("{where}" in words for words in said)
    filed = {code for code, each in bac_lieu().categories.items() if each.deadline}
    assert filed <= SAYINGS.keys()
