"""Answers in words over Twilio, heard by our own speech service: a process, as it runs."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, select

from hotline.settings import Settings
from hotline.twilio_calls import voice_services
from ivr.drivers.simulator import SimulatedClock
from ivr.models import ShortRecording
from ivr.short_recordings import ShortRecordings
from ivr.steps import Result
from ivr.stored_calls import stored_call
from provinces.schema import Province
from storage.database import reading
from tests.asterisk.listening import SpeechProcess, speech_process
from tests.asterisk.running import free_ports, until
from tests.builders import NOON
from tests.fake_twilio.account import Account
from tests.fake_twilio.documents import read_document
from tests.fake_twilio.recordings import routes_of
from tests.fake_twilio.rest import ACCOUNT_SID, AUTH_TOKEN, FakeTwilio, Fault
from tests.fake_twilio.voice import PUBLIC_URL, LeavesLine, Pressed, Take, signed
from tests.webhooks.conftest import Desk
from tests.webhooks.tone_words import CONFIDENT, DOUBTFUL, DOUBTFUL_S, NOISE_S, SURE_S

pytestmark = pytest.mark.slow

WORD, UNCLEAR, NOISE = Take(SURE_S), Take(DOUBTFUL_S), Take(NOISE_S)
SILENCE = Take()
LONGEST_ANSWER_S = 8.0
FIRST = "0"  # what the first phrase at the menu stands for


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SpeechProcess]:
    (port,) = free_ports(1)
    program = ("-m", "tests.webhooks.tone_words", f"127.0.0.1:{port}")
    with speech_process(tmp_path_factory.mktemp("speech"), port, program=program) as process:
        yield process


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def twilio(account: Account, tmp_path: Path) -> Iterator[FakeTwilio]:
    fake = FakeTwilio(tmp_path / "twilio", routes_of(account))
    yield fake
    fake.close()


class OwnDesk(Desk):
    """The webhooks whose words our own recogniser hears."""

    def results(self) -> list[tuple[str, Result]]:
        """The journal of the only call, but for commands."""
        (call,) = self.calls()
        with reading(self.database) as session:
            journal = stored_call(session, call.id).journal
        return [(entry.step, entry.result) for entry in journal if not entry.step.startswith("Do:")]

    def short(self) -> list[ShortRecording]:
        with reading(self.database) as session:
            return list(session.scalars(select(ShortRecording)))

    def all_deleted(self) -> bool:
        """Whether nothing lies at Twilio, and everybody who deletes is done."""
        return not self.account.recordings and all(row.forgotten for row in self.short())


def a_desk(
    database: Engine,
    folder: Path,
    province: Province,
    account: Account,
    twilio: FakeTwilio,
    speech_bind: str,
) -> OwnDesk:
    settings = Settings(
        data=folder,
        public_url=PUBLIC_URL,
        twilio_account_sid=ACCOUNT_SID,
        twilio_auth_token=SecretStr(AUTH_TOKEN),
        twilio_api_url=twilio.url,
        twilio_words="own",
        speech="scripted",
        speech_bind=speech_bind,
    )
    clock = SimulatedClock(NOON)
    services = voice_services(settings, database, province, clock)
    return OwnDesk(database, services, settings, clock, account)


@pytest.fixture
def desk(
    database: Engine,
    tmp_path: Path,
    province: Province,
    account: Account,
    twilio: FakeTwilio,
    speech: SpeechProcess,
) -> OwnDesk:
    return a_desk(database, tmp_path, province, account, twilio, speech.address)


class Answers:
    """Presses keys during prompts and speaks in recordings, each in turn; then hangs up.

    `asked` are the questions' addresses from their turn on, `listened` the recordings.
    """

    def __init__(self, takes: Sequence[Take] = (), keys: Sequence[str] = ()) -> None:
        self.takes = list(takes)
        self.keys = list(keys)
        self.asked: list[str] = []
        self.listened: list[dict[str, str]] = []

    def at_gather(self, gather: ET.Element) -> Pressed:
        self.asked.append(gather.attrib["action"].rpartition("/")[2])
        if self.keys and (key := self.keys.pop(0)):
            return Pressed(key)
        if "part=" not in gather.attrib["action"]:
            raise LeavesLine
        return Pressed()

    def at_record(self, record: ET.Element) -> Take:
        if not self.takes:
            raise LeavesLine
        self.listened.append(record.attrib)
        return self.takes.pop(0)

    def at_dial(self, dial: ET.Element) -> None:
        raise LeavesLine


def kinds(desk: OwnDesk) -> list[str]:
    return [type(result).__name__ for _, result in desk.results()]


def hold(desk: OwnDesk, caller: Answers) -> float:
    """The whole call; the longest wait for an answer of ours, in seconds."""
    call = desk.phone(caller)  # type: ignore[arg-type]
    post, longest_s = call.post, 0.0

    def timed(path: str, form: object, headers: object) -> str:
        nonlocal longest_s
        begun = time.monotonic()
        try:
            return post(path, form, headers)  # type: ignore[arg-type]
        finally:
            longest_s = max(longest_s, time.monotonic() - begun)

    call.post = timed
    call.hold()
    return longest_s


@pytest.mark.parametrize(
    ("take", "expected"),
    [
        (WORD, (FIRST, CONFIDENT)),
        (UNCLEAR, (FIRST, DOUBTFUL)),
        (Take(spoken_s=0, quiet_s=0.8, key="2"), "2"),
        (Take(spoken_s=0.4, key="2"), "2"),  # in the middle of a word
        (NOISE, None),
    ],
)
def test_an_answer_is_what_it_would_be_over_asterisk(
    desk: OwnDesk, take: Take, expected: tuple[str, float] | str | None
) -> None:
    caller = Answers([take])

    longest_s = hold(desk, caller)

    (_, result), *_ = desk.results()
    match expected:
        case (key, confidence):
            assert (result.key, result.confidence) == (key, confidence)  # type: ignore[union-attr]
        case str(key):
            assert result.value == key  # type: ignore[union-attr]
        case None:
            assert type(result).__name__ == "NoInput"
    until(desk.all_deleted)
    assert longest_s < 3
    desk.settle()
    assert desk.recordings() == [] and not list(desk.settings.recordings.glob("*"))


def test_a_key_during_the_prompt_needs_no_recording(desk: OwnDesk) -> None:
    caller = Answers(keys=["1"])

    hold(desk, caller)

    assert kinds(desk) == ["Digits", "HungUp"] and desk.short() == []


def test_who_says_nothing_is_listened_to_three_times_and_then_led_on(desk: OwnDesk) -> None:
    caller = Answers([SILENCE] * 3)

    hold(desk, caller)

    assert kinds(desk)[0] == "NoInput" and not caller.takes
    until(desk.all_deleted)
    assert len(desk.account.forgotten) == 3


def test_a_word_after_a_silence_counts(desk: OwnDesk) -> None:
    hold(desk, Answers([SILENCE, WORD]))

    assert kinds(desk)[0] == "Said"


@pytest.mark.parametrize("fault", [Fault("slow", 6.0), Fault("500"), Fault("drop")])
def test_a_sound_that_comes_late_is_asked_for_once_more(
    desk: OwnDesk, twilio: FakeTwilio, fault: Fault
) -> None:
    class Troubled(Answers):
        def at_record(self, record: ET.Element) -> Take:
            twilio.faults.append(fault)
            return super().at_record(record)

    caller = Troubled([WORD])

    longest_s = hold(desk, caller)

    assert kinds(desk)[0] == "Said"
    assert longest_s < LONGEST_ANSWER_S
    assert sum("recording=" in asked for asked in caller.asked) == 1
    until(desk.all_deleted)


def test_a_sound_that_does_not_come_leaves_the_keys_and_counts_as_no_miss(
    desk: OwnDesk, account: Account
) -> None:
    made = account.new_recording

    def unready(*given: object) -> object:
        recording = made(*given)  # type: ignore[arg-type]
        recording.status = "processing"
        return recording

    account.new_recording = unready  # type: ignore[method-assign, assignment]
    caller = Answers([WORD], keys=["", "", "1"])

    longest_s = hold(desk, caller)

    assert longest_s < LONGEST_ANSWER_S
    # The prompt, the moment of waiting, and then the question once more, by keys.
    assert ["part=" in asked for asked in caller.asked[:3]] == [True, True, False]
    assert kinds(desk)[:1] == ["Digits"]
    until(desk.all_deleted)


def test_a_word_that_is_told_twice_at_once_counts_once(desk: OwnDesk, account: Account) -> None:
    call = account.new_call("+84912345678", "+842913819120")
    text = desk.post("/webhooks/twilio/voice", {"CallSid": call.sid}).text
    (record,) = [each for each in read_document(text) if each.tag == "Record"]
    said = account.new_recording(call.sid, desk.clock(), SURE_S, 2)
    path = record.attrib["action"]
    form = desk.form(CallSid=call.sid, RecordingSid=said.sid, RecordingDuration="3")

    def tell(_: int) -> str:
        text: str = desk.app.test_client().post(path, data=form, headers=signed(path, form)).text
        return text

    with ThreadPoolExecutor(4) as threads:
        told = set(threads.map(tell, range(4)))

    assert [kind for kind in kinds(desk) if kind == "Said"] == ["Said"]
    assert len(told) <= 2  # a moment may lie between what was asked and what it led to
    until(desk.all_deleted)


def test_who_hangs_up_in_mid_word_has_hung_up(desk: OwnDesk) -> None:
    hold(desk, Answers([Take(spoken_s=0.5, hangs_up=True)]))
    until(desk.all_deleted)
    desk.settle()

    assert kinds(desk) == ["HungUp"]
    assert desk.recordings() == [] and desk.reports() == []


def test_whoever_declines_is_not_recorded_for_a_moment(desk: OwnDesk) -> None:
    caller = Answers(keys=["9", "1", "2", "4", "1"])

    hold(desk, caller)

    assert desk.calls()[0].recording_declined
    assert caller.listened == [] and desk.account.forgotten == []
    assert not any("part=" in asked for asked in caller.asked[1:])


def test_without_a_speech_service_nobody_is_recorded(
    database: Engine, tmp_path: Path, province: Province, account: Account, twilio: FakeTwilio
) -> None:
    (port,) = free_ports(1)
    desk = a_desk(database, tmp_path, province, account, twilio, f"127.0.0.1:{port}")
    caller = Answers(keys=["1"])

    hold(desk, caller)

    assert kinds(desk)[0] == "Digits" and caller.listened == []


def test_a_speech_service_that_dies_while_somebody_speaks_leaves_the_keys(
    database: Engine, tmp_path: Path, province: Province, account: Account, twilio: FakeTwilio
) -> None:
    (port,) = free_ports(1)
    with speech_process(tmp_path / "dying", port) as dying:
        desk = a_desk(database, tmp_path, province, account, twilio, dying.address)

        class Killer(Answers):
            def at_record(self, record: ET.Element) -> Take:
                dying.process.kill()
                dying.process.wait()
                return super().at_record(record)

        caller = Killer([WORD], keys=["", "", "1"])
        longest_s = hold(desk, caller)

    assert longest_s < LONGEST_ANSWER_S
    assert kinds(desk)[0] == "Digits"
    until(desk.all_deleted)


def test_a_server_that_dies_while_it_listens_leaves_no_recording(
    desk: OwnDesk, account: Account
) -> None:
    call = desk.account.new_call("+84912345678", "+842913819120")
    left = account.new_recording(call.sid, desk.clock(), 1, 2)
    form = {"CallSid": call.sid, "RecordingSid": left.sid, "RecordingStatus": "completed"}
    assert desk.post("/webhooks/twilio/voice", {"CallSid": call.sid}).status_code == 200

    assert desk.post("/webhooks/twilio/recordings?word=1", form).status_code == 204
    call.status = "completed"
    desk.post("/webhooks/twilio/calls/status", {"CallSid": call.sid, "CallStatus": "completed"})
    desk.settle()
    assert desk.recordings() == [] and account.forgotten == []
    worker = ShortRecordings(desk.database, account, desk.clock)
    desk.clock.pass_by(60)

    assert [worker.once(), account.forgotten] == [1, [left.sid]]
    desk.clock.pass_by(86_400)
    assert [worker.once(), desk.short()] == [1, []]
