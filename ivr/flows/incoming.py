"""A call to the hotline, from the greeting to the goodbye: which part follows which."""

from collections.abc import Callable, Mapping

from ivr.dialogue import Elsewhere, InDanger
from ivr.facts import CallFacts
from ivr.flows.blocked import blocked
from ivr.flows.call import Call, Part, begin_call
from ivr.flows.danger import danger
from ivr.flows.filing import file_draft, keep_what_there_is
from ivr.flows.follow_up import follow_up
from ivr.flows.information import information
from ivr.flows.main_menu import main_menu
from ivr.flows.message import leave_message
from ivr.flows.opening import opening
from ivr.flows.person import a_person, be_rung_back, instead_of_person
from ivr.flows.report_problem import report_problem
from ivr.steps import CallerHungUp, Flow, Say

NAME = "incoming"
VERSION = 1

Parts = Mapping[Part, Callable[[Call], Flow[Part]]]
PARTS: Parts = {
    Part.OPENING: opening,
    Part.MAIN_MENU: main_menu,
    Part.REPORT: report_problem,
    Part.FOLLOW_UP: follow_up,
    Part.INFORMATION: information,
    Part.PERSON: a_person,
    Part.INSTEAD_OF_PERSON: instead_of_person,
    Part.MESSAGE: leave_message,
    Part.CALLBACK: be_rung_back,
    Part.DANGER: danger,
    Part.BLOCKED: blocked,
}
# Where a call goes on after danger or a person broke in.
_RETURNED_TO = (Part.REPORT, Part.FOLLOW_UP, Part.BLOCKED, Part.MESSAGE)


def incoming(facts: CallFacts) -> Flow[None]:
    """One call. Whatever the caller gave before a hangup is filed as a partial report."""
    call = begin_call(facts)
    try:
        yield from from_part_to_part(call, Part.OPENING)
    except CallerHungUp:
        yield from keep_what_there_is(call)


def part_wished(wish: Elsewhere) -> Part:
    """Where a caller wants to be who pressed `0` or `8`."""
    return Part.DANGER if isinstance(wish, InDanger) else Part.PERSON


def from_part_to_part(call: Call, part: Part, parts: Parts = PARTS) -> Flow[None]:
    """From `part` on, until the next part is the end or none of `parts`."""
    while part in parts:
        if part in _RETURNED_TO:
            call.broken_off = part
        try:
            part = yield from parts[part](call)
        except Elsewhere as wish:
            part = part_wished(wish)
    if call.draft.worth_filing:
        # Somebody who spoke and then went elsewhere still wants to be heard.
        filed = yield from file_draft(call, partial=True)
        yield Say("filed", {"reference": filed.reference})
        yield Say("pin", {"pin": filed.pin})
    yield Say("goodbye")
