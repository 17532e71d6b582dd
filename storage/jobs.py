"""Background work: enqueued in the transaction of its cause, so it is lost or done with it.

DBOS keeps the queue in our own database (docs/decisions/0003). Only this file and
`hotline.worker` know it. A job is a name and an id, never words or numbers.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from dbos import DBOSClient

QUEUE = "hotline"
# Recognition has a queue of its own: an SMS must never wait behind a minute of decoding.
SPEECH_QUEUE = "speech"
# Words for which a caller is waiting at this moment do not stand behind a long statement.
SPEECH_NOW_QUEUE = "speech_now"
# Work of another application version is not taken up after a restart: ours never changes.
APPLICATION_VERSION = "1"


def enqueue(session: Session, name: str, subject: str, queue: str = QUEUE) -> None:
    """Have `hotline worker` run the job `name` on `subject` once this transaction commits.

    Enqueued twice, it runs once. `subject` is an id of ours, at most 100 characters.
    """
    engine = session.get_bind().engine
    url = engine.url.render_as_string(hide_password=False)
    _client(url).enqueue_in_transaction(
        session,
        {
            "queue_name": queue,
            "workflow_name": name,
            "workflow_id": f"{name}:{subject}",
            "app_version": APPLICATION_VERSION,
        },
        subject,
    )


def warm_up(url: str) -> None:
    """Have everything loaded that `enqueue` needs, so that no caller waits for it."""
    _client(url)


def prepare_queue(url: str) -> None:
    """Make or bring up to date the queue's own tables. Repeating it changes nothing."""
    from dbos import DBOS

    DBOS.migrate(url)


@cache
def _client(url: str) -> "DBOSClient":
    from dbos import DBOSClient  # its import takes a second, and most commands never enqueue

    return DBOSClient(system_database_url=url, lazy=True)


@dataclass(frozen=True)
class Backlog:
    """How many jobs wait to be taken up, and for how long the oldest has."""

    waiting: int
    oldest_s: float = 0.0


def backlog(session: Session, now: datetime) -> Backlog:
    """What lies in the queues untouched, without what somebody works on or tries again.

    Raises:
        SQLAlchemyError: the queue's tables are not there.
    """
    schema = "dbos." if session.get_bind().dialect.name == "postgresql" else ""
    row = session.execute(
        text(
            f"SELECT count(*), min(created_at) FROM {schema}workflow_status "
            "WHERE status = 'ENQUEUED'"
        )
    ).one()
    if not row[0]:
        return Backlog(0)
    return Backlog(row[0], max(0.0, now.timestamp() - row[1] / 1000))
