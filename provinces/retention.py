"""How long each kind of data is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What is kept for a time of its own."""

    RECORDINGS = "recordings"  # sound of what people said
    WORDS = "words"  # transcripts, descriptions, addresses, texts of updates
    NUMBERS = "numbers"  # telephone numbers and their keyed hashes
    JOURNALS = "journals"  # what was pressed and said in a call, step by step
    MESSAGES = "messages"  # whom an SMS went to and what was filled in
    ATTACHMENTS = "attachments"  # photos and documents
    AUDIT = "audit"  # who did or saw what
    LOGS = "logs"  # lines of the programs
    BACKUPS = "backups"
    OBSERVATIONS = "observations"  # hour by hour; days added up stay for ever


@dataclass(frozen=True)
class Kept:
    """`days` counts from the end of what the data belongs to; `reason` by language."""

    days: int
    reason: Mapping[str, str]

    def before(self, now: datetime) -> datetime:
        """What ended earlier than this has been kept long enough."""
        return now - timedelta(days=self.days)


Retention = Mapping[Kind, Kept]
"""All of retention.toml: every kind has its time."""
