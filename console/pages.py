"""A page of the console: its template, in the visitor's language, with what every page has."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Response, flash, g, get_flashed_messages, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError

from accounts.models import User
from accounts.permissions import Permission, permissions_of
from accounts.visits import Visitor
from console.assets import find_assets
from console.permissions import NAVIGATION, opens
from console.services import ConsoleServices
from console.visit import MARK_FIELD, chosen_language, form_mark, unshared
from console.wording import LANGUAGES, WORDING, has_wording, words
from monitoring.demo import any_demo
from notifications.trouble import SmsTrouble, sms_trouble
from storage.database import reading

_HOUR_S, _DAY_S = 3600, 86_400
# What scripts say by themselves: deadlines count down.
_SCRIPT_WORDS = ("days", "hours", "minutes", "due_in", "overdue_by")


@dataclass(frozen=True)
class Pages:
    """Makes pages; `say` and the rest of a template's words are in the visitor's language."""

    services: ConsoleServices

    def show(self, template: str, status: int = HTTPStatus.OK, **values: Any) -> Response:
        """The template as an answer that no cache keeps."""
        language = page_language()
        visitor: Visitor | None = g.get("visitor")
        may = permissions_of(visitor.user.role) if visitor else frozenset()

        def say(key: str, /, **more: object) -> str:
            return words(key, language, **more)

        html = render_template(
            template,
            say=say,
            has_wording=has_wording,
            language=language,
            other_language=next(other for other in LANGUAGES if other != language),
            other_language_url=_in_language(next(o for o in LANGUAGES if o != language)),
            services=self.services,
            user=visitor.user if visitor else None,
            may=lambda permission: Permission(permission) in may,
            navigation=[(url_for(e), key, e) for e, key in NAVIGATION.items() if opens(may, e)]
            if visitor
            else [],
            mark_field=MARK_FIELD,
            mark=form_mark,
            notes=lambda: list(_notes(language)),
            assets=find_assets(),
            local=self.local,
            sms_trouble=self._sms_trouble if visitor else lambda: None,
            demo_shown=self._demo_shown if visitor else lambda: False,
            script_words={key: WORDING[key][language] for key in _SCRIPT_WORDS},
            **values,
        )
        response = Response(html, status, content_type="text/html; charset=utf-8")
        return unshared(response)

    def part(self, template: str, language: str, **values: Any) -> str:
        """A part of a page, for whoever speaks that language."""

        def say(key: str, /, **more: object) -> str:
            return words(key, language, **more)

        return render_template(
            template,
            say=say,
            has_wording=has_wording,
            language=language,
            services=self.services,
            local=self.local,
            **values,
        )

    def problem(self, status: int, name: str | None = None) -> Response:
        """An error as a page; some have a `name`."""
        keys = (f"problem_{name}", f"problem_{status}")
        return self.show("problem.html", status, key=next(filter(has_wording, keys), "problem"))

    def _sms_trouble(self) -> SmsTrouble | None:
        """What no SMS can tell: whoever is signed in sees it on every page."""
        try:
            with reading(self.services.engine) as session:
                return sms_trouble(session, self.services.clock())
        except SQLAlchemyError:  # the page tells by itself that the database is away
            return None

    def _demo_shown(self) -> bool:
        """Whether some of what there is was made up (`hotline demo`)."""
        try:
            with reading(self.services.engine) as session:
                return any_demo(session)
        except SQLAlchemyError:  # the page tells by itself that the database is away
            return False

    def local(self, moment: datetime) -> str:
        """As a clock on the wall shows it."""
        return moment.astimezone(self.services.timezone).strftime("%d/%m/%Y %H:%M")


def page_language() -> str:
    """The language chosen on a page, else the browser's, else Vietnamese."""
    return chosen_language() or request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def signed_in() -> User:
    """Who is signed in; for routes that are not public."""
    user: User = g.visitor.user
    return user


def note(key: str, **values: object) -> None:
    """Tell on the next page what was done."""
    flash([key, values])  # type: ignore[arg-type]  # kept as JSON, and read below alone


def by_script() -> bool:
    """Whether a part of a page was asked for, not the whole."""
    return request.headers.get("HX-Request") == "true"


def spoken_time(span: timedelta, language: str) -> str:
    """The larger of its units, as staff would say it: `3 days`."""
    seconds = max(0, round(span.total_seconds()))
    if seconds >= 2 * _DAY_S:
        return words("days", language, count=seconds // _DAY_S)
    if seconds >= _HOUR_S:
        return words("hours", language, count=seconds // _HOUR_S)
    return words("minutes", language, count=seconds // 60)


def _notes(language: str) -> Iterator[str]:
    message: Any  # Flask-Security flashes a key, `note` a key with values
    for message in get_flashed_messages():
        key, values = message if isinstance(message, list | tuple) else (message, {})
        if has_wording(str(key)):
            yield words(str(key), language, **values)


def _in_language(language: str) -> str:
    asked = [(name, value) for name, value in request.args.items(multi=True) if name != "language"]
    return "?" + urlencode([*asked, ("language", language)])
