"""The citizens' pages, once in each language. They work without script, without an account, and
keep no cookie."""

from apiflask import APIBlueprint
from flask import Flask, Response, g, render_template, request, url_for

from citizens.compressing import compress
from citizens.errors import FromElsewhere, PutOff
from citizens.filing import add_filing_routes
from citizens.follow_up import add_follow_routes
from citizens.offline import STATIC_VERSION, kept_by_worker, manifest
from citizens.pages import page, sayer, told, wants_json
from citizens.paths import LANGUAGES, PREFIXES, path
from citizens.photos import MAX_BODY_BYTES
from citizens.services import CitizensServices

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_WITH_PHOTOS = frozenset({"send", "add", "reopen"})
_FOREVER = "public, max-age=31536000, immutable"


def register_citizens(app: Flask, services: CitizensServices) -> None:
    """Serve the citizens' pages."""
    for language in LANGUAGES:
        app.register_blueprint(_pages(services, language))


def _pages(services: CitizensServices, language: str) -> APIBlueprint:
    name = f"citizens_{language}"
    blueprint = APIBlueprint(
        name,
        __name__,
        url_prefix=PREFIXES[language],
        template_folder="templates",
        static_folder="static",
        static_url_path="/static",
        enable_openapi=False,
    )

    def url(page_name: str, **more: object) -> str:
        return url_for(f"{name}.{page_name}", **more)  # type: ignore[arg-type]

    @blueprint.before_request
    def _enter() -> None:
        g.language = language
        if (request.endpoint or "").rpartition(".")[2] in _WITH_PHOTOS:
            request.max_content_length = MAX_BODY_BYTES

    @blueprint.after_request
    def _headers(response: Response) -> Response:
        for header, value in _HEADERS.items():
            response.headers.setdefault(header, value)
        if request.endpoint == f"{name}.static" and request.args.get("v") == STATIC_VERSION:
            response.headers["Cache-Control"] = _FOREVER
        compress(request, response)
        return response

    @blueprint.errorhandler(FromElsewhere)
    def _elsewhere(error: FromElsewhere) -> Response:
        if wants_json():
            return told(403, message=sayer(services, language)("problem_elsewhere"))
        return page(services, "problem.html", 403, key="problem_elsewhere")

    @blueprint.errorhandler(PutOff)
    def _put_off(error: PutOff) -> Response:
        if wants_json():
            message = sayer(services, language)("problem_page_429")
            response = told(429, message=message, wait_s=error.wait_s)
        else:
            response = page(services, "problem.html", 429, key="problem_page_429")
        response.headers["Retry-After"] = str(error.wait_s)
        return response

    @blueprint.get(path("manifest", language))
    def manifest_file() -> Response:
        say = sayer(services, language)

        def icon(file: str) -> str:
            return url("static", filename=file, v=STATIC_VERSION)

        text = manifest(say("name"), say("report"), language, icon)
        return Response(text, content_type="application/manifest+json; charset=utf-8")

    @blueprint.get(path("worker", language))
    def worker() -> Response:
        text = render_template("citizens/sw.js", kept=kept_by_worker(url))
        response = Response(text, content_type="text/javascript; charset=utf-8")
        # The prefix itself is a page: without a word, only what lies below it could be kept.
        response.headers["Service-Worker-Allowed"] = PREFIXES[language]
        response.headers["Cache-Control"] = "no-cache"
        return response

    add_filing_routes(blueprint, services, language)
    add_follow_routes(blueprint, services, language)
    return blueprint
