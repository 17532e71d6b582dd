"""The API's description in OpenAPI 3.1, completed where the framework leaves gaps."""

from typing import Any

from apiflask import APIFlask

from api import schemas
from api.auth import SECURITY_SCHEME
from api.problems import MEDIA_TYPE

SPEC_PATH = "/api/v1/openapi.json"
SECURED = SECURITY_SCHEME

_SOUND = {"audio/wav": {"schema": {"type": "string", "format": "binary"}}}
RECORDING_RESPONSES: dict[int, Any] = {
    200: {"description": "The whole recording", "content": _SOUND},
    206: {"description": "The bytes asked for", "content": _SOUND},
    304: {"description": "Unchanged since it was fetched"},
    416: "The recording does not have these bytes",
}
_EVERYWHERE = {
    "500": "Our fault; the log has `instance`",
    "503": "The database does not answer at the moment",
}


def install_openapi(app: APIFlask) -> None:
    """Describe the errors as they are sent, and the token that every route asks for."""
    problem = schemas.Problem.model_json_schema()
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        # The framework takes a schema class of its own kind only, or a plain schema.
        HTTP_ERROR_SCHEMA=problem,
        VALIDATION_ERROR_SCHEMA=problem,
        AUTO_SERVERS=False,
        SECURITY_SCHEMES={SECURITY_SCHEME: {"type": "http", "scheme": "bearer"}},
    )
    app.spec_processor(_complete)


def _complete(spec: dict[str, Any] | str) -> dict[str, Any] | str:
    if isinstance(spec, str):  # YAML, which this application does not serve
        return spec
    components = spec["components"]["schemas"]
    components.pop("HTTPError", None)
    components.pop("ValidationError", None)
    components["Problem"] = schemas.Problem.model_json_schema()
    for operations in spec["paths"].values():
        for operation in operations.values():
            _complete_operation(operation)
    return spec


def _complete_operation(operation: dict[str, Any]) -> None:
    reference = {"schema": {"$ref": "#/components/schemas/Problem"}}
    responses = operation["responses"]
    for status, description in _EVERYWHERE.items():
        responses.setdefault(status, {"description": description})
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
        responses.setdefault("400", {"description": "The body is not JSON"})
        responses.setdefault("413", {"description": "The body is too large"})
    for status, response in responses.items():
        if status >= "400":
            response["content"] = {MEDIA_TYPE: reference}
        elif not response.get("content"):
            response.pop("content", None)
