"""We ring an officer for a figure: which and why, the number by key, read back and agreed to."""

from collections.abc import Mapping
from typing import Any

from ivr.dialogue import Elsewhere, Talk, ask, do, figure, menu, number
from ivr.flows.call import Call, Part
from ivr.flows.incoming import from_part_to_part, part_wished
from ivr.steps import CallerHungUp, Digits, Flow, Gather, Say
from monitoring.commands import LONGEST_FIGURE, KeepAnswer, Outcome

# One more than elsewhere: a figure can be keyed in wrongly, be implausible, and be corrected.
ENTRIES = 3
WHOLE_PROVINCE = "@whole_province"
_READY: Mapping[str, Outcome] = {"1": "answered", "2": "later", "3": "none"}
_CONFIRM = {"1": True, "2": False}


def ask_for_figure(call: Call, purpose: Mapping[str, Any]) -> Flow[None]:
    """The whole call. Whoever hangs up, keeps silent or goes elsewhere is asked again later."""
    if "question" not in purpose:  # the round was closed while the telephone rang
        yield Say("round_closed")
        yield Say("goodbye")
        return
    outgoing, amount = purpose["outgoing"], None
    try:
        outcome = yield from menu(call.talk, "round_ready", _READY, _who_asks_what(purpose))
        if outcome == "answered":
            amount = yield from _keyed_figure(call.talk, purpose)
    except Elsewhere as wish:
        yield from do("keep_answer", KeepAnswer(outgoing, "left"))
        yield from from_part_to_part(call, part_wished(wish))
        return
    except CallerHungUp:
        yield from do("keep_answer", KeepAnswer(outgoing, "left"))
        raise
    if outcome is None or (outcome == "answered" and amount is None):
        outcome = "later"
    kept: Any = yield from do("keep_answer", KeepAnswer(outgoing, outcome, amount))
    if not kept.get("noted", True):  # older calls have no such answer
        yield Say("round_closed")
    elif outcome != "later":
        yield Say("round_thanks")
    elif kept["again"]:
        yield Say("round_later")
    yield from from_part_to_part(call, Part.END)


def _who_asks_what(purpose: Mapping[str, Any]) -> tuple[Say, ...]:
    span: Mapping[str, int] = purpose["span"]
    times = {name: number(amount) for name, amount in span.items()}
    about = Say(f"round_about_{purpose['about']}", {"place": purpose["place"], **times})
    return (Say("round_greeting"), about, Say(purpose["question"]))


def _keyed_figure(talk: Talk, purpose: Mapping[str, Any]) -> Flow[int | None]:
    """The number that was keyed in and agreed to; None where none came about."""
    lowest, highest = purpose["lowest"], purpose["highest"]
    entry = Gather("round_figure", max_digits=LONGEST_FIGURE, timeout_s=10.0, amount=True)
    for _ in range(ENTRIES):
        keyed = yield from ask(talk, entry, (Say(purpose["question"]),))
        if not isinstance(keyed, Digits):
            yield Say("noinput")
            continue
        if not keyed.value.isdecimal():  # a star too many
            yield Say("nomatch")
            continue
        amount = int(keyed.value)
        if not lowest <= amount <= highest:
            limits = {"lowest": figure(lowest), "highest": figure(highest)}
            yield Say("round_implausible", limits)
            continue
        read_back = (Say("round_readback", {"figure": figure(amount)}),)
        agreed = yield from menu(talk, "round_confirm", _CONFIRM, read_back)
        if agreed is None:
            return None
        if agreed:
            return amount
    return None
