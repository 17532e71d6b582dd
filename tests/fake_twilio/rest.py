"""The server: accounts, routes, faults and the log of what was asked."""

import base64
import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit
from urllib.request import Request, urlopen

from twilio.request_validator import RequestValidator

ACCOUNT_SID = "AC" + "0123456789abcdef" * 2
AUTH_TOKEN = "a token for tests only"
VERSION = "2010-04-01"

FaultKind = Literal["429", "500", "503", "slow", "drop", "drop_after", "hang"]


@dataclass(frozen=True)
class Fault:
    """What goes wrong with the next request. `drop_after`: it is done, and its answer is lost."""

    kind: FaultKind
    seconds: float = 1.0


@dataclass(frozen=True)
class Asked:
    """One request, as a handler sees it: fields of the query or of the form, each once."""

    method: str
    path: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    status: int
    body: Mapping[str, Any] | bytes = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "application/json"


Handler = Callable[["FakeTwilio", Asked, re.Match[str]], Answer]


def refusal(status: int, code: int, message: str, **headers: str) -> Answer:
    """An error as Twilio writes it."""
    body = {
        "code": code,
        "message": message,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    return Answer(status, body, headers)


class FakeTwilio:
    """Serves until `close`. `folder` outlives it; `faults` are used up one for each request."""

    def __init__(
        self,
        folder: Path,
        routes: Mapping[str, Handler],
        port: int = 0,
        auth_token: str = AUTH_TOKEN,
    ) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.auth_token = auth_token
        self.lock = threading.Lock()
        self.state: dict[str, Any] = {}
        self.asked: list[Asked] = []
        self.faults: list[Fault] = []
        self.refusals: dict[str, Answer] = {}  # by `To`: what is refused, as long as it stands here
        self._routes = {re.compile(pattern): handler for pattern, handler in routes.items()}
        fake = self

        class _Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                fake._serve(self)

            do_POST = do_DELETE = do_GET

            def log_message(self, format: str, *args: Any) -> None:
                pass

        class _Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request: Any, client_address: Any) -> None:
                pass  # a client that went away in mid-answer

        self._server = _Server(("127.0.0.1", port), _Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def post(self, url: str, fields: Mapping[str, str], timeout_s: float = 5.0) -> int:
        """Post a signed webhook; the status that was answered."""
        signature = RequestValidator(self.auth_token).compute_signature(url, dict(fields))
        headers = {
            "X-Twilio-Signature": signature,
            "I-Twilio-Idempotency-Token": fields_key(fields),
        }
        request = Request(url, urlencode(fields).encode(), headers)
        with urlopen(request, timeout=timeout_s) as answer:
            return int(answer.status)

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length") or 0)
        body = handler.rfile.read(length).decode()
        parts = urlsplit(handler.path)
        if parts.path == "/_faults":  # the test's own door
            self.faults += [Fault(**each) for each in json.loads(body)]
            return self._answer(handler, Answer(200))
        fields = dict(parse_qsl(parts.query if handler.command == "GET" else body))
        asked = Asked(handler.command, parts.path, fields)
        with self.lock:
            self.asked.append(asked)
            fault = self.faults.pop(0) if self.faults else None
        if not self._knows(handler):
            return self._answer(handler, refusal(401, 20003, "Authenticate"))
        match fault:
            case Fault("429", seconds):
                retry = {"Retry-After": str(max(1, round(seconds)))}
                return self._answer(handler, refusal(429, 20429, "Too Many Requests", **retry))
            case Fault("500" | "503" as kind):
                return self._answer(handler, refusal(int(kind), 20500, "Internal Server Error"))
            case Fault("drop"):
                handler.close_connection = True
                return None
            case Fault("hang", seconds) | Fault("slow", seconds):
                time.sleep(seconds)
        answer = self._handled(asked)
        if fault is not None and fault.kind == "drop_after":
            handler.close_connection = True
            return None
        return self._answer(handler, answer)

    def _knows(self, handler: BaseHTTPRequestHandler) -> bool:
        given = handler.headers.get("Authorization", "").removeprefix("Basic ")
        return base64.b64decode(given).decode() == f"{ACCOUNT_SID}:{self.auth_token}"

    def _handled(self, asked: Asked) -> Answer:
        for pattern, handler in self._routes.items():
            if (found := pattern.fullmatch(f"{asked.method} {asked.path}")) is not None:
                return handler(self, asked, found)
        return refusal(404, 20404, "The requested resource was not found")

    def _answer(self, handler: BaseHTTPRequestHandler, answer: Answer) -> None:
        body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
        handler.send_response(answer.status)
        handler.send_header("Content-Type", answer.media_type)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)


def fields_key(fields: Mapping[str, str]) -> str:
    """A token that is the same for the same webhook, sent again."""
    return base64.urlsafe_b64encode(urlencode(sorted(fields.items())).encode()).decode()[:36]


def query_of(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)
