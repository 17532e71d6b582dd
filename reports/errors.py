"""What can go wrong with field reports.

ReportsError
├── UnknownRecording   a command names a recording that the call does not have
├── UnknownReport      a command names a report that does not exist
├── UnknownMessage     nobody sent an SMS of that id
├── NoWords            a recording has no words that could be corrected
├── WordsChanged       somebody else corrected the words in the meantime
├── WordsTooLong       nobody says that much into one recording
├── NoFreeReference    every tried reference was taken already
├── BadScore           a rating is not on the scale
├── NotAllowed         a report cannot go from its state to that one, or not by this actor
├── Incomplete         a change lacks what the new state needs
├── Diverted           what it is about belongs to another office: it is not filed here
├── BadChange          a change names what the province, or the hotline, does not have
├── ChangedMeanwhile   somebody else changed the report: it is not as the author saw it
├── UnknownMedia       a file is neither a photo nor a document that is taken
├── BadPhoto           a photo is damaged, or too large to be shown
├── CannotUndo         it is too late to take a change back, or others have been told of it
├── ExportBusy         another workbook is being made: it takes long
├── TooManyLists       a user keeps as many lists as one may
├── TooLongList        the filters of a list are longer than is kept
└── TooManyAttachments a report has as many files as it may have
"""


class ReportsError(Exception):
    """Root of this package's errors."""


class UnknownRecording(ReportsError):
    """A command names a recording that the call does not have."""


class UnknownReport(ReportsError):
    """A command names a report that does not exist."""


class UnknownMessage(ReportsError):
    """Nobody sent an SMS of that id."""


class NoWords(ReportsError):
    """A recording has no words that could be corrected."""


class WordsChanged(ReportsError):
    """Somebody else corrected the words in the meantime: show theirs, then ask again."""


class WordsTooLong(ReportsError):
    """Nobody says that much into one recording."""


class NoFreeReference(ReportsError):
    """Every tried reference was taken already."""


class BadScore(ReportsError):
    """A rating is not on the scale."""


class NotAllowed(ReportsError):
    """A report cannot go from its state to that one, or not by this actor."""


class Incomplete(ReportsError):
    """A change lacks what the new state needs."""


class BadChange(ReportsError):
    """A change names what the province, or the hotline, does not have."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field


class ChangedMeanwhile(ReportsError):
    """Somebody else changed the report: it is at `version` now, not as the author saw it."""

    def __init__(self, version: int) -> None:
        super().__init__(f"the report was changed meanwhile: it is at version {version}")
        self.version = version


class Diverted(ReportsError):
    """What it is about belongs to another office; `wording_key` says to which."""

    def __init__(self, category: str, wording_key: str) -> None:
        super().__init__(f"{category} is not filed here: {wording_key} says where it belongs")
        self.wording_key = wording_key


class UnknownMedia(ReportsError):
    """A file is neither a photo nor a document that is taken."""


class BadPhoto(ReportsError):
    """A photo is damaged, or too large to be shown."""


class TooManyAttachments(ReportsError):
    """A report has as many files as it may have."""


class ExportBusy(ReportsError):
    """Another workbook is being made: it takes long."""


class TooLongList(ReportsError):
    """The filters of a list are longer than is kept."""


class TooManyLists(ReportsError):
    """A user keeps as many lists as one may."""


class CannotUndo(ReportsError):
    """It is too late to take a change back, or others have been told of it."""
