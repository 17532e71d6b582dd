"""What the caller hears and does in the steps that need no keypad."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ivr.drivers.listening import Asked, Key, Words
from ivr.drivers.recorder import Recorder
from ivr.drivers.turns import LONGEST_SILENCE_S, PAUSE_MS, Telephone, WordsReady, perform
from ivr.errors import ChannelGone, SpeechGone
from ivr.prompts import Prompts
from ivr.session import Turn
from ivr.steps import (
    Dial,
    DialEnded,
    Digits,
    Enqueue,
    Gather,
    Hear,
    Heard,
    HungUp,
    LookAtQueue,
    Manner,
    NoInput,
    QueueEnded,
    QueueSeen,
    Result,
    Said,
    Say,
    Wait,
)

WORDING = {
    "please_wait": "Xin chờ",
    "queue_keys": "Để lại lời nhắn, bấm một",
    "confirm": "Đúng không?",
    "kind": "Việc gì?",
}
SPOKEN = {"confirm": {"đúng rồi": "1", "không phải": "2"}}
HEAR = Hear("place_words", "c-1", limit_s=6.0)
ENQUEUE = Enqueue("queue", 60, leave_keys="12")


@dataclass
class Line:
    """A channel: keys by the prompt during which they are pressed; keeps what it played."""

    pressed: Mapping[str, str] = field(default_factory=dict)
    answer: str | None = None
    gone: bool = False
    played: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    heard: Key | Words | SpeechGone | None = None
    listened: list[tuple[Sequence[str], Asked]] = field(default_factory=list)

    def listen(self, sounds: Sequence[str], asked: Asked) -> Key | Words | None:
        self.listened.append((["/".join(Path(sound).parts[-2:]) for sound in sounds], asked))
        if isinstance(self.heard, SpeechGone):
            raise self.heard
        return self.heard

    def play(self, sound: str, escape_digits: str = "") -> str:
        self.played.append("/".join(Path(sound).parts[-2:]))
        key = self.pressed.get(Path(sound).name, "")
        return key if key and key in escape_digits else ""

    def wait_for_digit(self, timeout_ms: int) -> str:
        if self.gone:
            raise ChannelGone("hung up")
        return self.pressed.get("", "")

    def record(self, path: str, max_length_ms: int, silence_s: int, escape_digits: str) -> str:
        raise AssertionError("nothing here records")

    def full_variable(self, expression: str) -> str | None:
        self.asked.append(expression)
        return self.answer


def performed(
    wait: Wait,
    line: Line,
    words_ready: WordsReady = lambda recording, limit_s: False,
    handling_s: float | None = 240,
    can_dial: bool = True,
    says: tuple[Say, ...] = (),
    slow: bool = False,
    monotonic: Callable[[], float] = time.monotonic,
) -> Result | None:
    voices = {
        (language, slow): Prompts(
            WORDING,
            language,
            Path(f"/sounds/{language}{'-slow' * slow}"),
            SPOKEN if language == "vi" else {},
        )
        for language in ("vi", "en")
        for slow in (False, True)
    }
    telephone = Telephone(
        line, voices, Recorder(Path("/nowhere")), words_ready, handling_s, can_dial, monotonic
    )
    return perform(Turn(says, wait, Manner("vi", slow)), telephone, "c-2")


def test_words_that_are_there_are_heard_at_once() -> None:
    line = Line()

    assert performed(HEAR, line, lambda recording, limit_s: recording == "c-1") == Heard()
    assert line.played == []


def test_words_that_do_not_come_are_given_up_and_the_wait_is_not_silent() -> None:
    now = [0.0]

    def passes(recording: str, limit_s: float) -> bool:
        now[0] += limit_s
        return False

    line = Line()

    assert performed(HEAR, line, passes, monotonic=lambda: now[0]) == NoInput()
    assert HEAR.limit_s <= now[0] < HEAR.limit_s + 1
    assert line.played == ["vi/please_wait"] * int(HEAR.limit_s // (LONGEST_SILENCE_S + 0.25))


def test_a_key_goes_on_without_the_words() -> None:
    assert performed(HEAR, Line(pressed={"": "1"})) == NoInput()


def test_a_hangup_is_seen_while_words_are_waited_for() -> None:
    assert performed(HEAR, Line(gone=True)) == HungUp()


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        ("3:2", QueueSeen(3, 2, 360)),
        ("0:1", QueueSeen(0, 1, 0)),
        ("4:0", QueueSeen(4, 0, 0)),
        (None, QueueSeen(0, 0, 0)),
        (":", QueueSeen(0, 0, 0)),
        ("x:y", QueueSeen(0, 0, 0)),
    ],
)
def test_the_wait_is_told_by_who_waits_and_who_is_there(
    answer: str | None, seen: QueueSeen
) -> None:
    assert performed(LookAtQueue("queue_seen"), Line(answer=answer)) == seen


def test_without_operators_asterisk_is_not_even_asked() -> None:
    line = Line(answer="3:2")

    assert performed(LookAtQueue("queue_seen"), line, handling_s=None) == QueueSeen(0, 0, 0)
    assert performed(ENQUEUE, line, handling_s=None) == QueueEnded("unavailable", 0)
    assert line.asked == []


def test_a_key_that_leaves_the_queue_counts_while_it_is_explained() -> None:
    says = (Say("queue_keys"),)

    assert performed(ENQUEUE, Line({"queue_keys": "2"}), says=says) == QueueEnded("key", 0, "2")
    assert performed(ENQUEUE, Line({"queue_keys": "5"}), says=says) is None


def test_a_line_is_dialled_by_the_dialplan_where_it_may_be() -> None:
    assert performed(Dial("line", "113", 60), Line()) is None
    assert performed(Dial("line", "113", 60), Line(), can_dial=False) == DialEnded("failed")


def test_what_is_said_in_another_language_is_said_in_its_voice_at_the_calls_pace() -> None:
    line = Line()

    performed(
        ENQUEUE, line, says=(Say("please_wait", language="en"), Say("please_wait")), slow=True
    )

    assert line.played == ["en-slow/please_wait", "vi-slow/please_wait"]


@pytest.mark.parametrize(
    ("heard", "result"),
    [
        (Words("đúng rồi", 0.9), Said("1", "đúng rồi", 0.9)),
        (Words("", 0.2), Said("", "", 0.2)),
        (Key("2"), Digits("2")),
        (Key("#"), NoInput()),
        (None, NoInput()),
    ],
)
def test_a_word_or_a_key_answers_a_question(heard: Key | Words | None, result: Result) -> None:
    line = Line(heard=heard)
    question = Gather("confirm", timeout_s=5.0, by_word=True)

    assert performed(question, line, says=(Say("kind"),)) == result
    asked = Asked(("đúng rồi", "không phải"), "vi", 5000, PAUSE_MS, meanings=("1", "2"))
    assert line.listened == [(["vi/kind", "vi/confirm"], asked)]
    assert line.played == []  # whoever listens plays the question, so that it can be broken into


def test_nobody_listens_where_only_keys_count() -> None:
    line = Line(pressed={"kind": "3", "confirm": "1"})

    assert performed(Gather("kind", by_word=True), line) == Digits("3")  # has no words
    assert performed(Gather("confirm"), line) == Digits("1")
    assert line.listened == []


def test_the_question_is_put_by_key_when_nobody_can_listen() -> None:
    line = Line(pressed={"confirm": "1"}, heard=SpeechGone("down"))

    assert performed(Gather("confirm", by_word=True), line) == Digits("1")
    assert line.played == ["vi/confirm"]


def test_a_question_that_was_heard_is_not_put_again_when_listening_breaks_off() -> None:
    line = Line(pressed={"": "2"}, heard=SpeechGone("killed", asked=True))

    assert performed(Gather("confirm", by_word=True), line) == Digits("2")
    assert line.played == []
