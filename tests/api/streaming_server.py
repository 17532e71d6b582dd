"""A server of the hotline's kind whose one answer takes longer than a request may."""

import sys
import time
from collections.abc import Iterator

from flask import Flask, Response
from gunicorn.app.base import BaseApplication

from hotline.web_server import READ_LIMIT_S, CarefulWorker

WORDS = "words-of-a-caller"
PIECES, EVERY_S = 14, 0.5
assert PIECES * EVERY_S > READ_LIMIT_S + 1


class StreamingServer(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Listens on a descriptor that it was given, with a certificate."""

    def load_config(self) -> None:
        descriptor, certificate, key = sys.argv[1:]
        options = {
            "bind": f"fd://{descriptor}",
            "workers": 1,
            "worker_class": CarefulWorker,
            "threads": 2,
            "certfile": certificate,
            "keyfile": key,
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        app = Flask(__name__)

        @app.get("/")
        def stream() -> Response:
            return Response(pieces(), content_type="text/event-stream")

        return app


def pieces() -> Iterator[str]:
    for number in range(PIECES):
        yield f"data: {WORDS} {number}\n\n"
        time.sleep(EVERY_S)


if __name__ == "__main__":
    StreamingServer().run()
