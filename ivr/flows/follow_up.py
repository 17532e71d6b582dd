"""What became of my report? The state by reference; anything beyond it by the report's PIN."""

from collections.abc import Mapping
from typing import Any

from ivr.dialogue import (
    ATTEMPTS,
    RECORD_END_KEYS,
    ask,
    do,
    heed,
    menu,
    number,
    record,
)
from ivr.flows.call import Call, Part
from ivr.steps import Digits, Flow, Gather, Record, Say
from reports.commands import AddToReport, FindReport, OpenReport, ReopenReport

REFERENCE_DIGITS = 9
PIN_DIGITS = 4
ENTRIES = 3
SOLVED = ("resolved", "closed")


def follow_up(call: Call) -> Flow[Part]:
    """From the reference to the details, an addition, or "it is not solved"."""
    if call.looked_up is None:
        found = yield from _find(call)
        if found is None:
            return Part.MAIN_MENU
        call.looked_up = found
    details = yield from _open(call, call.looked_up)
    if details is None:
        call.looked_up = None
        return Part.MAIN_MENU
    part = yield from _told(call, call.looked_up, details)
    call.looked_up = None
    return part


def _find(call: Call) -> Flow[str | None]:
    """The report of a keyed-in reference, its state told; None where none was found."""
    for _ in range(ENTRIES):
        entry = Gather("enter_reference", max_digits=REFERENCE_DIGITS, timeout_s=10.0)
        keyed = yield from ask(call.talk, entry)
        if not isinstance(keyed, Digits):
            yield Say("no_reference")
            return None
        found: Any = yield from do("find_report", FindReport(keyed.value))
        match found.get("problem"):
            case None:
                yield Say("report_state", {"status": f"@status_{found['status']}"})
                report: str = found["report"]
                return report
            case "locked":
                yield Say("too_many_tries")
                return None
            case problem:
                yield Say(f"reference_{problem}")
    return None


def _open(call: Call, report: str) -> Flow[Mapping[str, Any] | None]:
    """The details that the right PIN opens; None without it."""
    for _ in range(ATTEMPTS):
        entry = Gather("enter_pin", max_digits=PIN_DIGITS, timeout_s=10.0)
        keyed = yield from ask(call.talk, entry)
        if not isinstance(keyed, Digits):
            return None
        opened: Any = yield from do("open_report", OpenReport(report, keyed.value))
        match opened.get("problem"):
            case None:
                details: Mapping[str, Any] = opened
                return details
            case "locked":
                yield Say("too_many_tries")
                return None
            case _:
                yield Say("pin_wrong")
    return None


def _told(call: Call, report: str, details: Mapping[str, Any]) -> Flow[Part]:
    solved = details["status"] in SOLVED
    while True:
        question = "solved_actions" if solved else "open_actions"
        choices = {"1": "again", "2": "add", "3": "menu"}
        if solved:
            choices = {"1": "again", "2": "not_solved", "3": "menu"}
        choice = yield from menu(
            call.talk, question, choices, tuple(_say_details(details)), may_hold=True
        )
        match choice:
            case "again":
                continue
            case "add":
                yield from _add(call, report)
            case "not_solved":
                yield from _reopen(call, report)
        return Part.MAIN_MENU if choice == "menu" else Part.END


def _say_details(details: Mapping[str, Any]) -> list[Say]:
    says = [Say("report_state", {"status": f"@status_{details['status']}"})]
    if details["due"] is not None:
        says.append(Say("report_due", _day(details["due"])))
    says.append(Say("report_updated", _day(details["updated"])))
    if details["update"] is not None:
        says.append(Say(details["update"]))
    return says


def _day(day_and_month: Any) -> dict[str, str]:
    day, month = day_and_month
    return {"day": number(day), "month": number(month)}


def _add(call: Call, report: str) -> Flow[None]:
    recording, key = yield from _say_more(call, "addition")
    if recording is None:
        yield Say("nothing_received")
        return
    yield from do("add_to_report", AddToReport(report, recording))
    yield Say("addition_kept")
    heed(key)


def _reopen(call: Call, report: str) -> Flow[None]:
    recording, key = yield from _say_more(call, "why_not_solved")
    yield from do("reopen_report", ReopenReport(report, recording))
    yield Say("reopened")
    heed(key)


def _say_more(call: Call, prompt: str) -> Flow[tuple[str | None, str]]:
    """The name of an audible recording, None where there is none or none may be made; and the
    key that ended it, to be heeded once the words are kept."""
    if not call.recorded:
        return None, ""
    said = yield from record(call.talk, Record(prompt, end_keys=RECORD_END_KEYS))
    if said is None:
        return None, ""
    if said.silent:
        heed(said.key)
        return None, ""
    return said.name, said.key
