"""One AGI server process for the capacity benchmark: `hotline agi` with the plain call's flow."""

import json
import os
import signal
import threading
from pathlib import Path
from typing import Any

import click

from benchmarks.plain_call import TimedSocket, house, register
from hotline.logs import configure_logs
from hotline.priority import come_first
from ivr.drivers.agi_server import AgiServer
from storage.crypto import use_key
from storage.database import open_engine


class TimedServer(AgiServer):
    """The AGI server, with a clock on each connection."""

    taken_s: list[float]

    def get_request(self) -> tuple[Any, Any]:
        connection, address = super().get_request()
        return TimedSocket(connection, self.taken_s), address


@click.command()
@click.option("--database", required=True)
@click.option("--key", required=True)
@click.option("--port", required=True, type=int)
@click.option("--folder", required=True, type=click.Path(path_type=Path))
def main(database: str, key: str, port: int, folder: Path) -> None:
    """Serve until SIGTERM; on SIGUSR1 write the times since the last SIGUSR1 and forget them."""
    come_first()
    configure_logs()
    use_key(key.encode())
    register()
    engine = open_engine(database)
    server = TimedServer(("127.0.0.1", port), house(engine, folder), max_calls=2000)
    server.taken_s = []
    told = folder / f"times-{port}.json"

    def tell(*_: object) -> None:
        times, server.taken_s[:] = list(server.taken_s), []
        draft = told.with_suffix(".draft")
        draft.write_text(json.dumps(times))
        os.replace(draft, told)

    def leave(*_: object) -> None:
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGUSR1, tell)
    signal.signal(signal.SIGTERM, leave)
    with server:
        server.serve_forever(poll_interval=0.1)
    engine.dispose()


if __name__ == "__main__":
    main()
