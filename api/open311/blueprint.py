"""The routes of Open311, and its errors in its own form."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

from apiflask import APIBlueprint
from flask import Flask, Response, request
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, selectinload
from werkzeug.exceptions import HTTPException

from api.addresses import client_address
from api.errors import TooMany
from api.limits import Limits
from api.open311.asking import asked_for, extended, query
from api.open311.errors import Fault, Refused, refused
from api.open311.filing import file_request
from api.open311.formats import JSON, MEDIA_TYPES, XML, Document, Record, respond
from api.open311.parameters import Given, Reader
from api.open311.publication import is_public
from api.open311.services import discovery, service_definition, service_list
from api.open311.tokens import of_token
from api.open311.view import show_requests
from api.problems import log_database_away, log_failure, request_id
from api.services import ApiServices
from reports.models import Recording, Report
from reports.reference import parse_reference
from storage.database import reading

PREFIX = "/open311/v2"
_FORM = "<any(json, xml):form>"
_METHODS = ("GET", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")
_FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
_RETRY_AFTER = {"Retry-After": "5"}
_FILING = "open311.requests"
_AS_ONE = 100  # reports of a list that are counted as one request
_WITH_SOUND = selectinload(Report.recordings).selectinload(Recording.transcript)

Answer = Callable[..., Document]


def register_open311(app: Flask, services: ApiServices) -> None:
    """Serve Open311 under `PREFIX`; reading takes no key, filing takes a token as `api_key`."""
    # In a document of its own: /api/v1/openapi.json is about the API alone.
    blueprint = APIBlueprint("open311", __name__, url_prefix=PREFIX, enable_openapi=False)
    limits = Limits(services.allowance)

    @blueprint.before_request
    def _enter() -> None:
        # Filing is counted by its key.
        if request.method != "POST" or request.endpoint != _FILING:
            limits.count("anonymous", client_address(services.trusted_proxies))
        asked = _parameters().get("jurisdiction_id") or request.args.get("jurisdiction_id") or ""
        if asked.strip() not in ("", services.province.jurisdiction):
            raise refused(
                404,
                "jurisdiction_id: không có địa bàn này",
                "jurisdiction_id: there is no such jurisdiction",
            )

    @blueprint.after_request
    def _open(response: Response) -> Response:
        # Pages of other sites may read what anybody may read; no cookie is looked at here.
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cache-Control"] = "no-store" if request.method == "POST" else "no-cache"
        response.vary.update(("Accept", "Accept-Language"))
        return response

    def failed(error: Exception) -> Response:
        return _failed(error, _language(services))

    blueprint.register_error_handler(Exception, failed)
    _add_service_routes(blueprint, services)
    _add_request_routes(blueprint, services, limits)

    # Last: whatever else is asked for has no address here.
    _serve(blueprint, "/<path:rest>", "nothing", get=_nothing, post=_nothing)
    _serve(blueprint, "/", "root", get=_nothing, post=_nothing)
    app.register_blueprint(blueprint)


def _add_service_routes(blueprint: APIBlueprint, services: ApiServices) -> None:
    province = services.province

    def discover() -> Document:
        return discovery(province, request.host_url.rstrip("/") + PREFIX, services.clock())

    def list_services() -> Document:
        return service_list(province, _language(services))

    def define(code: str) -> Document:
        return service_definition(province, code, _language(services))

    _serve(blueprint, f"/discovery.{_FORM}", "discovery", get=discover)
    _serve(blueprint, f"/services.{_FORM}", "services", get=list_services)
    _serve(blueprint, f"/services/<code>.{_FORM}", "definition", get=define)


def _add_request_routes(blueprint: APIBlueprint, services: ApiServices, limits: Limits) -> None:
    province = services.province

    def list_requests() -> Document:
        asked = asked_for(province, request.args, services.clock())
        cost = asked.most // _AS_ONE
        if cost > 1:  # the first was counted at the door
            limits.count("anonymous", client_address(services.trusted_proxies), cost - 1)
        with reading(services.engine) as session:
            found = session.scalars(query(province, asked).options(_WITH_SOUND)).all()
            shown = show_requests(session, province, found, _language(services), asked.extended)
        return Document("service_requests", shown)

    def file() -> Document:
        if request.mimetype not in _FORM_TYPES:
            raise refused(
                400,
                f"Content-Type: cần {_FORM_TYPES[0]}",
                f"Content-Type: expected {_FORM_TYPES[0]}",
            )
        _check_encoding()
        address = client_address(services.trusted_proxies)
        return file_request(services, limits, request.form, address, _language(services))

    def one_request(reference: str) -> Document:
        with Reader(request.args).checked() as reader:
            more = extended(reader)
        with reading(services.engine) as session:
            report = _public_report(session, services, reference)
            shown = show_requests(session, province, [report], _language(services), more)
        return Document("service_requests", shown)

    def token(token: str) -> Document:
        with reading(services.engine) as session:
            return of_token(session, token)

    _serve(blueprint, f"/requests.{_FORM}", "requests", get=list_requests, post=file)
    _serve(blueprint, f"/requests/<reference>.{_FORM}", "request", get=one_request)
    _serve(blueprint, f"/tokens/<token>.{_FORM}", "token", get=token)


def _serve(
    blueprint: APIBlueprint, rule: str, name: str, get: Answer, post: Answer | None = None
) -> None:
    """Answer at `rule`; other methods come here too, or their refusal would have another form."""

    def view(form: str = XML, **path: str) -> Response:
        allowed = {"Allow": "GET, HEAD, OPTIONS" + (", POST" if post else "")}
        match request.method:
            case "GET" | "HEAD":
                return respond(get(**path), form)
            case "POST" if post is not None:
                return respond(post(**path), form)
            case "OPTIONS":
                return Response(status=HTTPStatus.NO_CONTENT, headers=allowed)
        told = allowed["Allow"]
        raise Refused([Fault(405, f"cần một trong {told}", f"expected one of {told}")], allowed)

    blueprint.add_url_rule(rule, name, view, methods=_METHODS)


def _nothing(**path: str) -> Document:
    raise refused(
        404,
        f"địa chỉ này không có gì; cần kết thúc bằng .{JSON} hoặc .{XML}",
        f"there is nothing at this address; its end tells the format, {JSON} or {XML}",
    )


def _check_encoding() -> None:
    """Pass where the form is UTF-8: the framework would put something else for what is not."""
    if request.mimetype != _FORM_TYPES[0]:
        return  # of the other kind each part is looked at by itself
    try:
        unquote_to_bytes(request.get_data()).decode("utf-8")
    except UnicodeDecodeError as error:
        raise refused(400, "cần mã hoá UTF-8", "expected UTF-8 everywhere") from error


def _parameters() -> Given:
    if request.method != "POST":
        return request.args
    request.get_data()  # kept, so that its encoding can be looked at after it was parsed
    return request.form


def _language(services: ApiServices) -> str:
    languages = services.province.languages
    # The framework's own choice would rather have a poor exact match than `en` for `en-GB`.
    liked = (tag.split("-")[0].lower() for tag, quality in request.accept_languages if quality)
    return next((language for language in liked if language in languages), languages[0])


def _public_report(session: Session, services: ApiServices, reference: str) -> Report:
    found = session.scalar(
        select(Report)
        .where(Report.reference == (parse_reference(reference) or ""), is_public(services.province))
        .options(_WITH_SOUND)
    )
    if found is None:
        # The same for one that is not public: nothing shall be learnt of it.
        raise refused(
            404,
            "service_request_id: không có phản ánh này, hoặc không công khai",
            "service_request_id: there is no such request, or it is not public",
        )
    return found


def _failed(error: Exception, language: str) -> Response:
    headers: Mapping[str, str] = {}
    status = 400
    match error:
        case Refused():
            faults, status, headers = error.faults, error.status, error.headers
        case TooMany():
            wait = error.headers["Retry-After"]
            fault = Fault(
                error.status, f"quá nhiều yêu cầu: xin thử lại sau {wait} giây", str(error)
            )
            faults, headers = (fault,), error.headers
        case HTTPException():
            code = error.code or 400
            faults = (Fault(code, "không đọc được yêu cầu", "the request could not be read"),)
        case OperationalError():
            log_database_away(error)
            fault = Fault(503, "hệ thống đang bận, xin thử lại", "the database does not answer")
            faults, headers = (fault,), _RETRY_AFTER
        case _:
            log_failure(error)
            number = request_id()
            faults = (Fault(500, f"lỗi của chúng tôi, số {number}", f"our fault, number {number}"),)
    content: list[Record] = [
        {"code": fault.code, "description": fault.told(language)} for fault in faults
    ]
    response = respond(Document("errors", content), _form(), status)
    response.headers.update(headers)
    return response


def _form() -> str:
    """The format that the address asks for; else the one that is liked best, XML among equals."""
    end = request.path.rpartition(".")[2]
    if end in MEDIA_TYPES:
        return end
    best = request.accept_mimetypes.best_match([*MEDIA_TYPES.values()])
    return JSON if best == MEDIA_TYPES[JSON] else XML
