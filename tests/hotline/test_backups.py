"""A backup is one moment, whole or not there; what is restored from it is what was kept."""

import hashlib
import json
import shutil
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, func, select

from accounts.audit import record, verify
from accounts.checkpoints import write_checkpoint
from hotline.backups.drill import drill
from hotline.backups.folder import PART, made_at, read_manifest, whole_backups
from hotline.backups.making import make_backup
from hotline.backups.restoring import Restored, restore_backup
from hotline.cli import hotline
from hotline.erasures import erase_since
from hotline.errors import BadBackup
from hotline.persons import erase_by_law
from hotline.purge import folders_of
from hotline.settings import Settings
from reports.models import Attachment, Recording, Report
from storage.database import open_engine, reading, transaction
from tests.builders import NOON, a_report
from tests.conftest import TEST_KEY
from tests.hotline.somebody import NUMBER, leave_traces, settings_in


@pytest.fixture
def place(database: Engine, database_url: str, tmp_path: Path) -> Settings:
    """An installation with one report, whose files have the hashes that rows say."""
    settings = settings_in(tmp_path, database_url)
    settings.secrets.mkdir()
    (settings.secrets / "data.key").write_bytes(TEST_KEY)
    leave_traces(database, settings)
    with transaction(database) as session:
        for sound in session.scalars(select(Recording)):
            sound.sha256 = _hash(settings.recordings / f"{sound.name}.wav")
        for photo in session.scalars(select(Attachment)):
            photo.sha256 = _hash(settings.attachments / photo.id)
    with reading(database) as session:
        write_checkpoint(session, settings.checkpoints, NOON)
    return settings


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, database: Engine, tmp_path: Path) -> Settings:
    """An empty folder and, for PostgreSQL, an empty database."""
    url = None
    if database.dialect.name == "postgresql":
        url = request.getfixturevalue("empty_postgres_url")
    return Settings(data=tmp_path / "elsewhere", database_url=url, backups=None)


def made(engine: Engine, settings: Settings, minutes: int = 0) -> Path:
    return make_backup(engine, settings, settings.backup_folder, NOON + timedelta(minutes=minutes))


def test_what_is_restored_is_what_was_kept(
    database: Engine, place: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    keys = tmp_path / "keys"
    backup = make_backup(database, place, place.backup_folder, NOON, keys)
    assert not list(backup.rglob("*.key")) and read_manifest(backup).missing == []

    back = restore_backup(elsewhere, backup, keys)

    engine = open_engine(elsewhere.database)
    with reading(database) as session, reading(engine) as restored:
        assert verify(restored).head == verify(session).head
        assert (back.audit_number, back.audit_hash) == (
            verify(session).head.number,
            verify(session).head.hash,
        )
        assert restored.scalars(select(Report)).one().contact_number == NUMBER
    engine.dispose()
    for folder in ("recordings", "attachments", "audit", "secrets"):
        old, new = place.data / folder, elsewhere.data / folder
        assert {p.name: p.read_bytes() for p in new.iterdir()} == {
            p.name: p.read_bytes() for p in old.iterdir()
        }
    with pytest.raises(BadBackup, match="expected"):
        restore_backup(elsewhere, backup, keys)  # there is a database now


@pytest.mark.slow
def test_a_backup_made_under_load_is_one_moment(
    database: Engine, place: Settings, elsewhere: Settings
) -> None:
    """Each transaction writes a report and an audit entry: a backup has both or neither."""
    stop = threading.Event()

    def go_on() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with transaction(database) as session:
                session.add(a_report(id=f"{threading.get_ident()}-{number}"[-32:]))
                record(session, "u1", "report.filed", "report", f"r{number}", NOON)

    writers = [threading.Thread(target=go_on) for _ in range(3)]
    for writer in writers:
        writer.start()
    try:
        time.sleep(0.3)
        backup = made(database, place)
    finally:
        stop.set()
        for writer in writers:
            writer.join()

    back = restore_backup(elsewhere, backup, place.secrets)

    engine = open_engine(elsewhere.database)
    with reading(engine) as session:
        reports = session.scalar(select(func.count()).select_from(Report)) or 0
        entries = verify(session)
    engine.dispose()
    with reading(database) as session:
        before = verify(session).count
    assert entries.broken is None and back.missing == 0
    assert entries.count - 5 == reports - 1 > 0 and entries.count <= before


def test_a_second_backup_shares_files_with_the_first(database: Engine, place: Settings) -> None:
    first, second = made(database, place), made(database, place, minutes=1)

    sound = next((first / "recordings").iterdir())
    assert (second / "recordings" / sound.name).stat().st_ino == sound.stat().st_ino
    assert whole_backups(place.backup_folder) == [first, second]
    assert made_at(first) == NOON


def test_a_backup_that_was_broken_off_is_none(database: Engine, place: Settings) -> None:
    first = made(database, place)
    broken = first.rename(first.with_name(first.name + PART))

    assert whole_backups(place.backup_folder) == []
    with pytest.raises(BadBackup, match="expected a whole backup"):
        read_manifest(broken)
    made(database, place, minutes=60 * 25)
    assert not broken.exists()


@pytest.mark.slow
def test_a_missing_and_a_changed_file_are_told(database: Engine, place: Settings) -> None:
    next(place.recordings.iterdir()).write_bytes(b"another sound")
    next(place.attachments.iterdir()).unlink()

    manifest = read_manifest(made(database, place))

    assert [name.partition("/")[0] for name in manifest.missing] == ["recordings", "attachments"]


def test_damage_and_wrong_keys_are_told_before_anything_is_restored(
    database: Engine, place: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    backup = made(database, place)
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    (wrong / "data.key").write_bytes(b"x" * 43 + b"=")

    with pytest.raises(BadBackup, match="found another"):
        restore_backup(elsewhere, backup, wrong)
    with pytest.raises(BadBackup, match="name the folder"):
        restore_backup(elsewhere, backup)
    sound = next((backup / "recordings").iterdir())
    sound.write_bytes(sound.read_bytes() + b"!")
    with pytest.raises(BadBackup, match="is damaged"):
        restore_backup(elsewhere, backup, place.secrets)

    assert not (elsewhere.data / "recordings").exists()
    shutil.rmtree(backup / "attachments")
    sound.write_bytes(sound.read_bytes()[:-1])
    with pytest.raises(BadBackup, match="no such file"):
        restore_backup(elsewhere, backup, place.secrets)


def test_the_drill_leaves_nothing_behind(database: Engine, place: Settings) -> None:
    backup = made(database, place)
    before = sorted(place.backup_folder.iterdir())

    found = drill(place, backup)

    assert isinstance(found, Restored) and found.rows > 10
    assert sorted(place.backup_folder.iterdir()) == before


@pytest.mark.slow
def test_who_was_erased_since_does_not_come_back(
    database: Engine, place: Settings, elsewhere: Settings
) -> None:
    backup = made(database, place)
    erase_by_law(database, place, NUMBER, "u1", NOON + timedelta(hours=1))

    back = restore_backup(elsewhere, backup, place.secrets)
    engine = open_engine(elsewhere.database)
    count = erase_since(engine, place.erasures, back.made_at, folders_of(elsewhere), NOON)

    with reading(engine) as session:
        assert count == 1 and session.scalars(select(Report)).one().erased_at == NOON
        assert verify(session).broken is None
    engine.dispose()
    assert list(elsewhere.recordings.iterdir()) == []


def test_the_commands_make_try_and_restore(sqlite: Engine, sqlite_url: str, tmp_path: Path) -> None:
    settings = settings_in(tmp_path, sqlite_url)
    env = {"HOTLINE_DATA": str(settings.data), "HOTLINE_DATABASE_URL": sqlite_url}
    run = CliRunner().invoke
    backed = run(hotline, ["backup", "make", "--keys", str(tmp_path / "k"), "--json"], env=env)
    told = json.loads(backed.stdout)

    tried = run(hotline, ["backup", "drill", "--json"], env=env)
    there = {"HOTLINE_DATA": str(tmp_path / "there"), "HOTLINE_DATABASE_URL": ""}
    back = run(
        hotline, ["restore", told["backup"], "--keys", str(tmp_path / "k"), "--json"], env=there
    )

    assert json.loads(tried.stdout)["rows"] == told["rows"] == json.loads(back.stdout)["rows"]
    again = run(hotline, ["restore", told["backup"]], env=there, standalone_mode=False)
    assert isinstance(again.exception, BadBackup)
