"""A job is there exactly if the transaction of its cause was."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from storage.database import reading, transaction
from storage.jobs import SPEECH_QUEUE, Backlog, backlog, enqueue, prepare_queue
from tests.ivr.databases import jobs_of, queue_table


def test_a_job_comes_with_the_commit_of_its_cause(database: Engine) -> None:
    with transaction(database) as session:
        enqueue(session, "transcribe", "c-1", queue=SPEECH_QUEUE)
        assert jobs_of(database) == []

    assert jobs_of(database) == [("transcribe", "c-1")]


def test_a_job_goes_with_the_failure_of_its_cause(database: Engine) -> None:
    with pytest.raises(RuntimeError), transaction(database) as session:
        enqueue(session, "transcribe", "c-1")
        raise RuntimeError

    assert jobs_of(database) == []


@pytest.mark.parametrize("together", [True, False])
def test_a_job_enqueued_twice_is_there_once(database: Engine, together: bool) -> None:
    with transaction(database) as session:
        enqueue(session, "send_message", "m1")
        if together:
            enqueue(session, "send_message", "m1")
    if not together:
        with transaction(database) as session:
            enqueue(session, "send_message", "m1")

    assert jobs_of(database) == [("send_message", "m1")]


def test_recognition_has_a_queue_of_its_own(database: Engine) -> None:
    with transaction(database) as session:
        enqueue(session, "transcribe", "c-1", queue=SPEECH_QUEUE)
        enqueue(session, "send_message", "m1")

    with reading(database) as session:
        rows = session.execute(text(f"SELECT name, queue_name FROM {queue_table(database)}"))
        found = {row.name: row.queue_name for row in rows}
    assert found == {"transcribe": "speech", "send_message": "hotline"}


def test_preparing_the_queue_again_keeps_its_jobs(database: Engine) -> None:
    with transaction(database) as session:
        enqueue(session, "transcribe", "c-1")

    prepare_queue(database.url.render_as_string(hide_password=False))

    assert jobs_of(database) == [("transcribe", "c-1")]


def test_the_queue_has_its_time_in_milliseconds_whatever_sqlite_it_meets(sqlite: Engine) -> None:
    with reading(sqlite) as session:
        seconds = session.scalar(text("SELECT unixepoch('subsec')"))

    assert abs(seconds - time.time()) < 60
    assert isinstance(seconds, float)


def test_what_waits_is_counted_with_the_age_of_the_oldest(database: Engine) -> None:
    with reading(database) as session:
        assert backlog(session, datetime.now(UTC)) == Backlog(0)
    with transaction(database) as session:
        enqueue(session, "transcribe", "c-1", queue=SPEECH_QUEUE)
        enqueue(session, "send_message", "m1")

    with reading(database) as session:
        found = backlog(session, datetime.now(UTC) + timedelta(minutes=5))

    assert found.waiting == 2 and 290 < found.oldest_s < 360
