"""Somebody is in danger: first what to dial, then everything else."""

from typing import Any

from ivr.commands import Danger, RaiseAlarm, ReserveConnection, WithdrawAlarm
from ivr.dialogue import do, menu
from ivr.flows.call import Call, Part
from ivr.steps import Dial, DialEnded, Flow, Say
from reports.commands import THE_CALLER

MISTAKE_KEY = "6"
_NUMBERS_AND_KEYS = (Say("danger_numbers"), Say("danger_choices"))
# Who was nowhere yet, or is blocked, says now what happens; others go on where they were.
_GOES_ON = {Part.MAIN_MENU: Part.REPORT, Part.BLOCKED: Part.MESSAGE}


def danger(call: Call) -> Flow[Part]:
    """The numbers at once, staff alerted, a connection offered; then the call goes on as a
    report that is urgent."""
    yield from do("raise_alarm", RaiseAlarm(None))
    dangers = call.facts.dangers
    choices: dict[str, Any] = {**dangers, MISTAKE_KEY: "mistake"}
    chosen = yield from menu(call.talk, "danger_menu", choices, _NUMBERS_AND_KEYS, may_hold=True)
    if chosen == "mistake":
        yield from do("withdraw_alarm", WithdrawAlarm())
        yield Say("danger_withdrawn")
        return call.broken_off
    _hurry(call)
    if chosen is not None:
        kind, to_dial = chosen
        yield from _this_danger(call, kind, to_dial)
    yield Say("danger_go_on")
    return _GOES_ON.get(call.broken_off, call.broken_off)


def _hurry(call: Call) -> None:
    """What is urgent is asked for no more than what happens, and where."""
    call.draft.urgent = True
    call.draft.kind_asked = True
    if call.facts.number_known and not call.anonymous:
        call.draft.contact = call.draft.contact or THE_CALLER


def _this_danger(call: Call, kind: Danger, to_dial: str) -> Flow[None]:
    yield from do("raise_alarm", RaiseAlarm(kind))
    values = {"number": to_dial}
    if not call.facts.can_connect:
        yield Say("danger_dial", values)
        return
    wants = yield from menu(
        call.talk, "danger_connect", {"1": True, "2": False}, may_hold=True, values=values
    )
    limit: Any = 0
    if wants:
        limit = yield from do("reserve_connection", ReserveConnection(to_dial))
    if limit:
        yield Say("danger_connecting", values)
        ended = yield Dial("danger_line", to_dial, limit)
        if isinstance(ended, DialEnded) and ended.outcome == "answered":
            return
    yield Say("danger_dial", values)
