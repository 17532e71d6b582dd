"""We ring somebody: a promised callback, the question whether it is solved, a round's question."""

from collections.abc import Callable, Mapping
from typing import Any

from ivr.commands import KeepCallback
from ivr.dialogue import Elsewhere, do, menu
from ivr.facts import CallFacts
from ivr.flows.call import Call, Part, begin_call
from ivr.flows.filing import keep_what_there_is
from ivr.flows.incoming import from_part_to_part, part_wished
from ivr.flows.round import ask_for_figure
from ivr.steps import CallerHungUp, Flow, Say
from reports.commands import RateReport

NAME = "outgoing"
VERSION = 1
UNHAPPY = 2  # from here down the caller is asked for more


def outgoing(facts: CallFacts) -> Flow[None]:
    """One call that we made. Nothing is told before the right person says that it is them:
    the telephone may be shared."""
    call = begin_call(facts)
    purpose = facts.purpose or {}
    talk = _TALKS.get(purpose.get("kind", ""), _callback)
    try:
        yield from talk(call, purpose)
    except CallerHungUp:
        yield from keep_what_there_is(call)


def _callback(call: Call, purpose: Mapping[str, Any]) -> Flow[None]:
    callback = purpose["callback"]
    part = Part.PERSON
    try:
        here = yield from menu(call.talk, "callback_greeting", {"1": True, "2": False})
    except Elsewhere as wish:
        here, part = True, part_wished(wish)
    except CallerHungUp:
        yield from do("keep_callback", KeepCallback(callback, reached=False))
        raise
    yield from do("keep_callback", KeepCallback(callback, reached=bool(here)))
    if here:
        call.waited_s = int(purpose.get("waited_s", 0))
        yield from from_part_to_part(call, part)
    else:
        yield Say("goodbye")


def _survey(call: Call, purpose: Mapping[str, Any]) -> Flow[None]:
    scores = {str(score): score for score in range(1, 6)}
    part = Part.END
    try:
        score: Any = yield from menu(call.talk, "survey", scores)
        if score is not None:
            yield from do("rate_report", RateReport(purpose["report"], score))
            yield Say("survey_thanks")
        if score is not None and score <= UNHAPPY:
            call.looked_up = purpose["report"]
            choices = {"1": Part.FOLLOW_UP, "2": Part.END}
            part = (yield from menu(call.talk, "survey_unhappy", choices, may_hold=True)) or part
    except Elsewhere as wish:
        part = part_wished(wish)
    yield from from_part_to_part(call, part)


_TALKS: Mapping[str, Callable[[Call, Mapping[str, Any]], Flow[None]]] = {
    "survey": _survey,
    "round": ask_for_figure,
}
