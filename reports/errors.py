"""What can go wrong with field reports.

ReportsError
├── UnknownRecording   a command names a recording that the call does not have
└── NoFreeReference    every tried reference was taken already
"""


class ReportsError(Exception):
    """Root of this package's errors."""


class UnknownRecording(ReportsError):
    """A command names a recording that the call does not have."""


class NoFreeReference(ReportsError):
    """Every tried reference was taken already."""
