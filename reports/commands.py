"""What a conversation may ask of field reports. Plain data; `reports.service` carries it out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FileReport:
    """File a report of this call; its handler returns the reference.

    `partial`: the caller did not get to confirm it. `recording` is a recording's name.
    """

    category: str | None
    recording: str | None
    partial: bool = False


@dataclass(frozen=True)
class DiscardRecordings:
    """The caller took back what they said: their recordings of this call are erased."""


@dataclass(frozen=True)
class DeclineRecording:
    """The caller does not want to be recorded: the call is marked so, for good."""
