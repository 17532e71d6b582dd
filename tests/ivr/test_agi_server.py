"""Whatever comes to the AGI port, the next caller is served."""

import contextlib
import io
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from ivr.drivers.agi_lines import Patience
from tests.ivr.conftest import House
from tests.ivr.fake_asterisk import Caller, Connection, FakeAsterisk, Presses, Speaks
from tests.speech.sounds import a_tone

HASTE = Patience(greeting_s=1.0, command_s=1.0)


def a_caller() -> Caller:
    return Caller(
        {
            "main_menu": Presses("1"),
            "category": Presses("1"),
            "statement": Speaks(a_tone(1.0)),
            "contact": Presses("1"),
            "confirm_report": Presses("1"),
        }
    )


@pytest.fixture
def address(house: House) -> Iterator[tuple[str, int]]:
    with house.serving(max_calls=3, patience=HASTE) as server:
        yield "127.0.0.1", server.server_address[1]


def answer_of(address: tuple[str, int], content: bytes, leave: bool = False) -> bytes:
    """All that the server says to `content` before it closes."""
    with socket.create_connection(address, 10) as wire:
        heard = b""
        # The server may close while we are still sending.
        with contextlib.suppress(ConnectionError):
            wire.sendall(content)
            if leave:
                wire.shutdown(socket.SHUT_WR)
            while received := wire.recv(4096):
                heard += received
        return heard


GREETING = b"agi_network: yes\nagi_uniqueid: 1795000000.9\nagi_language: vi\n"
GARBAGE = {
    "nothing": (b"", True),
    "a blank line": (b"\n", False),
    "an HTTP request": (b"GET /call HTTP/1.1\r\nHost: hotline\r\n\r\n", False),
    "a TLS hello": (bytes(range(1, 255)) * 4, False),
    "ten million bytes without a line": (b"agi_" + b"x" * 10_000_000, False),
    "a greeting without an end": (b"agi_x: y\n" * 100_000, False),
    "a greeting that stops": (GREETING, False),
    "half a line": (GREETING + b"agi_call", False),
    "letters that are none": (b"agi_calleridname: \xff\xfe\xc3\n\xc3(", False),
    "no unique id": (b"agi_network: yes\n\n", False),
}


@pytest.mark.slow
@pytest.mark.parametrize(("content", "leave"), GARBAGE.values(), ids=GARBAGE)
def test_garbage_is_told_nothing_and_begins_no_call(
    house: House, address: tuple[str, int], content: bytes, leave: bool
) -> None:
    answer = answer_of(address, content, leave)

    assert answer == b""
    assert house.calls() == []
    assert FakeAsterisk(address, a_caller()).call().done
    assert len(house.reports()) == 1


def test_a_caller_who_is_gone_at_once_has_called(house: House, address: tuple[str, int]) -> None:
    answer_of(address, GREETING + b"\nHANGUP\n511 Command Not Permitted\n" * 3, leave=True)

    [call] = house.calls()
    assert call.ended_at is not None and house.reports() == []


def test_a_peer_that_stops_in_mid_line_loses_its_place_in_time(
    house: House, address: tuple[str, int]
) -> None:
    wire = Connection(address)
    wire.send("agi_network: yes", "agi_uniqueid: 1795000000.1", "")
    assert wire.command() is not None
    wire.send_raw(b"200 result=")

    assert wire.command() is None  # the server has closed
    wire.close()

    asterisk = FakeAsterisk(address, a_caller(), unique_id="1795000000.1").call()
    assert asterisk.done and len(house.reports()) == 1


def test_calls_above_the_limit_are_told_so_at_once_and_places_come_free_again(
    house: House,
) -> None:
    with house.serving(max_calls=3) as server:
        address = ("127.0.0.1", server.server_address[1])
        held = [socket.create_connection(address, 10) for _ in range(3)]
        for wire in held:
            wire.sendall(b"agi_network: yes\nagi_uniqueid: 1\nagi_language: vi\n\n")
            assert wire.recv(4096).startswith(b"STREAM FILE")

        refused = GREETING + b"\n200 result=1\n"
        full = b'SET VARIABLE "HOTLINE_FULL" "1"\n'
        assert [answer_of(address, refused) for _ in range(30)] == [full] * 30

        for wire in held:
            wire.close()
        wait_until(lambda: FakeAsterisk(address, a_caller()).call().done)
    assert len(house.reports()) == 1


@pytest.mark.slow
def test_a_flood_of_connections_leaves_the_server_well(
    house: House, address: tuple[str, int]
) -> None:
    wires = [socket.create_connection(address, 10) for _ in range(200)]
    for number, wire in enumerate(wires):
        with contextlib.suppress(ConnectionError):
            wire.sendall(b"agi_network: yes\n" if number % 2 else b"nonsense\n")
        # An abortive close, as of a peer that was killed.
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        wire.close()

    wait_until(lambda: FakeAsterisk(address, a_caller()).call().done)
    wait_until(lambda: not [t for t in threading.enumerate() if "process_request" in t.name])
    assert len(house.reports()) == 1


# Only SQLite calls an absent table a trouble of its own; tests/whole takes PostgreSQL away.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_while_the_database_is_away_the_dialplan_is_told_and_no_log_tells_a_number(
    house: House, address: tuple[str, int], logged: io.StringIO
) -> None:
    with house.database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE messages RENAME TO away")

    asterisk = FakeAsterisk(address, a_caller())
    asterisk.visit()

    assert asterisk.variables == {"HOTLINE_LAST_RESORT": "1"}
    assert "database away" in logged.getvalue() and "912345678" not in logged.getvalue()
    assert house.reports() == [] and house.jobs() == []
    with house.database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO messages")
    assert asterisk.call().done
    assert len(house.reports()) == len(house.messages()) == 1


def wait_until(holds: Callable[[], bool], limit_s: float = 5.0) -> None:
    deadline = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < deadline, f"did not come true within {limit_s} s"
        time.sleep(0.02)
