"""Background work: which function does which job. Jobs arrive with the id of their subject.

A job that was running when its worker died runs again when the worker is back: DBOS
recovers what carries the same executor id, so each worker slot keeps its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

import structlog
from dbos import DBOS, DBOSConfig
from sqlalchemy import Engine

from hotline.clock import utc_now
from hotline.settings import Settings
from hotline.texting import the_inbox, try_limits
from hotline.understood import danger_of, proposals_of, understanding_of
from hotline.weights import own_file
from ivr.anonymity import ERASE_TRACES
from notifications.inbox import HANDLE_INCOMING
from notifications.service import SEND_MESSAGE
from provinces.schema import Province
from reports.alarms import Watch
from reports.danger import alarm_on_danger
from reports.inbound import handle_incoming
from reports.proposals import keep_proposal, one_after_another
from reports.recordings import TRANSCRIBE
from reports.search import found_by_words, index_report_id
from reports.service import ERASE_RECORDING
from reports.threads import INDEX_AFTER, index_after
from reports.transcription import erase_recording, transcribe_recording
from speech.recogniser import Recogniser
from storage.jobs import APPLICATION_VERSION, QUEUE, SPEECH_NOW_QUEUE, SPEECH_QUEUE
from storage.traces import erase_traces

log = structlog.get_logger()

Job = Callable[[str], None]
# Pauses double up to an hour, so a job is tried for weeks: a provider or a model that is away
# must cost nothing. What can never succeed marks its subject failed and returns.
ATTEMPTS = 500
FIRST_PAUSE_S = 1.0
POLL_S = 0.3
# One transcription at a time has all the cores that the settings give it, but for words that a
# caller is waiting for.
CONCURRENCY = {QUEUE: 4, SPEECH_QUEUE: 1, SPEECH_NOW_QUEUE: 1}


def jobs(
    engine: Engine, recogniser: Recogniser, settings: Settings, province: Province
) -> Mapping[str, Job]:
    """What `hotline worker` can do, by the name under which it is enqueued."""
    folder = settings.recordings
    inbox = the_inbox(settings, province)
    hear = understanding_of(province, own_file(settings))
    on_words = one_after_another(
        alarm_on_danger(danger_of(province), Watch(settings.alert_numbers)),
        keep_proposal(proposals_of(province, hear)),
        found_by_words(province),
    )
    return {
        TRANSCRIBE: lambda name: transcribe_recording(
            engine, recogniser, folder, name, utc_now, on_words
        ),
        SEND_MESSAGE: lambda message: None,  # jobs of an earlier release; the sender has the rows
        HANDLE_INCOMING: lambda sms: handle_incoming(
            engine, replace(inbox, limits=try_limits(province)), sms, utc_now()
        ),
        ERASE_RECORDING: lambda name: erase_recording(
            engine, folder, name, lambda session, report: index_report_id(session, province, report)
        ),
        INDEX_AFTER: lambda message: index_after(engine, province, message),
        ERASE_TRACES: lambda call: erase_traces(engine),
    }


def start_worker(handlers: Mapping[str, Job], database_url: str, slot: str) -> None:
    """Take up work in the background; `slot` is this worker's own name, the same after a restart.

    Two living workers must never share a slot.
    """
    config: DBOSConfig = {
        "name": "hotline",
        "system_database_url": database_url,
        "executor_id": slot,
        "application_version": APPLICATION_VERSION,
        "log_level": "ERROR",
        "console_log_level": "ERROR",
        "run_migrations": False,
    }
    DBOS(config=config)
    for name, handler in handlers.items():
        _register(name, handler)
    DBOS.launch()
    for queue, at_once in CONCURRENCY.items():
        DBOS.register_queue(queue, worker_concurrency=at_once, polling_interval_sec=POLL_S)
    log.info("worker started", slot=slot)


def stop_worker() -> None:
    DBOS.destroy()


def _register(name: str, handler: Job) -> None:
    @DBOS.step(
        name=f"{name}_step",
        retries_allowed=True,
        interval_seconds=FIRST_PAUSE_S,
        max_attempts=ATTEMPTS,
    )
    def step(subject: str) -> None:
        try:
            handler(subject)
        except Exception as error:
            log.warning("job failed", job=name, subject=subject, error=type(error).__name__)
            raise

    @DBOS.workflow(name=name, max_recovery_attempts=None)
    def workflow(subject: str) -> None:
        step(subject)
