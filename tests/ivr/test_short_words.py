"""A short recording is fetched, heard and deleted, whatever is in the way."""

import threading
import time

import pytest
from sqlalchemy import Engine, select

from ivr.drivers import short_words
from ivr.drivers.listening import Asked, Quiet, ServiceState, SpeechService, Words
from ivr.drivers.short_words import Limits, ShortWords
from ivr.drivers.simulator import SimulatedClock
from ivr.errors import ProviderAway, SpeechGone
from ivr.models import ShortRecording
from ivr.short_recordings import ShortRecordings, noted
from storage.database import reading
from tests.asterisk.running import until
from tests.builders import NOON
from tests.fake_twilio.account import Account

CALL_SID = "CA" + "1" * 32
ASKED = Asked(("đúng", "không"), "vi", 0, 800, ("1", "2"))
WORD = Words("đúng", 0.9)


class Away(Account):
    """A provider that does not answer."""

    def forget(self, remote_id: str) -> None:
        raise ProviderAway("away")


class Speech(SpeechService):
    """Hears the same word in every sound, and keeps how long that was."""

    def __init__(self, free: int = 1) -> None:
        super().__init__("127.0.0.1:9")
        self.heard_s: list[float] = []
        self.asked = 0
        self.free = free
        self.go_on = threading.Event()
        self.go_on.set()

    def hear(self, asked: Asked, pcm: bytes, limit_s: float) -> Words | Quiet:
        self.go_on.wait(5)
        self.heard_s.append(len(pcm) / 16_000)
        return WORD

    def state(self) -> ServiceState:
        self.asked += 1
        return ServiceState("tests", 0, self.free)


def words_of(
    database: Engine, account: Account, speech: Speech, limits: Limits | None = None
) -> ShortWords:
    recordings = ShortRecordings(database, account, SimulatedClock(NOON))
    return ShortWords(recordings, speech, limits or Limits(fetch_s=0.5, whole_s=1.0))


def test_what_lies_there_is_heard_whole(engine: Engine) -> None:
    account, speech = Account(), Speech()
    recording = account.new_recording(CALL_SID, NOON, 0.5, 2)

    assert words_of(engine, account, speech).heard(recording.sid, ASKED) == WORD
    assert speech.heard_s == [2.5]


def test_what_is_made_ready_meanwhile_is_heard(engine: Engine) -> None:
    account = Account()
    recording = account.new_recording(CALL_SID, NOON, 0.5, 2)
    held = account.recordings.pop(recording.sid)
    threading.Timer(0.1, lambda: account.recordings.update({held.sid: held})).start()

    assert words_of(engine, account, Speech()).heard(recording.sid, ASKED) == WORD


@pytest.mark.parametrize("lies_there", [None, b"", b"RIFF and no more", b"<html>"])
def test_what_is_no_sound_leaves_the_keys(engine: Engine, lies_there: bytes | None) -> None:
    account, speech = Account(), Speech()
    recording = account.new_recording(CALL_SID, NOON, 0.5, 2)
    recording.content = lies_there or b""
    if lies_there is None:
        account.recordings.clear()
    begun = time.monotonic()

    with pytest.raises(SpeechGone):
        words_of(engine, account, speech, Limits(0.2, 0.4)).heard(recording.sid, ASKED)

    assert time.monotonic() - begun < 1 and speech.heard_s == []


def test_no_more_threads_wait_for_words_than_may(engine: Engine) -> None:
    account, speech = Account(), Speech()
    recording = account.new_recording(CALL_SID, NOON, 0.5, 2)
    words = words_of(engine, account, speech)
    speech.go_on.clear()
    waiting = [
        threading.Thread(target=words.heard, args=(recording.sid, ASKED))
        for _ in range(short_words.AT_ONCE)
    ]
    for thread in waiting:
        thread.start()

    def one_more() -> bool:
        try:
            words.heard(recording.sid, ASKED)
        except SpeechGone as gone:
            return "as many" in str(gone)
        return False

    assert one_more()
    speech.go_on.set()
    for thread in waiting:
        thread.join()
    assert words.heard(recording.sid, ASKED) == WORD


def test_nobody_listens_where_no_place_is_free_and_that_is_asked_now_and_then(
    engine: Engine,
) -> None:
    speech = Speech(free=0)
    words = words_of(engine, Account(), speech)

    assert [words.listens() for _ in range(50)] == [False] * 50
    assert speech.asked == 1


def test_what_cannot_be_deleted_at_once_is_deleted_by_the_worker(engine: Engine) -> None:
    away, account, clock = Away(), Account(), SimulatedClock(NOON)
    recording = account.new_recording(CALL_SID, NOON, 0.5, 2)
    words = words_of(engine, away, Speech())
    words.note(recording.sid)
    words.note(recording.sid)

    words.forget(recording.sid)
    worker = ShortRecordings(engine, account, clock)

    assert (worker.once(), set(noted(engine, [recording.sid, "RE0"]))) == (0, {recording.sid})
    clock.pass_by(61)
    assert (ShortRecordings(engine, away, clock).once(), worker.once()) == (0, 0)
    clock.pass_by(61)
    assert (worker.once(), account.forgotten) == (1, [recording.sid])


def test_what_was_deleted_is_deleted_once_more_and_then_forgotten(engine: Engine) -> None:
    account = Account()
    recording = account.new_recording(CALL_SID, NOON, 0.5, 2)
    words = words_of(engine, account, Speech())
    words.note(recording.sid)
    words.forget(recording.sid)

    def rows() -> list[bool]:
        with reading(engine) as session:
            return [row.forgotten for row in session.scalars(select(ShortRecording))]

    until(lambda: rows() == [True])
    clock = SimulatedClock(NOON)
    clock.pass_by(86_400)
    assert ShortRecordings(engine, account, clock).once() == 1
    assert rows() == [] and account.forgotten == [recording.sid]
