"""A message is written with its cause and sent afterwards, once."""

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from notifications.models import Message, MessageStatus
from notifications.providers.log import LogProvider
from notifications.service import queue_message, send_message
from storage.database import reading, transaction
from tests.builders import CALLER_NUMBER, NOON, a_message, a_report
from tests.ivr.databases import jobs_of


class FakeProvider:
    """Keeps what it was given to send; `away` makes it fail."""

    name = "fake"

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.away = False

    def send(self, message: Message) -> None:
        if self.away:
            raise ConnectionError("no answer")
        self.sent.append((message.to_number, message.text_key))


def queue(engine: Engine, key: str = "received:r1") -> None:
    with transaction(engine) as session:
        queue_message(
            session,
            idempotency_key=key,
            to_number=CALLER_NUMBER,
            text_key="report_received",
            values={"reference": "482-173-905"},
            language="vi",
            report_id="r1",
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
    queue(database)

    with pytest.raises(IntegrityError) as caught:
        queue(database)

    assert len(jobs_of(database)) == 1
    assert "482-173-905" not in str(caught.value)


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
