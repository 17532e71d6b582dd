"""What is wrong with SMS is told where no SMS is needed for it, alarms first of all."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from structlog.testing import capture_logs

from notifications.errors import Refused, TryLater
from notifications.models import Message, MessageStatus
from notifications.trouble import SmsTrouble, sms_trouble
from storage.database import reading, transaction
from tests.builders import NOON
from tests.notifications.outboxes import STAFF, FakeProvider, TestClock, a_sender, queue, work_off


def trouble(database: Engine, clock: TestClock) -> SmsTrouble | None:
    with reading(database) as session:
        return sms_trouble(session, clock())


def test_an_outage_is_trouble_until_something_goes(database: Engine) -> None:
    provider, clock = FakeProvider(away=TryLater("not_bound")), TestClock()
    queue(database, "1")

    with a_sender(database, provider, clock) as sender:
        work_off(sender)
        assert trouble(database, clock) is None  # a line that hiccups
        clock.pass_by(seconds=31)
        work_off(sender)
        assert trouble(database, clock) == SmsTrouble(1, NOON, "not_bound")
        provider.away = None
        clock.pass_by(minutes=2)
        work_off(sender)

    assert trouble(database, clock) is None


@pytest.mark.parametrize("way", ["withdrawn", "forgotten", "morning"])
def test_trouble_ends_with_what_it_held_up(database: Engine, way: str) -> None:
    provider, clock = FakeProvider(away=TryLater("not_bound")), TestClock()
    tried = queue(database, "1")
    with a_sender(database, provider, clock) as sender:
        work_off(sender)
    clock.pass_by(seconds=31)
    assert trouble(database, clock) is not None
    with transaction(database) as session:
        message = session.get_one(Message, tried)
        match way:
            case "withdrawn":
                message.status = MessageStatus.CANCELLED
            case "forgotten":
                message.to_number = None
            case _:
                message.next_at = clock() + timedelta(hours=8)

    assert trouble(database, clock) is None


def test_an_alarm_that_does_not_go_is_in_the_log_at_once(database: Engine) -> None:
    provider, clock = FakeProvider(away=TryLater("not_bound")), TestClock()
    message = queue(database, "alarm", "alarm", {"danger": "fire"}, to=STAFF)

    with capture_logs() as logs, a_sender(database, provider, clock) as sender:
        work_off(sender)

    [told] = [each for each in logs if each["event"] == "alarm not sent"]
    assert (told["log_level"], told["message"], told["problem"]) == ("error", message, "not_bound")


@pytest.mark.parametrize("refused", [True, False])
def test_an_alarm_that_nobody_gets_is_trouble(database: Engine, refused: bool) -> None:
    clock = TestClock()
    queue(database, "alarm", "alarm", {"danger": "fire"}, to=STAFF)
    if refused:
        with a_sender(database, FakeProvider(errors=[Refused("21211")]), clock) as sender:
            work_off(sender)
    assert (trouble(database, clock) is not None) == refused

    clock.pass_by(seconds=61)  # no sender runs at all
    found = trouble(database, clock)
    clock.now += timedelta(hours=1)

    assert found == (
        SmsTrouble(0, lost=1, lost_since=NOON)
        if refused
        else SmsTrouble(1, late=1, late_since=NOON)
    )
    assert (trouble(database, clock) is None) == refused
