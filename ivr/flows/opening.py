"""The greeting, and what may come before the main menu: a draft to go on with, open reports."""

from collections.abc import Mapping
from typing import Any

from ivr.dialogue import menu, number
from ivr.flows.call import Call, Part, draft_from
from ivr.flows.main_menu import extra_choice, extra_keys, say_extras
from ivr.steps import Flow, Say


def opening(call: Call) -> Flow[Part]:
    """Who answers, what the call costs, that it is recorded; then what fits this caller."""
    facts = call.facts
    yield Say("greeting")
    if facts.treatment == "blocked":
        return Part.BLOCKED
    if facts.treatment == "record_only":
        yield Say("record_only")
        return Part.MESSAGE
    if facts.treatment == "warned":
        yield Say("calls_too_often")
    if facts.busy:
        yield Say("busy")
        return Part.MESSAGE
    if facts.dropped is not None:
        return (yield from _line_dropped(call, facts.dropped))
    if facts.open_reports:
        return (yield from _open_reports(call))
    return Part.MAIN_MENU


def _line_dropped(call: Call, dropped: Mapping[str, Any]) -> Flow[Part]:
    choices = {"1": "continue", "2": "other", **extra_keys(call)}
    choice = yield from menu(call.talk, "line_dropped", choices, say_extras(call), may_hold=True)
    if choice == "continue":
        call.draft = draft_from(dropped)
        return Part.REPORT
    return (yield from extra_choice(call, choice)) or Part.MAIN_MENU


def _open_reports(call: Call) -> Flow[Part]:
    """Their states, which are all that a number alone may hear: it can be forged."""
    reports = call.facts.open_reports
    values = {"count": number(len(reports))}
    choices = {"1": "hear", "2": "other", **extra_keys(call)}
    extras = say_extras(call)
    choice = yield from menu(
        call.talk, "open_reports", choices, extras, may_hold=True, values=values
    )
    if choice != "hear":
        return (yield from extra_choice(call, choice)) or Part.MAIN_MENU
    for place, report in enumerate(reports, start=1):
        yield Say("open_report", {"number": number(place), "status": f"@status_{report['status']}"})
    if len(reports) == 1:
        call.looked_up = reports[0]["report"]
    return Part.FOLLOW_UP
