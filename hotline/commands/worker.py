"""`hotline worker`: transcribes, sends, rings and erases in the background."""

import os
import signal
import threading

import click

from hotline.logs import configure_logs
from hotline.settings import read_settings

# Words can wait; a caller who listens to a prompt cannot.
NICENESS = 10
PATIENCE_S = 2.0


@click.command()
@click.option("--slot", default="worker-1", show_default=True, help="This worker's own name.")
def worker(slot: str) -> None:
    """Do background work: words of recordings, SMS, erasure."""
    from hotline.periodic import start_tasks
    from hotline.recogniser import chosen_recogniser
    from hotline.tasks import sending_tasks, speaking_tasks, tasks
    from hotline.texting import the_sender
    from hotline.twilio_calls import twilio_tasks
    from hotline.wiring import follow_province, open_database
    from hotline.worker import jobs, start_worker, stop_worker

    os.nice(NICENESS)
    configure_logs()
    settings = read_settings()
    engine = open_database(settings)
    published = follow_province(settings, engine)
    done = threading.Event()
    published.start(done)
    province = published.province
    handlers = jobs(engine, chosen_recogniser(settings), settings, province)
    sender = the_sender(engine, settings, province, slot)
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, lambda *_: done.set())
    start_worker(handlers, settings.database, slot)
    regular = [
        start_tasks(tasks(engine, settings, province), done),
        start_tasks(sending_tasks(engine, settings), done),
        start_tasks(twilio_tasks(engine, settings, province), done),
        start_tasks(speaking_tasks(engine, settings, province), done),
    ]
    texting = threading.Thread(target=sender.run, args=(done,), name="sms", daemon=True)
    texting.start()
    done.wait()
    stop_worker()
    for thread in (*regular, texting):
        thread.join(timeout=PATIENCE_S)
