"""What an SMSC hands over is kept at once and stored once, whoever dies and whatever is away."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from notifications.arrival_files import keep
from notifications.arrivals import Arrivals, join_what_is_overdue
from notifications.inbox_models import IncomingMessage, IncomingPart
from notifications.incoming_parts import JOINED_WITHIN, KNOWN_FOR, forget_parts
from notifications.parts import in_parts
from notifications.providers.smpp import SmppProvider
from notifications.providers.smpp_link import SmscAccount
from notifications.providers.smpp_parts import Delivered, pdus
from storage.database import open_engine, reading, transaction
from tests.asterisk.running import free_ports
from tests.builders import CALLER_NUMBER, NOON
from tests.notifications.outboxes import TestClock, until
from tests.notifications.smsc import HELLO, running_smsc

AN, BINH = CALLER_NUMBER.removeprefix("+"), "84912000002"


def sms(text: str, sender: str = AN, reference: int = 7) -> list[Delivered]:
    """The deliver_sm that bring it."""
    return [
        Delivered(sender, each.short_message, each.data_coding, each.esm_class, None, None, None)
        for each in pdus(in_parts(text), reference, "udh")
    ]


LONG = sms(HELLO)


@contextmanager
def arrivals(engine: Engine, folder: Path, clock: TestClock) -> Iterator[Arrivals]:
    """Without the thread: what is stored when is the test's business."""
    found = Arrivals(engine, folder, clock)
    found.close()
    yield found


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def here(database: Engine, tmp_path: Path, clock: TestClock) -> Iterator[Arrivals]:
    with arrivals(database, tmp_path / "sms", clock) as found:
        yield found


def texts(engine: Engine) -> list[tuple[str | None, str]]:
    with reading(engine) as session:
        rows = session.scalars(select(IncomingMessage).order_by(IncomingMessage.received_at))
        return [(row.from_number, row.text) for row in rows]


def test_parts_that_reach_two_processes_are_one_sms(
    database: Engine, tmp_path: Path, clock: TestClock, here: Arrivals
) -> None:
    with arrivals(database, tmp_path / "another machine", clock) as there:
        for first, part in ((there, LONG[1]), (here, LONG[0])):
            first.take(part)
            first.once()

    assert len(LONG) == 2 and texts(database) == [(CALLER_NUMBER, HELLO)]


def test_what_comes_while_the_database_is_away_waits_in_a_file(
    database: Engine, tmp_path: Path, clock: TestClock
) -> None:
    folder = tmp_path / "sms"
    away = open_engine(f"sqlite:///{tmp_path / 'missing' / 'db.sqlite3'}")
    with arrivals(away, folder, clock) as dying:
        dying.take(sms("Ngập nước")[0])
        with pytest.raises(OperationalError):
            dying.once()
    [file] = folder.glob("*.sms")
    assert AN.encode() not in file.read_bytes() and file.stat().st_mode & 0o077 == 0

    with arrivals(database, folder, clock) as back:
        back.once()

    assert texts(database) == [(CALLER_NUMBER, "Ngập nước")]
    assert list(folder.iterdir()) == []


def test_what_was_stored_and_not_put_away_is_known(
    database: Engine, tmp_path: Path, here: Arrivals, clock: TestClock
) -> None:
    for part in (*LONG, *sms("Ngập nước", BINH)):
        here.take(part)
    files = {path: path.read_bytes() for path in (tmp_path / "sms").glob("*.sms")}
    here.once()

    for path, content in files.items():  # as a death leaves them, between the two
        path.write_bytes(content)
    here.once()
    clock.now += JOINED_WITHIN * 2
    here.once()

    assert len(files) == 3 and len(texts(database)) == 2
    with transaction(database) as session:
        assert {row.text for row in session.scalars(select(IncomingPart))} == {""}
        forget_parts(session, clock() + KNOWN_FOR)
        assert session.scalars(select(IncomingPart)).all() == []


def test_what_waits_for_its_rest_in_vain_goes_without(
    database: Engine, here: Arrivals, clock: TestClock
) -> None:
    here.take(LONG[1])
    here.take(LONG[1])  # repeated
    here.once()
    clock.now += JOINED_WITHIN - timedelta(seconds=1)
    join_what_is_overdue(database, clock())
    assert texts(database) == []

    clock.now += timedelta(seconds=20)
    join_what_is_overdue(database, clock())

    [(_, text)] = texts(database)
    assert HELLO.endswith(text)


def test_one_that_cannot_be_stored_holds_up_no_other(
    database: Engine, tmp_path: Path, here: Arrivals
) -> None:
    bad = tmp_path / "sms" / "0.sms"
    bad.write_text("whatever")
    here.take(sms("Ngập nước")[0])
    here.once()

    assert texts(database) == [(CALLER_NUMBER, "Ngập nước")]
    assert [path.name for path in (tmp_path / "sms").iterdir()] == ["0.bad"]


@pytest.mark.parametrize("problem", [InternalError, ProgrammingError, PoolTimeoutError, OSError])
def test_what_trouble_of_the_database_holds_up_is_never_laid_aside(
    database: Engine, tmp_path: Path, clock: TestClock, here: Arrivals, problem: type[Exception]
) -> None:
    here.take(sms("Ngập nước")[0])
    raised = []

    def stand_by(*_: object) -> None:
        raised.append(clock())
        raise (
            problem("INSERT", {}, Exception("read-only"))
            if issubclass(problem, DBAPIError)
            else problem("away")
        )

    event.listen(database, "before_cursor_execute", stand_by)
    for _ in range(60):
        with suppress(problem):
            here.once()
        clock.pass_by(seconds=1)
    event.remove(database, "before_cursor_execute", stand_by)
    assert [path.suffix for path in (tmp_path / "sms").iterdir()] == [".sms"]
    clock.pass_by(minutes=2)
    here.once()

    assert texts(database) == [(CALLER_NUMBER, "Ngập nước")]


def test_what_was_laid_aside_and_drafts_are_tried_at_the_next_start(
    database: Engine, tmp_path: Path, clock: TestClock, here: Arrivals
) -> None:
    folder = tmp_path / "sms"
    for number, text in enumerate(("aside", "draft", "being written")):
        keep(folder, f"{number}", sms(text)[0])
    (folder / "0.sms").rename(folder / "0.bad")
    (folder / "1.sms").rename(folder / ".1")
    (folder / "2.sms").rename(folder / ".2")
    (folder / ".3").write_text("half")
    for left in (".1", ".3"):
        os.utime(folder / left, (0, 0))

    with arrivals(database, folder, clock) as back:
        back.once()

    assert {text for _, text in texts(database)} == {"aside", "draft"}
    assert [path.name for path in folder.iterdir()] == [".2"]


def test_what_waited_for_the_database_counts_as_of_its_arrival(
    database: Engine, here: Arrivals, clock: TestClock
) -> None:
    for part in (*LONG, *sms("Ngập nước", BINH)):
        here.take(part)
    clock.pass_by(hours=5)
    here.once()

    with reading(database) as session:
        assert {row.received_at for row in session.scalars(select(IncomingMessage))} == {NOON}
    assert len(texts(database)) == 2


def test_parts_that_nobody_has_joined_are_not_forgotten(
    database: Engine, here: Arrivals, clock: TestClock
) -> None:
    here.take(LONG[0])
    here.once()
    clock.now += KNOWN_FOR * 2
    with transaction(database) as session:
        forget_parts(session, clock())
    join_what_is_overdue(database, clock())

    [(_, text)] = texts(database)
    assert HELLO.startswith(text)


def test_a_full_disk_does_not_lose_what_the_database_can_take(
    database: Engine, tmp_path: Path, here: Arrivals
) -> None:
    (tmp_path / "sms").rmdir()
    (tmp_path / "sms").write_text("")

    here.take(sms("Ngập nước")[0])
    assert texts(database) == []  # not in the thread of the connection
    here.once()

    assert texts(database) == [(CALLER_NUMBER, "Ngập nước")]


def test_what_a_full_disk_left_in_memory_lies_on_it_once_there_is_room(
    tmp_path: Path, clock: TestClock
) -> None:
    folder, away = tmp_path / "sms", tmp_path / "missing" / "db.sqlite3"
    with arrivals(open_engine(f"sqlite:///{away}"), folder, clock) as here:
        folder.rmdir()
        here.take(sms("Ngập nước")[0])
        with suppress(OperationalError):
            here.once()
        folder.mkdir()
        with suppress(OperationalError):
            here.once()

    assert len(list(folder.glob("*.sms"))) == 1


def test_a_receipt_or_sender_that_says_nothing_is_no_trouble(
    database: Engine, tmp_path: Path, here: Arrivals
) -> None:
    here.take(Delivered("", b"", 0, 0x04, None, None, None))
    here.take(replace(sms("xin chào", "VIETTEL")[0], sar=(1, 1, 1)))
    with suppress(OperationalError):
        here.once()

    assert texts(database) == [(None, "xin chào")]
    assert list((tmp_path / "sms").iterdir()) == []


@pytest.mark.slow
def test_what_somebody_sends_arrives_whole_from_a_real_smsc(
    database: Engine, tmp_path: Path, clock: TestClock
) -> None:
    (port,) = free_ports(1)
    account = SmscAccount("127.0.0.1", port, "hotline", "secret")
    with running_smsc(tmp_path, port, "hello"):
        provider = SmppProvider(account, "19009120", Arrivals(database, tmp_path / "sms", clock))
        try:
            until(lambda: len(texts(database)) == 1)
        finally:
            provider.close()

    assert texts(database) == [(CALLER_NUMBER, HELLO)]
