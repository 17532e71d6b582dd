"""A number that floods the hotline is let in less for a while: told why, and how to object."""

from ivr.dialogue import menu
from ivr.flows.call import Call, Part
from ivr.steps import Flow


def blocked(call: Call) -> Flow[Part]:
    """The reason and the end of the block; danger is always heard, and one objection."""
    if call.filed is not None:
        return Part.END
    choice = yield from menu(call.talk, "blocked", {"1": Part.MESSAGE}, may_hold=True)
    return choice or Part.END
