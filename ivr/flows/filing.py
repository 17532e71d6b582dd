"""Filing what the caller gave: the whole report, or what there is of one."""

from ivr.dialogue import do, menu
from ivr.flows.call import Call, Draft, Filed, Part
from ivr.steps import Flow, Say
from reports.commands import FileReport


def file_draft(call: Call, partial: bool) -> Flow[Filed]:
    """File the call's draft and begin a new one: a hangup from here on files nothing twice."""
    draft = call.draft
    command = FileReport(
        category=draft.category,
        recording=draft.recording,
        partial=partial,
        place=draft.place,
        place_recording=draft.place_recording,
        contact=draft.reachable_at,
        urgent=draft.urgent,
        continues=draft.continues,
    )
    answer = yield from do("file_partial" if partial else "file_report", command)
    call.filed = Filed.from_answer(answer, call.will_be_texted)
    call.draft = Draft()
    return call.filed


def keep_what_there_is(call: Call) -> Flow[None]:
    """The caller has left, or will: what they gave becomes a partial report."""
    if call.draft.worth_filing:
        yield from file_draft(call, partial=True)


def tell_reference(call: Call, filed: Filed, prompt: str) -> Flow[Part]:
    """The reference twice and the PIN, once more if wanted, and the way on."""
    values = {"reference": filed.reference}
    yield Say(prompt, values)
    yield Say("reference_again", values)
    yield Say("pin", {"pin": filed.pin})
    if filed.texted:
        yield Say("text_promised")
    if call.restricted:
        return Part.END  # to the menus there is no way round
    while (choice := (yield from _anything_else(call))) == "again":
        yield Say("reference_again", values)
        yield Say("pin", {"pin": filed.pin})
    return Part.MAIN_MENU if choice == "menu" else Part.END


def _anything_else(call: Call) -> Flow[str | None]:
    choices = {"1": "again", "2": "menu"}
    return (yield from menu(call.talk, "anything_else", choices, may_hold=True))
