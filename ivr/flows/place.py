"""Where is it? Said or keyed in; what was understood is read back, never taken for granted."""

from typing import Any

from ivr.commands import AskForWords, ProposePlace
from ivr.dialogue import DANGER, PERSON, RECORD_END_KEYS, do, heed, menu, record
from ivr.flows.call import Call
from ivr.steps import Flow, Hear, Heard, Record, Say

BY_KEY, SAID_ALREADY = "1", "2"
END_KEYS = RECORD_END_KEYS + BY_KEY + SAID_ALREADY
PAGE = 4  # units a page; the fifth key turns it
MOST_PROPOSED = 2


def ask_place(call: Call) -> Flow[None]:
    """Fill the draft's place, as far as the caller can and wants to tell it."""
    draft = call.draft
    if not call.recorded:
        yield from _by_key(call)
    else:
        step = Record("place", max_length_s=30, silence_s=3, end_keys=END_KEYS)
        said = yield from record(call.talk, step)
        if said is not None and not said.silent:
            draft.place_recording = said.name
        if said is not None and said.key in (PERSON, DANGER):
            heed(said.key)
        if said is not None and said.key == BY_KEY:
            yield from _by_key(call)
        elif draft.place_recording is not None and said and said.key != SAID_ALREADY:
            yield from _from_words(call, draft.place_recording)
    draft.place_asked = True


def _from_words(call: Call, recording: str) -> Flow[None]:
    """Propose what was understood; where nothing was, the recording is enough."""
    yield from do("ask_for_words", AskForWords(recording))
    yield Say("please_wait")
    heard = yield Hear("place_words", recording)
    if not isinstance(heard, Heard):
        return
    proposals: Any = yield from do("propose_place", ProposePlace(recording))
    for proposal in proposals[:MOST_PROPOSED]:
        spoken = _say_proposal(proposal["unit"], proposal["old"])
        choices = {"1": True, "2": False}
        right = yield from menu(call.talk, "confirm_place", choices, (spoken,), may_hold=True)
        if right:
            call.draft.place = proposal["unit"]
        if right is not False:  # silence is no yes, but nobody is asked for ever
            return


def place_wording(unit: str, prefix: str = "unit") -> str:
    """`2025:31894` as a value to speak."""
    return f"@{prefix}_{unit.partition(':')[2]}"


def _say_proposal(unit: str, old: str | None) -> Say:
    """The unit of today; who said an old name hears both."""
    now = place_wording(unit)
    if old is None:
        return Say("place_proposed", {"place": now})
    return Say("place_proposed_old", {"old": place_wording(old, "old_unit"), "place": now})


def _by_key(call: Call) -> Flow[None]:
    areas = call.facts.areas
    spoken = tuple(Say(f"area_{key}") for key in sorted(areas))
    units = yield from menu(call.talk, "area", areas, spoken, may_hold=True)
    if units is None:
        return
    pages = [units[start : start + PAGE] for start in range(0, len(units), PAGE)]
    for index, page in enumerate(pages):
        choices = {str(key): unit for key, unit in enumerate(page, start=1)}
        spoken = tuple(
            Say(f"choose_{key}", {"choice": place_wording(unit)}) for key, unit in choices.items()
        )
        last = index + 1 == len(pages)
        more = {} if last else {"5": ""}
        question = "unit_last_page" if last else "unit_page"
        chosen = yield from menu(call.talk, question, {**choices, **more}, spoken, may_hold=True)
        if chosen:
            call.draft.place = chosen
        if chosen != "":
            return
