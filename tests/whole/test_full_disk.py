"""A small disk, filled to the brim: calls leave their recordings, or hear why they cannot."""

import json
import os
import subprocess
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hotline.disk_guard import AUDIT, BALLAST
from hotline.telephony.installation import Installation
from ivr.models import Call
from notifications.models import Message
from reports.models import Recording, Report
from storage.crypto import use_key
from storage.database import open_engine, reading, transaction
from storage.disk import free_bytes
from storage.migrations import upgrade
from tests.asterisk.running import until
from tests.builders import a_recording, a_report
from tests.conftest import TEST_KEY
from tests.whole.kill_matrix import converse
from tests.whole.lane import Caller, Lane, running_lane

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(400)]

MB = 1_000_000
DISK_MB = 120
LIMITS = {
    "HOTLINE_DISK_ALARM_MB": "60",
    "HOTLINE_DISK_RESERVE_MB": "45",
    "HOTLINE_DISK_BALLAST_MB": "10",
    "HOTLINE_DISK_LAST_MB": "15",
    "HOTLINE_ALERT_NUMBERS": "0987654321",
}
CALLERS = 10
EXPENDABLE = 12
SOUND_BYTES = 2 * MB


@dataclass(frozen=True)
class SmallDisk:
    """A lane whose database, recordings and logs lie on a disk of 120 MB."""

    lane: Lane
    mounted: Path

    @property
    def data(self) -> Path:
        return self.lane.asterisk.data

    @property
    def recordings(self) -> Path:
        return self.data / "recordings"

    def fill_up_to(self, free: int) -> None:
        """Have something else take the room."""
        size = free_bytes(self.mounted) - free
        with (self.mounted / f"filler-{uuid.uuid4().hex}").open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, size)

    def rows(self, what: type[Report] | type[Recording] | type[Message]) -> int:
        with reading(self.lane.database) as session:
            return session.scalar(select(func.count()).select_from(what)) or 0

    def all_over(self) -> bool:
        with reading(self.lane.database) as session:
            open_calls = select(func.count()).select_from(Call).where(Call.ended_at.is_(None))
            return session.scalar(open_calls) == 0


@pytest.fixture(scope="module")
def disk(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SmallDisk]:
    use_key(TEST_KEY)
    mounted = tmp_path_factory.mktemp("disk")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB * MB}", "tmpfs", str(mounted)]
    done = subprocess.run(mount, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"a small disk wants root: {done.stderr.strip()}")
    try:
        url = f"sqlite:///{mounted / 'hotline.sqlite3'}"
        engine = open_engine(url)
        upgrade(engine)
        engine.dispose()
        with running_lane(installation, mounted, url, **LIMITS) as lane:
            yield SmallDisk(lane, mounted)
    finally:
        subprocess.run(["umount", "--lazy", str(mounted)], check=True)


def add_sound(disk: SmallDisk, recording: Recording) -> None:
    with (disk.recordings / f"{recording.name}.wav").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, SOUND_BYTES)


def test_the_oldest_expendable_sound_makes_room_for_ten_calls(disk: SmallDisk) -> None:
    lane = disk.lane
    until(lambda: (disk.data / BALLAST).exists(), 10)
    long_ago = datetime.now(UTC) - timedelta(days=3)
    old = [
        a_recording(
            name=f"old-{number:02d}",
            recorded_at=long_ago + timedelta(hours=number),
            discarded_at=long_ago + timedelta(days=1),
        )
        for number in range(EXPENDABLE)
    ]
    kept = a_recording(name="kept", recorded_at=long_ago - timedelta(days=9))
    for recording in (*old, kept):
        add_sound(disk, recording)
    with transaction(lane.database) as session:
        session.add_all([*old, a_report([kept])])

    disk.fill_up_to(30 * MB)
    until(lambda: free_bytes(disk.mounted) >= 44 * MB, 15)

    erased = [path.stem for path in disk.recordings.glob("old-*.wav")]
    gone = sorted({recording.name for recording in old} - set(erased))
    audit = [json.loads(line) for line in (disk.data / "logs" / AUDIT).read_text().splitlines()]
    assert gone == [f"old-{number:02d}" for number in range(len(gone))]
    assert [line["recording"] for line in audit] == gone
    assert (disk.recordings / "kept.wav").exists()
    assert disk.rows(Message) == 1  # staff were told
    before = disk.rows(Report)
    ring(disk, 61, "Record:place")
    until(disk.all_over, 10)
    with reading(lane.database) as session:
        names = session.scalars(
            select(Recording.name).where(Recording.report_id.is_not(None), Recording.name != "kept")
        ).all()
    assert disk.rows(Report) == before + CALLERS
    assert len(names) == CALLERS
    assert all((disk.recordings / f"{name}.wav").stat().st_size > 8_000 for name in names)


def test_where_nothing_can_be_recorded_callers_are_told_and_report_by_key(disk: SmallDisk) -> None:
    lane = disk.lane
    for path in disk.recordings.glob("old-*.wav"):
        path.unlink()
    disk.fill_up_to(14 * MB)
    until(lambda: not (disk.data / BALLAST).exists(), 10)
    disk.fill_up_to(14 * MB)  # the room that the ballast gave is taken too
    reports, recordings = disk.rows(Report), disk.rows(Recording)
    _, since = lane.trace()

    ring(disk, 62, "Gather:anything_else")

    until(disk.all_over, 10)
    assert disk.rows(Report) == reports + CALLERS
    assert disk.rows(Recording) == recordings
    assert not [event for event in lane.trace(since)[0] if event["what"] == "dies"]
    assert "database away" not in lane.log()


def ring(disk: SmallDisk, series: int, leave_at: str) -> None:
    """Ten callers at once, until they leave."""

    def script(caller: Caller) -> None:
        converse(disk.lane, caller, "report", {}, leave_at=leave_at)

    numbers = [f"09{series}0000{number:02d}" for number in range(CALLERS)]
    for number in numbers:
        disk.lane.place_call(number, script)
    assert [disk.lane.finish(number) for number in numbers] == [None] * CALLERS
