"""A citizen reports a problem: what kind, then in their own words; they get a reference."""

from dataclasses import dataclass

from ivr.dialogue import do, menu
from ivr.facts import CallFacts
from ivr.steps import CallerHungUp, Flow, Record, Recorded, Say
from reports.commands import DeclineRecording, DiscardRecordings, FileReport

NAME = "report_problem"
VERSION = 1

DECLINE_KEY = "9"
_DECLINED = object()
STATEMENT_ATTEMPTS = 2


@dataclass
class _Draft:
    """What the caller has given so far; a hangup files it as it stands."""

    category: str | None = None
    recording: str | None = None
    heard: bool = False
    settled: bool = False  # filed or taken back: a hangup has nothing left to do

    @property
    def worth_filing(self) -> bool:
        return not self.settled and (self.category is not None or self.heard)


def report_problem(facts: CallFacts) -> Flow[None]:
    """One call. Whatever the caller gave before a hangup is filed as a partial report."""
    draft = _Draft()
    try:
        yield from _conversation(facts, draft)
    except CallerHungUp:
        if draft.worth_filing:
            yield from do("file_partial", FileReport(draft.category, draft.recording, partial=True))


def _conversation(facts: CallFacts, draft: _Draft) -> Flow[None]:
    yield Say("greeting")
    choice = yield from _ask_category(facts)
    if choice is _DECLINED:
        yield from _without_recording(facts, draft)
        return
    draft.category = choice if isinstance(choice, str) else None

    while True:
        yield from _record_statement(draft)
        if not draft.heard:
            yield from _file_unconfirmed(facts, draft)
            return
        answer = yield from menu("confirm_statement", {"1": "send", "2": "again", "3": "cancel"})
        if answer == "again":
            continue
        if answer == "cancel":
            yield from _cancel(draft)
            return
        # Someone who spoke and then pressed nothing still wants to be heard.
        yield from _file(facts, draft, "filed", partial=answer is None)
        return


def _ask_category(facts: CallFacts) -> Flow[object]:
    """The chosen code, None where the caller held the line, or that recording is declined."""
    choices: dict[str, object] = {**facts.menu, DECLINE_KEY: _DECLINED}
    return (yield from menu("category", choices, _spoken_menu(facts), may_hold=True))


def _ask_category_by_key(facts: CallFacts) -> Flow[str | None]:
    """The chosen code; without a recording there is no other way to say it."""
    return (yield from menu("category_by_key", facts.menu, _spoken_menu(facts)))


def _spoken_menu(facts: CallFacts) -> tuple[Say, ...]:
    choices = (Say(f"menu_choice_{key}") for key in sorted(facts.menu))
    return (Say("category_intro"), *choices)


def _record_statement(draft: _Draft) -> Flow[None]:
    """Keep the newest recording with a voice in it; a silent one only for want of better."""
    for attempt in range(STATEMENT_ATTEMPTS):
        result = yield Record("statement")
        if isinstance(result, Recorded):
            if not result.silent:
                draft.recording, draft.heard = result.name, True
                return
            draft.recording = draft.recording or result.name
        if attempt + 1 < STATEMENT_ATTEMPTS:
            yield Say("statement_unheard")


def _without_recording(facts: CallFacts, draft: _Draft) -> Flow[None]:
    yield from do("decline_recording", DeclineRecording())
    yield Say("recording_declined")
    draft.category = yield from _ask_category_by_key(facts)
    if draft.category is None:
        yield Say("nothing_received")
        yield Say("goodbye")
        return
    answer = yield from menu("confirm_category", {"1": "send", "3": "cancel"})
    if answer == "cancel":
        yield from _cancel(draft)
    else:
        yield from _file(facts, draft, "filed_without_words", partial=answer is None)


def _file_unconfirmed(facts: CallFacts, draft: _Draft) -> Flow[None]:
    """Nothing was heard; a chosen category is still worth a call back."""
    if draft.category is None:
        yield Say("nothing_received")
        yield Say("goodbye")
    else:
        yield from _file(facts, draft, "filed_without_words", partial=True)


def _file(facts: CallFacts, draft: _Draft, prompt: str, partial: bool) -> Flow[None]:
    command = FileReport(draft.category, draft.recording, partial)
    reference = yield from do("file_report", command)
    draft.settled = True
    yield Say(prompt, {"reference": reference or ""})
    yield Say("reference_again", {"reference": reference or ""})
    if facts.can_text:
        yield Say("text_promised")
    yield Say("goodbye")


def _cancel(draft: _Draft) -> Flow[None]:
    draft.settled = True
    if draft.recording is not None:
        yield from do("discard_recordings", DiscardRecordings())
    yield Say("cancelled")
    if draft.recording is not None:
        yield Say("words_erased")
    yield Say("goodbye")
