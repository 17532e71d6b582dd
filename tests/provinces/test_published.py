"""What staff publish goes over the pack's files, and running programs follow it."""

import json
import shutil
import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from hotline.commands.province import province as province_command
from hotline.errors import PurgeRefused
from hotline.published_health import settings_health
from hotline.purge import purge
from hotline.settings import Settings
from provinces.changes import Difference
from provinces.errors import (
    BadReason,
    NothingChanged,
    Problem,
    ProvinceBroken,
    PublishedMeanwhile,
    UnknownVersion,
)
from provinces.loader import load_province
from provinces.published.drafts import (
    Draft,
    discard_published,
    draft_of,
    of_version,
    on_top_of_newest,
    save_draft,
    with_the_disk,
)
from provinces.published.files import Pack, beneath
from provinces.published.live import Published, version_in_trouble
from provinces.published.versions import (
    AGENCIES,
    Candidate,
    Publication,
    check_candidate,
    first_broken,
    newest,
    newest_number,
    publish,
    texts_of,
)
from provinces.schema import Province
from provinces.toml_edit import add_table, set_value
from storage.database import open_engine, reading, transaction
from tests.builders import NOON, a_user

TINY = Path(__file__).parent / "tiny"
LIMITS, MINUTES = "limits.toml", ("resume_minutes",)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A pack of this test's own."""
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))


def sound(before: Province, after: Province, texts: object) -> Sequence[Problem]:
    return ()


def with_minutes(pack: Pack, minutes: int) -> Pack:
    return pack.with_text(LIMITS, set_value(pack.text(LIMITS), MINUTES, minutes))


def put(engine: Engine, pack: Pack, based_on: int, reason: str = "Quyết định 7") -> int:
    candidate = check_candidate(load_province(pack.folder), pack, sound)
    with transaction(engine) as session:
        wanted = Publication(candidate, based_on, "cli", reason)
        return publish(session, wanted, NOON + timedelta(minutes=based_on)).number


def test_a_running_program_takes_the_newest_version(database: Engine, folder: Path) -> None:
    published = Published(database, load_province(folder))
    live, before = published.province, published.province.limits.resume_minutes
    assert not published.look()

    put(database, with_minutes(Pack(folder, {}), 45), 0)

    assert live.limits.resume_minutes == before != 45
    assert published.look() and not published.look()
    assert (live.limits.resume_minutes, live.current_edition) == (45, list(live.editions)[-1])
    put(database, Pack(folder, {}), 1)
    assert published.look() and live.limits.resume_minutes == before


def test_versions_are_not_changed_and_a_forged_one_is_not_taken(
    database: Engine, folder: Path
) -> None:
    put(database, with_minutes(Pack(folder, {}), 45), 0)
    published = Published(database, load_province(folder))
    published.look()
    for statement in ("UPDATE pack_versions SET reason = 'x'", "DELETE FROM pack_versions"):
        with pytest.raises(DatabaseError, match="not changed"), transaction(database) as session:
            session.execute(text(statement))

    with transaction(database) as session:
        session.execute(
            text(
                "INSERT INTO pack_versions (number, at, author, reason, files, basis, checksum) "
                "SELECT 2, at, author, reason, '{}', '{}', checksum FROM pack_versions"
            )
        )

    assert not published.look()
    assert (published.trouble, published.number, published.now.limits.resume_minutes) == (2, 1, 45)
    with reading(database) as session:
        assert first_broken(session) == 2


def test_of_two_that_publish_at_once_one_is_told(database: Engine, folder: Path) -> None:
    candidates = [
        check_candidate(load_province(folder), with_minutes(Pack(folder, {}), minutes), sound)
        for minutes in (45, 50)
    ]
    outcomes: list[str] = []

    def one(number: int) -> None:
        try:
            with transaction(database) as session:
                publish(session, Publication(candidates[number], 0, "cli", "x"), NOON)
            outcomes.append("published")
        except PublishedMeanwhile:
            outcomes.append("told")

    threads = [threading.Thread(target=one, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["published", "told"]


def test_what_is_not_sound_or_not_new_or_without_a_reason_is_not_published(
    engine: Engine, folder: Path
) -> None:
    pack = Pack(folder, {})
    with pytest.raises(ProvinceBroken, match="resume_minutes"):
        put(engine, with_minutes(pack, 0), 0)
    with pytest.raises(ProvinceBroken, match="cannot be published"):
        changed = set_value(pack.text("province.toml"), ("hotline_number",), "1900")
        put(engine, pack.with_text("province.toml", changed), 0)
    with pytest.raises(NothingChanged):
        put(engine, pack, 0)
    with pytest.raises(BadReason):
        put(engine, with_minutes(pack, 45), 0, "  ")
    with reading(engine) as session:
        assert newest_number(session) == 0
        with pytest.raises(UnknownVersion):
            texts_of(session, 3)


def test_a_file_changed_on_the_disk_beneath_is_told_and_both_changes_are_kept(
    engine: Engine, folder: Path
) -> None:
    put(engine, with_minutes(Pack(folder, {}), 45), 0)
    path = folder / LIMITS
    path.write_text(set_value(path.read_text(), ("queue_minutes",), 13))
    with reading(engine) as session:
        last = newest(session)
        assert last is not None
        (found,) = beneath(folder, last.files, last.basis)
        draft, quarrels = with_the_disk(draft_of(session, "somebody", folder))

    assert found == Difference(LIMITS, ("queue_minutes",), found.before, 13)
    assert quarrels == ()
    limits = draft.pack.province().limits
    assert (limits.resume_minutes, limits.queue_minutes) == (45, 13)
    put(engine, draft.pack, 1)
    with reading(engine) as session:
        last = newest(session)
        assert last is not None and beneath(folder, last.files, last.basis) == ()


def test_a_new_release_that_wants_another_key_finds_it_on_the_disk(
    engine: Engine, folder: Path
) -> None:
    path = folder / LIMITS
    whole = path.read_text()
    path.write_text(set_value(whole, ("queue_minutes",), None))
    old = Pack(folder, {LIMITS: set_value(path.read_text(), MINUTES, 45)})
    with transaction(engine) as session:
        publish(session, Publication(_unchecked(old), 0, "cli", "trước"), NOON)

    path.write_text(whole)
    published = Published(engine, load_province(folder))
    published.look()

    assert published.number == 1 and published.now.limits.resume_minutes == 45


def _unchecked(pack: Pack) -> Candidate:
    return Candidate(pack, load_province(TINY))


def test_a_draft_goes_on_top_of_what_others_published(engine: Engine, folder: Path) -> None:
    pack = Pack(folder, {})
    with reading(engine) as session:
        mine = draft_of(session, "somebody", folder)
    put(engine, pack.with_text(LIMITS, set_value(pack.text(LIMITS), ("queue_minutes",), 13)), 0)

    with reading(engine) as session:
        changed = type(mine)(with_minutes(mine.pack, 45), mine.based_on)
        together, quarrels = on_top_of_newest(session, changed)
        back = of_version(session, 0, folder, NOON.date())

    limits = together.pack.province().limits
    assert (limits.resume_minutes, limits.queue_minutes) == (45, 13)
    assert (together.based_on, quarrels, back.restores, back.pack.texts) == (1, (), 0, {})


def test_the_follower_looks_by_itself_and_outlives_a_database_that_is_away(
    engine: Engine, folder: Path
) -> None:
    stop, away = threading.Event(), open_engine("sqlite:////nowhere/at/all.sqlite3", 0.1)
    assert not Published(away, load_province(folder)).look()
    published = Published(engine, load_province(folder), every_s=0.02)
    published.start(stop)

    put(engine, with_minutes(Pack(folder, {}), 45), 0)

    until = time.monotonic() + 5
    while published.now.limits.resume_minutes != 45 and time.monotonic() < until:
        time.sleep(0.01)
    stop.set()
    assert published.number == 1


def test_the_command_shows_exports_and_takes_back(
    sqlite_url: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in (("DATA", tmp_path), ("DATABASE_URL", sqlite_url), ("PROVINCE", folder)):
        monkeypatch.setenv(f"HOTLINE_{name}", str(value))
    engine = open_engine(sqlite_url)
    put(engine, with_minutes(Pack(folder, {}), 45), 0)

    def told(*command: str) -> str:
        done = CliRunner().invoke(province_command, command)
        assert done.exit_code == 0, done.output
        return done.output

    assert json.loads(told("show", "--json"))["version"] == 1
    assert "resume_minutes" in told("diff") and "→ 45" in told("diff")
    told("export", str(tmp_path / "kept"))
    assert "resume_minutes = 45" in (tmp_path / "kept" / LIMITS).read_text()
    assert "version 2 holds" in told("take-back", "0", "--reason", "Nhầm")
    failed = CliRunner().invoke(province_command, ["take-back", "9", "--reason", "x"])
    assert failed.exit_code == 1 and "found 9" in failed.output
    with reading(engine) as session:
        assert texts_of(session, 2) == {}
    engine.dispose()


def test_after_a_restart_the_newest_version_that_can_be_taken_holds(
    engine: Engine, folder: Path
) -> None:
    put(engine, with_minutes(Pack(folder, {}), 45), 0)
    broken = Pack(folder, {LIMITS: set_value((folder / LIMITS).read_text(), MINUTES, 0)})
    with transaction(engine) as session:
        publish(session, Publication(_unchecked(broken), 1, "cli", "hỏng"), NOON)

    published = Published(engine, load_province(folder))
    assert published.look()

    assert (published.number, published.trouble) == (1, 2)
    assert published.now.limits.resume_minutes == 45
    assert not published.look() and version_in_trouble(engine, load_province(folder)) == 2
    assert settings_health(published)[0] == "away"
    with pytest.raises(PurgeRefused, match="version 2"):
        purge(engine, Settings(), load_province(folder), NOON)


def test_what_was_saved_while_a_draft_was_published_is_kept_on_top_of_it(
    engine: Engine, folder: Path
) -> None:
    pack = with_minutes(Pack(folder, {}), 45)
    with transaction(engine) as session:
        session.add(a_user(id="somebody"))
        save_draft(session, "somebody", Draft(pack, 0), NOON)
    with reading(engine) as session:
        looked_at = draft_of(session, "somebody", folder)
    later = pack.with_text(LIMITS, set_value(pack.text(LIMITS), ("queue_minutes",), 13))
    with transaction(engine) as session:
        save_draft(session, "somebody", Draft(later, 0), NOON + timedelta(seconds=9))
    put(engine, pack, 0)

    with transaction(engine) as session:
        assert not discard_published(session, "somebody", looked_at, 1)
    with reading(engine) as session:
        kept = draft_of(session, "somebody", folder)
    assert (kept.based_on, kept.pack.texts) == (1, later.texts)
    with transaction(engine) as session:
        assert discard_published(session, "somebody", kept, 2)


def test_a_change_on_the_disk_after_a_draft_was_begun_is_not_undone(
    engine: Engine, folder: Path
) -> None:
    with transaction(engine) as session:
        session.add(a_user(id="somebody"))
        save_draft(session, "somebody", Draft(with_minutes(Pack(folder, {}), 45), 0), NOON)
    path = folder / LIMITS
    path.write_text(set_value(path.read_text(), ("queue_minutes",), 13))

    with reading(engine) as session:
        draft = draft_of(session, "somebody", folder)
    (found,) = beneath(folder, draft.pack.texts, draft.basis)
    together, quarrels = with_the_disk(draft)

    assert (found.where, found.after, quarrels) == (("queue_minutes",), 13, ())
    limits = together.pack.province().limits
    assert (limits.resume_minutes, limits.queue_minutes) == (45, 13)
    # What a version says as well is no change beneath it.
    assert beneath(folder, together.pack.texts, draft.basis) == ()


def test_agencies_that_a_version_had_stay_when_it_is_taken_back(
    engine: Engine, folder: Path
) -> None:
    base = Pack(folder, {})
    agency = {"code": "moi", "name": {"vi": "Mới", "en": "New"}, "level": "province"}
    put(engine, base.with_text(AGENCIES, add_table(base.text(AGENCIES), ("agency",), agency)), 0)

    with pytest.raises(ProvinceBroken, match='"moi" is gone'):
        put(engine, base, 1)
    with reading(engine) as session:
        back = of_version(session, 0, folder, NOON.date())
    put(engine, back.pack, 1)

    assert back.pack.province().agencies["moi"].until_on == NOON.date()
