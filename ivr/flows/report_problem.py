"""A citizen reports a problem: what kind, in their own words, where; they get a reference.

A question is put only while the draft lacks its answer. So whatever breaks in, the caller
goes on where they were.
"""

from collections.abc import Mapping
from typing import Literal

from ivr.dialogue import DANGER, PERSON, RECORD_END_KEYS, do, heed, menu, record
from ivr.flows.call import Call, Draft, Part
from ivr.flows.contact import ask_contact, say_contact
from ivr.flows.filing import file_draft, tell_reference
from ivr.flows.place import ask_place, place_wording
from ivr.steps import Flow, Record, Say
from reports.commands import DiscardRecordings

STATEMENT_ATTEMPTS = 2
Answer = Literal["send", "again", "cancel"]


def report_problem(call: Call) -> Flow[Part]:
    """From "what is it about?" to the reference."""
    draft = call.draft
    if not draft.kind_asked:
        yield from _ask_kind(call)
        if (where := call.facts.diverted.get(draft.category or "")) is not None:
            # Another law gives such a matter another way: docs, domain facts.
            call.draft = Draft()
            yield Say(where)
            return Part.MAIN_MENU
    while True:
        if call.recorded and draft.wants_words:
            yield from _record_statement(call)
        if not draft.worth_filing:
            yield Say("nothing_received")
            return Part.END
        if call.recorded and draft.wants_words:
            # A silent caller is not asked on; what they keyed in is still worth a call back.
            filed = yield from file_draft(call, partial=True)
            return (yield from tell_reference(call, filed, "filed_without_words"))
        if not draft.place_asked:
            yield from ask_place(call)
        if draft.contact is None:
            yield from ask_contact(call)
        answer = yield from _confirm(call)
        if answer == "again":
            draft.anew, draft.place_asked = True, False
            draft.place = draft.contact = None
            continue
        if answer == "cancel":
            return (yield from _cancel(call))
        # Someone who spoke and then pressed nothing still wants to be heard.
        filed = yield from file_draft(call, partial=answer is None)
        prompt = "filed" if call.recorded else "filed_without_words"
        return (yield from tell_reference(call, filed, prompt))


def _ask_kind(call: Call) -> Flow[None]:
    """Two levels at most; holding the line means "I do not know": the words will tell."""
    draft, facts = call.draft, call.facts
    question = "category" if call.recorded else "category_by_key"
    group = yield from menu(
        call.talk,
        question,
        facts.menu,
        (Say("category_intro"), *_spoken(facts.menu, "menu_choice")),
        may_hold=call.recorded,
    )
    draft.category = group
    key = next((key for key, code in facts.menu.items() if code == group), "")
    if below := facts.submenu.get(key):
        spoken = (Say("subcategory_intro"), *_spoken(below, f"menu_choice_{key}"))
        draft.category = (
            yield from menu(call.talk, "subcategory", below, spoken, may_hold=True)
        ) or group
    draft.kind_asked = True


def _spoken(choices: Mapping[str, str], prefix: str) -> tuple[Say, ...]:
    return tuple(Say(f"{prefix}_{key}") for key in sorted(choices))


def _record_statement(call: Call) -> Flow[None]:
    """Keep the newest recording with a voice in it; a silent one only for want of better."""
    draft = call.draft
    for attempt in range(STATEMENT_ATTEMPTS):
        recorded = yield from record(call.talk, Record("statement", end_keys=RECORD_END_KEYS))
        if recorded is not None and not recorded.silent:
            if draft.anew:
                draft.anew, draft.place_recording = False, None
            draft.recording, draft.heard = recorded.name, True
        elif recorded is not None:
            draft.recording = draft.recording or recorded.name
        if recorded is not None and recorded.key in (PERSON, DANGER):
            heed(recorded.key)
        if not draft.wants_words:
            return
        if attempt + 1 < STATEMENT_ATTEMPTS:
            yield Say("statement_unheard")


def _confirm(call: Call) -> Flow[Answer | None]:
    """Place and number explicitly, since a mistake there costs most; the kind by the way."""
    draft = call.draft
    spoken = []
    if draft.category is not None:
        spoken.append(Say("readback_kind", {"kind": f"@kind_{draft.category}"}))
    if draft.place is not None:
        spoken.append(Say("readback_place", {"place": place_wording(draft.place)}))
    spoken.extend(say_contact(call))
    choices: dict[str, Answer] = {"1": "send", "2": "cancel"}
    question = "confirm_category"
    if call.recorded:
        choices = {"1": "send", "2": "again", "3": "cancel"}
        question = "confirm_report"
    return (yield from menu(call.talk, question, choices, tuple(spoken)))


def _cancel(call: Call) -> Flow[Part]:
    recorded = call.draft.recording is not None or call.draft.place_recording is not None
    continues = call.draft.continues
    call.draft = Draft()
    if recorded or continues:
        yield from do("discard_recordings", DiscardRecordings(continues))
    yield Say("cancelled")
    if recorded:
        yield Say("words_erased")
    return Part.END
