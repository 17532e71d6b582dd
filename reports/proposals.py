"""What a recording's words propose for its report: categories, urgency, danger. Staff decide."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from reports.danger import OnWords
from reports.models import Recording


@dataclass(frozen=True)
class ProposedCategory:
    """A category, how sure it is (0 to 1), and the words that told of it."""

    category: str
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """What somebody's words seem to be about, the likeliest first; whether it may not wait; and
    the danger that they tell of, if any, with the words that did.
    """

    categories: tuple[ProposedCategory, ...]
    urgent: bool
    urgent_words: tuple[str, ...]
    danger: str | None = None
    danger_words: str = ""


Propose = Callable[[str], Proposal]


def keep_proposal(propose: Propose) -> OnWords:
    """Keeps the proposal beside the words that it was made from; it is erased with them."""

    def on_words(session: Session, recording: Recording, words: str, now: datetime) -> None:
        if recording.transcript is not None:
            recording.transcript.proposed = asdict(propose(words))

    return on_words


def one_after_another(*listeners: OnWords) -> OnWords:
    """Tells each of them."""

    def on_words(session: Session, recording: Recording, words: str, now: datetime) -> None:
        for listener in listeners:
            listener(session, recording, words, now)

    return on_words
