"""One's own account: role, second factor, sessions; administrators see everybody's sessions."""

from http import HTTPStatus

from apiflask import APIBlueprint
from flask import Response, g, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from accounts.errors import UnknownVisit
from accounts.permissions import Permission, permissions_of
from accounts.second_factors import second_factor
from accounts.visits import end_visit, open_visits
from console.pages import Pages, note, signed_in
from console.visit import leave_visit
from storage.database import reading, transaction


def add_account_routes(console: APIBlueprint, pages: Pages) -> None:
    """/account."""
    services = pages.services

    @console.get("/account")
    def account() -> Response:
        user = signed_in()
        everybody = Permission.USERS_MANAGE in permissions_of(user.role)
        with reading(services.engine) as session:
            factor = second_factor(session, user.id)
            visits = open_visits(session, None if everybody else user.id, services.clock())
        return pages.show(
            "account.html",
            visits=visits,
            everybody=everybody,
            here=g.visitor.visit_id,
            factor=bool(factor and factor.secret),
            codes=len(factor.codes or []) if factor else 0,
        )

    @console.post("/account/sessions/<visit_id>/end")
    def end_session(visit_id: str) -> AnyResponse:
        user = signed_in()
        only_of = None if Permission.USERS_MANAGE in permissions_of(user.role) else user.id
        try:
            with transaction(services.engine) as session:
                end_visit(session, visit_id[:32], user.id, services.clock(), only_of)
            note("visit_ended")
        except UnknownVisit:
            note("visit_gone")
        if visit_id == g.visitor.visit_id:
            leave_visit()
        return redirect(url_for("console.account"), HTTPStatus.SEE_OTHER)
