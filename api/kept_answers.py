"""How long answers are kept for requests that are sent again."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from api.models import IdempotencyKey

KEPT = timedelta(hours=24)


def forget_answers(session: Session, now: datetime) -> None:
    """Remove what was answered more than a day ago."""
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.at < now - KEPT))
