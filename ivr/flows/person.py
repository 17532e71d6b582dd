"""A person: waiting in the queue with an honest place and time, or a message or call instead."""

from typing import Any

from ivr.commands import PromiseCallback
from ivr.dialogue import do, menu, number
from ivr.flows.call import Call, Part
from ivr.flows.contact import ask_number
from ivr.steps import Enqueue, Flow, LookAtQueue, QueueEnded, QueueSeen, Say
from reports.commands import THE_CALLER

ROUND_S = 60  # how long the queue is waited in before the place is told again
# From here on the wait is not to be taken for granted any more: the caller is asked.
LONG_WAIT_S = 300
LEAVE_KEYS = {"1": Part.MESSAGE, "2": Part.CALLBACK}


def a_person(call: Call) -> Flow[Part]:
    """From the question for a person to the end of the talk, or to what is offered instead."""
    if call.facts.treatment == "blocked":
        return Part.BLOCKED
    if call.facts.treatment == "record_only":
        yield Say("record_only")
        return Part.END if call.filed else Part.MESSAGE
    if not call.facts.open_now:
        yield Say(call.facts.closed_why or "closed_hours")
        return Part.INSTEAD_OF_PERSON
    while True:
        seen = yield LookAtQueue("queue_seen")
        if not isinstance(seen, QueueSeen) or seen.agents == 0:
            yield Say("nobody_signed_in")
            return Part.INSTEAD_OF_PERSON
        if call.waited_s >= LONG_WAIT_S and not (yield from _waits_on(call)):
            return Part.INSTEAD_OF_PERSON
        yield from _say_place(seen)
        ended = yield Enqueue("queue", ROUND_S, call.waited_s, "".join(LEAVE_KEYS))
        if not isinstance(ended, QueueEnded) or ended.outcome == "unavailable":
            yield Say("nobody_signed_in")
            return Part.INSTEAD_OF_PERSON
        call.waited_s += ended.waited_s
        if ended.outcome == "answered":
            return Part.END
        if ended.key in LEAVE_KEYS:
            return LEAVE_KEYS[ended.key]


def _say_place(seen: QueueSeen) -> Flow[None]:
    minutes = -(-seen.wait_s // 60)
    if seen.waiting == 0:
        yield Say("queue_next")
    else:
        values = {"waiting": number(seen.waiting), "minutes": number(max(1, minutes))}
        yield Say("queue_place", values)
    yield Say("queue_keys")


def _waits_on(call: Call) -> Flow[bool]:
    choices = {"1": True, "2": False}
    return bool((yield from menu(call.talk, "queue_long", choices, may_hold=True)))


def instead_of_person(call: Call) -> Flow[Part]:
    """Nobody leaves empty-handed: a message, a call back, or both declined."""
    choices = {"1": Part.CALLBACK, "2": Part.MAIN_MENU}
    question = "instead_unrecorded"
    if call.recorded:
        choices = {"1": Part.MESSAGE, "2": Part.CALLBACK, "3": Part.MAIN_MENU}
        question = "instead_of_person"
    choice = yield from menu(call.talk, question, choices)
    return choice or Part.END


def be_rung_back(call: Call) -> Flow[Part]:
    """A promise to ring back in order, keeping the place in the queue."""
    contact: str | None = THE_CALLER
    if not call.facts.number_known or call.anonymous:
        contact = yield from ask_number(call)
    else:
        choices = {"1": "this", "2": "other"}
        which = yield from menu(call.talk, "callback_number", choices, may_hold=True)
        if which == "other":
            contact = yield from ask_number(call)
    if contact is None:
        yield Say("no_callback_number")
        return Part.MESSAGE if call.recorded else Part.END
    report = call.filed.report if call.filed else None
    promised: Any = yield from do(
        "promise_callback", PromiseCallback(contact, call.waited_s, report)
    )
    yield Say("callback_promised", {"ahead": number(promised["ahead"])})
    return Part.END
