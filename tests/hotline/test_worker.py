"""A worker that is killed in mid-work costs a second try, and nothing else."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from hotline.settings import Settings
from hotline.wiring import open_database
from ivr.anonymity import become_anonymous
from ivr.models import Call
from notifications.models import Message
from reports.commands import FileReport
from reports.models import Report, Transcript
from reports.service import Reporter, discard_recordings, file_report
from speech.sound import write_wav
from storage.database import reading, transaction
from storage.migrations import upgrade
from tests.builders import CALLER_NUMBER, NOON, a_call, a_recording
from tests.hotline.worker_process import WORDS
from tests.speech.sounds import a_tone

pytestmark = [pytest.mark.slow, pytest.mark.timeout(90)]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "var", _env_file=None)  # type: ignore[call-arg]


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    """A database with one report whose words are wanted and whose SMS is to be sent."""
    engine = open_database(settings)
    upgrade(engine)
    settings.recordings.mkdir()
    with transaction(engine) as session:
        for name in ("c1-1", "c2-1"):
            write_wav(settings.recordings / f"{name}.wav", a_tone(1.0))
            session.add(a_recording(name=name, call_id=name[:2], position=1))
        session.flush()
        reporter = Reporter("c1", 3, "vi", CALLER_NUMBER)
        file_report(session, FileReport("dien_nuoc", "c1-1"), reporter, NOON)
        discard_recordings(session, "c2", NOON)
    yield engine
    engine.dispose()


@contextmanager
def a_worker(
    settings: Settings, delay_s: float = 0, errors: tuple[str, ...] = ()
) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "tests.hotline.worker_process"]
    log = settings.data / "worker.log"
    with (
        log.open("ab") as output,
        subprocess.Popen(
            [*command, str(settings.data), str(delay_s), *errors],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
        ) as process,
    ):
        try:
            yield process
        finally:
            assert process.stdin is not None
            process.stdin.close()
            if process.poll() is None:
                process.wait(30)


def transcript_of(engine: Engine) -> Transcript:
    with reading(engine) as session:
        return session.get_one(Transcript, "c1-1")


def times_asked(settings: Settings) -> int:
    path = settings.data / "asked"
    return len(path.read_text().splitlines()) if path.exists() else 0


def open_jobs(engine: Engine) -> list[str]:
    query = text("SELECT name FROM workflow_status WHERE status != 'SUCCESS'")
    with reading(engine) as session:
        return list(session.scalars(query))


def unsent(engine: Engine) -> int:
    query = text("SELECT count(*) FROM messages WHERE status IN ('queued', 'sending')")
    with reading(engine) as session:
        return session.scalar(query) or 0


def wait_until(holds: Callable[[], bool], limit_s: float = 40.0) -> None:
    deadline = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < deadline, f"did not come true within {limit_s} s"
        time.sleep(0.05)


def test_a_worker_killed_in_mid_transcription_goes_on_when_it_is_back(
    settings: Settings, engine: Engine
) -> None:
    with a_worker(settings, delay_s=60) as first:
        wait_until(lambda: times_asked(settings) == 1)
        first.kill()

    assert transcript_of(engine).status == "pending"
    with a_worker(settings):
        wait_until(lambda: open_jobs(engine) == [])

    found = transcript_of(engine)
    assert (found.status, found.text, found.attempts) == ("done", WORDS, 2)
    assert times_asked(settings) == 2


def test_a_worker_does_each_kind_of_job_once_and_a_second_start_finds_nothing(
    settings: Settings, engine: Engine
) -> None:
    with a_worker(settings):
        wait_until(lambda: open_jobs(engine) == [] and unsent(engine) == 0)
    with a_worker(settings):
        time.sleep(1.5)

    with reading(engine) as session:
        message = session.scalars(select(Message)).one()
        reference = session.scalars(select(Report)).one().reference
    log = (settings.data / "worker.log").read_text()
    assert transcript_of(engine).text == WORDS and times_asked(settings) == 1
    assert (message.status, message.provider) == ("sent", "log")
    assert log.count('"event": "sms"') == 1
    assert [path.name for path in settings.recordings.iterdir()] == ["c1-1.wav"]
    for secret in (CALLER_NUMBER[3:], WORDS, reference):
        assert secret not in log


def test_a_recogniser_that_is_away_is_asked_again_and_the_queue_keeps_no_words(
    settings: Settings, engine: Engine
) -> None:
    with a_worker(settings, errors=("RecogniserUnavailable",)):
        wait_until(lambda: open_jobs(engine) == [])

    found = transcript_of(engine)
    assert (found.status, found.text, found.attempts) == ("done", WORDS, 1)
    with reading(engine) as session:
        kept = [
            str(row)
            for table in ("workflow_status", "operation_outputs")
            for row in session.execute(text(f"SELECT * FROM {table}"))
        ]
    assert kept
    assert not [row for row in kept if WORDS in row or CALLER_NUMBER[3:] in row]


def test_a_number_that_was_wiped_is_gone_from_the_disk_while_the_worker_runs(
    settings: Settings, engine: Engine
) -> None:
    with transaction(engine) as session:
        session.add(a_call(id="c1", status="in-progress"))
        session.flush()
        sealed = session.scalar(text("SELECT caller_number FROM calls"))
        become_anonymous(session, session.get_one(Call, "c1"), timedelta(hours=1), NOON)
    assert isinstance(sealed, bytes)

    with a_worker(settings):
        wait_until(lambda: open_jobs(engine) == [])

        left = b"".join(path.read_bytes() for path in settings.data.glob("hotline.sqlite3*"))
    assert sealed not in left and sealed[16:48] not in left
    with reading(engine) as session:
        message = session.scalars(select(Message)).one()
    assert (message.to_number, message.status) == (None, "cancelled")
