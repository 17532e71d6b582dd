"""Staff read and write the SMS of a report, and settle what no rule could."""

import pytest
from sqlalchemy import select

from accounts.models import AuditEntry
from accounts.roles import Role
from notifications.inbox_models import IncomingMessage, IncomingStatus
from notifications.models import Message
from reports.models import Update
from storage.database import reading
from tests.api.conftest import Api
from tests.builders import NOON, a_report

NUMBER = "+84912345678"


def incoming(**values: object) -> IncomingMessage:
    told = {
        "id": "a" * 32,
        "provider": "twilio",
        "provider_id": "SM1",
        "from_number": NUMBER,
        "text": "nước lên cao hơn",
        "received_at": NOON,
        "status": IncomingStatus.FOR_STAFF,
        "rule": "unclear",
    }
    return IncomingMessage(**(told | values))


def test_a_thread_has_both_sides_in_order(api: Api) -> None:
    report = a_report(text_number=NUMBER)
    api.add(report, incoming(report_id=report.id, status=IncomingStatus.HANDLED))
    api.now = NOON.replace(minute=NOON.minute + 1)

    sent = api.send("POST", f"/reports/{report.reference}/messages", {"text": "Đội sửa đã đi."})
    thread = api.get(f"/reports/{report.reference}/messages").json["messages"]

    assert sent.status_code == 202
    assert [(one["direction"], one["text"], one["number_masked"]) for one in thread] == [
        ("in", "nước lên cao hơn", "+84•••••5678"),
        ("out", "Đội sửa đã đi.", "+84•••••5678"),
    ]
    with reading(api.engine) as session:
        assert session.scalars(select(Message.text_key)).all() == ["report_message"]
        assert "sms.written" in session.scalars(select(AuditEntry.action)).all()


def test_words_are_for_who_may_read_them(api: Api) -> None:
    report = a_report()
    api.add(report, incoming(report_id=report.id))
    api.enter(Role.OPERATOR, scopes=["reports.read", "reports.change"])

    (one,) = api.get(f"/reports/{report.reference}/messages").json["messages"]
    (other,) = api.get("/incoming-messages").json["messages"]

    assert one["text"] is None and other["text"] is None


def test_who_left_no_number_cannot_be_written_to(api: Api) -> None:
    report = a_report(text_number=None)
    api.add(report)

    answer = api.send("POST", f"/reports/{report.reference}/messages", {"text": "Xin chào"})

    assert answer.status_code == 409


def test_the_same_key_writes_once(api: Api) -> None:
    report = a_report(text_number=NUMBER)
    api.add(report)
    path = f"/reports/{report.reference}/messages"

    first = api.send("POST", path, {"text": "Xin chào"}, Idempotency_Key="k1")
    second = api.send("POST", path, {"text": "Xin chào"}, Idempotency_Key="k1")

    assert first.json == second.json
    with reading(api.engine) as session:
        assert len(session.scalars(select(Message.id)).all()) == 1


@pytest.mark.slow
def test_what_no_rule_settled_is_given_to_a_report_once(api: Api) -> None:
    report = a_report()
    api.add(report, incoming())
    path = f"/incoming-messages/{'a' * 32}/settlement"

    listed = api.get("/incoming-messages?status=for_staff").json["messages"]
    settled = api.send("POST", path, {"reference": report.reference})
    again = api.send("POST", path, {})

    assert [one["rule"] for one in listed] == ["unclear"]
    assert (settled.status_code, settled.json["status"]) == (200, "handled")
    assert settled.json["reference"] == report.reference
    assert again.status_code == 409
    with reading(api.engine) as session:
        assert session.scalars(select(Update.text)).all() == ["nước lên cao hơn"]
    assert api.get("/incoming-messages?status=for_staff").json["messages"] == []


def test_an_unknown_message_or_report_is_told(api: Api) -> None:
    api.add(incoming())

    assert api.send("POST", "/incoming-messages/none/settlement", {}).status_code == 404
    unknown = {"reference": "482-173-924"}
    path = f"/incoming-messages/{'a' * 32}/settlement"
    assert api.send("POST", path, unknown).status_code == 404
    long = api.send("POST", path, {"reference": "1" * 21})
    assert long.status_code == 422
