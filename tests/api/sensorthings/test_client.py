"""The `frost-sta-client` from PyPI over HTTP: posts, reads, pages through and corrects."""

from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from werkzeug.serving import make_server

from tests.api.sensorthings.conftest import TODAY, UNIT, Things
from tests.having import cannot_have
from tests.serving import serving


@pytest.fixture
def frost(things: Things, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, Any]]:
    """The client's module, and its service, signed in with a token as the password."""
    try:
        client = import_module("frost_sta_client")
    except ImportError as error:
        cannot_have("the client frost-sta-client", error)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = make_server("127.0.0.1", 0, things.api.app, threaded=True)
    with serving(server):
        address = f"http://127.0.0.1:{server.server_port}/v1.1"
        auth = client.AuthHandler("sensor", things.api.secret)
        yield client, client.SensorThingsService(address, auth_handler=auth)


@pytest.mark.filterwarnings("ignore:furl.pathstr is deprecated:DeprecationWarning")
def test_the_client_posts_reads_pages_and_corrects(frost: tuple[Any, Any], things: Things) -> None:
    client, service = frost
    stream = service.datastreams().find(things.a_stream())
    days = [TODAY - timedelta(days=day) for day in (5, 4, 3, 2, 1)]

    for place, day in enumerate(days[:2]):
        service.create(
            client.Observation(phenomenon_time=day.isoformat(), result=place, datastream=stream)
        )
    array = client.model.ext.data_array_value.DataArrayValue()
    array.datastream = stream
    array.components = [
        array.Property.PHENOMENON_TIME, array.Property.RESULT,
    ]  # fmt: skip
    for place, day in enumerate(days[2:], 2):
        array.add_observation(
            client.Observation(phenomenon_time=day.isoformat(), result=place, datastream=stream)
        )
    document = client.model.ext.data_array_document.DataArrayDocument()
    document.add_data_array_value(array)
    links = service.observations().create(document)
    asked = stream.get_observations().query().filter("result ge 1").top(2).count()
    read = asked.orderby("phenomenonTime", "desc").list()
    told = [each.result for each in read]
    first = next(iter(stream.get_observations().query().top(1).list()))
    first.result = 9
    service.update(first)
    service.patch(first, [{"op": "replace", "path": "/result", "value": 8}])

    assert len(links) == 3
    assert (read.count, told) == (4, [4, 3, 2, 1])
    assert service.observations().find(first.id).result == 8
    whole = service.things().query().filter(f"id eq '{UNIT}'").expand("Datastreams").list()
    assert [each.id for each in whole.entities[0].datastreams] == [stream.id]
