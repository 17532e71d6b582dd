"""What can go wrong in the console.

ConsoleError
├── StaleForm      a form was sent without the mark of the page that it was on
├── UnlistedRoute  a route stands in no line of the table of permissions
├── TooManyStreams as many pages as may be are kept up to date
└── BadForm        a form holds what cannot be read
"""


class ConsoleError(Exception):
    """Root of this package's errors."""


class StaleForm(ConsoleError):
    """A form was sent without the mark of its page: forged, or the page was old."""


class UnlistedRoute(ConsoleError):
    """A route stands in no line of the table of permissions."""


class TooManyStreams(ConsoleError):
    """As many pages as may be are kept up to date already."""


class BadForm(ConsoleError):
    """A form holds what cannot be read; `key` is the wording that says so."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key
