"""The console's pages. They work without script and by keyboard."""

from dataclasses import replace

from apiflask import APIBlueprint
from flask import Flask, Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from accounts.users import sign_in
from console.errors import StaleForm
from console.latest import latest_reports
from console.services import ConsoleServices
from console.simulator import KEYS, Simulated, SimulatorForm, offers, read_form, rows, takes_keys
from console.visit import (
    MARK_FIELD,
    begin_visit,
    check_form,
    choose_language,
    chosen_language,
    end_visit,
    form_mark,
    unshared,
    visitor,
)
from console.wording import LANGUAGES, has_wording, words
from ivr.errors import BadAnswer
from storage.database import reading

LATEST = 50

# Pages, styles and sound come from here only; nothing may run, frame or be framed.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_PUBLIC = frozenset({"console.sign_in_page", "console.sign_in_form", "console.static"})


def register_console(app: Flask, services: ConsoleServices) -> None:
    """Serve the console; a page is closed unless it is listed as public here."""
    console = APIBlueprint(
        "console",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/static",
        enable_openapi=False,
    )

    @app.after_request
    def _headers(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    @console.before_request
    def _enter() -> AnyResponse | None:
        asked = request.args.get("language")
        if asked in LANGUAGES:
            choose_language(asked)
        if request.endpoint in _PUBLIC:
            return None
        g.user = visitor(services.engine, services.clock())
        return None if g.user else redirect(url_for("console.sign_in_page"), 303)

    @console.errorhandler(StaleForm)
    def _stale(error: StaleForm) -> tuple[Response, int]:
        return _page("sign_in.html", services, why="stale_form"), 400

    @console.get("/")
    def latest() -> Response:
        language = page_language()
        with reading(services.engine) as session:
            rows = latest_reports(session, services, language, LATEST)
        return _page("reports.html", services, rows=rows)

    @console.get("/sign-in")
    def sign_in_page() -> Response:
        return _page("sign_in.html", services, why=None)

    @console.post("/sign-in")
    def sign_in_form() -> AnyResponse | tuple[Response, int]:
        check_form(request)
        email, password = request.form.get("email", ""), request.form.get("password", "")
        now = services.clock()
        with reading(services.engine) as session:
            user = sign_in(session, email, password, now)
        if user is None:
            return _page("sign_in.html", services, why="wrong_password"), 401
        begin_visit(user, now)
        return redirect(url_for("console.latest"), 303)

    @console.post("/sign-out")
    def sign_out() -> AnyResponse:
        check_form(request)
        end_visit()
        return redirect(url_for("console.sign_in_page"), 303)

    @console.get("/simulator")
    def simulator() -> AnyResponse:
        return _simulator_page(services, SimulatorForm(), Simulated(()))

    @console.post("/simulator")
    def simulator_form() -> AnyResponse:
        check_form(request)
        form, simulated = SimulatorForm(), Simulated(())
        try:
            form = read_form(request.form)
            simulated = services.simulate(form.call(services.timezone))
        except BadAnswer as error:
            simulated = Simulated((), str(error))
        return _simulator_page(services, form, simulated)

    app.register_blueprint(console)


def page_language() -> str:
    """The language chosen on a page, else the browser's, else Vietnamese."""
    return chosen_language() or request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def problem_page(services: ConsoleServices, status: int) -> Response:
    """An error as a page."""
    key = f"problem_{status}"
    response = _page("problem.html", services, key=key if has_wording(key) else "problem")
    response.status_code = status
    return response


def _simulator_page(
    services: ConsoleServices, form: SimulatorForm, simulated: Simulated
) -> Response:
    # An answer that did not fit is shown, and forgotten.
    taken = tuple(answer for answer, _ in simulated.turns if answer is not None)
    response = _page(
        "simulator.html",
        services,
        form=replace(form, answers=taken),
        turns=rows(simulated),
        problem=simulated.problem,
        codes=simulated.codes,
        offers=offers(simulated),
        keys=KEYS if takes_keys(simulated) else (),
    )
    response.status_code = 400 if simulated.problem else 200
    return response


def _page(template: str, services: ConsoleServices, **values: object) -> Response:
    language = page_language()

    def say(key: str, **placeholders: object) -> str:
        return words(key, language, **placeholders)

    html = render_template(
        template,
        say=say,
        language=language,
        other_language=next(other for other in LANGUAGES if other != language),
        services=services,
        user=g.get("user"),
        mark_field=MARK_FIELD,
        mark=form_mark,
        **values,
    )
    return unshared(Response(html, content_type="text/html; charset=utf-8"))
