"""`hotline agi`: the conversation server that Asterisk calls."""

import signal
import threading

import click

from hotline.logs import configure_logs
from hotline.settings import read_settings


@click.command()
@click.option("--bind", help="HOST:PORT to listen on instead of HOTLINE_AGI_BINDS' first.")
def agi(bind: str | None) -> None:
    """Hold the callers' conversations (FastAGI)."""
    from hotline.calls import the_hotline
    from hotline.wiring import open_database
    from ivr.drivers.agi_server import AgiServer
    from ivr.drivers.agi_sweep import Sweep
    from storage.jobs import warm_up

    configure_logs()
    settings = read_settings()
    hotline = the_hotline(settings, open_database(settings))
    host, _, port = (bind or settings.agi_binds[0]).rpartition(":")
    server = AgiServer((host, int(port)), hotline)
    stop = threading.Event()
    sweep = Sweep(hotline.conversations, hotline.recorder, settings.ended_calls)
    # No caller has got as far as filing when this is done.
    threading.Thread(target=warm_up, args=(settings.database,), daemon=True).start()
    threading.Thread(target=sweep.run, args=(stop,), name="sweep", daemon=True).start()

    def leave(*_: object) -> None:
        # Calls in progress go on at the next server: the dialplan finds the line dead.
        stop.set()
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    with server:
        server.serve_forever(poll_interval=0.1)
