import numpy as np
import pytest

from hotline.caller.errors import BadScript
from hotline.caller.script import (
    Action,
    Answer,
    Asked,
    HangUp,
    KeepSilent,
    Press,
    PressAtOnce,
    Speak,
    WaitForPrompt,
    actions,
)
from speech.sound import Sound


def a_sound(length_s: float = 1.0, rate_hz: int = 8000) -> Sound:
    return Sound(np.ones(round(length_s * rate_hz), np.int16), rate_hz)


def made_from(*written: tuple[str, str]) -> tuple[Action, ...]:
    asked = [Asked(name, value) for name, value in written]
    return actions(asked, read=lambda name: a_sound(), render=lambda text: a_sound())


def kinds(made: tuple[Action, ...]) -> list[type]:
    return [type(action) for action in made]


def test_actions_keep_the_order_in_which_they_were_written() -> None:
    made = made_from(
        ("keys", "2"), ("play", "a.wav"), ("keys", "1"), ("wait_prompt", ""), ("hangup", "")
    )

    assert kinds(made) == [Press, Speak, PressAtOnce, Press, WaitForPrompt, HangUp]


def test_an_answer_is_a_file_or_a_sentence_and_nothing_ends_it() -> None:
    asked = [Asked("answer", "đúng rồi"), Asked("answer_at_once", "yes.wav"), Asked("hangup", "")]
    read, rendered = a_sound(1.0), a_sound(2.0)

    made = actions(asked, read=lambda name: read, render=lambda text: rendered)

    assert kinds(made) == [Answer, Answer, HangUp]
    spoken = [answer for answer in made if isinstance(answer, Answer)]
    assert [(each.sound.length_s, each.at_once) for each in spoken] == [(2.0, False), (1.0, True)]


def test_a_statement_is_ended_with_the_finish_key() -> None:
    made = made_from(("say", "Ống nước vỡ."))

    assert made[1] == PressAtOnce("#")


@pytest.mark.parametrize(
    ("after", "follows"),
    [
        (("keys", "#"), PressAtOnce("#")),
        (("keys", "#1"), PressAtOnce("#1")),
        (("silence", "5"), KeepSilent(5.0)),
        (("hangup", ""), HangUp()),
    ],
)
def test_a_statement_that_the_caller_ends_otherwise_gets_no_finish_key(
    after: tuple[str, str], follows: Action
) -> None:
    made = made_from(("play", "a.wav"), after)

    assert made[1:] == (follows,)


def test_keys_that_begin_with_the_finish_key_elsewhere_wait_for_their_prompt() -> None:
    assert made_from(("keys", "1"), ("keys", "#")) == (Press("1"), Press("#"))


def test_a_sound_of_any_rate_is_brought_to_telephone_rate() -> None:
    made = actions(
        [Asked("play", "a.wav")], lambda name: a_sound(2.0, 48000), lambda text: a_sound()
    )

    spoken = made[0]
    assert isinstance(spoken, Speak)
    assert spoken.sound.rate_hz == 8000
    assert spoken.sound.length_s == pytest.approx(2.0, abs=0.01)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ([("keys", "2a")], "expected digits, * or #, found '2a'"),
        ([("keys", "")], "expected digits"),
        ([("silence", "soon")], "expected 0 to 600 seconds, found 'soon'"),
        ([("silence", "-1")], "expected 0 to 600 seconds"),
        ([("silence", "nan")], "expected 0 to 600 seconds"),
        ([("say", "  ")], "expected a text"),
        ([("hangup", ""), ("keys", "1")], "expected nothing after --hangup, found --keys"),
    ],
)
def test_an_action_that_cannot_be_carried_out_is_refused_with_what_was_found(
    written: list[tuple[str, str]], told: str
) -> None:
    with pytest.raises(BadScript, match=told.replace("*", r"\*")):
        made_from(*written)
