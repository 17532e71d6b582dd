"""Taking the oldest entries out of the audit log once the pack's time for them is over.

First an entry says up to where, and with which hash the cut part ends; only then does the database
let those entries go. `accounts.audit.verify` accepts a chain that begins right there.
"""

from datetime import datetime

from sqlalchemy import Integer, cast, delete, func, select
from sqlalchemy.orm import Session

from accounts.audit import CUT, record
from accounts.models import AuditEntry


def older_than(session: Session, before: datetime) -> int:
    """How many entries lie before the last one that was written before that moment."""
    last = _last_before(session, before)
    if last is None:
        return 0
    query = select(func.count()).where(AuditEntry.number <= last.number)
    return session.scalar(query) or 0


def announce_cut(session: Session, before: datetime, actor_id: str, now: datetime) -> bool:
    """Write down that everything before that moment goes; False where there is nothing."""
    last = _last_before(session, before)
    if last is None:
        return False
    record(session, actor_id, CUT, "audit", str(last.number), now, hash=last.hash)
    return True


def cut_announced(session: Session) -> int:
    """Delete what was announced, an interrupted cut's rest too; how many entries went."""
    end = session.scalar(
        select(func.max(cast(AuditEntry.object_id, Integer))).where(
            AuditEntry.object_type == "audit", AuditEntry.action == CUT
        )
    )
    if end is None:
        return 0
    return session.execute(delete(AuditEntry).where(AuditEntry.number <= end)).rowcount  # type: ignore[attr-defined,no-any-return]


def _last_before(session: Session, before: datetime) -> AuditEntry | None:
    return session.scalars(
        select(AuditEntry).where(AuditEntry.at < before).order_by(AuditEntry.number.desc()).limit(1)
    ).one_or_none()
