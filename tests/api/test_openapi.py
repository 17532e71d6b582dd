import re
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from api.docs_page import PATH as DOCS
from api.openapi import SPEC_PATH
from tests.api.conftest import Api


@pytest.fixture
def spec(api: Api) -> dict[str, Any]:
    spec: dict[str, Any] = api.client.get(SPEC_PATH).json
    return spec


def operations(spec: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method} {path}", operation)
        for path, methods in spec["paths"].items()
        for method, operation in methods.items()
    ]


def test_the_description_is_valid_openapi_3_1(spec: dict[str, Any]) -> None:
    assert spec["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(spec).iter_errors()) == []


def test_every_route_but_signing_in_asks_for_a_token(spec: dict[str, Any]) -> None:
    schemes = spec["components"]["securitySchemes"]
    open_routes = {name for name, each in operations(spec) if not each.get("security")}

    assert schemes == {"BearerAuth": {"type": "http", "scheme": "bearer"}}
    assert open_routes == {"post /api/v1/tokens"}


def test_every_error_is_described_as_the_problem_that_is_sent(spec: dict[str, Any]) -> None:
    errors = [
        response["content"]
        for _, operation in operations(spec)
        for status, response in operation["responses"].items()
        if status >= "400"
    ]

    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    assert errors and all(each == {"application/problem+json": problem} for each in errors)


def test_every_route_of_the_api_is_described(api: Api, spec: dict[str, Any]) -> None:
    served = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for rule in api.app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and rule.rule not in (SPEC_PATH, DOCS)
    }

    assert served == set(spec["paths"])


def test_the_routes_have_names_for_generated_clients(spec: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, operation in operations(spec)]

    assert len(set(names)) == len(names)


def test_sound_is_described_as_sound(spec: dict[str, Any]) -> None:
    responses = spec["paths"]["/api/v1/recordings/{name}"]["get"]["responses"]

    assert "audio/wav" in responses["200"]["content"]
    assert "audio/wav" in responses["206"]["content"]
