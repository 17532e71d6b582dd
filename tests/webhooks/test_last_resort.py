"""Calls while the database is away: said as it is, recorded without us, and filed afterwards."""

from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import create_engine, event
from sqlalchemy.exc import OperationalError

from hotline.twilio_calls import voice_services
from provinces.schema import Province
from tests.builders import CALLER_NUMBER
from tests.fake_twilio.documents import read_document
from tests.fake_twilio.voice import LeavesLine, Pressed, Take
from tests.webhooks.callers import KnowsTheMenu
from tests.webhooks.conftest import CALL_SID, VOICE, Desk


@pytest.fixture
def away(desk: Desk, province: Province) -> Desk:
    """The same desk whose web server has lost the database; the worker has not."""
    engine = create_engine("sqlite://")

    @event.listens_for(engine, "do_connect")
    def _refuse(*_: object) -> None:
        raise OperationalError("connect", {}, Exception("away"))

    services = voice_services(desk.settings, engine, province, desk.clock)
    return Desk(desk.database, services, desk.settings, desk.clock, desk.account)


def shown(text: str) -> list[str]:
    return [each.tag for each in read_document(text)]


class SpeaksAtOnce:
    """Hears the last resort and speaks."""

    def at_gather(self, gather: ET.Element) -> Pressed:
        raise AssertionError("nothing is asked")

    def at_record(self, record: ET.Element) -> Take:
        return Take(spoken_s=8, key="#")

    def at_dial(self, dial: ET.Element) -> None:
        raise AssertionError("nobody is rung")


def test_whoever_calls_may_leave_words_that_are_filed_afterwards(away: Desk, desk: Desk) -> None:
    call = away.phone(SpeaksAtOnce())  # type: ignore[arg-type]
    call.status_told = False

    call.hold()

    assert [path.partition("?")[0] for path, _ in call.posts] == [
        VOICE,
        "/webhooks/twilio/last-resort",
    ]
    assert desk.calls() == []

    desk.settling.find_strays()
    desk.settle()
    desk.settling.find_strays()
    desk.settle()

    (report,), (recording,), (row,) = desk.reports(), desk.recordings(), desk.calls()
    assert report.partial and recording.report_id == report.id
    assert recording.remote_id in desk.account.forgotten
    assert (row.caller_number, row.driver_call_id, row.status) == (
        CALLER_NUMBER,
        call.call.sid,
        "failed",
    )


def test_a_call_in_progress_is_told_and_what_it_says_goes_to_its_report(
    away: Desk, desk: Desk
) -> None:
    call = desk.phone(KnowsTheMenu(("1", "2", "4"), ()))
    call.status_told = False
    call.hold()
    at = [path for path, _ in call.posts][-1]

    text = away.post(at, {"CallSid": call.call.sid}).text
    assert shown(text)[-2:] == ["Record", "Hangup"]
    recording = desk.account.new_recording(call.call.sid, desk.clock(), 6, 0)
    desk.post(
        "/webhooks/twilio/calls/status", {"CallSid": call.call.sid, "CallStatus": "completed"}
    )
    desk.settle()

    assert [each.remote_id for each in desk.recordings()] == [recording.sid]
    assert len(desk.reports()) == 1


def test_whoever_declined_is_not_recorded_then_either(away: Desk) -> None:
    turn = f"/webhooks/twilio/calls/{'0' * 32}/turns/3?unrecorded=1&language=vi"
    failed = {"ErrorUrl": f"https://hotline.example.vn{turn}"}

    for text in (
        away.post(turn, {"Digits": "1"}).text,
        away.post("/webhooks/twilio/voice/fallback", failed).text,
    ):
        assert "Record" not in shown(text)
        assert "last_resort_no_recording" in text


def test_it_is_said_in_the_callers_language_where_that_is_spoken(away: Desk) -> None:
    def said(language: str) -> str:
        path = f"/webhooks/twilio/calls/{'0' * 32}/turns/3?language={language}"
        text: str = away.post(path).text
        return text

    assert "/sounds/en/last_resort.wav" in said("en")
    assert "/sounds/vi/last_resort.wav" in said("xx")
    assert "/sounds/en/" in away.post("/webhooks/twilio/last-resort?language=en").text


def test_recordings_of_other_numbers_of_the_account_are_left_alone(desk: Desk) -> None:
    theirs = desk.account.new_call("+84912345678", "+84290000000")
    theirs.status = "completed"
    desk.account.new_recording(theirs.sid, desk.clock(), 6, 0)
    settling = type(desk.settling)(
        desk.settling.conversations, desk.settling.recorder, desk.account, ("+842913819120",)
    )

    settling.find_strays()

    assert desk.calls() == []
    assert CALL_SID not in str(desk.account.forgotten)


def test_strays_of_a_call_in_progress_wait_for_its_end(desk: Desk) -> None:
    class Stays(KnowsTheMenu):
        def at_record(self, record: ET.Element) -> Take:
            desk.account.new_recording(call.call.sid, desk.clock(), 3, 0)
            desk.settling.find_strays()
            assert [each.settle_at for each in desk.calls()] == [None]
            raise LeavesLine

    call = desk.phone(Stays())
    call.hold()
    desk.settle()

    assert len(desk.recordings()) == 1
