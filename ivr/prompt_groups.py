"""Which part of a call a prompt belongs to: the order in which people read, record and listen."""

import re
from enum import StrEnum


class Group(StrEnum):
    """Parts of a call, in the order of a call; then what is put into sentences."""

    OPENING = "opening"
    MENU = "menu"
    CATEGORY = "category"
    STATEMENT = "statement"
    PLACE = "place"
    CONTACT = "contact"
    FILING = "filing"
    FOLLOW_UP = "follow_up"
    INFORMATION = "information"
    DANGER = "danger"
    PERSON = "person"
    OUTGOING = "outgoing"
    ENDINGS = "endings"
    OTHER = "other"
    STATES = "states"
    KINDS = "kinds"
    DIGITS = "digits"
    NUMBERS = "numbers"
    PLACES = "places"


# The first that fits counts.
_KEYS = {
    Group.DIGITS: r"digit_\d",
    Group.NUMBERS: r"number_\d+",
    Group.PLACES: r"(old_)?unit_\d+",
    Group.STATES: r"status_\w+",
    Group.KINDS: r"(kind|agency)_\w+",
    Group.OPENING: (
        r"greeting|\w+_offer|recording_declined|\w\w_to_person|calls_too_often|record_only|blocked"
        r"|busy|line_dropped|open_reports?"
    ),
    Group.MENU: (r"main_\w+|just_speak|nomatch|noinput|unclear|keys_only|say_or_press|slower"),
    Group.CATEGORY: r"(sub)?category(_intro|_by_key)?|menu_choice_\w+",
    Group.STATEMENT: r"statement\w*|cannot_record|words_erased|cancelled|message",
    Group.PLACE: r"place\w*|confirm_place|area\w*|choose_\d|unit_(last_)?page|please_wait",
    Group.CONTACT: (
        r"contact\w*|other_number|number_(implausible|readback)|confirm_number|now_anonymous"
    ),
    Group.FILING: (
        r"readback_\w+|confirm_(report|category)|filed\w*|reference_again|pin|text_promised"
        r"|anything_else|nothing_received|message_kept"
    ),
    Group.FOLLOW_UP: (
        r"enter_\w+|reference_\w+|no_reference|too_many_tries|report_\w+|pin_wrong|\w+_actions"
        r"|addition\w*|why_not_solved|reopened"
    ),
    Group.INFORMATION: r"info\w*",
    Group.DANGER: r"danger_\w+",
    Group.PERSON: (
        r"closed_\w+|nobody_signed_in|queue_\w+|instead_\w+|callback_(number|promised)"
        r"|no_callback_number|(listen|whisper|take_over)\w*"
    ),
    Group.OUTGOING: r"callback_greeting|survey\w*|round_\w+|question_\w+|whole_province",
    Group.ENDINGS: r"goodbye|call_too_long|apology|technical_problem|last_resort\w*",
}
_PATTERNS = {group: re.compile(pattern) for group, pattern in _KEYS.items()}


def group_of(key: str) -> Group:
    """The part of a call in which the prompt of that key is heard first."""
    for group, pattern in _PATTERNS.items():
        if pattern.fullmatch(key):
            return group
    return Group.OTHER
