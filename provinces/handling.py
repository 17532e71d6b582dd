"""How reports are worked on: when staff are reminded, when silence ends a report, and why one is
turned down or given back."""

from collections.abc import Mapping
from dataclasses import dataclass

Reasons = Mapping[str, Mapping[str, str]]
"""Code → language → name, in the order of the file."""


@dataclass(frozen=True)
class Handling:
    """All of handling.toml, where the reasons for its figures stand.

    Attributes:
        remind_at: per cent of a deadline's working time after which staff are reminded.
        close_resolved_after_days: how long a solved report stays open to the reporter's word.
        close_waiting_after_days: how long a citizen's answer is waited for.
        reopen_within_days: how long after its end a citizen may reopen a report.
        rejected: why a report may be turned down.
        handed_back: why an agency may give one back.
    """

    remind_at: int
    close_resolved_after_days: int
    close_waiting_after_days: int
    reopen_within_days: int
    rejected: Reasons
    handed_back: Reasons
