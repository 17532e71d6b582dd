"""On a disk that fills up room is made by rule: told before, written down, never of a report."""

import json
import os
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from hotline.disk_guard import AUDIT, BALLAST, LOCK, DiskGuard, DiskLimits
from notifications.models import Message
from reports.models import Recording
from storage.database import reading, transaction
from storage.file_lock import alone_at
from tests.builders import NOON, a_recording, a_report

DISK_BYTES = 1_000_000_000
SOUND_BYTES = 2_000_000
STAFF = ("+84987654321",)
LONG_AGO = NOON - timedelta(days=2)
PLENTY, NOTHING = 0, 10**15


@dataclass
class Disk:
    """A guard over a folder with sounds; what it needs is set as if the disk were so full.

    It is a disk of its own: on the machine's, others write and delete meanwhile. A real one that
    is full: tests/whole/test_full_disk.py.
    """

    guard: DiskGuard
    folder: Path
    database: Engine

    def sound(self, name: str, age: timedelta = timedelta(days=2)) -> Path:
        path = self.folder / f"{name}.wav"
        with path.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, SOUND_BYTES)
        at = (NOON - age).timestamp()
        os.utime(path, (at, at))
        return path

    def needing(self, sounds: float) -> DiskGuard:
        """The guard where so many sounds have to go before there is room again."""
        reserve = free_of_its_own(self.guard.data) + round(sounds * SOUND_BYTES)
        limits = replace(self.guard.limits, alarm_bytes=reserve, reserve_bytes=reserve)
        return replace(self.guard, limits=limits)

    def left(self) -> set[str]:
        return {path.stem for path in self.folder.glob("*.wav")}

    def audit(self) -> list[dict[str, str]]:
        path = self.guard.data / "logs" / AUDIT
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def messages(self) -> list[Message]:
        with reading(self.database) as session:
            return list(session.scalars(select(Message)))


def free_of_its_own(data: Path) -> int:
    files = (*data.glob("recordings/*"), data / BALLAST)
    return DISK_BYTES - sum(file.stat().st_size for file in files if file.exists())


@pytest.fixture
def disk(sqlite: Engine, tmp_path: Path) -> Disk:
    folder = tmp_path / "recordings"
    folder.mkdir()
    limits = DiskLimits(PLENTY, PLENTY, PLENTY, 1_000_000)
    return Disk(
        DiskGuard(sqlite, tmp_path, folder, limits, STAFF, lambda: NOON, free_of_its_own),
        folder,
        sqlite,
    )


def some_of_each(disk: Disk) -> None:
    """Five sounds: one of a report, one taken back, one replaced, an orphan, one in the making."""
    report = a_report([a_recording(name="filed", recorded_at=LONG_AGO - timedelta(days=9))])
    rows = [
        a_recording(name="taken_back", recorded_at=LONG_AGO, discarded_at=LONG_AGO),
        a_recording(name="replaced", recorded_at=LONG_AGO + timedelta(hours=1)),
    ]
    with transaction(disk.database) as session:
        session.add(report)
        session.add_all(rows)
    for name in ("filed", "taken_back", "replaced"):
        disk.sound(name)
    disk.sound("orphan", timedelta(days=1))
    disk.sound("in_the_making", timedelta(minutes=1))


def test_with_room_enough_nothing_goes_and_a_ballast_is_taken(disk: Disk) -> None:
    some_of_each(disk)

    disk.guard.once()

    assert len(disk.left()) == 5
    assert (disk.guard.data / BALLAST).stat().st_size == 1_000_000
    assert disk.messages() == [] and disk.audit() == []


def test_the_oldest_expendable_sound_goes_first_and_is_written_down(disk: Disk) -> None:
    some_of_each(disk)

    disk.needing(1.5).once()

    assert disk.left() == {"filed", "orphan", "in_the_making"}
    assert [(line["recording"], line["why"]) for line in disk.audit()] == [
        ("taken_back", "taken_back"),
        ("replaced", "unfiled"),
    ]
    with reading(disk.database) as session:
        assert session.get_one(Recording, "replaced").discarded_at == NOON


def test_what_belongs_to_a_report_or_to_a_call_in_progress_never_goes(disk: Disk) -> None:
    some_of_each(disk)

    disk.needing(100).once()

    assert disk.left() == {"filed", "in_the_making"}


def test_staff_are_told_once_a_day_and_before_anything_goes(disk: Disk) -> None:
    some_of_each(disk)
    guard = replace(disk.guard, limits=replace(disk.guard.limits, alarm_bytes=NOTHING))

    guard.once()
    guard.once()

    assert [message.to_number for message in disk.messages()] == list(STAFF)
    assert len(disk.left()) == 5


def test_at_the_last_the_ballast_is_given_back_and_not_taken_again(disk: Disk) -> None:
    disk.guard.once()
    limits = DiskLimits(NOTHING, NOTHING, NOTHING, 1_000_000)
    guard = replace(disk.guard, limits=limits)

    guard.once()
    guard.once()

    assert not (disk.guard.data / BALLAST).exists()
    assert not guard.has_room()
    assert disk.guard.has_room()


def test_two_guards_do_not_work_at_once(disk: Disk) -> None:
    some_of_each(disk)
    guard = disk.needing(1.5)

    with alone_at(guard.data / LOCK) as alone:
        guard.once()

        assert alone
        assert len(disk.left()) == 5
