"""A visit as the browser has it: its id, its language, and the mark that proves a form is ours.

They lie in Flask's signed cookie; who is signed in, `accounts.visits` says.
"""

import secrets
from datetime import datetime

from flask import Flask, Request, Response, request, session
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import Engine

from accounts.models import User
from accounts.visits import WALL_LIFETIME, Visitor, note_seen, visitor_of
from console.errors import StaleForm
from storage.database import reading, transaction

COOKIE = "hotline_visit"
MARK_FIELD = "mark"
MARK_HEADER = "X-Mark"

_VISIT, _MARK, _LANGUAGE = "visit", "mark", "language"


class _Cookie(SecureCookieSessionInterface):
    """`Secure` wherever the visit came by HTTPS; on the local machine there may be none."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def install_visits(app: Flask, secret: str) -> None:
    """Sign the visits' cookies with `secret`; whoever knows it can sign in as anybody."""
    app.secret_key = secret
    app.session_interface = _Cookie()
    app.config.update(
        SESSION_COOKIE_NAME=COOKIE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        # How long a visit lasts, its row says; the cookie only has to live as long.
        PERMANENT_SESSION_LIFETIME=WALL_LIFETIME,
    )


def take_visit(visit_id: str) -> None:
    """The browser is signed in by that visit; the mark of before is worth nothing now."""
    session.pop(_MARK, None)
    session.permanent = True
    session[_VISIT] = visit_id


def leave_visit() -> None:
    """The browser is signed in no more; its language stays."""
    language = session.get(_LANGUAGE)
    session.clear()
    if language:
        session[_LANGUAGE] = language


def current_visitor(engine: Engine, now: datetime) -> Visitor | None:
    """Who is signed in, and by which visit; None for nobody."""
    visit_id = session.get(_VISIT)
    if not isinstance(visit_id, str):
        return None
    with reading(engine) as database:
        found = visitor_of(database, visit_id, now)
    if found is not None and found.stale:
        with transaction(engine) as database:
            note_seen(database, found.visit_id, now)
    return found


def visitor(engine: Engine, now: datetime) -> User | None:
    """Who is signed in; None for nobody, a disabled user or a visit that has ended, and for a
    screen on the wall: it opens the wallboard and nothing else."""
    found = current_visitor(engine, now)
    return found.user if found is not None and not found.wall else None


def form_mark() -> str:
    """What each form of this visit carries; other sites cannot know it."""
    if _MARK not in session:
        session[_MARK] = secrets.token_urlsafe(32)
    return str(session[_MARK])


def check_form(sent: Request) -> None:
    """Pass when the form, or the script's request, carries this visit's mark.

    Raises:
        StaleForm: it carries none, or another.
    """
    expected = str(session.get(_MARK, ""))
    found = sent.headers.get(MARK_HEADER) or sent.form.get(MARK_FIELD, "")
    if not expected or not secrets.compare_digest(expected.encode(), found.encode()):
        raise StaleForm("expected the mark of the page that the form was on")


def choose_language(language: str) -> None:
    """Remember the language for this visit."""
    session[_LANGUAGE] = language


def chosen_language() -> str | None:
    """The language that the visitor asked for, or None."""
    language = session.get(_LANGUAGE)
    return language if isinstance(language, str) else None


def unshared(response: Response) -> Response:
    """The page, kept by no cache: the next person at this computer shall not see it."""
    response.headers["Cache-Control"] = "no-store"
    return response
