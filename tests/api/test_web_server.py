"""The real server, as its own process."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

# Processes are started and waited for: seconds, not milliseconds.
pytestmark = pytest.mark.slow

NUMBER = b"0912345678"
START_LIMIT_S = 30.0
HUGE = 10_000_000


@dataclass
class Server:
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def get(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path)
        status = connection.getresponse().status
        connection.close()
        return status

    def send(self, *parts: bytes) -> bytes:
        """What comes back for these raw bytes; the server may close before it has read all."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            answer = b""
            try:
                for part in parts:
                    connection.sendall(part)
            except OSError:
                pass  # it answered and closed: what it said can still be read
            try:
                while chunk := connection.recv(65536):
                    answer += chunk
            except OSError:
                pass
            return answer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("web")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    log = folder / "web.log"
    environment = os.environ | {
        "HOTLINE_DATA": str(folder / "var"),
        "HOTLINE_WEB_BIND": f"127.0.0.1:{port}",
    }
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "hotline", "web"], env=environment, stderr=file, stdout=file
        )
    made = Server(process, port, log)
    try:
        _await(made)
        yield made
    finally:
        process.kill()
        process.wait(10)


def _await(server: Server) -> None:
    limit_at = time.monotonic() + START_LIMIT_S
    while time.monotonic() < limit_at:
        try:
            assert server.get("/healthz") == 200
            return
        except OSError:
            assert server.process.poll() is None, server.log.read_text()
            time.sleep(0.05)
    pytest.fail(f"the server did not answer within {START_LIMIT_S} s: {server.log.read_text()}")


@pytest.mark.parametrize(
    ("request_bytes", "statuses"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-Big: " + b"a" * HUGE + b"\r\n\r\n", {431}),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-Many: 1\r\n" * 100_000 + b"\r\n", {431}),
        (b"GET /" + b"a" * HUGE + b" HTTP/1.1\r\nHost: x\r\n\r\n", {414}),
        (NUMBER * (HUGE // 10), {400, 414}),
        (b"\x16\x03\x01\x02\x00\x01\x00" + NUMBER + b"\r\n\r\n", {400}),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + NUMBER + b"\r\n\r\n", {400}),
        (
            b"POST /api/v1/tokens HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Content-Length: 10000000\r\nConnection: close\r\n\r\n" + b"[" * HUGE,
            {413},
        ),
    ],
    ids=["header", "headers", "line", "digits", "tls", "no header", "body"],
)
def test_what_is_too_large_or_no_http_is_refused_and_the_server_goes_on(
    server: Server, request_bytes: bytes, statuses: set[int]
) -> None:
    answer = server.send(request_bytes)

    head, _, body = answer.partition(b"\r\n\r\n")
    assert int(head.split(b" ")[1]) in statuses
    assert b"application/problem+json" in head
    assert json.loads(body)["status"] in statuses
    assert NUMBER not in answer
    assert server.get("/healthz") == 200


def test_nothing_that_was_sent_is_in_the_servers_log(server: Server) -> None:
    server.send(NUMBER + b"\r\n\r\n")
    server.get(f"/api/v1/reports/{NUMBER.decode()}?phone={NUMBER.decode()}")

    log = server.log.read_bytes()

    assert b'"event": "request"' in log and b'"event": "request refused"' in log
    assert NUMBER not in log and b"Traceback" not in log


def test_a_port_in_use_is_one_line_with_its_mend(server: Server) -> None:
    from hotline.errors import SetupFailed
    from hotline.web_server import check_free

    with pytest.raises(SetupFailed, match="HOTLINE_WEB_BIND"):
        check_free(f"127.0.0.1:{server.port}")


@pytest.mark.slow
def test_clients_that_send_half_a_request_cannot_keep_others_waiting_for_long(
    server: Server,
) -> None:
    halves = (b"GET / HT", b"POST /api/v1/tokens HTTP/1.1\r\nContent-Length: 99\r\n\r\n{")
    with contextlib.ExitStack() as open_connections:
        for number in range(20):  # more than there are threads
            connection = socket.create_connection(("127.0.0.1", server.port))
            open_connections.enter_context(connection)
            connection.sendall(halves[number % 2])

        began = time.monotonic()
        assert server.get("/healthz") == 200
        took_s = time.monotonic() - began

    assert took_s < 8


def test_a_photo_over_a_slow_line_arrives(server: Server) -> None:
    piece, pieces = b"x" * 1500, 18
    head = (
        b"POST /phan-anh/goi-y HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        b"Content-Type: multipart/form-data; boundary=b\r\n"
    )
    body = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="p"\r\n\r\n'
    end = b"\r\n--b--\r\n"
    length = len(body) + len(piece) * pieces + len(end)
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(head + f"Content-Length: {length}\r\n\r\n".encode() + body)
        for _ in range(pieces):  # nine seconds, at 3 kB/s
            time.sleep(0.5)
            connection.sendall(piece)
        connection.sendall(end)

        assert connection.recv(65536).startswith(b"HTTP/1.1 200")


def test_a_form_that_is_cut_off_is_to_be_sent_again_and_not_mended(server: Server) -> None:
    head = (
        b"POST /phan-anh/goi-y HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nwords=ng"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(head)
        connection.shutdown(socket.SHUT_WR)  # as the server does for it on a bad line

        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 503") and b"\r\nRetry-After: 5\r\n" in answer


def test_the_server_ends_soon_when_told(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as waiting:
        waiting.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        waiting.recv(1000)  # kept open, as browsers do

        server.process.send_signal(signal.SIGTERM)
        code = server.process.wait(30)  # by itself, as slow as the machine may be

    assert code == 0
    assert b"Traceback" not in server.log.read_bytes()
