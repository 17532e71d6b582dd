"""Every kind of SMS that the code queues: what it is filled with, for whom, and how urgent it is.

One table: texts of a pack are checked against it, and nothing is queued that is not in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from types import MappingProxyType


class Lane(IntEnum):
    """What goes first. Within a lane, and behind a quicker one, a person's SMS stay in order.

    What is for staff waits behind nothing that is for citizens: theirs may be held back for hours.
    """

    ALARM = -2  # for staff: somebody may be in danger
    STAFF = -1
    NOW = 0  # at any hour: asked for a moment ago
    DAY = 1  # not in the quiet hours


class Audience(StrEnum):
    CITIZEN = "citizen"
    ANSWER = "answer"  # who wrote to us a moment ago: neither of these holds, either
    STAFF = "staff"  # and agencies: neither opt-out nor limits of a person hold for them


class Value(StrEnum):
    """What is filled in, and how it is written; a message keeps codes, not names."""

    WORD = "word"  # as it is
    FREE = "free"  # somebody's own words: cut so that the message keeps to its parts
    DAY = "day"  # a moment in ISO 8601 → the province's own date
    TIME = "time"  # a moment → date and time
    AGENCY = "agency"  # its code → its name
    REASON = "reason"  # why it was turned down: its code → words
    DANGER = "danger"  # its code → its name
    SUBJECT = "subject"  # code of a category, module or indicator → its name
    UNITS = "units"  # a unit, `2025:31972`, and how many more: `2025:31972+2`; or EVERYWHERE


@dataclass(frozen=True)
class Kind:
    """`extras` are told by a sentence of their own, where they are known: `<key>_<name>`."""

    audience: Audience
    lane: Lane
    values: Mapping[str, Value]
    extras: Mapping[str, Value] = field(default_factory=dict)


# A message above this is cut, at its free words; without accents, no kind comes near it.
MAX_PARTS = 2
# Always there, in every text.
HOTLINE = "hotline"
EVERYWHERE = "*"  # as UNITS: the whole province

_REFERENCE = {"reference": Value.WORD}
_EXPECTED = {"expected": Value.DAY}
# What was found, and what that is compared with.
_FOUND = {
    "number": Value.WORD,
    "subject": Value.SUBJECT,
    "units": Value.UNITS,
    "found": Value.WORD,
    "compared": Value.WORD,
}


def _citizen(
    lane: Lane = Lane.DAY,
    values: Mapping[str, Value] = MappingProxyType({}),
    extras: Mapping[str, Value] = MappingProxyType({}),
) -> Kind:
    return Kind(Audience.CITIZEN, lane, {**_REFERENCE, **values}, extras)


def _staff(
    values: Mapping[str, Value],
    extras: Mapping[str, Value] = MappingProxyType({}),
    lane: Lane = Lane.STAFF,
) -> Kind:
    return Kind(Audience.STAFF, lane, values, extras)


def _answer(values: Mapping[str, Value] = MappingProxyType({})) -> Kind:
    return Kind(Audience.ANSWER, Lane.NOW, values)


# Every state of a report (reports.models.ReportStatus): how it goes, told to who asks by SMS.
STATES = (
    *("new", "triaged", "assigned", "in_progress", "waiting_citizen", "reopened", "resolved"),
    *("closed", "rejected", "duplicate", "diverted"),
)

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        # Whoever just reported waits for their codes, at any hour.
        "report_received": _citizen(Lane.NOW, {"pin": Value.WORD}, _EXPECTED),
        "report_assigned": _citizen(extras={"agency": Value.AGENCY, **_EXPECTED}),
        "report_waiting": _citizen(extras={"text": Value.FREE}),
        "report_resolved": _citizen(),
        "report_rejected": _citizen(extras={"reason": Value.REASON}),
        "report_diverted": _citizen(),
        "report_duplicate": _citizen(),
        "report_reopened": _citizen(extras=_EXPECTED),
        # What staff write about it: shorter than the SMS that it goes in.
        "report_message": _citizen(values={"text": Value.FREE}),
        "duplicate_resolved": _citizen(),
        "duplicate_reopened": _citizen(),
        "alarm": _staff({"danger": Value.DANGER}, _REFERENCE, Lane.ALARM),
        "report_urgent": _staff(_REFERENCE, lane=Lane.ALARM),
        "report_overdue": _staff(_REFERENCE),
        "monitoring_watch": _staff(_FOUND),
        "monitoring_alert": _staff(_FOUND),
        "monitoring_escalated": _staff(_FOUND),
        "disk_low": _staff({"free_mb": Value.WORD}),
        "webhook_disabled": _staff({"name": Value.FREE}),
        "sms_down": _staff({"since": Value.TIME, "waiting": Value.WORD}),
        "test": _staff({}),
        "sms_opted_out": _answer(),
        "sms_opted_in": _answer(),
        "sms_help": _answer(),
        "sms_reference_malformed": _answer(),
        "sms_reference_unknown": _answer(),
        "sms_reference_locked": _answer(),
        "sms_needs_pin": _answer(),
        "sms_pin_wrong": _answer(),
        "sms_pin_locked": _answer(),
        "sms_where": _answer(_REFERENCE),
        "sms_place_noted": _answer({**_REFERENCE, "place": Value.FREE}),
        "sms_added": _answer(_REFERENCE),
        **{f"sms_status_{state}": _answer(_REFERENCE) for state in STATES},
    }
)


def lane_of(text_key: str) -> Lane:
    kind = KINDS.get(text_key)
    return kind.lane if kind else Lane.DAY


def is_for_citizens(text_key: str) -> bool:
    """An unknown key is treated as one for citizens: with more care."""
    kind = KINDS.get(text_key)
    return kind is None or kind.audience is Audience.CITIZEN
