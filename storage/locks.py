"""One at a time, across processes: what is counted and then acted upon."""

import hashlib

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session


def alone(session: Session | Connection, subject: str) -> None:
    """Wait until no other transaction is alone with `subject`; until this one ends, it is ours.

    SQLite's writers queue from their start anyway, so there is nothing to wait for.
    """
    bind = session.get_bind() if isinstance(session, Session) else session
    if bind.dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256(subject.encode()).digest()[:8], signed=True)
        session.execute(select(func.pg_advisory_xact_lock(key)))
