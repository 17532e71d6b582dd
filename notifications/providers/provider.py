"""What an SMS provider does for the sender."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from notifications.parts import Parts


@dataclass(frozen=True)
class Outgoing:
    """One SMS on its way. `parts` holds the body; nothing of it may reach a log."""

    id: str
    text_key: str
    to_number: str
    body: str
    parts: Parts


@dataclass(frozen=True)
class Search:
    """A message that a provider may have. `is_ours` knows its body, `is_taken` others' ids."""

    message_id: str
    to_number: str
    since: datetime  # when it was handed over
    is_ours: Callable[[str], bool]
    is_taken: Callable[[str], bool]


class Provider(Protocol):
    """Takes messages to telephones.

    Attributes:
        name: kept with each message.
        at_once: how many messages may be on their way to it together. Where it cannot be asked,
            as many may be sent twice when the sender dies.
        settle_s: how long after handing over a message may still turn up there; None: it cannot be
            asked what it has.
    """

    name: str
    at_once: int
    settle_s: float | None

    def send(self, message: Outgoing) -> tuple[str, ...]:
        """The provider's id of the message, or of each part.

        Raises:
            Refused, TryLater, OutcomeUnknown: see notifications.errors.
        """
        ...

    def find(self, search: Search) -> tuple[str, ...] | None:
        """The ids under which the provider has the message; None: it has it not.

        Raises:
            TryLater: it does not answer.
        """
        ...

    def close(self) -> None:
        """Let go of connections; nothing is sent any more."""
        ...
