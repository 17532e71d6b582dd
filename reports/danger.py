"""Danger words in a finished transcript: the report becomes urgent, and staff are alerted."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from reports.alarms import Watch, raise_alarm
from reports.models import Recording, Report

FindDanger = Callable[[str], str | None]
"""Which danger (`police`, `fire`, …) somebody's words tell of; None for none."""
OnWords = Callable[[Session, Recording, str, datetime], None]
"""Told of a recording's words in the transaction that keeps them."""


def alarm_on_danger(find_danger: FindDanger, watch: Watch) -> OnWords:
    """Raises an alarm for words that tell of danger."""

    def on_words(session: Session, recording: Recording, words: str, now: datetime) -> None:
        danger = find_danger(words)
        if danger is None:
            return
        report = session.get(Report, recording.report_id) if recording.report_id else None
        raise_alarm(session, watch, recording.call_id, danger, "words", now, report)

    return on_words
