"""Every command of a conversation does what its docstring promises, in the call's transaction."""

import inspect
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

import ivr.commands
import monitoring.commands
import reports.commands
from hotline.handlers import command_handlers
from hotline.settings import Settings
from ivr.commands import (
    AskForWords,
    BecomeAnonymous,
    DeclineRecording,
    KeepCallback,
    PromiseCallback,
    ProposePlace,
    RaiseAlarm,
    ReserveConnection,
    SetLanguage,
    WithdrawAlarm,
)
from ivr.engine import Handlers
from ivr.models import Block, Call
from ivr.outgoing import place_calls
from ivr.treatment import block_caller
from notifications.models import Message
from provinces.loader import find_province, load_province
from provinces.schema import Province
from reports.commands import FileReport, FindReport, OpenReport
from reports.models import Alarm, Callback, CallbackKind, Report, Transcript
from storage.crypto import current_box
from storage.database import reading, transaction
from tests.builders import CALLER_NUMBER, NOON, a_call, a_recording
from tests.ivr.databases import jobs_of

STAFF = "+84911111111"


@pytest.fixture(scope="module")
def province() -> Province:
    return load_province(find_province("bac_lieu"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        data=tmp_path, alert_numbers=STAFF, emergency_dial=True, _env_file=None,  # type: ignore[call-arg, arg-type]
    )  # fmt: skip


@pytest.fixture
def handlers(settings: Settings, province: Province) -> Handlers:
    return command_handlers(settings, province)


class Talk:
    """A call in progress that asks for commands."""

    def __init__(self, engine: Engine, handlers: Handlers, call_id: str = "c1", **given: Any):
        self.engine, self.handlers, self.call_id = engine, handlers, call_id
        self.position = 0
        caller_hash = current_box().keyed_hash(CALLER_NUMBER)
        values = {"status": "in-progress", "caller_hash": caller_hash} | given
        with transaction(engine) as session:
            session.add(a_call(id=call_id, **values))

    def asks(self, command: object, at: timedelta = timedelta(0), again: bool = False) -> Any:
        if not again:
            self.position += 1
        with transaction(self.engine) as session:
            call = session.get_one(Call, self.call_id)
            handler = self.handlers[type(command)]
            return handler(session, call, self.position, command, NOON + at)

    def records(self, position: int, **given: Any) -> str:
        name = f"{self.call_id}-{position}"
        with transaction(self.engine) as session:
            session.add(a_recording(name=name, call_id=self.call_id, position=position, **given))
        return name


@pytest.fixture
def talk(database: Engine, handlers: Handlers) -> Talk:
    return Talk(database, handlers)


def the(engine: Engine, table: Any) -> Any:
    with reading(engine) as session:
        return session.scalars(select(table)).one()


def test_every_command_has_a_handler(handlers: Handlers) -> None:
    commands = {
        found
        for module in (ivr.commands, monitoring.commands, reports.commands)
        for _, found in inspect.getmembers(module, inspect.isclass)
        if found.__module__ == module.__name__
    }

    assert set(handlers) == commands


def test_a_report_is_found_by_what_was_told_when_it_was_filed(talk: Talk) -> None:
    told = talk.asks(FileReport("GT01", None))

    assert set(told) == {"report", "reference", "pin"}
    found = talk.asks(FindReport(told["reference"].replace("-", "")))
    assert found == {"report": told["report"], "status": "new"}
    opened = talk.asks(OpenReport(told["report"], told["pin"]))
    assert opened["status"] == "new" and len(opened["due"]) == 2
    assert the(talk.engine, Report).expected_at is not None


def test_an_anonymous_caller_gets_no_sms_and_is_found_by_pin_only(talk: Talk) -> None:
    talk.asks(BecomeAnonymous())

    told = talk.asks(FileReport("GT01", None, contact="0912345678"))

    report = the(talk.engine, Report)
    assert (report.anonymous, report.contact, report.contact_number) == (True, "nobody", None)
    with reading(talk.engine) as session:
        assert session.scalars(select(Message)).all() == []
        call = session.get_one(Call, "c1")
    assert call.anonymous and call.caller_number is None
    assert call.hash_expires_at == NOON + timedelta(minutes=60)
    assert talk.asks(OpenReport(told["report"], told["pin"]))["status"] == "new"


def test_who_was_anonymous_before_the_line_dropped_is_so_after_it(
    talk: Talk, handlers: Handlers
) -> None:
    talk.asks(BecomeAnonymous())
    told = talk.asks(FileReport("GT01", None, partial=True))
    later = Talk(talk.engine, handlers, "c2")

    later.asks(FileReport("GT01", None, continues=told["report"]))

    with reading(talk.engine) as session:
        call = session.get_one(Call, "c2")
        assert (call.anonymous, call.caller_number) == (True, None)
        assert session.scalars(select(Message)).all() == []


def test_who_becomes_anonymous_when_going_on_wipes_the_first_call_too(
    talk: Talk, handlers: Handlers
) -> None:
    told = talk.asks(FileReport("GT01", None, partial=True))
    later = Talk(talk.engine, handlers, "c2")
    later.asks(BecomeAnonymous())

    later.asks(FileReport("GT01", None, continues=told["report"]))

    with reading(talk.engine) as session:
        for call_id in ("c1", "c2"):
            assert session.get_one(Call, call_id).caller_number is None
        message = session.scalars(select(Message)).one()
        assert (message.to_number, message.status) == (None, "cancelled")
    assert the(talk.engine, Report).anonymous


def test_an_urgent_report_alerts_once_with_its_danger(talk: Talk) -> None:
    talk.asks(RaiseAlarm(None))
    talk.asks(RaiseAlarm("fire"))

    told = talk.asks(FileReport(None, None, urgent=True))

    alarm = the(talk.engine, Alarm)
    assert (alarm.danger, alarm.report_id, alarm.source) == ("fire", told["report"], "key")
    with reading(talk.engine) as session:
        to_staff = [m for m in session.scalars(select(Message)) if m.text_key == "alarm"]
    assert [message.to_number for message in to_staff] == [STAFF, STAFF]


def test_a_mistaken_alarm_is_withdrawn(talk: Talk) -> None:
    talk.asks(RaiseAlarm(None))

    assert talk.asks(WithdrawAlarm()) is None
    assert the(talk.engine, Alarm).withdrawn_at == NOON


def test_only_the_provinces_emergency_numbers_are_connected(
    talk: Talk, settings: Settings, province: Province
) -> None:
    assert talk.asks(ReserveConnection("114")) == 600
    assert talk.asks(ReserveConnection("0912345678")) == 0
    talk.handlers = command_handlers(
        settings.model_copy(update={"emergency_dial": False}), province
    )
    assert talk.asks(ReserveConnection("114")) == 0


def test_a_promised_callback_keeps_the_place_and_is_kept(talk: Talk, province: Province) -> None:
    assert talk.asks(PromiseCallback("caller", waited_s=120)) == {"ahead": 0}
    assert talk.asks(PromiseCallback("0912000009", waited_s=60)) == {"ahead": 1}
    rung: list[tuple[str, str]] = []

    place_calls(
        talk.engine, province, CallbackKind.CALLBACK, 1, lambda *one: rung.append(one),
        NOON + timedelta(minutes=1),
    )  # fmt: skip
    [(outgoing, number)] = rung
    talk.asks(KeepCallback(outgoing, reached=True))

    assert number == CALLER_NUMBER
    with reading(talk.engine) as session:
        assert sorted(session.scalars(select(Callback.state))) == ["reached", "waiting"]


def test_language_and_declined_recording_are_kept_with_the_call(talk: Talk) -> None:
    talk.asks(SetLanguage("en"))
    talk.asks(DeclineRecording())

    call = the(talk.engine, Call)
    assert (call.language, call.recording_declined) == ("en", True)


def test_a_place_is_proposed_from_words_that_are_there(talk: Talk) -> None:
    name = talk.records(7)
    assert talk.asks(AskForWords(name)) is None
    assert talk.asks(AskForWords(name)) is None
    assert jobs_of(talk.engine) == [("transcribe", name)]
    assert talk.asks(ProposePlace(name)) == []

    with transaction(talk.engine) as session:
        transcript = session.get_one(Transcript, name)
        transcript.status, transcript.text = "done", "dạ ở xã Châu Thới"

    proposals = talk.asks(ProposePlace(name))
    assert proposals[0] == {"unit": "2025:31894", "old": None} and len(proposals) <= 3


def test_what_a_blocked_caller_says_is_an_objection(talk: Talk, handlers: Handlers) -> None:
    blocked = Talk(talk.engine, handlers, "c2", facts={"treatment": "blocked"})
    with transaction(talk.engine) as session:
        caller_hash = current_box().keyed_hash(CALLER_NUMBER)
        until = NOON + timedelta(hours=1)
        block_caller(session, caller_hash, "blocked", "x", "u", until, NOON)

    told = blocked.asks(FileReport(None, None))

    assert the(talk.engine, Block).appeal_report_id == told["report"]


@pytest.mark.parametrize(
    "command",
    [
        FileReport("GT01", None),
        PromiseCallback("caller"),
        ReserveConnection("114"),
        RaiseAlarm("fire"),
    ],
    ids=lambda command: type(command).__name__,
)
def test_an_answer_that_comes_twice_does_nothing_twice(talk: Talk, command: object) -> None:
    first = talk.asks(command)
    again = talk.asks(command, again=True)

    assert first == again
    with reading(talk.engine) as session:
        for table in (Report, Callback, Alarm, Message):
            assert len(session.scalars(select(table)).all()) <= 1
