"""Somebody in danger is seen once, at once, and a mistake can be taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from notifications.models import Message
from reports.alarms import Watch, raise_alarm, see_alarm, withdraw_alarm
from reports.danger import alarm_on_danger
from reports.models import Alarm, Recording, Report
from storage.database import reading, transaction
from tests.builders import NOON, a_recording, a_report

STAFF = Watch(("+84911111111", "+84922222222"))
LATER = NOON + timedelta(minutes=1)


def alarm(engine: Engine) -> Alarm:
    with reading(engine) as session:
        return session.scalars(select(Alarm)).one()


def told(engine: Engine) -> list[tuple[str | None, str]]:
    with reading(engine) as session:
        rows = session.scalars(select(Message).order_by(Message.queued_at, Message.to_number))
        return sorted((row.to_number, row.text_values["danger"]) for row in rows)


def test_staff_are_told_at_once_and_again_when_the_danger_is_known(database: Engine) -> None:
    with transaction(database) as session:
        raise_alarm(session, STAFF, "c1", None, "key", NOON)
    assert told(database) == [(number, "unknown") for number in STAFF.numbers]

    for _ in range(2):
        with transaction(database) as session:
            raise_alarm(session, STAFF, "c1", "fire", "key", LATER)

    assert [danger for _, danger in told(database)] == ["fire", "unknown"] * 2
    assert alarm(database).danger == "fire" and alarm(database).raised_at == NOON


@pytest.mark.slow
def test_the_report_of_the_call_is_urgent_and_told_of_without_a_second_alarm(
    database: Engine,
) -> None:
    with transaction(database) as session:
        raise_alarm(session, STAFF, "c1", "medical", "key", NOON)
        report = a_report(id="r1", call_id="c1")
        session.add(report)
        session.flush()
        raise_alarm(session, STAFF, "c1", None, "key", LATER, report)

    assert (alarm(database).report_id, alarm(database).danger) == ("r1", "medical")
    assert len(told(database)) == 2
    with reading(database) as session:
        assert session.get_one(Report, "r1").urgent


def test_a_mistake_stays_to_be_seen_and_a_true_alarm_after_it_is_told_again(
    database: Engine,
) -> None:
    with transaction(database) as session:
        raise_alarm(session, STAFF, "c1", None, "key", NOON)
        withdraw_alarm(session, "c1", NOON)
        withdraw_alarm(session, "c7", NOON)
    assert alarm(database).withdrawn_at == NOON

    with transaction(database) as session:
        raise_alarm(session, STAFF, "c1", None, "words", LATER)

    assert alarm(database).withdrawn_at is None and len(told(database)) == 4


def test_whoever_saw_it_first_stays_named(database: Engine) -> None:
    with transaction(database) as session:
        found = raise_alarm(session, Watch(), "c1", None, "key", NOON)
        see_alarm(session, found.id, "chi", NOON)
        see_alarm(session, found.id, "nam", LATER)

    assert (alarm(database).seen_by, alarm(database).seen_at) == ("chi", NOON)


@pytest.mark.parametrize(("words", "alarms"), [("nhà cháy rồi", 1), ("đường ngập", 0)])
def test_danger_in_the_words_of_a_recording_alerts(
    database: Engine, words: str, alarms: int
) -> None:
    on_words = alarm_on_danger(lambda said: "fire" if "cháy" in said else None, STAFF)
    with transaction(database) as session:
        session.add(a_report([a_recording(name="c1-1", call_id="c1")], id="r1"))
        session.flush()
        on_words(session, session.get_one(Recording, "c1-1"), words, NOON)

    with reading(database) as session:
        found = session.scalars(select(Alarm)).all()
        assert [each.report_id for each in found] == ["r1"] * alarms
        assert session.get_one(Report, "r1").urgent is bool(alarms)
    assert len(told(database)) == 2 * alarms


def test_a_message_to_staff_names_no_number_of_the_caller(database: Engine) -> None:
    with transaction(database) as session:
        session.add(report := a_report(id="r1", call_id="c1", reference="482173905"))
        session.flush()
        raise_alarm(session, STAFF, "c1", "fire", "key", NOON, report)

    with reading(database) as session:
        message = session.scalars(select(Message)).first()
        assert message is not None
        assert message.text_values == {"danger": "fire", "reference": "482-173-905"}
        assert message.call_id is None  # staff's numbers are not wiped with the caller's
