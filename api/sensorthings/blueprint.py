"""The routes of SensorThings, its door, and its errors in its own form."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from apiflask import APIBlueprint
from flask import Flask, Response, g, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from accounts.permissions import Permission
from api.addresses import client_address
from api.auth import Visitor, current_visitor, visitor_by_secret, visitor_by_token
from api.errors import ApiError, NotAllowed, NotSignedIn
from api.limits import Limits
from api.problems import log_database_away, log_failure, request_id
from api.sensorthings.addresses import Step, read_address
from api.sensorthings.answers import as_json
from api.sensorthings.declared import Declared
from api.sensorthings.errors import Refused
from api.sensorthings.kinds import Entity, Kind
from api.sensorthings.methods import ARRAYS, allowed, refuse
from api.sensorthings.options import Options, read_options
from api.sensorthings.queries import fixed_paths
from api.sensorthings.reading import Collection, Entities, Member, root_document
from api.sensorthings.sending import create, create_many, patch
from api.sensorthings.stored import Stored
from api.services import ApiServices
from storage.database import reading

PREFIX = "/v1.1"
MOST_BODY_BYTES = 8_000_000
_METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE", "OPTIONS")
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_BASIC = {"WWW-Authenticate": 'Bearer realm="hotline", Basic realm="hotline"'}


def register_sensorthings(app: Flask, services: ApiServices) -> None:
    """Serve SensorThings under `PREFIX`, for whoever shows a token."""
    # In a document of its own: /api/v1/openapi.json is about the API alone.
    blueprint = APIBlueprint("sensorthings", __name__, url_prefix=PREFIX, enable_openapi=False)
    limits = Limits(services.allowance)
    declared, stored = Declared(services.province), Stored(services.province)

    @blueprint.before_request
    def _enter() -> None:
        try:
            g.visitor = _visitor(services)
        except NotSignedIn:
            limits.count("unknown", client_address(services.trusted_proxies))
            raise
        read = request.method in _READING
        limits.count("reading" if read else "writing", _who(g.visitor))
        wanted = Permission.MONITORING_SEE if read else Permission.OBSERVATIONS_WRITE
        if not g.visitor.may(wanted):
            raise NotAllowed(f"this takes the scope {wanted}, which this token does not have")
        request.max_content_length = MOST_BODY_BYTES

    @blueprint.after_request
    def _unkept(response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store"
        return response

    blueprint.register_error_handler(Exception, _failed)

    def at_root() -> Response:
        if request.method not in ("GET", "HEAD"):
            refuse(())
        return as_json(root_document(_root()))

    def anywhere(path: str) -> Response:
        steps = read_address(path)
        if not steps:
            return at_root()
        match request.method:
            case "GET" | "HEAD":
                return get(steps, path)
            case "POST" if steps == (Step(ARRAYS),):
                return create_many(services, _root())
            case "POST":
                return create(services, steps, _root())
            case "PATCH" | "PUT":
                return patch(services, steps, _root())
            case "OPTIONS":
                return Response(status=HTTPStatus.NO_CONTENT, headers={"Allow": allowed(steps)})
        refuse(steps)

    def get(steps: tuple[Step, ...], path: str) -> Response:
        given = list(request.args.items(multi=True))
        options = read_options(given)
        if _goes_through_all(steps, options):
            limits.count("whole", _who(current_visitor()))
        with reading(services.engine) as session:
            entities = Entities(declared, stored, session, _root())
            found = entities.at(steps)
            match found:
                case Collection():
                    return as_json(entities.page(found, options, path.strip("/"), given))
                case Entity():
                    return as_json(entities.told(found, options))
                case Member():
                    return _member(found)

    for rule in ("/", "/<path:path>"):
        view = anywhere if "path" in rule else at_root
        blueprint.add_url_rule(rule, view.__name__, view, methods=_METHODS)
    app.register_blueprint(blueprint)


def _visitor(services: ApiServices) -> Visitor:
    shown = request.authorization
    if shown is not None and shown.type == "basic" and shown.password:
        # Devices and clients of the standard know no tokens: the password is one.
        return visitor_by_secret(services, shown.password)
    return visitor_by_token(services)


def _who(visitor: Visitor) -> str:
    return visitor.token or visitor.user


def _root() -> str:
    return request.host_url.rstrip("/") + PREFIX


def _goes_through_all(steps: tuple[Step, ...], options: Options) -> bool:
    """Whether the answer may take a look at every observation that there is."""
    of_one = fixed_paths(options.condition) & {("Datastream", "id"), ("id",)}
    if steps != (Step(Kind.OBSERVATIONS),) or of_one:
        return False
    return options.condition is not None or bool(options.order) or options.count


def _member(found: Member) -> Response:
    value = found.entity.members[found.name]
    if not found.bare:
        return as_json({found.name: value})
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return Response(text, content_type="text/plain; charset=utf-8")


def _failed(error: Exception) -> Response:
    headers: Mapping[str, str] = {}
    match error:
        case Refused():
            status, told, headers = error.status, str(error), error.headers
        case NotSignedIn():
            status, told, headers = error.status, str(error), _BASIC
        case ApiError():
            status, told, headers = error.status, str(error), error.headers
        case HTTPException():
            status = error.code or 400
            too_large = f"expected at most {MOST_BODY_BYTES} bytes; send it in parts"
            told = (
                too_large
                if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
                else ("the request could not be read")
            )
        case OperationalError():
            log_database_away(error)
            status, told, headers = 503, "the database does not answer", {"Retry-After": "5"}
        case _:
            log_failure(error)
            status, told = 500, f"our fault, number {request_id()}"
    response = as_json({"code": int(status), "type": "error", "message": told}, int(status))
    response.headers.update(headers)
    return response
