"""Many rows are changed a few at a time, so that nobody waits long for the database."""

import threading
import time
from collections.abc import Sequence

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from reports.models import Report
from storage.batches import LONGEST_S, in_batches
from storage.database import reading, transaction
from tests.builders import a_report

KEYS = tuple(f"r{number:03d}" for number in range(60))


def keep(engine: Engine) -> None:
    with transaction(engine) as session:
        session.add_all(a_report(id=key) for key in KEYS)


def taken(engine: Engine) -> int:
    with reading(engine) as session:
        return session.query(Report).filter(Report.urgent).count()


def take(session: Session, keys: Sequence[str]) -> Sequence[str]:
    for key in keys:
        session.get_one(Report, key).urgent = True
    return keys


def test_every_key_is_worked_on_once_and_told_after_its_commit(database: Engine) -> None:
    keep(database)
    told: list[str] = []

    for some in in_batches(database, KEYS, take):
        told += some
        assert taken(database) == len(told)

    assert told == list(KEYS)
    assert list(in_batches(database, (), take)) == []


@pytest.mark.slow
def test_what_was_committed_stays_when_it_is_broken_off(database: Engine) -> None:
    keep(database)

    def slow(session: Session, keys: Sequence[str]) -> Sequence[str]:
        if KEYS[-1] in keys:
            raise KeyboardInterrupt
        time.sleep(1.2 * LONGEST_S)
        return take(session, keys)

    with pytest.raises(KeyboardInterrupt):
        list(in_batches(database, KEYS, slow))

    assert 0 < taken(database) < len(KEYS)


@pytest.mark.slow
def test_others_write_in_between(sqlite: Engine) -> None:
    """SQLite has one writer at a time: in the rests it is somebody else."""
    keep(sqlite)
    waited: list[float] = []
    over = threading.Event()

    def write() -> None:
        while not over.is_set():
            begun = time.monotonic()
            with transaction(sqlite) as session:
                session.add(a_report())
            waited.append(time.monotonic() - begun)

    def slow(session: Session, keys: Sequence[str]) -> Sequence[str]:
        time.sleep(0.6 * LONGEST_S)
        return take(session, keys)

    others = [threading.Thread(target=write) for _ in range(3)]
    for other in others:
        other.start()
    batches = list(in_batches(sqlite, KEYS, slow))
    over.set()
    for other in others:
        other.join()

    assert len(batches) > 2 and len(waited) > len(batches)
    assert max(waited) < 2.0  # a batch takes 0.1 s; the machine may be busy
