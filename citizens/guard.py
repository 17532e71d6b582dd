"""Who sends, without an account, a cookie or a puzzle: what programs do and people do not.

A hidden field that only programs fill in, and a mark of when the page was made: nobody reads it
and writes a report within seconds. What looks like a program's is not thrown away: it is asked to
be sent once more, which costs a person one press.
"""

import hmac
from datetime import datetime
from urllib.parse import urlsplit

from flask import request

from citizens.errors import FromElsewhere, PutOff
from citizens.services import CitizensServices, Counted
from reports.tries import Asker
from storage.crypto import current_box

TRAP = "website"  # hidden from people; programs fill in what they know
LEAST_S = 3
MOST_S = 7 * 24 * 3600
_MARK_DIGITS = 24
_OURS = frozenset({"same-origin", "none"})


def check_origin() -> None:
    """Pass what comes from a page of ours, or from no page at all.

    Nobody is signed in, so other sites could not act in somebody's name; but they could have
    their visitors fill the inbox.

    Raises:
        FromElsewhere: the browser says that another site's page sent it.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in _OURS:
            raise FromElsewhere("expected a form of this site")
        return
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise FromElsewhere("expected a form of this site")


def mark_of(now: datetime) -> str:
    """When a form was given out, so that it can be told from an invented moment."""
    began = str(int(now.timestamp()))
    return f"{began}.{_sign(began)}"


def looks_like_a_program(now: datetime) -> bool:
    """Whether the form that was sent was filled in as no person does it."""
    if request.form.get(TRAP):
        return True
    began, _, sign = request.form.get("began", "").partition(".")
    if not (began.isascii() and began.isdigit() and len(began) <= 12):
        return True
    if not hmac.compare_digest(_sign(began).encode(), sign.encode()):
        return True
    return not LEAST_S <= now.timestamp() - int(began) <= MOST_S


def asker(services: CitizensServices) -> Asker:
    """Who asks, as wrong tries are counted: this browser at this address, and all that are at this
    address; neither is kept."""
    address = current_box().keyed_hash(f"web {services.address()}")
    return Asker("web", _browser(services), address)


def browser_key(services: CitizensServices) -> str:
    """Tells this browser at this address from others."""
    return _browser(services)


def count(services: CitizensServices, *kinds: Counted) -> None:
    """Count one more of this browser and address.

    Raises:
        PutOff: it is one too many.
    """
    for kind in kinds:
        who = _browser(services) if kind == "citizen_browser" else services.address()
        wait_s = services.count(kind, who)
        if wait_s is not None:
            raise PutOff(wait_s)


def _browser(services: CitizensServices) -> str:
    agent = request.headers.get("User-Agent", "")
    return current_box().keyed_hash(f"web {services.address()}\n{agent}")


def _sign(began: str) -> str:
    return current_box().keyed_hash(f"form of {began}")[:_MARK_DIGITS]
