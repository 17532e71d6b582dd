from datetime import timedelta

import pytest

from ivr.models import JournalEntry
from ivr.steps import (
    DialEnded,
    Digits,
    Done,
    HungUp,
    NoInput,
    QueueEnded,
    QueueSeen,
    Recorded,
)
from tests.api.conftest import Api
from tests.builders import NOON, a_call, a_journal, a_report


def test_a_call_is_told_with_its_journal(api: Api) -> None:
    call = a_call(id="c" * 32, driver_call_id="1764.7", carrier_call_id="abc@host")
    recorded = Recorded("c-2", 5.5, 88_044, "ab" * 32, False)
    entries = a_journal(
        call,
        ("Gather:category", NoInput()),
        ("Gather:category", Digits("2")),
        ("Record:statement", recorded),
        ("Do:file_report", Done("482-173-908")),
        ("Gather:confirm", HungUp()),
    )
    api.add(call, a_report(call_id=call.id, reference="482173908"))
    api.add(*entries)

    told = api.get(f"/calls/{call.id}").json

    assert told["reports"] == ["482173908"]
    assert (told["driver_call_id"], told["carrier_call_id"]) == ("1764.7", "abc@host")
    assert told["started_at"] == "2026-11-22T05:00:00.000Z"
    assert told["caller"] == {"number_masked": "+84•••••5678"}
    assert [each["result"] for each in told["journal"]] == [
        {"type": "no_input"},
        {"type": "digits", "value": "2"},
        {
            "type": "recorded",
            "name": "c-2",
            "length_s": 5.5,
            "size_bytes": 88_044,
            "sha256": "ab" * 32,
            "silent": False,
            "key": "",
        },
        {"type": "done", "value": "482-173-908"},
        {"type": "hung_up"},
    ]
    assert told["journal"][1] == {
        "position": 1,
        "step": "Gather:category",
        "wording_key": "category",
        "result": {"type": "digits", "value": "2"},
        "after_s": 20.0,
    }


def test_a_field_or_result_of_a_later_release_is_not_told_unlisted(api: Api) -> None:
    call = a_call()
    api.add(call)
    for position, result in enumerate(
        ({"type": "digits", "value": "2", "new": "secret"}, {"type": "heard", "words": "secret"})
    ):
        api.add(
            JournalEntry(
                call_id=call.id,
                position=position,
                step="Gather:category",
                result=result,
                entered_at=NOON,
            )
        )

    answer = api.get(f"/calls/{call.id}")

    assert answer.status_code == 200 and "secret" not in answer.text


@pytest.mark.parametrize("call_id", ["0" * 32, "%00", "x'; DROP TABLE calls", "0912345678", "é"])
def test_an_unknown_call_is_not_found(api: Api, call_id: str) -> None:
    answer = api.get(f"/calls/{call_id}")

    assert answer.status_code == 404 and answer.json["type"].endswith(":not-found")


def test_a_call_is_found_by_the_identifiers_that_telephony_knows(api: Api) -> None:
    ours = a_call(driver_call_id="1764.7", carrier_call_id="abc@host")
    api.add(ours, a_call(), a_call())

    for query in ("driver_call_id=1764.7", "carrier_call_id=abc@host"):
        found = api.get(f"/calls?{query}").json["calls"]
        assert [each["id"] for each in found] == [ours.id]
    assert api.get("/calls?carrier_call_id=%00").json["calls"] == []


def test_calls_come_newest_first_in_pages(api: Api) -> None:
    calls = [a_call(started_at=NOON + timedelta(minutes=number)) for number in range(5)]
    api.add(*calls)

    first = api.get("/calls?limit=3").json
    second = api.get(f"/calls?limit=3&before={first['next_before']}").json

    told = [each["id"] for each in first["calls"] + second["calls"]]
    assert told == [call.id for call in reversed(calls)]
    assert second["next_before"] is None
    assert "journal" not in first["calls"][0]


def test_secrets_and_numbers_that_were_keyed_in_are_hidden(api: Api) -> None:
    call = a_call()
    told_at_the_end = {"report": "r1", "reference": "482-173-908", "pin": "4711"}
    entries = a_journal(
        call,
        ("Gather:enter_pin", Digits("4711")),
        ("Gather:other_number", Digits("0987654321")),
        ("Do:file_report", Done(told_at_the_end)),
        ("Enqueue:queue", QueueEnded("key", 40, "1")),
        ("LookAtQueue:queue_seen", QueueSeen(3, 2, 240)),
        ("Dial:danger_line", DialEnded("busy")),
    )
    api.add(call)
    api.add(*entries)

    answer = api.get(f"/calls/{call.id}")

    assert "4711" not in answer.text and "0987654321" not in answer.text
    assert [each["result"] for each in answer.json["journal"]] == [
        {"type": "digits", "value": "•••"},
        {"type": "digits", "value": "•••"},
        {"type": "done", "value": told_at_the_end | {"pin": "•••"}},
        {"type": "queue_ended", "outcome": "key", "waited_s": 40, "key": "1"},
        {"type": "queue_seen", "waiting": 3, "agents": 2, "wait_s": 240},
        {"type": "dial_ended", "outcome": "busy", "talked_s": 0},
    ]


def test_an_anonymous_call_says_so_and_has_no_number(api: Api) -> None:
    call = a_call(anonymous=True, caller_number=None)
    api.add(call)

    told = api.get(f"/calls/{call.id}").json

    assert (told["anonymous"], told["caller"]) == (True, {"number_masked": None})
