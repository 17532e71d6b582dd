"""Information from the province: hours, numbers, and where other matters belong."""

from ivr.dialogue import menu
from ivr.flows.call import Call, Part
from ivr.steps import Flow, Say

MOST_TOPICS = 4  # after that the main menu is nearer than one more topic


def information(call: Call) -> Flow[Part]:
    """One topic after the other, until the caller has enough."""
    topics = call.facts.information
    spoken = tuple(Say(f"info_choice_{key}") for key in sorted(topics))
    for _ in range(MOST_TOPICS):
        topic = yield from menu(call.talk, "information", topics, spoken)
        if topic is None:
            break
        yield Say(topic)
        choices = {"1": "again", "2": "menu"}
        while (
            choice := (yield from menu(call.talk, "information_more", choices, may_hold=True))
        ) == "again":
            yield Say(topic)
        if choice is None:
            return Part.END
        # "another topic" and the main menu are one key: the menus are short.
    return Part.MAIN_MENU
