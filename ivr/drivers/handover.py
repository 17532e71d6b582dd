"""What the dialplan does for a flow: the queue and outside lines. No thread of ours waits there.

The server says on the channel what is to be done and leaves; the dialplan does it and comes
back, to whichever server answers, with `<position>:<outcome>:<seconds>:<key>`, after a talk with an
operator with `:<seconds of it>` behind. The position tells which wait that answers, so nothing
counts twice (asterisk_conf/README.md).
"""

from collections.abc import Mapping
from types import MappingProxyType

from ivr.engine import Pending
from ivr.steps import Dial, DialEnded, DialOutcome, Enqueue, QueueEnded, QueueOutcome

KEY = "KEY"  # the dialplan's own word for a key that left the queue
LONGEST_OUTCOME = 100

# Asterisk's QUEUESTATUS and DIALSTATUS; whatever else it says is the last one.
QUEUE_OUTCOMES: Mapping[str, QueueOutcome] = MappingProxyType(
    {
        "CONTINUE": "answered",
        "TIMEOUT": "timeout",
        "WITHDRAW": "timeout",
        KEY: "key",
        "JOINEMPTY": "unavailable",
        "LEAVEEMPTY": "unavailable",
        "JOINUNAVAIL": "unavailable",
        "LEAVEUNAVAIL": "unavailable",
        "FULL": "unavailable",
    }
)
DIAL_OUTCOMES: Mapping[str, DialOutcome] = MappingProxyType(
    {
        "ANSWER": "answered",
        "BUSY": "busy",
        "NOANSWER": "no_answer",
        "CANCEL": "no_answer",
        "CONGESTION": "failed",
        "CHANUNAVAIL": "failed",
    }
)


def orders(at: Pending) -> Mapping[str, str]:
    """The channel variables that tell the dialplan what to do, in order; the last one starts it."""
    common = {"HOTLINE_AT": str(at.position), "__HOTLINE_CALL": at.call_id}
    match at.turn.wait:
        case Enqueue() as enqueue:
            return common | {
                "HOTLINE_WAIT_S": str(enqueue.wait_s),
                "QUEUE_PRIO": str(enqueue.waited_s),
                "HOTLINE_LEAVE_KEYS": enqueue.leave_keys,
                "HOTLINE_NEXT": "queue",
            }
        case Dial() as dial:
            return common | {
                "HOTLINE_DIAL": "".join(sign for sign in dial.number if sign.isdecimal()),
                "HOTLINE_LIMIT_S": str(dial.limit_s),
                "HOTLINE_NEXT": "dial",
            }
        case other:
            raise ValueError(f"expected a wait in the dialplan, found {type(other).__name__}")


def outcome_of(told: str, at: Pending) -> QueueEnded | DialEnded | None:
    """The result of the wait `at`, where `told` is the dialplan's word about it; else None."""
    position, *rest = told[:LONGEST_OUTCOME].strip().split(":")
    if position != str(at.position) or len(rest) < 2:
        return None
    status, seconds = rest[:2]
    seconds_s = int(seconds) if seconds.isdecimal() else 0
    match at.turn.wait:
        case Enqueue(leave_keys=leave_keys):
            key = rest[2] if len(rest) > 2 else ""
            if status == KEY and key not in tuple(leave_keys):
                return QueueEnded("timeout", seconds_s)
            outcome = QUEUE_OUTCOMES.get(status, "unavailable")
            talked = rest[3] if outcome == "answered" and len(rest) > 3 else ""
            return QueueEnded(outcome, seconds_s, key, int(talked) if talked.isdecimal() else 0)
        case Dial():
            return DialEnded(DIAL_OUTCOMES.get(status, "failed"), seconds_s)
        case _:
            return None
