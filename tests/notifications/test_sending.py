"""Every message goes once, in order, within the rules, whatever becomes of provider and sender."""

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from notifications.errors import OutcomeUnknown, Refused, TryLater
from notifications.models import Message, MessageSender
from notifications.opt_outs import opt_in, opt_out
from notifications.sending import MAX_ATTEMPTS, MAX_DOUBTS
from notifications.service import forget_recipient
from notifications.trouble import pause_after
from storage.database import reading, transaction
from tests.builders import CALLER_NUMBER, NOON
from tests.notifications.outboxes import (
    RECEIVED,
    REFERENCE,
    STAFF,
    FakeProvider,
    TestClock,
    a_sender,
    messages,
    queue,
    send_all,
    states,
    the_message,
    work_off,
)

AN, BINH = "+84912000001", "+84912000002"
EVENING = NOON + timedelta(hours=9, minutes=30)  # half past nine
MORNING = NOON + timedelta(hours=19)  # seven


@pytest.fixture
def provider() -> FakeProvider:
    return FakeProvider()


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


def test_a_message_is_sent_once_and_its_ids_are_kept(
    database: Engine, provider: FakeProvider, clock: TestClock
) -> None:
    queue(database)

    send_all(database, provider, clock)
    send_all(database, provider, clock)

    message = the_message(database)
    assert [(each.to_number, each.id) for each in provider.sent] == [(CALLER_NUMBER, message.id)]
    assert (message.status, message.provider, message.sent_at) == ("sent", "fake", NOON)
    assert (message.parts, message.attempts, message.doubts) == (1, 1, 0)


def test_it_is_noted_as_on_its_way_before_the_provider_is_called(
    database: Engine, provider: FakeProvider, clock: TestClock
) -> None:
    queue(database)
    seen: list[str] = []
    provider.before = lambda message: seen.extend(states(database))

    send_all(database, provider, clock)

    assert seen == ["sending"]


def test_one_persons_messages_come_in_order_and_alarms_pass_what_waits(
    database: Engine, provider: FakeProvider, clock: TestClock
) -> None:
    provider.at_once = 8
    for number in (AN, BINH):
        for index in range(4):
            key = f"{number}{index}"
            queue(database, key, "report_waiting", {**REFERENCE, "text": f"{index}"}, to=number)
    queue(database, "alarm", "alarm", {"danger": "fire"}, to=STAFF)

    send_all(database, provider, clock)

    assert provider.sent[0].to_number == STAFF or provider.at_once > 1
    for number in (AN, BINH):
        told = [each.body[-1] for each in provider.sent if each.to_number == number]
        assert told == ["0", "1", "2", "3"]


def test_while_the_first_waits_the_next_ones_to_the_same_number_wait(
    database: Engine, provider: FakeProvider, clock: TestClock
) -> None:
    provider.errors = [TryLater("busy", after_s=30, everybody=False)]
    queue(database, "1", to=AN)
    queue(database, "2", "report_resolved", REFERENCE, to=AN)
    queue(database, "3", to=BINH)

    send_all(database, provider, clock)
    assert (states(database), len(provider.sent)) == (["queued", "queued", "sent"], 1)
    clock.pass_by(seconds=40)
    send_all(database, provider, clock)

    assert [each.to_number for each in provider.sent] == [BINH, AN, AN]
    assert "PIN" in provider.bodies[1]


def test_an_alarm_waits_behind_nothing_that_is_held_back_of_citizens(
    database: Engine, provider: FakeProvider, clock: TestClock
) -> None:
    for index in range(6):  # whoever is on duty has reported much, too: more than the pack allows
        queue(database, f"r{index}", to=STAFF)
    send_all(database, provider, clock)
    assert states(database).count("queued") == 1
    provider.errors = [TryLater("busy", after_s=30, everybody=False)]
    queue(database, "webhook", "webhook_disabled", {"name": "x"}, to=STAFF)
    send_all(database, provider, clock)

    queue(database, "alarm", "alarm", {"danger": "fire"}, to=STAFF)
    send_all(database, provider, clock)

    assert provider.sent[-1].text_key == "alarm"
    assert states(database)[-3:] == ["queued", "queued", "sent"]


def test_one_that_the_provider_never_takes_fails_and_staff_see_why(
    database: Engine, provider: FakeProvider, clock: TestClock
) -> None:
    provider.errors = [Refused("21211")]
    queue(database, "1")
    queue(database, "2")

    send_all(database, provider, clock)

    first, second = messages(database)
    assert (first.status, first.problem, first.text_values) == ("failed", "21211", {})
    assert second.status == "sent"


def test_one_that_is_not_taken_while_others_are_is_given_up_after_a_while(
    database: Engine, provider: FakeProvider, clock: TestClock
) -> None:
    provider.errors = [TryLater("0x45", everybody=False) for _ in range(MAX_ATTEMPTS)]
    queue(database)

    with a_sender(database, provider, clock) as sender:
        for _ in range(MAX_ATTEMPTS):
            work_off(sender)
            clock.pass_by(minutes=2)

    assert (the_message(database).status, the_message(database).problem) == ("failed", "0x45")
    assert provider.sent == []


def test_the_providers_wish_to_wait_is_kept_for_everybody(
    database: Engine, provider: FakeProvider, clock: TestClock
) -> None:
    provider.errors = [TryLater("20429", after_s=90)]
    queue(database, "1", to=AN)
    queue(database, "2", to=BINH)

    with a_sender(database, provider, clock) as sender:
        work_off(sender)
        clock.pass_by(seconds=89)
        work_off(sender)
        assert provider.sent == []
        clock.pass_by(seconds=2)
        work_off(sender)

    assert [each.to_number for each in provider.sent] == [AN, BINH]
    assert [message.attempts for message in messages(database)] == [1, 1]


def test_an_answer_that_was_lost_is_looked_for_before_anything_is_sent_again(
    database: Engine, provider: FakeProvider, clock: TestClock
) -> None:
    provider.errors, provider.taken_all_the_same = [OutcomeUnknown("timeout")], True
    queue(database)

    with a_sender(database, provider, clock) as sender:
        work_off(sender)
        assert (states(database), provider.searched) == (["sending"], [])  # it may still turn up
        clock.pass_by(seconds=11)
        work_off(sender)

    message = the_message(database)
    assert (message.status, message.doubts, len(provider.sent)) == ("sent", 0, 1)
    assert message.text_values == REFERENCE


def test_what_the_provider_has_not_is_sent_again(
    database: Engine, provider: FakeProvider, clock: TestClock
) -> None:
    provider.errors = [OutcomeUnknown("500")]
    queue(database)

    with a_sender(database, provider, clock) as sender:
        for _ in range(3):
            work_off(sender)
            clock.pass_by(seconds=15)
        work_off(sender)

    assert (the_message(database).status, len(provider.sent)) == ("sent", 1)


def test_two_messages_of_the_same_words_are_told_apart(
    database: Engine, provider: FakeProvider, clock: TestClock
) -> None:
    queue(database, "1", "report_reopened", REFERENCE)
    queue(database, "2", "report_reopened", REFERENCE)
    with a_sender(database, provider, clock) as sender:
        work_off(sender)
    with transaction(database) as session:
        second = messages(database)[1]
        session.get_one(Message, second.id).status = "queued"
    provider.sent = provider.sent[:1]  # only the first one is at the provider

    provider.errors = [OutcomeUnknown("500")]
    with a_sender(database, provider, clock) as sender:
        for _ in range(3):
            work_off(sender)
            clock.pass_by(seconds=15)

    assert (states(database), len(provider.sent)) == (["sent", "sent"], 2)


@pytest.mark.parametrize("asked", [True, False])
def test_what_a_dead_sender_left_on_its_way_is_followed_up(
    database: Engine, provider: FakeProvider, clock: TestClock, asked: bool
) -> None:
    message_id = queue(database)
    provider.settle_s = 10.0 if asked else None

    class Died(BaseException):
        pass

    def die(_: Any) -> None:
        raise Died

    provider.before = die
    with a_sender(database, provider, clock) as sender:
        sender.once()
    provider.before = None
    assert states(database) == ["sending"]

    clock.pass_by(seconds=30)
    with a_sender(database, provider, clock, "worker-2") as sender:
        work_off(sender)
        clock.pass_by(seconds=5)
        work_off(sender)

    message = the_message(database)
    assert (message.id, message.status, len(provider.sent)) == (message_id, "sent", 1)
    assert (message.doubts, len(provider.searched)) == ((0, 1) if asked else (1, 0))


def test_one_whose_fate_is_never_known_is_not_sent_for_ever(
    database: Engine, provider: FakeProvider, clock: TestClock
) -> None:
    provider.settle_s, provider.taken_all_the_same = None, True
    provider.errors = [OutcomeUnknown("answer_lost") for _ in range(20)]
    queue(database)

    with a_sender(database, provider, clock, told=()) as sender:
        for _ in range(20):
            work_off(sender)
            clock.pass_by(minutes=3)

    message = the_message(database)
    assert (message.status, message.problem) == ("failed", "answer_lost")
    assert len(provider.sent) == MAX_DOUBTS + 1 == message.doubts


def test_nobody_is_told_at_night_what_can_wait(
    database: Engine, provider: FakeProvider, clock: TestClock
) -> None:
    clock.now = EVENING
    queue(database, "1", "report_assigned", REFERENCE, now=EVENING)
    queue(database, "2", "report_received", RECEIVED, now=EVENING)
    queue(database, "3", "alarm", {"danger": "fire"}, to=STAFF, now=EVENING)

    send_all(database, provider, clock)
    assert [each.text_key for each in provider.sent] == ["alarm", "report_received"]
    clock.now = MORNING - timedelta(seconds=1)
    send_all(database, provider, clock)
    assert len(provider.sent) == 2
    clock.now = MORNING
    send_all(database, provider, clock)

    assert provider.sent[2].text_key == "report_assigned"


def test_nobody_gets_more_than_the_pack_allows_and_none_is_lost(
    database: Engine, provider: FakeProvider, clock: TestClock
) -> None:
    for index in range(7):
        queue(database, str(index), "report_reopened", REFERENCE, to=AN)
        queue(database, f"staff {index}", "report_overdue", REFERENCE, to=STAFF)

    send_all(database, provider, clock)
    assert [each.to_number for each in provider.sent].count(AN) == 5
    assert [each.to_number for each in provider.sent].count(STAFF) == 7
    clock.pass_by(hours=1, seconds=1)
    send_all(database, provider, clock)

    assert [each.to_number for each in provider.sent].count(AN) == 7


def test_who_wants_none_gets_none_until_they_want_some(
    database: Engine, provider: FakeProvider, clock: TestClock
) -> None:
    queue(database, "waits", to=AN)
    with transaction(database) as session:
        assert opt_out(session, AN, "sms", NOON) and not opt_out(session, AN, "sms", NOON)
    queue(database, "later", to=AN)
    queue(database, "of staff", "report_overdue", REFERENCE, to=AN)

    send_all(database, provider, clock)
    assert states(database) == ["cancelled", "cancelled", "sent"]
    with transaction(database) as session:
        assert opt_in(session, AN) and not opt_in(session, AN)
    queue(database, "again", to=AN)
    send_all(database, provider, clock)

    assert [each.text_key for each in provider.sent] == ["report_overdue", "report_received"]


def test_who_told_the_provider_to_stop_has_told_us(
    database: Engine, provider: FakeProvider, clock: TestClock
) -> None:
    provider.errors = [Refused("21610", opted_out=True)]
    queue(database, "1", to=AN)
    queue(database, "2", to=AN)

    send_all(database, provider, clock)

    assert (states(database), provider.sent) == (["failed", "cancelled"], [])


@pytest.mark.parametrize(
    "number",
    [
        "+842913819120",
        "+8419009120",
        "113",
        "anonymous",
        "",
        "0912",
        "+84912345678901",
        "+12025550123x",
    ],
)
def test_what_is_no_mobile_number_gets_no_sms(
    database: Engine, provider: FakeProvider, clock: TestClock, number: str
) -> None:
    queue(database, to=number)

    send_all(database, provider, clock)

    assert (the_message(database).problem, provider.sent) == ("not_mobile", [])


def test_what_would_mislead_by_now_is_not_told(
    database: Engine, provider: FakeProvider, clock: TestClock
) -> None:
    queue(database)
    clock.pass_by(days=3, seconds=1)

    send_all(database, provider, clock)

    assert (the_message(database).status, the_message(database).problem) == ("failed", "expired")


@pytest.mark.slow
def test_a_key_without_text_fails_alone(
    database: Engine, provider: FakeProvider, clock: TestClock
) -> None:
    queue(database, "1", "no_such_text", REFERENCE)
    queue(database, "2")

    send_all(database, provider, clock)

    assert states(database) == ["failed", "sent"]


def test_whoever_becomes_nobody_while_it_is_tried_again_is_not_told(
    database: Engine, provider: FakeProvider, clock: TestClock
) -> None:
    provider.errors = [TryLater("busy", everybody=False)]
    queue(database, call_id="c1")

    def forget(_: Any) -> None:
        with transaction(database) as session:
            forget_recipient(session, "c1")

    provider.before = forget
    send_all(database, provider, clock)

    assert (states(database), the_message(database).to_number) == (["cancelled"], None)


def test_messages_of_an_earlier_release_are_taken_over(
    database: Engine, provider: FakeProvider, clock: TestClock
) -> None:
    message_id = queue(database)
    with transaction(database) as session:
        old = session.get_one(Message, message_id)
        old.number_hash = None

    send_all(database, provider, clock)

    assert the_message(database).status == "sent"


def test_only_one_sends_and_another_takes_over_once_it_is_dead(
    database: Engine, provider: FakeProvider, clock: TestClock
) -> None:
    other = FakeProvider()
    with a_sender(database, provider, clock) as first:
        work_off(first)
        queue(database)
        with a_sender(database, other, clock, "worker-2") as second:
            work_off(second)
            assert other.sent == []
            clock.pass_by(seconds=21)  # the first one says nothing any more
            work_off(second)

    assert (len(other.sent), provider.sent) == (1, [])


@pytest.mark.slow
def test_staff_are_told_once_of_an_outage_and_everything_goes_after_it(
    database: Engine, provider: FakeProvider, clock: TestClock
) -> None:
    provider.away = TryLater("unreachable")
    for index in range(30):
        queue(database, str(index), to=f"+849120000{index:02}")

    with a_sender(database, provider, clock) as sender:
        for _ in range(60):
            work_off(sender, 1)
            clock.pass_by(seconds=10)
        with reading(database) as session:
            row = session.scalars(select(MessageSender)).one()
        assert row.failing_since == NOON and row.told_at is not None
        provider.away = None
        for _ in range(10):
            work_off(sender)
            clock.pass_by(seconds=10)

    assert set(states(database)) == {"sent"}
    told = [each.body for each in provider.sent if each.to_number == STAFF]
    assert len(provider.sent) == 31 and len(told) == 1 and "30 tin" in told[0]
    with reading(database) as session:
        row = session.scalars(select(MessageSender)).one()
    assert (row.failing_since, row.told_at, row.problem) == (None, None, None)


@pytest.mark.slow
def test_what_could_go_after_an_outage_still_waits_for_the_morning(
    database: Engine, provider: FakeProvider, clock: TestClock
) -> None:
    clock.now = EVENING - timedelta(minutes=40)  # ten minutes before the quiet hours
    provider.away = TryLater("unreachable")
    for index in range(20):
        to = f"+849120000{index:02}"
        queue(database, f"a{index}", "report_resolved", REFERENCE, to=to, now=clock.now)
        queue(database, f"r{index}", "report_received", RECEIVED, to=STAFF, now=clock.now)

    with a_sender(database, provider, clock, told=()) as sender:
        for _ in range(120):
            work_off(sender, 1)
            clock.pass_by(seconds=10)
        provider.away = None
        work_off(sender)
        clock.pass_by(minutes=2)
        work_off(sender)
        assert {each.text_key for each in provider.sent} == {"report_received"}
        clock.now = MORNING
        work_off(sender)

    assert [each.text_key for each in provider.sent].count("report_resolved") == 20


def test_several_that_fail_together_are_one_failure(
    database: Engine, provider: FakeProvider, clock: TestClock
) -> None:
    provider.at_once, provider.away = 4, TryLater("unreachable")
    for index in range(4):
        queue(database, str(index), to=f"+849120000{index:02}")

    with a_sender(database, provider, clock) as sender:
        work_off(sender, 1)
        provider.away = None
        clock.pass_by(seconds=2)
        work_off(sender)

    assert len(provider.sent) == 4


def test_pauses_double_to_a_minute_with_a_little_chance() -> None:
    pauses = [pause_after(failures, random.Random(1)) for failures in range(1, 12)]

    assert 1 <= pauses[0] <= 1.25 and 60 <= pauses[-1] <= 75 and pauses[3] >= 8
