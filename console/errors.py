"""What can go wrong in the console.

ConsoleError
└── StaleForm   a form was sent without the mark of the page that it was on
"""


class ConsoleError(Exception):
    """Root of this package's errors."""


class StaleForm(ConsoleError):
    """A form was sent without the mark of its page: forged, or the page was old."""
