"""GET service_request_id from a token."""

import uuid

import pytest

from tests.api.open311.conftest import GROUP, Open311, check_same, faults
from tests.builders import a_call, a_recording, a_report, a_transcript


def test_a_batch_service_gives_a_token_that_gives_the_id(open311: Open311) -> None:
    (told,) = open311.post(service_code=GROUP).json
    token = told["token"]

    answer = open311.get(f"/tokens/{token}.json")

    assert "service_request_id" not in told
    expected = [{"service_request_id": open311.only_report().reference, "token": token}]
    assert answer.json == expected
    check_same(open311.get(f"/tokens/{token}.xml"), "service_requests", expected)


def test_a_call_has_its_id_when_its_words_are_transcribed(open311: Open311) -> None:
    call = a_call()
    open311.add(call)
    waiting = [{"service_request_id": None, "token": call.id}]
    assert open311.get(f"/tokens/{call.id}.json").json == waiting  # the caller still speaks

    recording = a_recording(a_transcript(status="pending", text=None), call_id=call.id)
    report = a_report([recording], call_id=call.id)
    open311.add(report)
    assert open311.get(f"/tokens/{call.id}.json").json == waiting
    check_same(open311.get(f"/tokens/{call.id}.xml"), "service_requests", waiting)

    with open311.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE transcripts SET status = 'done', text = 'ổ gà'")
    found = open311.get(f"/tokens/{call.id}.json").json
    assert found == [{"service_request_id": report.reference, "token": call.id}]


def test_a_call_without_a_recording_has_its_id_at_once(open311: Open311) -> None:
    call_id = uuid.uuid4().hex
    report = a_report(call_id=call_id)
    open311.add(report)

    assert open311.get(f"/tokens/{call_id}.json").json[0]["service_request_id"] == report.reference


@pytest.mark.parametrize("token", ["0" * 32, "482173908", "A" * 32, "%27%20OR%201=1", "x" * 900])
def test_an_unknown_token_is_not_found(open311: Open311, token: str) -> None:
    assert faults(open311.get(f"/tokens/{token}.json"), 404) == ["token: không có mã này"]
