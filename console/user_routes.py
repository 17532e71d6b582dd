"""The administrators' page of users."""

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus

from apiflask import APIBlueprint
from flask import Response, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from accounts.errors import (
    AccountsError,
    BadEmail,
    EmailTaken,
    LastAdministrator,
    UnknownUser,
    WrongAgency,
)
from accounts.managing import (
    add_user,
    all_users,
    reset_password,
    reset_second_factor,
    set_disabled,
)
from accounts.roles import Role
from accounts.users import may_enter
from console.pages import Pages, note, page_language, signed_in
from reports.routing import agency_name, find_agency
from storage.database import reading, transaction

_PROBLEMS: Mapping[type[AccountsError], str] = {
    BadEmail: "user_bad_email",
    EmailTaken: "user_taken",
    WrongAgency: "user_wrong_agency",
    LastAdministrator: "user_last",
    UnknownUser: "user_unknown",
}
# What is done to the user of that id, by whom and when; a password that is to be told, or None.
_Action = Callable[[Session, str, str, datetime], str | None]


def _disable(session: Session, user_id: str, by: str, now: datetime) -> None:
    set_disabled(session, user_id, True, by, now)


def _enable(session: Session, user_id: str, by: str, now: datetime) -> None:
    set_disabled(session, user_id, False, by, now)


_ACTIONS: Mapping[str, _Action] = {
    "disable": _disable,
    "enable": _enable,
    "reset-password": reset_password,
    "reset-factor": reset_second_factor,
}
_NOT_TO_ONESELF = {"disable", "reset-password"}


def add_user_routes(console: APIBlueprint, pages: Pages) -> None:
    """/users."""
    services = pages.services

    def show(status: int = HTTPStatus.OK, **values: object) -> Response:
        now = services.clock()
        with reading(services.engine) as session:
            users = all_users(session)
        rows = [(user, has_factor, may_enter(user, now)) for user, has_factor in users]
        return pages.show("users.html", status, rows=rows, roles=list(Role), **_named(), **values)

    def _named() -> dict[str, object]:
        language = page_language()
        return {"agency_of": lambda code: agency_name(services.province, code, language)}

    @console.get("/users")
    def users() -> Response:
        return show()

    @console.post("/users", endpoint="add_user")
    def add_user_form() -> Response:
        email, role = request.form.get("email", ""), request.form.get("role", "")
        agency = request.form.get("agency", "").strip() or None
        now = services.clock()
        try:
            _check_agency(agency, now)
            if role not in set(Role):
                raise WrongAgency("expected a role")
            with transaction(services.engine) as session:
                told = add_user(session, email, Role(role), agency, signed_in().id, now)
        except AccountsError as error:
            typed = {"typed_email": email, "typed_role": role, "typed_agency": agency or ""}
            key = _PROBLEMS.get(type(error), "wrong_input")
            return show(HTTPStatus.BAD_REQUEST, problem=key, **typed)
        return show(HTTPStatus.CREATED, told=(email.strip().lower(), told))

    @console.post("/users/<user_id>/<action>")
    def change_user(user_id: str, action: str) -> AnyResponse:
        by = signed_in().id
        if action not in _ACTIONS:
            return pages.problem(HTTPStatus.NOT_FOUND)
        if user_id == by and action in _NOT_TO_ONESELF:
            return show(HTTPStatus.CONFLICT, problem="user_own")
        try:
            with transaction(services.engine) as session:
                told = _ACTIONS[action](session, user_id[:32], by, services.clock())
        except AccountsError as error:
            return show(HTTPStatus.CONFLICT, problem=_PROBLEMS.get(type(error), "wrong_input"))
        if told is None:
            note("user_changed")
            return redirect(url_for("console.users"), HTTPStatus.SEE_OTHER)
        with reading(services.engine) as session:
            email = next(user.email for user, _ in all_users(session) if user.id == user_id)
        return show(told=(email, told))

    def _check_agency(agency: str | None, now: datetime) -> None:
        today = now.astimezone(services.timezone).date()
        if agency is not None and find_agency(services.province, agency, today) is None:
            raise WrongAgency("expected an agency of today")
