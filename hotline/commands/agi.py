"""`hotline agi`: the conversation server that Asterisk calls."""

import signal
import threading
from pathlib import Path

import click

from hotline.lasting import spare_the_collector
from hotline.logs import configure_logs
from hotline.priority import come_first
from hotline.settings import read_settings
from hotline.watchdog import watch_over_me

# A caller hears nothing meanwhile; after it they may leave a recording.
DATABASE_WAIT_S = 3.0


@click.command()
@click.option("--bind", help="HOST:PORT to listen on instead of HOTLINE_AGI_BINDS' first.")
def agi(bind: str | None) -> None:
    """Hold the callers' conversations (FastAGI)."""
    come_first()
    end_watch = watch_over_me()
    from hotline.calls import the_disk_guard, the_hotline
    from hotline.telephony.wanted import wanted_telephony
    from hotline.wiring import follow_province, open_database
    from ivr.drivers.agi_server import AgiServer
    from ivr.drivers.agi_sweep import Spool, Sweep
    from ivr.drivers.heartbeat import Heartbeat
    from storage.jobs import warm_up

    configure_logs()
    settings = read_settings()
    database = open_database(settings, DATABASE_WAIT_S)
    published = follow_province(settings, database)
    stop = threading.Event()
    published.start(stop)
    hotline = the_hotline(settings, database, published.province)
    host, _, port = (bind or settings.agi_binds[0]).rpartition(":")
    server = AgiServer((host, int(port)), hotline)
    telephony = wanted_telephony(settings)
    spool = Spool(
        ended=telephony.ended_calls,
        last_resort=telephony.last_resort,
        unreached=telephony.unreached,
        asterisk_pid=Path(telephony.socket_folder, "asterisk.pid"),
    )
    guard = the_disk_guard(settings, database)
    sweep = Sweep(hotline.conversations, hotline.recorder, spool, hotline.not_reached)
    heartbeat = Heartbeat(database, server.name, hotline.conversations.clock)
    # No caller has got as far as filing when this is done.
    threading.Thread(target=warm_up, args=(settings.database,), daemon=True).start()
    threading.Thread(target=sweep.run, args=(stop,), name="sweep", daemon=True).start()
    threading.Thread(target=guard.run, args=(stop,), name="disk", daemon=True).start()
    beating = threading.Thread(target=heartbeat.run, args=(stop,), name="heartbeat", daemon=True)
    beating.start()

    def leave(*_: object) -> None:
        # Calls in progress go on at the next server: the dialplan finds the line dead.
        stop.set()
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    spare_the_collector()
    with server:
        server.serve_forever(poll_interval=0.1)
    beating.join(timeout=1.0)
    end_watch()
