"""What can go wrong with telling people and programs.

NotificationsError
├── BadDestination      a webhook must not go there
├── BadSubscription     an unknown event, or none, or a secret that is none
├── UnknownSubscription there is no such subscription, or no such delivery of it
├── BadTexts            the province's SMS lack a text or a value; `problems` names all of them
├── UnknownText         there is no text of that key
├── BadProvider         the settings of the SMS provider are incomplete
└── SendingFailed       a provider did not take a message
    ├── Refused         and never will
    ├── TryLater        but may in a while
    └── OutcomeUnknown  or it did: the answer was lost
"""

from collections.abc import Iterable

from provinces.errors import Problem


class NotificationsError(Exception):
    """Root of this package's errors; the message is one line for whoever asked."""


class BadDestination(NotificationsError):
    """A webhook must not go there."""


class BadSubscription(NotificationsError):
    """An unknown event, or none, or a secret that is none."""


class UnknownSubscription(NotificationsError):
    """There is no such subscription, or no such delivery of it."""


class BadTexts(NotificationsError):
    """The province's SMS lack a text or a value; one line of the message for each problem."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UnknownText(NotificationsError):
    """There is no text of that key."""


class BadProvider(NotificationsError):
    """The settings of the SMS provider are incomplete."""


class SendingFailed(NotificationsError):
    """A provider did not take a message. The error is a code for staff, without personal data."""

    def __init__(self, code: str) -> None:
        self.code = code[:60]
        super().__init__(self.code)


class Refused(SendingFailed):
    """The provider will never take this message. `opted_out`: the recipient told it so."""

    def __init__(self, code: str, opted_out: bool = False) -> None:
        super().__init__(code)
        self.opted_out = opted_out


class TryLater(SendingFailed):
    """Certainly not sent, but it may be tried again.

    `after_s` is what the provider asked for. `everybody`: it takes no other message either.
    """

    def __init__(self, code: str, after_s: float | None = None, everybody: bool = True) -> None:
        super().__init__(code)
        self.after_s = after_s
        self.everybody = everybody


class OutcomeUnknown(SendingFailed):
    """The answer was lost: the message may be on its way."""
