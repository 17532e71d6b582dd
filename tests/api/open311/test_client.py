"""The `georeport` client from PyPI over HTTP: lists, reads and pages through ours."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from werkzeug.serving import make_server

from reports.reference import new_reference
from tests.api.open311.conftest import Open311
from tests.builders import NOON, a_report
from tests.having import cannot_have
from tests.serving import serving

WHOLE = 1000  # what one answer holds


@pytest.fixture(params=["json", "xml"])
def georeport(
    request: pytest.FixtureRequest, open311: Open311, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    try:
        client = import_module("georeport")
    except ImportError as error:
        cannot_have("the client georeport", error)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = make_server("127.0.0.1", 0, open311.app, threaded=True)
    with serving(server):
        address = f"http://127.0.0.1:{server.server_port}/open311/v2"
        yield client.GeoReport(address, jurisdiction="bac_lieu", output_format=request.param)


def test_the_client_lists_services_and_their_questions(georeport: Any) -> None:
    services = {one["service_code"]: one for one in georeport.get_service_list()}

    definition = georeport.get_service_definition("NG01")

    assert services["GT01"]["service_name"] == "Đường hư, ổ gà, sụt lún"
    assert definition["service_code"] == "NG01"
    assert "mắt cá chân" in str(definition["attributes"])


def test_the_client_reads_single_requests_and_filters(georeport: Any, open311: Open311) -> None:
    closed = open311.add_report(status="closed", resolved_at=NOON)
    lamps = [open311.add_report(category="DT01") for _ in range(2)]

    one = georeport.get_service_request(closed.reference)
    found = georeport.get_service_requests(service_code="DT01", status="open")
    named = georeport.get_service_requests(
        service_request_id=",".join(each.reference for each in lamps)
    )

    assert (one["status"], one["service_code"]) == ("closed", "GT01")
    assert {each["service_request_id"] for each in found} == {each.reference for each in lamps}
    assert found == named


@pytest.mark.slow
def test_the_client_pages_through_more_than_an_answer_holds(
    georeport: Any, open311: Open311
) -> None:
    expected: set[str] = set()
    while len(expected) < WHOLE + 38:  # of a thousand drawn ones two may be the same
        expected.add(new_reference())
    reports = [
        a_report(
            category="GT01", reference=each, requested_at=NOON - timedelta(minutes=number // 2)
        )
        for number, each in enumerate(expected)
    ]
    oldest = min(report.requested_at for report in reports)
    open311.add(*reports)

    told, end = dict[str, Any](), (NOON + timedelta(minutes=1)).isoformat()
    while True:
        # The client knows no page numbers: the oldest that it has is the end of the next page.
        page = georeport.get_service_requests(end_date=end)
        assert isinstance(page, list)  # of a single one in XML the client makes something else
        new = {each["service_request_id"]: each for each in page} | told
        if len(new) == len(told):
            break
        told, end = new, page[-1]["requested_datetime"]

    assert told.keys() == expected and len(expected) == WHOLE + 38
    assert datetime.fromisoformat(end) == oldest
