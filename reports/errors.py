"""What can go wrong with field reports.

ReportsError
├── UnknownRecording   a command names a recording that the call does not have
├── UnknownReport      a command names a report that does not exist
├── NoWords            a recording has no words that could be corrected
├── WordsChanged       somebody else corrected the words in the meantime
├── NoFreeReference    every tried reference was taken already
├── BadScore           a rating is not on the scale
└── NotAllowed         a report cannot go from its state to that one
"""


class ReportsError(Exception):
    """Root of this package's errors."""


class UnknownRecording(ReportsError):
    """A command names a recording that the call does not have."""


class UnknownReport(ReportsError):
    """A command names a report that does not exist."""


class NoWords(ReportsError):
    """A recording has no words that could be corrected."""


class WordsChanged(ReportsError):
    """Somebody else corrected the words in the meantime: show theirs, then ask again."""


class NoFreeReference(ReportsError):
    """Every tried reference was taken already."""


class BadScore(ReportsError):
    """A rating is not on the scale."""


class NotAllowed(ReportsError):
    """A report cannot go from its state to that one."""
