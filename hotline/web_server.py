"""gunicorn, configured for one process of many threads; the only file that imports it.

One process: the metrics then need no shared folder, and SQLite has one writer less.
"""

import contextlib
import json
import socket
import struct
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.workers.gthread import ThreadWorker

from console.live.routes import HUB
from hotline.errors import SetupFailed
from hotline.lasting import spare_the_collector
from hotline.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger()

MAX_LINE_BYTES = 4094
MAX_FIELDS = 64
MAX_FIELD_BYTES = 8190
STOP_WAIT_S = 5  # a download that is still running is cut off then
# A thread that reads a request waits for its client. Sixteen clients that send half a
# header each would otherwise stop the console for as long as they like.
READ_LIMIT_S = 5.0
# Who brings this much goes on: a photo over a bad mobile line takes a minute.
LEAST_BYTES_S = 2000
TOTAL_LIMIT_S = 300.0  # the longest recording over a line of 0.1 Mbit/s
WATCH_S = 0.5
# Linux's `struct tcp_info`: eight single bytes, 24 numbers of four, then numbers of eight, of which
# the fourth is `tcpi_bytes_received`.
_RECEIVED, _RECEIVED_AT, _TCP_INFO_BYTES = struct.Struct("=Q"), 8 + 24 * 4 + 3 * 8, 192


@dataclass
class _Visit:
    """What a thread is busy with: `request` is there once its head has been read."""

    since: float
    before_bytes: int
    request: Any = None

    @property
    def reads(self) -> bool:
        """Whether something is still to come from the client."""
        return self.request is None or getattr(self.request.body.reader, "length", 1) > 0


class CarefulWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Gives no client a thread for long, and repeats nothing of what is not HTTP.

    gunicorn itself would write the line that it could not read to the log and the answer.
    """

    def init_process(self) -> None:
        self._busy: dict[Any, _Visit] = {}
        threading.Thread(target=self._watch, name="slow clients", daemon=True).start()
        super().init_process()

    def handle(self, conn: Any) -> Any:
        self._busy[conn] = _Visit(time.monotonic(), _received_bytes(conn.sock))
        try:
            return super().handle(conn)
        finally:
            del self._busy[conn]

    def handle_request(self, req: Any, conn: Any) -> Any:
        self._busy[conn].request = req
        return super().handle_request(req, conn)

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Pages that are kept up to date would else hold the server for as long as it may wait."""
        if (live := self.wsgi.extensions.get(HUB)) is not None:
            live.close()
        super().handle_exit(sig, frame)

    def _watch(self) -> None:
        while True:
            time.sleep(WATCH_S)
            now = time.monotonic()
            for conn, visit in self._busy.copy().items():
                took_s = now - visit.since
                if took_s > TOTAL_LIMIT_S:
                    _shut(conn.sock, socket.SHUT_RDWR)
                elif took_s > READ_LIMIT_S and visit.reads:
                    brought = _received_bytes(conn.sock) - visit.before_bytes
                    if took_s > READ_LIMIT_S + brought / LEAST_BYTES_S:
                        _shut(conn.sock, socket.SHUT_RD)

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        status = _status(exc)
        log.warning("request refused", status=status.value, error=type(exc).__name__)
        body = json.dumps({"type": "about:blank", "title": status.phrase, "status": status})
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\n"
            "Connection: close\r\nContent-Type: application/problem+json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        try:
            client.sendall((head + body).encode())
        except OSError:
            log.info("refused client left")


def _whole_bodies(app: "WSGIApplication") -> "WSGIApplication":
    """Have the application see that a body is cut off: gunicorn promises that each ends by itself,
    and half a form would be taken for one with empty fields."""

    def wsgi(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if environ.get("CONTENT_LENGTH"):
            environ.pop("wsgi.input_terminated", None)
        return app(environ, start)

    return wsgi


def check_free(bind: str) -> None:
    """Pass when `HOST:PORT` can be listened on; gunicorn would try for five seconds.

    Raises:
        SetupFailed: it cannot; the message says why and what mends it.
    """
    host, _, port = bind.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host.strip("[]"), int(port)), family=family).close()
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        raise SetupFailed(
            f"{bind} cannot be used ({why}): end what uses it, or choose another with "
            "HOTLINE_WEB_BIND"
        ) from error


def _received_bytes(connection: socket.socket) -> int:
    """All that this connection has brought; 0 where the system does not count it."""
    try:
        told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_BYTES)
        return int(_RECEIVED.unpack_from(told, _RECEIVED_AT)[0])
    except (AttributeError, OSError, struct.error):
        return 0


def _shut(connection: socket.socket, way: int) -> None:
    """Have the system end that way; what is being sent the other way goes on.

    Never by `SSLSocket.shutdown`: it lets go of the encryption, and what is sent afterwards would
    go out in clear.
    """
    with contextlib.suppress(OSError):  # it has gone by itself
        socket.socket.shutdown(connection, way)


def _status(error: Exception) -> HTTPStatus:
    if isinstance(error, LimitRequestLine):
        return HTTPStatus.REQUEST_URI_TOO_LONG
    if isinstance(error, LimitRequestHeaders):
        return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    if isinstance(error, ParseException):
        return HTTPStatus.BAD_REQUEST
    return HTTPStatus.INTERNAL_SERVER_ERROR


class WebServer(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Serves one application until SIGTERM or SIGINT; `run` ends the process."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        options = {
            "bind": self._settings.web_bind,
            "workers": 1,
            "worker_class": CarefulWorker,
            # Each page that is kept up to date holds a thread; the others shall not wait for one.
            "threads": self._settings.web_threads + self._settings.live_streams,
            "graceful_timeout": STOP_WAIT_S,
            "limit_request_line": MAX_LINE_BYTES,
            "limit_request_fields": MAX_FIELDS,
            "limit_request_field_size": MAX_FIELD_BYTES,
            # Requests are logged by the application, by their route instead of their path.
            "accesslog": None,
            "loglevel": "warning",
            "control_socket_disable": True,
            "proc_name": "hotline-web",
        }
        if self._settings.tls_certificate and self._settings.tls_key:
            options["certfile"] = str(self._settings.tls_certificate)
            options["keyfile"] = str(self._settings.tls_key)
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        self._app.wsgi_app = _whole_bodies(self._app.wsgi_app)  # type: ignore[method-assign, assignment]
        # In the process that answers: threads do not survive the fork before it.
        self._app.extensions["published"].start()
        spare_the_collector()
        return self._app
