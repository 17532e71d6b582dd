"""Whatever is sent is answered in the specification's form, and never by a fault of ours."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from api.limits import Allowance
from tests.api.open311.conftest import Open311, make_open311

MANY = "1000000/minute"
UNLIMITED = Allowance(writing=MANY, unknown=MANY, anonymous=MANY)
NASTY = (
    *(
        "",
        " ",
        "\x00",
        "'",
        '"><script>',
        "%00",
        "%",
        "../../etc/passwd",
        "𝟗.𝟐",
        "NaN",
        "-0",
        "1e999",
    ),
    *("open", "GT01", "NG01", "giao_thong", "DV01", "2025:31825", "bac_lieu", "0912345678", "true"),
    *(
        "2026-11-22T05:00:00Z",
        "2026-02-30",
        "1899-12-31",
        "0000-00-00",
        "9.2",
        "105.7",
        "482173908",
    ),
    *("a@b.vn", "https://x.example/", "http://[::1", "\u202e", "e\u0301"),
)
values = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
ASKED = (
    *("jurisdiction_id", "service_request_id", "service_code", "start_date", "end_date", "status"),
    *("page", "page_size", "extensions"),
)
SENT = (
    *("service_code", "lat", "long", "address_string", "address_id", "email", "device_id"),
    *("account_id", "first_name", "last_name", "phone", "description", "media_url"),
    *("attribute[depth]", "attribute[affected][]", "attribute[since]", "attribute[", "attribute[]"),
)
forms = st.sampled_from(["json", "xml"])
quick = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def anything(sqlite: Engine, tmp_path: Path) -> Open311:
    return make_open311(sqlite, tmp_path, UNLIMITED)


def check(answer: Any, form: str) -> None:
    """Well-formed, one of the statuses, and no fault of ours."""
    assert answer.status_code in (200, 400, 403, 404)
    if form == "xml":
        codes = [each.text for each in ElementTree.fromstring(answer.data).iter("code")]
    else:
        told = json.loads(answer.data)
        codes = [str(each.get("code")) for each in told]
    if answer.status_code != 200:
        assert codes and not {"500", "503"} & set(codes)


@pytest.mark.slow
@quick
@given(st.dictionaries(st.sampled_from(ASKED), st.lists(values, max_size=2)), forms)
def test_any_query_is_answered(anything: Open311, query: dict[str, list[str]], form: str) -> None:
    path = f"/open311/v2/requests.{form}"

    check(anything.client.get(path, query_string=query), form)


@pytest.mark.slow
@quick
@given(st.dictionaries(st.sampled_from(SENT), st.lists(values, max_size=2)), forms)
def test_any_form_is_answered(anything: Open311, sent: dict[str, list[str]], form: str) -> None:
    path = f"/open311/v2/requests.{form}"

    check(anything.client.post(path, data={"api_key": anything.key, **sent}), form)


@quick
@given(st.sampled_from(["services", "requests", "tokens"]), values, forms)
def test_any_address_is_answered(anything: Open311, kind: str, name: str, form: str) -> None:
    path = f"/open311/v2/{kind}/{name}.{form}".replace("?", "").replace("#", "")
    answer = anything.client.get(path)

    assert answer.status_code in (200, 308, 400, 404)


@quick
@given(st.binary(max_size=300))
def test_any_bytes_are_answered(anything: Open311, body: bytes) -> None:
    answer = anything.client.post(
        "/open311/v2/requests.json", data=body, content_type="application/x-www-form-urlencoded"
    )

    check(answer, "json")
