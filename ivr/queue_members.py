"""Who is in Asterisk's queue, and what a member's pause means to us."""

import re
from collections.abc import Mapping
from enum import StrEnum

from ivr.ami import Line

QUEUE = "hotline"
# Of Asterisk's device states (`include/asterisk/devicestate.h`): unknown, invalid, unavailable.
ABSENT = frozenset({"0", "4", "5"})
_PLAIN = re.compile(r"[0-9A-Za-z]{0,32}")


class Duty(StrEnum):
    """How an operator stands to the queue, by their own word."""

    AWAY = "away"  # not in the queue
    READY = "ready"
    PAUSED = "paused"
    AFTER_CALL = "after_call"  # writing up the last one


def members_of(line: Line) -> dict[str, Mapping[str, str]]:
    """The queue's members by their interface, as Asterisk tells of them.

    Raises:
        AsteriskAway, AmiRefused: as `Line.ask`.
    """
    return {
        event["Location"]: event
        for event in line.ask("QueueStatus", Queue=QUEUE).events
        if event.get("Event") == "QueueMember"
    }


def duty_of(member: Mapping[str, str] | None) -> tuple[Duty, str, str]:
    """How a member stands, and which call and report are to be written up."""
    if member is None:
        return Duty.AWAY, "", ""
    if member.get("Paused") != "1":
        return Duty.READY, "", ""
    reason, call, report, *_ = [*member.get("PausedReason", "").split(":"), "", ""]
    # Telephones on desks cannot leave the queue; who leaves pauses for that reason.
    duty = Duty(reason) if reason in (Duty.AFTER_CALL, Duty.AWAY) else Duty.PAUSED
    return duty, call, report


def pause_reason(duty: Duty, call: str, report: str) -> str:
    """What `duty_of` reads: ids alone."""
    ids = (call, report)
    if duty is Duty.AWAY or not any(ids) or not all(_PLAIN.fullmatch(each) for each in ids):
        return str(duty)
    return ":".join((duty, *ids))
