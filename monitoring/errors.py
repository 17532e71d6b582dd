"""What can go wrong with monitoring.

MonitoringError
├── UnknownStream      no series has that id
├── UnreadableCsv      a file of observations cannot be read at all: no table, or no UTF-8
├── UnknownAlert       no alert has that id
├── AlertChanged       somebody else changed the alert: it is not as the author saw it
├── AlertEnded         the alert is closed: nothing can be done to it any more
├── BadWords           a comment or a reason is empty, or too long
├── BadMute            a mute is of nothing, or of everything, or for too long
├── UnknownMute        no mute has that id
├── BadRound           a round cannot be opened as it was asked for
├── UnknownRound       no round, or more than one, has that id
├── BadRespondent      somebody cannot be asked: no name, no ordinary number, no such unit
└── UnknownRespondent  nobody, or more than one, has that id
"""


class MonitoringError(Exception):
    """Root of this package's errors."""


class UnknownStream(MonitoringError):
    """No series has that id."""


class UnreadableCsv(MonitoringError):
    """A file of observations cannot be read at all; `reason` is a key, the others are words."""

    def __init__(self, reason: str, expected: str, found: str) -> None:
        super().__init__(f"{reason}: expected {expected}, found {found}")
        self.reason, self.expected, self.found = reason, expected, found


class UnknownAlert(MonitoringError):
    """No alert has that id."""


class AlertChanged(MonitoringError):
    """Somebody else changed the alert: it is at `version` now, not as the author saw it."""

    def __init__(self, version: int) -> None:
        super().__init__(f"the alert was changed meanwhile: it is at version {version}")
        self.version = version


class AlertEnded(MonitoringError):
    """The alert is closed: nothing can be done to it any more."""


class BadWords(MonitoringError):
    """A comment or a reason is empty, or too long."""


class BadMute(MonitoringError):
    """A mute is of nothing, or of everything, or for too long; `field` says what is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field


class UnknownMute(MonitoringError):
    """No mute has that id."""


class BadRound(MonitoringError):
    """A round cannot be opened as it was asked for; `reason` is a key, the others are words.

    `round_id` is the round that asks the same already.
    """

    def __init__(
        self, reason: str, expected: str, found: str = "", round_id: str | None = None
    ) -> None:
        super().__init__(f"expected {expected}{f', found {found}' if found else ''}")
        self.reason, self.expected, self.found = reason, expected, found
        self.round_id = round_id


class UnknownRound(MonitoringError):
    """No round, or more than one, has that id."""


class BadRespondent(MonitoringError):
    """Somebody cannot be asked: no name, no ordinary number, no such unit; `reason` is a key."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class UnknownRespondent(MonitoringError):
    """Nobody, or more than one, has that id."""
