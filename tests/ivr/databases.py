"""What waits in a database's job queue."""

from sqlalchemy import Engine, text

from storage.database import reading
from tests.databases.fixtures import database

__all__ = ["database", "jobs_of", "queue_table"]


def queue_table(engine: Engine) -> str:
    """Where DBOS keeps its jobs: PostgreSQL has a schema for them."""
    return "dbos.workflow_status" if engine.dialect.name == "postgresql" else "workflow_status"


def jobs_of(engine: Engine) -> list[tuple[str, str]]:
    """The jobs that wait in the queue: (name, subject), in no order that matters."""
    query = text(f"SELECT name, workflow_uuid FROM {queue_table(engine)} WHERE status = 'ENQUEUED'")
    with reading(engine) as session:
        return sorted(
            (row.name, row.workflow_uuid.removeprefix(f"{row.name}:"))
            for row in session.execute(query)
        )
