"""Our JSON against the schemas that Open311 publishes (repository open311/schema-validation), where
a copy of them lies beside the project."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from tests.api.open311.conftest import Open311
from tests.builders import a_report

SCHEMAS = Path(__file__).parents[4] / "shared" / "data" / "georeport-v2"


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("service", "/services.json"),
        ("service-definition", "/services/NG01.json"),
        ("service-definition", "/services/GT01.json"),
        ("request", "/requests.json"),
        ("request", "/requests.json?extensions=true"),
    ],
)
def test_what_is_told_fits_the_published_schema(open311: Open311, schema: str, path: str) -> None:
    file = SCHEMAS / f"{schema}.json"
    if not file.is_file():
        pytest.skip(f"{file.name} does not lie in ../shared/data/georeport-v2")
    validator = Draft4Validator(json.loads(file.read_text()))
    open311.add_report(latitude=9.3, longitude=105.7, description="Ổ gà", agency="so_xay_dung")
    open311.add(a_report(category=None), a_report(category="giao_thong", status="closed"))

    told = open311.get(path).json

    each: list[Any] = told if isinstance(told, list) else [told]
    assert each and [error.message for one in each for error in validator.iter_errors(one)] == []
