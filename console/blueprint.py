"""The console, put together: its pages, its door, and signing in."""

from http import HTTPStatus

from apiflask import APIBlueprint
from flask import Flask, Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from accounts.permissions import permissions_of
from console.account_routes import add_account_routes
from console.alerts.routes import add_alert_routes
from console.audit_routes import add_audit_routes
from console.board.routes import add_board_routes
from console.entry import guard
from console.intake.routes import add_intake_routes
from console.live.routes import add_live_routes
from console.map.routes import add_map_routes
from console.observations.routes import add_observation_routes
from console.pages import Pages, signed_in
from console.permissions import NAVIGATION, check_routes, opens
from console.phone.routes import add_phone_routes
from console.phone.talk_routes import add_phone_talk_routes
from console.prompts.change_routes import add_prompt_change_routes
from console.prompts.routes import add_prompt_routes
from console.reports.beside_routes import add_beside_routes
from console.reports.bulk_routes import add_report_bulk_routes
from console.reports.change_routes import add_report_change_routes
from console.reports.export_routes import add_report_export_routes
from console.reports.file_routes import add_report_file_routes
from console.reports.list_routes import add_report_list_routes
from console.reports.presence_routes import add_presence_routes
from console.reports.routes import add_report_routes
from console.reports.side_routes import add_report_side_routes
from console.rounds.routes import add_round_routes
from console.services import ConsoleServices
from console.settings.publish_routes import add_settings_publish_routes
from console.settings.routes import add_settings_routes
from console.sign_in import install_sign_in
from console.simulator_routes import add_simulator_routes
from console.staff import Staff
from console.statistics.routes import add_statistics_routes
from console.user_routes import add_user_routes


def register_console(app: Flask, services: ConsoleServices) -> None:
    """Serve the console; visits have to be installed before.

    Raises:
        UnlistedRoute: a route is not in the table of permissions.
    """
    pages = Pages(services)
    console = APIBlueprint(
        "console",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/static",
        enable_openapi=False,
    )
    guard(app, pages)

    @console.get("/")
    def start() -> AnyResponse:
        may = permissions_of(signed_in().role)
        first = next((each for each in NAVIGATION if opens(may, each)), "console.account")
        return redirect(url_for(first), HTTPStatus.SEE_OTHER)

    @console.get("/keys")
    def keys() -> Response:
        return pages.show("keys.html")

    add_report_list_routes(console, pages)
    add_report_routes(console, pages)
    add_report_change_routes(console, pages)
    add_report_side_routes(console, pages)
    add_report_bulk_routes(console, pages)
    add_presence_routes(console, pages)
    add_intake_routes(console, pages)
    add_report_file_routes(console, pages)
    add_beside_routes(console, pages)
    add_report_export_routes(console, pages)
    add_live_routes(console, pages)
    add_account_routes(console, pages)
    add_statistics_routes(console, pages)
    add_user_routes(console, pages)
    add_audit_routes(console, pages)
    add_map_routes(console, pages)
    add_observation_routes(console, pages)
    add_round_routes(console, pages)
    add_board_routes(console, pages)
    add_alert_routes(console, pages)
    add_prompt_routes(console, pages)
    add_prompt_change_routes(console, pages)
    add_settings_routes(console, pages)
    add_settings_publish_routes(console, pages)
    add_simulator_routes(console, pages)
    add_phone_routes(console, pages)
    add_phone_talk_routes(console, pages)
    app.register_blueprint(console)

    def render(template: str, **values: object) -> Response:
        """Flask-Security's pages: what was refused is no success."""
        status = HTTPStatus.OK
        if request.method == "POST" and _refused(values):
            at_the_door = g.get("visitor") is None
            status = HTTPStatus.UNAUTHORIZED if at_the_door else HTTPStatus.BAD_REQUEST
        return pages.show(template, status, **values)

    install_sign_in(app, Staff(services.engine, services.clock), services.hotline_number, render)
    check_routes(app)


def problem_page(services: ConsoleServices, status: int, name: str | None = None) -> Response:
    """An error as a page; some have a `name`."""
    return Pages(services).problem(status, name)


def _refused(values: dict[str, object]) -> bool:
    forms = [value for name, value in values.items() if name.endswith("_form")]
    return any(getattr(form, "errors", None) for form in forms)
