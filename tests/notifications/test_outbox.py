"""A message is written with its cause and sent afterwards, once."""

from collections.abc import Mapping

import pytest
from sqlalchemy import Engine, select

from notifications.models import Message, MessageStatus
from notifications.providers.log import LogProvider
from notifications.service import forget_recipient, queue_message, send_message
from storage.database import reading, transaction
from tests.builders import CALLER_NUMBER, NOON, a_message, a_report
from tests.ivr.databases import jobs_of

REFERENCE = {"reference": "482-173-905"}


class FakeProvider:
    """Keeps what it was given to send; `away` makes it fail."""

    name = "fake"

    def __init__(self) -> None:
        self.sent: list[tuple[str | None, str]] = []
        self.away = False

    def send(self, message: Message) -> None:
        if self.away:
            raise ConnectionError("no answer")
        self.sent.append((message.to_number, message.text_key))


def queue(
    engine: Engine,
    key: str = "received:r1",
    values: Mapping[str, str] = REFERENCE,
    call_id: str | None = None,
) -> None:
    with transaction(engine) as session:
        queue_message(
            session,
            idempotency_key=key,
            to_number=CALLER_NUMBER,
            text_key="report_received",
            values=values,
            language="vi",
            report_id="r1",
            call_id=call_id,
            now=NOON,
        )


def the_message(engine: Engine) -> Message:
    with reading(engine) as session:
        return session.scalars(select(Message)).one()


def test_a_queued_message_has_its_job(database: Engine) -> None:
    queue(database)

    message = the_message(database)
    assert (message.status, message.sent_at) == (MessageStatus.QUEUED, None)
    assert jobs_of(database) == [("send_message", message.id)]


def test_the_same_cause_cannot_tell_anybody_twice(database: Engine) -> None:
    for _ in range(2):
        queue(database)

    assert len(jobs_of(database)) == 1 and the_message(database).status == MessageStatus.QUEUED


def test_what_is_told_in_confidence_is_not_kept_once_it_is_sent(database: Engine) -> None:
    queue(database, values={"reference": "482-173-905", "pin": "4711"})

    send_message(database, FakeProvider(), the_message(database).id, NOON)

    assert the_message(database).text_values == {"reference": "482-173-905"}


def test_whoever_wants_to_be_nobody_gets_no_message_and_leaves_no_number(
    database: Engine,
) -> None:
    queue(database, "sent", call_id="c1")
    send_message(database, FakeProvider(), the_message(database).id, NOON)
    queue(database, "queued", call_id="c1")
    queue(database, "of another call", call_id="c2")
    provider = FakeProvider()

    with transaction(database) as session:
        forget_recipient(session, "c1")

    with reading(database) as session:
        messages = {row.idempotency_key: row for row in session.scalars(select(Message))}
    for message in messages.values():
        send_message(database, provider, message.id, NOON)
    assert {key: (row.to_number, row.status) for key, row in messages.items()} == {
        "sent": (None, "sent"),
        "queued": (None, "cancelled"),
        "of another call": (CALLER_NUMBER, "queued"),
    }
    assert provider.sent == [(CALLER_NUMBER, "report_received")]


def test_a_message_is_sent_once(database: Engine) -> None:
    queue(database)
    provider = FakeProvider()

    for _ in range(2):
        send_message(database, provider, the_message(database).id, NOON)

    message = the_message(database)
    assert provider.sent == [(CALLER_NUMBER, "report_received")]
    assert (message.status, message.provider, message.sent_at) == ("sent", "fake", NOON)


def test_a_provider_that_is_away_leaves_the_message_queued(database: Engine) -> None:
    queue(database)
    provider = FakeProvider()
    provider.away = True

    with pytest.raises(ConnectionError):
        send_message(database, provider, the_message(database).id, NOON)
    assert the_message(database).status == MessageStatus.QUEUED
    provider.away = False
    send_message(database, provider, the_message(database).id, NOON)

    assert len(provider.sent) == 1


def test_the_log_provider_names_no_number_and_no_reference(
    capsys: pytest.CaptureFixture[str],
) -> None:
    report = a_report(reference="482173905")

    LogProvider().send(a_message(report, text_values={"reference": "482-173-905"}))

    said = capsys.readouterr().out
    assert "sms" in said
    assert "912345678" not in said and "482" not in said.replace(report.id, "")
