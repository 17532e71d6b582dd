"""Receipts come twice, late, out of order and too early; a message's state only goes forward."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select

from notifications.errors import OutcomeUnknown
from notifications.models import Message, MessagePart, PartState
from notifications.receipts import Receipt, forget_strangers, note_receipt
from notifications.service import forget_messages
from storage.database import reading, transaction
from tests.builders import NOON
from tests.databases.waiting import until_somebody_waits
from tests.notifications.outboxes import (
    FakeProvider,
    TestClock,
    a_sender,
    queue,
    send_all,
    the_message,
    work_off,
)

ACCEPTED, DELIVERED, FAILED = PartState.ACCEPTED, PartState.DELIVERED, PartState.FAILED


class TwoParts(FakeProvider):
    def send(self, message: object) -> tuple[str, ...]:
        return ("p1", "p2")


def told(engine: Engine, *states: tuple[str, PartState], message_id: str | None = None) -> None:
    for provider_id, state in states:
        with transaction(engine) as session:
            reason = "30003" if state is FAILED else None
            note_receipt(session, Receipt("fake", provider_id, state, reason, message_id), NOON)


@pytest.fixture
def sent(database: Engine) -> Engine:
    """A message of two parts that the provider has."""
    queue(database)
    send_all(database, TwoParts(), TestClock())
    return database


def test_it_is_delivered_once_all_its_parts_are(sent: Engine) -> None:
    told(sent, ("p1", DELIVERED))
    assert the_message(sent).status == "sent"
    told(sent, ("p2", DELIVERED), ("p2", DELIVERED))

    assert (the_message(sent).status, the_message(sent).delivered_at) == ("delivered", NOON)


def test_a_part_that_failed_fails_it_and_says_why(sent: Engine) -> None:
    told(sent, ("p1", DELIVERED), ("p2", FAILED))

    assert (the_message(sent).status, the_message(sent).problem) == ("undelivered", "30003")


@pytest.mark.slow
@pytest.mark.parametrize("order", list(itertools.permutations([ACCEPTED, DELIVERED, ACCEPTED])))
def test_whatever_the_order_the_end_stays_the_end(
    sent: Engine, order: tuple[PartState, ...]
) -> None:
    told(sent, *((part, state) for state in order for part in ("p1", "p2")))
    told(sent, ("p1", FAILED), ("p1", ACCEPTED))

    assert the_message(sent).status == "delivered"


def test_a_receipt_that_is_quicker_than_the_answer_counts(database: Engine) -> None:
    queue(database)
    told(database, ("p1", DELIVERED), ("p2", DELIVERED))

    send_all(database, TwoParts(), TestClock())

    assert the_message(database).status == "delivered"


def test_a_receipt_with_our_id_tells_what_a_lost_answer_would_have(database: Engine) -> None:
    message_id = queue(database)
    with transaction(database) as session:
        message = session.get_one(Message, message_id)
        message.status, message.provider, message.attempted_at = "sending", "fake", NOON

    told(database, ("sid", ACCEPTED), message_id=message_id)

    assert (the_message(database).status, the_message(database).text_values) == (
        "sent",
        {"reference": "482-173-905"},
    )
    told(database, ("sid", DELIVERED))
    assert the_message(database).status == "delivered"


def test_a_receipt_of_one_that_was_looked_for_in_vain_keeps_it_from_going_twice(
    database: Engine,
) -> None:
    provider, clock = FakeProvider(errors=[OutcomeUnknown("500")]), TestClock()
    message_id = queue(database)
    with a_sender(database, provider, clock) as sender:
        work_off(sender)
        clock.pass_by(seconds=11)
        work_off(sender)
        assert (len(provider.searched), the_message(database).status) == (1, "queued")

        told(database, ("late", DELIVERED), message_id=message_id)
        clock.pass_by(minutes=5)
        work_off(sender)

    assert (the_message(database).status, provider.sent) == ("delivered", [])


def test_a_receipt_waits_for_who_has_the_message_and_keeps_nobody_waiting(sent: Engine) -> None:
    message_id = the_message(sent).id
    with ThreadPoolExecutor(1) as pool:
        with transaction(sent) as session:
            session.get_one(Message, message_id, with_for_update=True)
            receipt = pool.submit(told, sent, ("p1", DELIVERED), message_id=message_id)
            until_somebody_waits(sent)
            forget_messages(session, [message_id])  # wants the parts, too
        receipt.result()

    with reading(sent) as session:
        assert session.scalars(select(MessagePart)).all() == []


def test_receipts_of_unknown_messages_change_nothing_and_go(database: Engine) -> None:
    queue(database)
    told(database, ("nobody's", DELIVERED))
    told(database, ("nobody's either", FAILED), message_id="0" * 32)

    assert the_message(database).status == "queued"
    with transaction(database) as session:
        forget_strangers(session, NOON)
        assert len(session.scalars(select(MessagePart)).all()) == 2
        clock = TestClock()
        clock.pass_by(days=3)
        forget_strangers(session, clock())
    with reading(database) as session:
        assert session.scalars(select(MessagePart)).all() == []


def test_a_receipt_of_who_was_forgotten_leaves_no_trace(sent: Engine) -> None:
    message_id = the_message(sent).id
    with transaction(sent) as session:
        forget_messages(session, [message_id])

    told(sent, ("sid", DELIVERED), message_id=message_id)

    with reading(sent) as session:
        assert session.scalars(select(MessagePart)).all() == []
    assert the_message(sent).to_number is None
