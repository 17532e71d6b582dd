"""What a conversation may ask of field reports. Plain data; `reports.service` carries it out.

Each docstring tells what its handler returns: plain JSON data, kept in the call's journal.
"""

from dataclasses import dataclass

# `FileReport.contact`: where the reporter may be rung; any other value is a keyed-in number.
THE_CALLER = "caller"
NOBODY = "nobody"


@dataclass(frozen=True)
class FileReport:
    """File a report of this call: {"report": id, "reference": "482-173-905", "pin": "4711"}.

    `partial`: the caller did not get to confirm it. Recordings are named. `place` is a unit,
    `edition:code`. `continues` is the id of the partial report that this one completes: it
    keeps its reference and its PIN, and nobody is told a second time. An SMS goes to the number of
    `contact`, if one can reach it.
    """

    category: str | None
    recording: str | None
    partial: bool = False
    place: str | None = None
    place_recording: str | None = None
    contact: str = THE_CALLER
    urgent: bool = False
    continues: str | None = None


@dataclass(frozen=True)
class DiscardRecordings:
    """The caller took back what they said: their recordings of this call are erased.

    `continues`: so is the partial report of an earlier call with which they had gone on.
    """

    continues: str | None = None


@dataclass(frozen=True)
class FindReport:
    """By a keyed-in reference: {"report": id, "status": "new"}, or {"problem": why}.

    `why`: "malformed" (the check digit is wrong), "unknown", or "locked" (too many tries by
    this number, or for this reference).
    """

    reference: str


@dataclass(frozen=True)
class OpenReport:
    """By its PIN: {"status", "due": [day, month] or None, "updated": [day, month],
    "update": wording key or None}, or {"problem": "wrong" or "locked"}."""

    report: str
    pin: str


@dataclass(frozen=True)
class ReopenReport:
    """The reporter says it is not solved. `recording` holds what they add, if anything."""

    report: str
    recording: str | None


@dataclass(frozen=True)
class AddToReport:
    """A recording that belongs to a report which exists already."""

    report: str
    recording: str


@dataclass(frozen=True)
class RateReport:
    """The reporter's answer to "is it solved?": 1 (not at all) to 5 (wholly)."""

    report: str
    score: int
