"""What the pack's time is over for goes, kind by kind; what is younger or still open stays."""

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError

from accounts.audit import record, verify
from accounts.checkpoints import read_checkpoints, verify_with, write_checkpoint
from hotline.cli import hotline
from hotline.purge import purge
from hotline.settings import Settings
from ivr.models import Call, JournalEntry
from provinces.retention import Kind
from reports.models import Recording, Report, ReportSearch, Transcript, Update
from storage.database import reading, transaction
from tests.builders import NOON
from tests.hotline.somebody import NUMBER, OTHER, leave_traces, settings_in
from tests.provinces.packs import bac_lieu

PACK = bac_lieu().retention


@pytest.fixture
def place(database: Engine, database_url: str, tmp_path: Path) -> Settings:
    settings = settings_in(tmp_path, database_url)
    leave_traces(database, settings)
    return settings


def gone(engine: Engine, settings: Settings, days: int, dry_run: bool = False) -> dict[str, int]:
    now = NOON + timedelta(days=days, hours=1)
    found = purge(engine, settings, bac_lieu(), now, dry_run=dry_run)
    assert dry_run or all(each.left == 0 for each in found)
    return {
        f"{each.kind}.{each.what}": each.left if dry_run else each.gone
        for each in found
        if (each.left if dry_run else each.gone)
    }


def test_each_kind_goes_at_its_own_time(database: Engine, place: Settings) -> None:
    days = {kind: PACK[kind].days for kind in Kind}

    assert gone(database, place, days[Kind.NUMBERS] - 1) == {}
    first = gone(database, place, days[Kind.NUMBERS])
    assert set(first) >= {"numbers.reports", "numbers.calls", "numbers.supporters"}
    assert set(first) >= {"numbers.blocks", "journals.calls"}
    with reading(database) as session:
        call = session.scalars(select(Call)).one()
        assert (call.caller_number, call.caller_hash, call.carrier_call_id) == (None, None, None)
        assert session.scalar(select(func.count()).select_from(JournalEntry)) == 0
        assert session.scalars(select(Report)).one().description is not None
        assert session.scalar(select(func.count()).select_from(Transcript)) == 1

    assert gone(database, place, days[Kind.RECORDINGS]) == {"recordings.recordings": 1}
    with reading(database) as session:
        assert session.scalars(select(Recording)).one().sound_erased_at is not None
        assert session.scalars(select(Transcript)).one().text is not None  # words stay longer
    assert list(place.recordings.iterdir()) == []

    last = gone(database, place, days[Kind.WORDS])
    assert last == {"attachments.attachments": 1, "words.reports": 1}
    assert list(place.attachments.iterdir()) == []
    with reading(database) as session:
        case = session.scalars(select(Report)).one()
        assert (case.description, case.address, case.status) == (None, None, "closed")
        assert set(session.scalars(select(Update.text))) == {None}
        words = session.scalars(select(ReportSearch.words)).one()
        assert not any("quao" in word for word in words)

    assert gone(database, place, days[Kind.WORDS]) == {}


def test_a_dry_run_counts_and_changes_nothing(database: Engine, place: Settings) -> None:
    counted = gone(database, place, 800, dry_run=True)

    assert counted["words.reports"] == 1 and counted["recordings.recordings"] == 1
    del counted["numbers.callbacks"]  # it goes with its report
    assert gone(database, place, 800) == counted
    assert gone(database, place, 800, dry_run=True) == {}


def test_what_is_open_keeps_everything(database: Engine, place: Settings) -> None:
    leave_traces(database, place, "b", OTHER)
    with transaction(database) as session:
        case = session.get_one(Report, "report-b")
        case.status, case.closed_at = "reopened", None

    gone(database, place, 800)

    with reading(database) as session:
        case = session.get_one(Report, "report-b")
        assert case.contact_number == OTHER and case.description is not None
        assert session.get_one(Call, "b" * 32).caller_number == OTHER
    assert [path.name[:1] for path in place.recordings.iterdir()] == ["b"]


def test_a_file_that_a_broken_off_purge_left_goes_with_the_next(
    database: Engine, place: Settings
) -> None:
    sound = next(place.recordings.iterdir())
    content = sound.read_bytes()
    gone(database, place, 800)
    sound.write_bytes(content)
    (place.recordings / "nobody-knows.wav").write_bytes(b"a file without a row")

    gone(database, place, 800)

    assert [path.name for path in place.recordings.iterdir()] == ["nobody-knows.wav"]


def test_the_audit_log_is_cut_from_the_front_and_stays_whole(
    database: Engine, place: Settings
) -> None:
    with reading(database) as session:
        write_checkpoint(session, place.checkpoints, NOON)
        count = verify(session).count
    later = NOON + timedelta(days=PACK[Kind.AUDIT].days + 1)
    with transaction(database) as session:
        record(session, "u1", "report.seen", "report", "r1", later)

    assert gone(database, place, PACK[Kind.AUDIT].days + 2)["audit.entries"] == count

    with reading(database) as session:
        found = verify_with(session, read_checkpoints(place.checkpoints))
        assert found.broken is None and found.first == count + 1
    # What was announced may go, and nothing else.
    with pytest.raises(DBAPIError, match="never changed"), transaction(database) as session:
        session.execute(text(f"DELETE FROM audit_entries WHERE number = {count + 1}"))


def test_old_log_files_and_backups_go(sqlite: Engine, sqlite_url: str, tmp_path: Path) -> None:
    settings = settings_in(tmp_path, sqlite_url)
    (settings.data / "logs").mkdir()
    old = settings.data / "logs" / "worker.log.3"
    new = settings.data / "logs" / "worker.log"
    for path, at in ((old, NOON), (new, NOON + timedelta(days=30))):
        path.write_text("{}\n")
        os.utime(path, (at.timestamp(), at.timestamp()))
    for name in ("hotline-20261122T050000Z", "hotline-20261222T050000Z", "hotline-mine"):
        (settings.backup_folder / name).mkdir(parents=True)

    assert gone(sqlite, settings, 30) == {"logs.files": 1, "backups.backups": 1}

    assert not old.exists() and new.exists()
    assert sorted(path.name for path in settings.backup_folder.iterdir()) == [
        "hotline-20261222T050000Z",
        "hotline-mine",
    ]


@pytest.mark.slow
def test_the_command_prints_the_proof(sqlite: Engine, sqlite_url: str, tmp_path: Path) -> None:
    settings = settings_in(tmp_path, sqlite_url)
    leave_traces(sqlite, settings, at=NOON - timedelta(days=4000))
    env = {"HOTLINE_DATA": str(settings.data), "HOTLINE_DATABASE_URL": sqlite_url}
    key = settings.secrets / "data.key"
    key.parent.mkdir()
    from tests.conftest import TEST_KEY

    key.write_bytes(TEST_KEY)

    counted = CliRunner().invoke(hotline, ["purge", "--dry-run", "--json"], env=env)
    done = CliRunner().invoke(hotline, ["purge", "--json"], env=env)
    whole = CliRunner().invoke(hotline, ["audit", "verify", "--json"], env=env)

    assert counted.exit_code == 0 and json.loads(counted.stdout)["left"] > 5
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["left"] == 0
    assert NUMBER not in done.output
    assert json.loads(whole.stdout)["whole"] is True
