"""May staff ring back, and at which number? Or does the caller want to stay unnamed?"""

from ivr.commands import BecomeAnonymous
from ivr.dialogue import ATTEMPTS, ask, do, grouped, menu
from ivr.flows.call import Call
from ivr.steps import Digits, Flow, Gather, Say
from reports.commands import NOBODY, THE_CALLER
from understanding.phone_number import read_phone_number

OTHER, ANONYMOUS = "other", "anonymous"
LONGEST_NUMBER = 11


def ask_contact(call: Call) -> Flow[None]:
    """Fill the draft's contact. Silence means: this number, if it is known."""
    known = call.facts.number_known and not call.anonymous
    offered = [OTHER, NOBODY, ANONYMOUS]
    if known:
        offered.insert(0, THE_CALLER)
    choices = {str(key): choice for key, choice in enumerate(offered, start=1)}
    question = "contact" if known else "contact_unknown"
    choice = yield from menu(call.talk, question, choices, may_hold=True)
    match choice:
        case "other":
            call.draft.contact = (yield from ask_number(call)) or (THE_CALLER if known else NOBODY)
        case "anonymous":
            # At once and for good: nothing of the number may be left behind.
            yield from do("become_anonymous", BecomeAnonymous())
            call.anonymous = True
            call.draft.contact = NOBODY
            yield Say("now_anonymous")
        case None:
            call.draft.contact = THE_CALLER if known else NOBODY
        case contact:
            call.draft.contact = contact


def ask_number(call: Call) -> Flow[str | None]:
    """A number keyed in and confirmed; None where none came about."""
    for _ in range(ATTEMPTS):
        entry = Gather("other_number", max_digits=LONGEST_NUMBER, timeout_s=10.0)
        keyed = yield from ask(call.talk, entry)
        if not isinstance(keyed, Digits):
            return None
        if not _plausible(keyed.value):
            yield Say("number_implausible")
            continue
        read_back = (Say("number_readback", {"number": grouped(keyed.value)}),)
        choices = {"1": True, "2": False}
        if (yield from menu(call.talk, "confirm_number", choices, read_back)):
            return keyed.value
    return None


def say_contact(call: Call) -> tuple[Say, ...]:
    """Where staff will ring, for the read-back."""
    contact = call.draft.contact
    if contact == NOBODY:
        return (Say("readback_nobody"),)
    if contact in (THE_CALLER, None):
        return ()
    return (Say("readback_number", {"number": grouped(contact or "")}),)


def _plausible(digits: str) -> bool:
    """A telephone that staff can ring without paying for a service."""
    number = read_phone_number(digits)
    return number is not None and number.ordinary
