"""A message is written with its cause and sent afterwards, once."""

import pytest
from sqlalchemy import Engine, select

from notifications.models import Message, MessagePart, MessageStatus
from notifications.parts import in_parts
from notifications.providers.log import LogProvider
from notifications.providers.provider import Outgoing
from notifications.service import forget_messages, forget_recipient, masked, new_message_id
from storage.database import reading, transaction
from tests.builders import CALLER_NUMBER
from tests.ivr.databases import jobs_of
from tests.notifications.outboxes import (
    FakeProvider,
    TestClock,
    messages,
    queue,
    send_all,
    the_message,
)


def test_a_queued_message_needs_no_job(database: Engine) -> None:
    queue(database)

    message = the_message(database)
    assert (message.status, message.sent_at) == (MessageStatus.QUEUED, None)
    assert jobs_of(database) == []


def test_the_same_cause_cannot_tell_anybody_twice(database: Engine) -> None:
    for _ in range(2):
        queue(database)

    assert the_message(database).status == MessageStatus.QUEUED


def test_what_is_told_in_confidence_is_not_kept_once_it_is_sent(database: Engine) -> None:
    queue(database)

    send_all(database, FakeProvider(), TestClock())

    assert the_message(database).text_values == {"reference": "482-173-905"}


def test_whoever_wants_to_be_nobody_gets_no_message_and_leaves_no_number(
    database: Engine,
) -> None:
    provider, clock = FakeProvider(), TestClock()
    queue(database, "sent", call_id="c1")
    send_all(database, provider, clock)
    queue(database, "queued", call_id="c1")
    queue(database, "of another call", call_id="c2")

    with transaction(database) as session:
        forget_recipient(session, "c1")

    found = {row.idempotency_key: row for row in messages(database)}
    assert {
        key: (row.to_number, row.number_hash is None, row.status) for key, row in found.items()
    } == {
        "sent": (None, True, "sent"),
        "queued": (None, True, "cancelled"),
        "of another call": (CALLER_NUMBER, False, "queued"),
    }
    with reading(database) as session:
        assert session.scalars(select(MessagePart)).all() == []
    send_all(database, provider, clock)
    assert len(provider.sent) == 2


def test_a_message_that_is_forgotten_on_its_way_is_not_looked_for(database: Engine) -> None:
    message_id = queue(database)
    with transaction(database) as session:
        message = session.get_one(Message, message_id)
        message.status, message.provider, message.attempted_at = "sending", "fake", TestClock()()
        forget_messages(session, [message_id])
    provider, clock = FakeProvider(), TestClock()
    clock.pass_by(minutes=1)

    send_all(database, provider, clock)

    assert (the_message(database).status, provider.searched, provider.sent) == ("cancelled", [], [])


def test_ids_sort_as_they_were_given_out() -> None:
    ids = [new_message_id() for _ in range(1000)]

    assert ids == sorted(set(ids)) and {len(each) for each in ids} == {32}


def test_staff_see_so_much_of_a_number_that_they_know_it_again() -> None:
    assert (masked(CALLER_NUMBER), masked(None)) == ("…678", None)


def test_the_log_provider_names_no_number_and_no_words(
    capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("log")
    provider = LogProvider(folder / "taken")
    outgoing = Outgoing("m1", "report_received", CALLER_NUMBER, "PIN 4711", in_parts("PIN 4711"))

    assert provider.send(outgoing) == ("m1",)

    said = capsys.readouterr().out + (folder / "taken").read_text()
    assert "m1" in said and "912345678" not in said and "4711" not in said
