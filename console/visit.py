"""A visit: who is signed in, in which language, and the mark that proves a form is ours.

All of it lies in Flask's signed cookie, so the server keeps nothing and a restart signs
nobody out.
"""

import secrets
from datetime import datetime, timedelta

from flask import Flask, Request, Response, request, session
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import Engine

from accounts.models import User
from accounts.users import active_user
from console.errors import StaleForm
from storage.database import reading

LIFETIME = timedelta(hours=12)  # a long shift; then the password is asked for again
COOKIE = "hotline_visit"
MARK_FIELD = "mark"

_USER, _SINCE, _MARK, _LANGUAGE = "user", "since", "mark", "language"


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
        PERMANENT_SESSION_LIFETIME=LIFETIME,
    )


def begin_visit(user: User, now: datetime) -> None:
    """Sign the user in; nothing of the visit before, its mark included, lives on."""
    language = session.get(_LANGUAGE)
    session.clear()
    session.permanent = True
    session[_USER] = user.id
    session[_SINCE] = int(now.timestamp())
    if language:
        session[_LANGUAGE] = language


def end_visit() -> None:
    """Sign out."""
    session.clear()


def visitor(engine: Engine, now: datetime) -> User | None:
    """Who is signed in; None for nobody, a disabled user or a visit of over twelve hours."""
    user_id, since = session.get(_USER), session.get(_SINCE)
    if not isinstance(user_id, str) or not isinstance(since, int):
        return None
    if not 0 <= now.timestamp() - since < LIFETIME.total_seconds():
        return None
    with reading(engine) as database:
        return active_user(database, user_id, now)


def form_mark() -> str:
    """What each form of this visit carries; other sites cannot know it."""
    if _MARK not in session:
        session[_MARK] = secrets.token_urlsafe(32)
    return str(session[_MARK])


def check_form(sent: Request) -> None:
    """Pass when the form carries this visit's mark.

    Raises:
        StaleForm: it carries none, or another.
    """
    expected = str(session.get(_MARK, ""))
    found = sent.form.get(MARK_FIELD, "")
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
