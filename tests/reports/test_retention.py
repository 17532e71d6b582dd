"""Sound that nobody filed goes after a while, and nothing that belongs to a report does."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, select

from reports.models import Recording
from reports.retention import ORPHANS_FOR, UNFILED_FOR, discard_unfiled, erase_orphans
from storage.database import reading, transaction
from tests.builders import NOON, a_recording, a_report
from tests.ivr.databases import jobs_of

LONG_AGO = NOON - max(ORPHANS_FOR, UNFILED_FOR) - timedelta(hours=1)


def test_only_old_sound_without_a_report_is_discarded(database: Engine) -> None:
    with transaction(database) as session:
        session.add(a_report([a_recording(name="filed", call_id="c1", recorded_at=LONG_AGO)]))
        session.add(a_recording(name="old", call_id="c2", recorded_at=LONG_AGO))
        session.add(a_recording(name="new", call_id="c3", recorded_at=NOON))

    assert [discard_unfiled(database, NOON) for _ in range(2)] == [1, 0]

    with reading(database) as session:
        marked = session.scalars(
            select(Recording.name).where(Recording.discarded_at.is_not(None))
        ).all()
    assert marked == ["old"] and jobs_of(database) == [("erase_recording", "old")]


def written(folder: Path, name: str, at: datetime) -> Path:
    path = folder / name
    path.write_bytes(b"sound")
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def test_only_old_files_that_no_row_knows_are_erased(database: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    folder.mkdir()
    with transaction(database) as session:
        session.add(a_recording(name="known", call_id="c1"))
        session.add(a_recording(name="gone", call_id="c2", discarded_at=LONG_AGO))
    written(folder, "known.wav", LONG_AGO)
    written(folder, "gone.wav", LONG_AGO)
    written(folder, "lost.wav", LONG_AGO)
    written(folder, "young.wav", NOON)
    written(folder, "note.txt", LONG_AGO)

    assert [erase_orphans(database, folder, NOON) for _ in range(2)] == [2, 0]

    assert sorted(path.name for path in folder.iterdir()) == ["known.wav", "note.txt", "young.wav"]
