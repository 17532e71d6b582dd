"""When a question is answered, and what Asterisk is told then."""

from collections.abc import Callable

import pytest

from speech.pool import PoolEvent, StreamLost
from speech.service_hearing import ROUND_S, Hearing, Question
from speech.streaming import NOTHING, Final, Partial, SpeechBegan

FRAME = b"\0" * 320
QUESTION = Question(timeout_s=5.0, extra_s=3.0)
SAID = Final("đúng", 0.9, ())


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Stream:
    """A pooled stream that keeps what it was told."""

    def __init__(self) -> None:
        self.fed = 0
        self.finished = self.over = self.stalled = False

    def feed(self, pcm: bytes) -> None:
        self.fed += len(pcm)

    def finish(self) -> None:
        self.finished = True

    def close(self) -> None:
        self.over = True


class Asked:
    """A hearing, its clock, and what was pushed."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.stream = Stream()
        self.pushed: list[str] = []
        self.hearing = Hearing(QUESTION, self.clock)
        self.hearing.take(self.stream)  # type: ignore[arg-type]
        assert self.hearing.attach(lambda one: self.pushed.append(str(one["grammar"])))

    def sound(self, seconds: float) -> None:
        """Asterisk listens for so long."""
        for _ in range(round(seconds / 0.02)):
            self.clock.now += 0.02
            self.hearing.hear(FRAME)

    def round(self) -> str:
        """Listens for a round and asks."""
        self.sound(ROUND_S)
        return self.ask()

    def ask(self) -> str:
        return str(self.hearing.asked()["grammar"])

    def tell(self, event: PoolEvent) -> None:
        self.hearing.event(event)


def rounds_until_told(asked: Asked) -> tuple[int, str]:
    for count in range(1, 100):
        if (told := asked.round()) != "wait":
            return count, told
    raise AssertionError("it never ends")


def test_silence_is_over_after_the_time_that_counts_from_the_prompts_end() -> None:
    asked = Asked()
    asked.sound(12.0)  # the prompt

    count, told = rounds_until_told(asked)

    assert told == "nothing"
    assert (count - 1) * ROUND_S == pytest.approx(QUESTION.timeout_s)
    assert asked.stream.over


def test_all_sound_reaches_the_recogniser_but_the_last_moment() -> None:
    asked = Asked()
    asked.sound(1.0)

    assert asked.stream.fed == 16_000 - 640


def test_a_voice_stops_the_prompt_once() -> None:
    asked = Asked()
    asked.sound(1.0)
    asked.tell(SpeechBegan(0.8))
    asked.sound(0.3)
    asked.tell(Partial("đú"))
    asked.sound(0.3)

    assert asked.pushed == ["began"]


def test_a_voice_after_the_prompt_interrupts_nothing() -> None:
    asked = Asked()
    asked.round()
    asked.sound(0.1)
    asked.tell(SpeechBegan(0.6))

    assert asked.pushed == []


def test_the_answer_is_pushed_at_once() -> None:
    asked = Asked()
    asked.round()
    asked.sound(0.1)
    asked.tell(SAID)

    assert asked.pushed == ["heard"]
    assert asked.hearing.asked() == {"text": "đúng", "score": 900, "grammar": "heard", "best": 0}


def test_an_answer_between_two_rounds_is_told_when_asterisk_listens_again() -> None:
    asked = Asked()
    asked.round()
    asked.tell(SAID)
    assert asked.pushed == []

    asked.sound(0.02)

    assert asked.pushed == ["heard"]


def test_an_answer_that_asterisk_forgot_is_pushed_again() -> None:
    asked = Asked()
    asked.round()
    asked.sound(0.02)
    asked.tell(SAID)
    asked.sound(0.1)  # it listens on: a new round wiped the result away
    assert asked.pushed == ["heard"]

    asked.sound(0.14)

    assert asked.pushed == ["heard", "heard"]


def test_who_speaks_when_the_time_is_over_has_some_more() -> None:
    asked = Asked()
    asked.round()
    asked.sound(0.1)
    asked.tell(SpeechBegan(0.6))
    count = 0
    while not asked.stream.finished:
        assert asked.round() == "wait"
        count += 1
    asked.tell(Final("", 0.0, ()))

    assert count * ROUND_S == pytest.approx(QUESTION.timeout_s + QUESTION.extra_s, abs=ROUND_S)
    assert asked.ask() == "nothing"


def test_a_recogniser_that_never_answers_is_not_waited_for() -> None:
    asked = Asked()
    asked.round()
    asked.sound(0.1)
    asked.tell(SpeechBegan(0.6))

    count, told = rounds_until_told(asked)

    assert told == "gone"
    assert count * ROUND_S < QUESTION.timeout_s + QUESTION.extra_s + 3.6


def test_a_recogniser_lost_during_the_prompt_does_not_cut_it() -> None:
    asked = Asked()
    asked.sound(1.0)
    asked.tell(StreamLost("crashed"))
    asked.sound(5.0)
    assert asked.pushed == []

    assert asked.ask() == "gone"


@pytest.mark.parametrize("meanwhile", [Asked.round, lambda asked: asked.tell(SpeechBegan(0.1))])
def test_a_recogniser_lost_later_is_told_at_once(meanwhile: Callable[[Asked], object]) -> None:
    asked = Asked()
    asked.sound(0.5)
    meanwhile(asked)
    asked.sound(0.3)
    asked.tell(StreamLost("crashed"))
    asked.sound(0.02)

    assert asked.pushed[-1] == "gone"


def test_when_the_conversation_server_dies_the_wait_ends_at_once() -> None:
    asked = Asked()
    asked.sound(1.0)
    asked.hearing.left()

    assert asked.pushed == ["left"]


def test_who_was_never_listened_to_was_not_silent() -> None:
    asked = Asked()
    asked.stream.stalled = True

    assert rounds_until_told(asked)[1] == "gone"


def test_the_first_answer_stays() -> None:
    asked = Asked()
    asked.round()
    asked.tell(SAID)
    asked.tell(StreamLost("crashed"))
    asked.tell(NOTHING)

    assert asked.ask() == "heard"


def test_nobody_is_listened_to_for_ever() -> None:
    asked = Asked()
    asked.sound(125.0)

    assert asked.pushed[:1] == ["nothing"]
    assert asked.stream.over


def test_a_line_that_sends_no_silence_is_filled_up_with_it() -> None:
    asked = Asked()
    asked.sound(1.0)
    asked.clock.now += 0.5
    asked.ask()

    assert asked.stream.fed == pytest.approx(1.5 * 16_000, abs=32)
