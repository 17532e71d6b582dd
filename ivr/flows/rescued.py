"""A call whose flow could not go on, by a fault of ours: an apology, then a person."""

from ivr.facts import CallFacts
from ivr.flows.call import Call, Part, begin_call
from ivr.flows.danger import danger
from ivr.flows.filing import keep_what_there_is
from ivr.flows.incoming import Parts, from_part_to_part
from ivr.flows.message import leave_message
from ivr.flows.person import a_person, be_rung_back, instead_of_person
from ivr.steps import CallerHungUp, Flow, Say

NAME = "rescued"
VERSION = 1


def _message(call: Call) -> Flow[Part]:
    """A message, where one may be recorded; staff see the failed call in any case."""
    if not call.recorded:
        return Part.END
    return (yield from leave_message(call))


# Not the parts that may have failed: whoever has something to report leaves a message.
_LEFT: Parts = {
    Part.PERSON: a_person,
    Part.INSTEAD_OF_PERSON: instead_of_person,
    Part.CALLBACK: be_rung_back,
    Part.DANGER: danger,
    Part.MESSAGE: _message,
    Part.REPORT: _message,
}


def rescued(facts: CallFacts) -> Flow[None]:
    """The rest of a call. What the caller gave before is filed already."""
    call = begin_call(facts)
    yield Say("apology")
    try:
        yield from from_part_to_part(call, Part.PERSON, _LEFT)
    except CallerHungUp:
        yield from keep_what_there_is(call)
