"""Which part of the conversation a step belongs to, for figures over calls.

Steps come and go with flow versions; stages stay, so that months can be compared. Their numbers
are kept in the database: a new one goes to the end.
"""

from collections.abc import Mapping
from enum import StrEnum


class Stage(StrEnum):
    """A part of the conversation; the order is that of a call which files a report."""

    OPENING = "opening"
    MENU = "menu"
    KIND = "kind"
    STATEMENT = "statement"
    PLACE = "place"
    CONTACT = "contact"
    CONFIRM = "confirm"
    REFERENCE = "reference"  # the report is filed
    FOLLOW_UP = "follow_up"
    INFORMATION = "information"
    PERSON = "person"
    INSTEAD = "instead"
    MESSAGE = "message"
    DANGER = "danger"
    OUTGOING = "outgoing"
    OTHER = "other"  # of flows that this release does not know


FUNNEL = (
    Stage.MENU,
    Stage.KIND,
    Stage.STATEMENT,
    Stage.PLACE,
    Stage.CONTACT,
    Stage.CONFIRM,
    Stage.REFERENCE,
)
"""The way of a call that files a report."""

# By the step's key: one place in the conversation, whatever is asked there.
STAGES: Mapping[str, Stage] = {
    "line_dropped": Stage.OPENING,
    "open_reports": Stage.OPENING,
    "blocked": Stage.OPENING,
    "main_menu": Stage.MENU,
    "category": Stage.KIND,
    "category_by_key": Stage.KIND,
    "subcategory": Stage.KIND,
    "statement": Stage.STATEMENT,
    "place": Stage.PLACE,
    "place_words": Stage.PLACE,
    "confirm_place": Stage.PLACE,
    "area": Stage.PLACE,
    "unit_page": Stage.PLACE,
    "unit_last_page": Stage.PLACE,
    "contact": Stage.CONTACT,
    "contact_unknown": Stage.CONTACT,
    "other_number": Stage.CONTACT,
    "confirm_number": Stage.CONTACT,
    "confirm_report": Stage.CONFIRM,
    "confirm_category": Stage.CONFIRM,
    "file_report": Stage.REFERENCE,
    "anything_else": Stage.REFERENCE,
    "enter_reference": Stage.FOLLOW_UP,
    "enter_pin": Stage.FOLLOW_UP,
    "open_actions": Stage.FOLLOW_UP,
    "solved_actions": Stage.FOLLOW_UP,
    "addition": Stage.FOLLOW_UP,
    "why_not_solved": Stage.FOLLOW_UP,
    "information": Stage.INFORMATION,
    "information_more": Stage.INFORMATION,
    "queue_seen": Stage.PERSON,
    "queue_long": Stage.PERSON,
    "queue": Stage.PERSON,
    "instead_of_person": Stage.INSTEAD,
    "instead_unrecorded": Stage.INSTEAD,
    "callback_number": Stage.INSTEAD,
    "message": Stage.MESSAGE,
    "danger_menu": Stage.DANGER,
    "danger_connect": Stage.DANGER,
    "danger_line": Stage.DANGER,
    "callback_greeting": Stage.OUTGOING,
    "survey": Stage.OUTGOING,
    "survey_unhappy": Stage.OUTGOING,
    "round_ready": Stage.OUTGOING,
    "round_figure": Stage.OUTGOING,
    "round_confirm": Stage.OUTGOING,
}

_NUMBERS = {stage: number for number, stage in enumerate(Stage)}


def stage_of(step: str) -> Stage | None:
    """The stage of a step as the journal names it (`Gather:category`); None for what is done
    silently."""
    kind, _, key = step.partition(":")
    found = STAGES.get(key)
    if found is None and kind == "Do":
        return None
    return found or Stage.OTHER


def bit(stage: Stage) -> int:
    """The bit that says "the call came to that stage"."""
    return 1 << _NUMBERS[stage]
