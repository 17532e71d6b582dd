"""Following a report: its state by the reference, everything else by the PIN as well.

Nothing is remembered between two pages: each form carries reference and PIN, and each is tried.
"""

from datetime import datetime
from functools import partial
from math import ceil
from secrets import token_hex

from apiflask import APIBlueprint
from flask import Response, abort, request

from citizens.actions import ACTIONS, Act, Said, Sent, me_too_by
from citizens.errors import PutOff, UnusablePhoto
from citizens.guard import asker, browser_key, check_origin, count, looks_like_a_program
from citizens.opening import WITH_PIN, Opened, look_up
from citizens.pages import after, language, page, sayer, told, wants_json
from citizens.paths import path
from citizens.photos import kept_photos, shown_photo
from citizens.services import CitizensServices
from citizens.typed import Typed, read_typed
from reports.attachments import Kept
from reports.following import followed
from storage.database import transaction


def add_follow_routes(blueprint: APIBlueprint, services: CitizensServices, tongue: str) -> None:
    """Looking a report up, and what its reporter, or a neighbour, may do with it."""

    @blueprint.get(path("follow", tongue))
    def follow() -> Response:
        return _page(services, Typed(), Opened())

    @blueprint.post(path("follow", tongue))
    def find() -> Response:
        return _asked(services, None)

    for name, act in ACTIONS.items():
        blueprint.post(path(name, tongue), endpoint=name)(partial(_asked, services, act))

    @blueprint.post(path("me_too", tongue))
    def me_too() -> Response:
        return _asked(services, me_too_by(browser_key(services)), pin_needed=False)

    @blueprint.get(path("photo", tongue) + "/<photo>/<int:until>/<mark>")
    def photo(photo: str, until: int, mark: str) -> Response:
        known = len(photo) <= 32 and photo.isascii() and photo.isalnum()
        shown = shown_photo(services, photo, until, mark, services.clock()) if known else None
        return shown if shown is not None else abort(404)


def _asked(services: CitizensServices, act: Act | None, pin_needed: bool = True) -> Response:
    """Look the report up and, if that opened it, act on it; the report as it is then."""
    check_origin()
    now = services.clock()
    typed = read_typed(request.form)
    opened = Opened()
    try:
        count(services, "citizen_tries")
        with transaction(services.engine) as session:
            opened = look_up(session, services, typed, asker(services), now)
        if opened.free_at is not None:
            wait_s = max(1, ceil((opened.free_at - now).total_seconds()))
            return _put_off(services, typed, opened, now, wait_s, opened.said)
        if act is None or opened.report_id is None:
            return _page(services, typed, opened)
        if pin_needed and opened.whole is None:
            return _page(services, typed, Opened(Said("lookup_pin", wrong=True)))
        if not pin_needed and looks_like_a_program(now):
            return _page(services, typed, opened, Said("problem_again", wrong=True))
        count(services, "citizen_additions")
        with kept_photos(services, request) as photos:
            said, opened = _done(services, act, typed, photos, opened, now)
    except PutOff as error:
        return _put_off(services, typed, opened, now, error.wait_s)
    except UnusablePhoto as error:
        return _page(services, typed, opened, Said(error.key, wrong=True))
    return _page(services, typed, opened, said)


def _done(
    services: CitizensServices,
    act: Act,
    typed: Typed,
    photos: tuple[Kept, ...],
    opened: Opened,
    now: datetime,
) -> tuple[Said, Opened]:
    assert opened.report_id is not None
    services.before_writing()
    with transaction(services.engine) as session:
        said = _within(Sent(session, services, opened.report_id, typed, photos, now), act)
        if opened.whole is not None:
            whole = followed(session, services.province, opened.report_id, now)
            opened = Opened(None, opened.report_id, whole.status, whole)
    return said, opened


def _within(sent: Sent, act: Act) -> Said:
    """What came of it; what went wrong leaves nothing behind."""
    with sent.session.begin_nested() as attempt:
        said = act(sent)
        if said.wrong:
            attempt.rollback()
    return said


def _put_off(
    services: CitizensServices,
    typed: Typed,
    opened: Opened,
    now: datetime,
    wait_s: int,
    said: Said | None = None,
) -> Response:
    said = said or Said("put_off", True, {"time": after(services, now, wait_s)})
    if wants_json():
        message = sayer(services, language())(said.key, **said.values)
        response = told(429, message=message, wait_s=wait_s)
    else:
        response = _page(services, typed, opened, said, 429)
    response.headers["Retry-After"] = str(wait_s)
    return response


def _page(
    services: CitizensServices,
    typed: Typed,
    opened: Opened,
    said: Said | None = None,
    status: int | None = None,
) -> Response:
    said = said or opened.said
    wrong = said is not None and said.wrong
    status = status or (422 if wrong else 200)
    if wants_json():
        message = sayer(services, language())(said.key, **said.values) if said else ""
        # `photo`: it is the photo that cannot be taken; all else may be tried again with it.
        photo = wrong and said is not None and said.key.startswith("problem_photo")
        return told(status, message=message, photo=photo)
    template = WITH_PIN if opened.whole is not None else "follow.html"
    return page(
        services,
        template,
        status,
        typed=typed,
        opened=opened,
        said=said,
        new_id=lambda: token_hex(16),
    )
