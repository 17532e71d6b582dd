"""Sound that may go when the disk is full, the oldest first; what belongs to a report never."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from pathlib import Path

from sqlalchemy import Engine, or_, select

from reports.models import Recording
from reports.recordings import files_unknown
from reports.service import discard
from storage.database import reading, transaction

# Longer than any call with its wait and talk: what is younger may be in the making.
UNTOUCHED_FOR = timedelta(hours=3)
AT_ONCE = 500


class Why(StrEnum):
    """Why a sound is expendable."""

    TAKEN_BACK = "taken_back"  # the caller did not want it kept; a job would erase it anyway
    UNFILED = "unfiled"  # replaced by a later one, or left behind without a report
    ORPHAN = "orphan"  # a file that no row knows


@dataclass(frozen=True)
class Expendable:
    path: Path
    why: Why
    since: datetime


def expendable(engine: Engine, folder: Path, now: datetime) -> list[Expendable]:
    """The sounds in `folder` that may go, the oldest first, at most 500 of each kind."""
    found = [*_known(engine, folder, now), *_orphans(engine, folder, now)]
    return sorted(found, key=lambda one: one.since)


def let_go(engine: Engine, one: Expendable, now: datetime) -> int:
    """Erase the sound, and say so in its row; how many bytes that gave. Doing it twice is safe."""
    if one.why is Why.UNFILED:
        with transaction(engine) as session:
            row = session.get(Recording, one.path.stem, with_for_update=True)
            if row is None or row.report_id is not None:
                return 0  # it was filed in the meantime
            if row.discarded_at is None:
                discard(session, [row], now)
    try:
        size_bytes = one.path.stat().st_size
    except FileNotFoundError:
        return 0
    one.path.unlink(missing_ok=True)
    return size_bytes


def _known(engine: Engine, folder: Path, now: datetime) -> Iterator[Expendable]:
    query = (
        select(Recording.name, Recording.recorded_at, Recording.discarded_at)
        .where(
            or_(
                Recording.discarded_at.is_not(None),
                Recording.report_id.is_(None) & (Recording.recorded_at < now - UNTOUCHED_FOR),
            )
        )
        .order_by(Recording.recorded_at)
    )
    with reading(engine) as session:
        rows = session.execute(query).all()
    count = 0
    for row in rows:
        path = folder / f"{row.name}.wav"
        if count < AT_ONCE and path.exists():
            count += 1
            why = Why.UNFILED if row.discarded_at is None else Why.TAKEN_BACK
            yield Expendable(path, why, row.recorded_at)


def _orphans(engine: Engine, folder: Path, now: datetime) -> Iterator[Expendable]:
    with reading(engine) as session:
        for path, touched_at in islice(
            files_unknown(session, folder, now - UNTOUCHED_FOR), AT_ONCE
        ):
            yield Expendable(path, Why.ORPHAN, touched_at)
