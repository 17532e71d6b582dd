import asyncio

import numpy as np
import pytest

from hotline.caller.errors import LineDropped, NotHeard
from hotline.caller.performance import perform
from hotline.caller.script import (
    Action,
    Answer,
    HangUp,
    KeepSilent,
    Press,
    PressAtOnce,
    Speak,
    WaitForPrompt,
)
from hotline.caller.story import Event, What
from speech.sound import Sound
from tests.caller.far_end import FakeLine, Turn


def a_statement(length_s: float = 4.0) -> Speak:
    return Speak(Sound(np.full(round(length_s * 8000), 99, np.int16), 8000), "statement.wav")


def performed(line: FakeLine, *script: Action, patience_s: float = 20.0) -> list[Event]:
    events: list[Event] = []
    asyncio.run(perform(script, line, events.append, patience_s))
    return events


def whats(events: list[Event]) -> list[What]:
    return [event.what for event in events]


def test_a_key_is_pressed_a_second_after_the_prompt_has_ended() -> None:
    line = FakeLine(Turn(prompt_s=3.0), Turn())

    performed(line, Press("2"))

    ((at_s, digits),) = line.pressed
    assert digits == "2" and at_s == pytest.approx(4.0, abs=0.15)


def test_each_key_has_its_own_prompt() -> None:
    line = FakeLine(Turn(3.0), Turn(2.0), Turn(1.0))

    performed(line, Press("2"), Press("1"))

    assert [digits for _, digits in line.pressed] == ["2", "1"]
    assert line.pressed[1][0] == pytest.approx(4.0 + 3.0, abs=0.3)


def test_a_statement_begins_within_40_ms_of_the_beep() -> None:
    line = FakeLine(Turn(3.0, beeps=True), Turn())

    performed(line, a_statement(), PressAtOnce("#"))

    began_s, samples = line.spoken[0]
    assert began_s - line.beep_ended_at_s[0] <= 0.041
    assert len(samples) == 4 * 8000


def test_the_finish_key_leaves_the_last_words_their_time() -> None:
    line = FakeLine(Turn(3.0, beeps=True), Turn())

    performed(line, a_statement(4.0), PressAtOnce("#"))

    pressed_s, digits = line.pressed[0]
    assert digits == "#"
    assert 0.25 < pressed_s - (line.spoken[0][0] + 4.0) < 0.4


def test_an_answer_is_said_at_the_prompts_end_or_into_it() -> None:
    line = FakeLine(Turn(prompt_s=3.0), Turn(2.0))
    yes = Sound(np.full(4000, 99, np.int16), 8000)

    events = performed(line, Answer(yes, "đúng rồi"), HangUp())
    hasty = FakeLine(Turn(prompt_s=3.0), Turn(2.0))
    performed(hasty, Answer(yes, "đúng rồi", at_once=True), HangUp())

    assert whats(events)[0] == What.SAID
    assert line.spoken[0][0] == pytest.approx(4.0, abs=0.15)
    assert hasty.spoken[0][0] < 0.1


def test_a_whole_report_is_told_in_order() -> None:
    line = FakeLine(Turn(5.0), Turn(3.0, beeps=True), Turn(2.0), Turn(2.0, wait_s=0.0))

    events = performed(line, Press("2"), a_statement(), PressAtOnce("#"), Press("1"))

    assert whats(events) == [
        What.PRESSED,
        What.SAID,
        What.PRESSED,
        What.PRESSED,
        What.HUNG_UP,
    ]
    assert events[-1].details == {"by": "hotline"}


def test_silence_lets_the_hotline_ask_again_and_the_keys_go_to_the_last_prompt() -> None:
    line = FakeLine(Turn(2.0, wait_s=7.0), Turn(2.0, wait_s=7.0), Turn())

    performed(line, KeepSilent(12.0), Press("1"))

    # The second prompt ended at 11.1 s, so at 12.1 s at the latest there is a second of quiet.
    ((at_s, digits),) = line.pressed
    assert digits == "1" and at_s == pytest.approx(12.1, abs=0.2)


def test_a_prompt_can_be_let_pass() -> None:
    line = FakeLine(Turn(2.0, wait_s=7.0), Turn(2.0, wait_s=7.0), Turn())

    performed(line, WaitForPrompt(), Press("1"))

    ((at_s, digits),) = line.pressed
    assert digits == "1" and at_s == pytest.approx(12.1, abs=0.2)


def test_a_caller_who_hangs_up_waits_for_nothing() -> None:
    line = FakeLine(Turn(30.0))

    events = performed(line, KeepSilent(1.0), HangUp())

    assert line.left and line.now_s == pytest.approx(1.0, abs=0.05)
    assert events[-1].at_s == pytest.approx(1.0, abs=0.05)
    assert events[-1].details == {"by": "caller"}


def test_a_caller_who_has_done_everything_leaves_a_hotline_that_has_nothing_to_say() -> None:
    line = FakeLine(Turn(2.0), Turn(2.0, wait_s=0.0), stays=True)

    events = performed(line, Press("1"))

    assert line.left
    assert events[-1].details == {"by": "caller"}


@pytest.mark.parametrize(
    ("script", "awaited"),
    [((Press("1"),), "a prompt"), ((a_statement(),), "a beep"), ((), "a prompt")],
)
def test_a_hotline_that_stays_mute_is_told_with_the_seconds(
    script: tuple[Action, ...], awaited: str
) -> None:
    line = FakeLine(stays=True)

    with pytest.raises(NotHeard, match=f"expected {awaited}.*quiet for 5 s, 5.0 s after dialling"):
        performed(line, *script, patience_s=5.0)


def test_a_prompt_without_a_beep_is_not_spoken_to() -> None:
    line = FakeLine(Turn(3.0), stays=True)

    with pytest.raises(NotHeard, match="expected a beep"):
        performed(line, a_statement(), patience_s=5.0)
    assert line.spoken == []


@pytest.mark.parametrize(
    ("script", "at"),
    [
        ((Press("1"), Press("2"), Press("3")), "--keys 3"),
        ((Press("1"), Press("2"), a_statement()), "speaking statement.wav"),
        ((Press("1"), KeepSilent(200.0), Press("2")), "--silence 200"),
    ],
)
def test_a_hotline_that_hangs_up_too_early_is_told_with_the_action(
    script: tuple[Action, ...], at: str
) -> None:
    line = FakeLine(Turn(2.0), Turn(2.0))

    with pytest.raises(LineDropped, match=f"hung up after .*before the script's end: {at}"):
        performed(line, *script)
