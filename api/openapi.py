"""The API's description in OpenAPI 3.1, completed where the framework leaves gaps."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from apiflask import APIFlask

from api import schemas
from api.documented import IDEMPOTENCY_KEY, IF_MATCH, REPEATABLE, UPLOADS, VERSIONED
from api.examples import example_of
from api.monitoring_fields import WHOLE
from api.problems import MEDIA_TYPE
from monitoring.sources import sources_of
from provinces.schema import Province

SPEC_PATH = "/api/v1/openapi.json"
SECURITY_SCHEME = "BearerAuth"
SECURED = SECURITY_SCHEME

_SOUND = {"audio/wav": {"schema": {"type": "string", "format": "binary"}}}
RECORDING_RESPONSES: dict[int, Any] = {
    200: {"description": "The whole recording", "content": _SOUND},
    206: {"description": "The bytes asked for", "content": _SOUND},
    304: {"description": "Unchanged since it was fetched"},
    404: "No report that you may know of has such a recording",
    416: "The recording does not have these bytes",
}
_EVERYWHERE = {
    "429": "Too many requests; Retry-After says how many seconds to wait",
    "500": "Our fault; the log has `instance`",
    "503": "The database does not answer at the moment",
}
_SECURED = {
    "401": "No token, or one that is not valid",
    "403": "Your role, or this token's scopes, do not have what this takes",
}
_REFERENCE = {
    "type": "string",
    "pattern": r"^[0-9]{3}[ .-]?[0-9]{3}[ .-]?[0-9]{3}$",
    "description": "Nine digits, however they are grouped; the last checks the others",
}
_PATHS: Mapping[str, tuple[dict[str, Any], str]] = {
    "reference": (_REFERENCE, "482173905"),
    "name": ({"type": "string", "pattern": r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$"}, "c1-3"),
    "cap_id": (
        {"type": "string", "pattern": "^[0-9a-f]{32}-[0-9]{1,12}$"},
        f"{'5f0c' * 8}-1",
    ),
    "call_id": ({"type": "string", "pattern": "^[0-9A-Za-z]{1,32}$"}, "c1"),
    **{
        name: ({"type": "string", "pattern": "^[0-9a-f]{32}$"}, "5f0c" * 8)
        for name in ("token_id", "webhook_id", "delivery_id", "attachment_id", "alert_id")
    },
    "mute_id": ({"type": "integer", "minimum": 1, "maximum": 2**31 - 1}, "1"),
    "module_code": ({"type": "string", "pattern": "^[a-z_]{1,40}$"}, "security"),
    "indicator_code": ({"type": "string", "pattern": r"^[a-z0-9_.]{1,80}$"}, "security.cases"),
}
_CODES = "x-hotline-codes"
Codes = Mapping[str, list[str]]


def install_openapi(app: APIFlask, province: Province) -> None:
    """Describe the errors as they are sent, the token that routes ask for, the province's codes."""
    problem = schemas.Problem.model_json_schema()
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        # The framework takes a schema class of its own kind only, or a plain schema.
        HTTP_ERROR_SCHEMA=problem,
        VALIDATION_ERROR_SCHEMA=problem,
        AUTO_SERVERS=False,
        SECURITY_SCHEMES={SECURITY_SCHEME: {"type": "http", "scheme": "bearer"}},
    )
    app.spec_processor(_completer(province))


def _completer(province: Province) -> Callable[[Any], Any]:
    places = [f"{key.edition}:{key.code}" for key in province.units]
    indicators = [each.code for module in province.modules for each in module.indicators]
    modules = [each.code for each in province.modules]
    codes: Codes = {
        "categories": list(province.categories),
        "places": places,
        "places_or_whole": [*places, WHOLE],
        "editions": list(province.editions),
        "modules": modules,
        "indicators": indicators,
        "sources": list(sources_of(province)),
        "subjects": list(dict.fromkeys([*modules, *indicators, *province.categories])),
    }

    def complete(spec: dict[str, Any] | str) -> dict[str, Any] | str:
        if isinstance(spec, str):  # YAML, which this application does not serve
            return spec
        components = spec["components"]["schemas"]
        components.pop("HTTPError", None)
        components.pop("ValidationError", None)
        components["Problem"] = schemas.Problem.model_json_schema()
        for name, schema in components.items():
            schema.setdefault("examples", [example_of(schema, components)])
            schema.setdefault("title", name)
        for operations in spec["paths"].values():
            for method, operation in operations.items():
                writes = method in ("post", "patch", "put") and operation.get("security")
                if writes and operation["operationId"] not in REPEATABLE:
                    operation.setdefault("parameters", []).append(dict(IDEMPOTENCY_KEY))
                if operation["operationId"] in VERSIONED:
                    operation["parameters"].append(dict(IF_MATCH))
                _complete_operation(operation, components)
        _tidy(spec, codes)
        return spec

    return complete


def _complete_operation(operation: dict[str, Any], components: dict[str, Any]) -> None:
    reference = {"schema": {"$ref": "#/components/schemas/Problem"}}
    responses = operation["responses"]
    expected = {**_EVERYWHERE, **(_SECURED if operation.get("security") else {})}
    for status, description in expected.items():
        found = responses.setdefault(status, {"description": description})
        if status in _SECURED:
            found["description"] = description
    upload = UPLOADS.get(operation["operationId"])
    if upload is not None:
        operation["requestBody"] = upload
    elif "requestBody" in operation:
        operation["requestBody"]["required"] = True
        for content in operation["requestBody"]["content"].values():
            content.setdefault("example", example_of(content["schema"], components))
    if "requestBody" in operation:
        responses.setdefault("400", {"description": "The body cannot be read"})
        responses.setdefault("413", {"description": "The body is too large"})
    for parameter in operation.get("parameters", ()):
        _complete_parameter(parameter)
        if parameter["name"] == "before":
            responses.setdefault("404", {"description": "There is no such page"})
    for status, response in responses.items():
        if status >= "400":
            response["content"] = {MEDIA_TYPE: reference}
        elif not response.get("content"):
            response.pop("content", None)
    responses_sorted = dict(sorted(responses.items()))
    responses.clear()
    responses.update(responses_sorted)


def _complete_parameter(parameter: dict[str, Any]) -> None:
    if parameter["in"] == "path" and parameter["name"] in _PATHS:
        schema, example = _PATHS[parameter["name"]]
        parameter["schema"] = dict(schema)
        parameter["example"] = example
    description = parameter["schema"].get("description")
    if description:
        parameter.setdefault("description", description)


def _tidy(spec: dict[str, Any], codes: Codes) -> None:
    """List the province's own codes where a field names one; what is left out is not null."""
    for schema in _schemas(spec):
        if schema.get("default", "") is None:
            del schema["default"]
        kind = schema.pop(_CODES, None)
        if kind is not None:
            schema["enum"] = codes[kind]


def _schemas(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
        for value in part.values():
            yield from _schemas(value)
    elif isinstance(part, list):
        for value in part:
            yield from _schemas(value)
