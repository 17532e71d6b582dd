"""At which telephone somebody works: the browser's own, or one on their desk.

It lies in the visit's signed cookie: whoever moves to another desk chooses anew.
"""

from flask import session

from console.phone.phones import Phones
from ivr.seats import seat_of

_DESK, _NUMBER_OF = "desk", "number_of"
BROWSER = ""


def chosen_desk(phones: Phones) -> str:
    """The name of a telephone on a desk; empty for the browser's."""
    name = session.get(_DESK, BROWSER)
    return name if name in phones.desks else BROWSER


def choose_desk(phones: Phones, name: str) -> None:
    """Work at that telephone from now on; an unknown name means the browser's."""
    session[_DESK] = name if name in phones.desks else BROWSER


def number_shown(call_id: str) -> bool:
    """Whether the number of that call was asked for; that was noted then."""
    return bool(call_id) and session.get(_NUMBER_OF) == call_id


def show_number(call_id: str) -> None:
    """Show it until another call is the one that is looked at."""
    session[_NUMBER_OF] = call_id


def interface_of(phones: Phones, user_id: str) -> str:
    """How Asterisk calls the user's telephone."""
    return f"PJSIP/{chosen_desk(phones) or seat_of(user_id)}"
