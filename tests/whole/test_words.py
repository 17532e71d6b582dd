"""Callers who answer in words: a real Asterisk, the real speech service, the default model."""

import asyncio
import itertools
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hotline.caller.placing import CallPlan
from hotline.caller.script import (
    Action,
    Answer,
    HangUp,
    KeepSilent,
    PressAtOnce,
    Speak,
    WaitForPrompt,
)
from hotline.telephony.installation import Installation
from speech.sound import TELEPHONE_HZ, Sound, read_wav, resampled
from speech.synthesis import Synthesiser
from speech.voices import default_voice
from tests.asterisk.running import free_ports, until
from tests.whole.speech import AUDIO, PLACE_WAS_SAID, STREET_LIGHT, statements
from tests.whole.system import System, running_system

pytestmark = [pytest.mark.asterisk, pytest.mark.model, pytest.mark.timeout(300)]

HOTLINE = "19009120"
NO = AUDIO / "common_voice_vi_22791283.wav"  # somebody reads "không"
RAIN = AUDIO.parent / "noise" / "rain.wav"
MAIN_MENU = "Gather:main_menu"
# From the end of an answer to the next prompt, on a busy machine too. A voice
# cuts the prompt off, so there is no prompt's end to wait for.
LISTENED_S = 8.0
_NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def listening(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory, spoken: Path
) -> Iterator[System]:
    (port,) = free_ports(1)
    speech = {"HOTLINE_SPEECH": "whisper", "HOTLINE_SPEECH_BIND": f"127.0.0.1:{port}"}
    with running_system(tmp_path_factory.mktemp("words"), spoken, **speech) as running:
        log = running.data / "logs" / "speech.log"
        until(lambda: "speech worker ready" in log.read_text(), 60)
        yield running


def rendered(text: str) -> Sound:
    """A synthetic voice says it; who is heard through a telephone sounds no better."""
    with Synthesiser() as synthesiser:
        return resampled(synthesiser.speak(text, default_voice("vi")), TELEPHONE_HZ)


def recorded(path: Path) -> Sound:
    """A recorded person or place; skips where the recordings are not here."""
    if not path.exists():
        pytest.skip("the shared recordings are not beside this checkout")
    return resampled(read_wav(path), TELEPHONE_HZ)


def plays(sound: Sound, label: str) -> Answer:
    return Answer(sound, label, at_once=True)


def journals(system: System, *scripts: tuple[Action, ...]) -> list[list[dict[str, Any]]]:
    """The journal of each script's call, each of another number; all are held at once."""
    plans = [CallPlan(script, f"09123451{next(_NUMBERS):02}", HOTLINE) for script in scripts]
    placed = asyncio.run(system.call(plans))
    assert [each.problem for each in placed] == [None] * len(scripts)
    return [system.call_of(each)["journal"] for each in placed]


def test_a_word_into_the_menu_is_its_key(listening: System) -> None:
    word = plays(rendered("phản ánh"), "phản ánh")

    ((first, *_),) = journals(listening, (KeepSilent(4.0), word, KeepSilent(LISTENED_S), HangUp()))

    assert first["step"] == MAIN_MENU
    assert first["result"]["type"] == "said"
    assert (first["result"]["key"], first["result"]["words"]) == ("1", "phản ánh")


def test_a_persons_no_is_heard_where_yes_and_no_are_asked_for(listening: System) -> None:
    (statement,) = statements(1)
    no = Answer(recorded(NO), "không")
    reporting = (*STREET_LIGHT, Speak(statement.sound, "statement"), PressAtOnce("#"))
    another_number = (
        *(KeepSilent(2.0), PressAtOnce("2")),
        *(KeepSilent(2.0), PressAtOnce("0912345678#")),
    )

    (journal,) = journals(
        listening,
        (*reporting, *PLACE_WAS_SAID, *another_number, no, KeepSilent(LISTENED_S), HangUp()),
    )

    (asked, *_) = [entry["result"] for entry in journal if entry["step"].endswith("confirm_number")]
    assert (asked["type"], asked["key"]) == ("said", "2")
    assert asked["words"] == "không"


def test_a_key_wins_in_the_prompt_and_in_the_middle_of_words(listening: System) -> None:
    (statement,) = statements(1)
    begun = Sound(statement.sound.samples[: TELEPHONE_HZ * 3 // 2], TELEPHONE_HZ)
    key = (PressAtOnce("2"), KeepSilent(3.0), HangUp())

    in_prompt, in_words = journals(
        listening,
        (KeepSilent(4.0), *key),
        (KeepSilent(4.0), plays(begun, "begins to speak"), *key),
    )

    for journal in (in_prompt, in_words):
        assert journal[0]["step"] == MAIN_MENU
        assert journal[0]["result"] == {"type": "digits", "value": "2"}


def test_silence_noise_and_words_of_no_list_lead_on_to_the_statement(listening: System) -> None:
    (statement,) = statements(1)
    to_the_beep = (WaitForPrompt(), WaitForPrompt(), HangUp())
    rain = recorded(RAIN)

    silent, noisy, talkative = journals(
        listening,
        to_the_beep,
        (plays(Sound(rain.samples[: 45 * TELEPHONE_HZ], TELEPHONE_HZ), "rain"), HangUp()),
        (KeepSilent(4.0), plays(statement.sound, "a sentence"), KeepSilent(LISTENED_S), HangUp()),
    )

    for journal in (silent, noisy, talkative):
        assert journal[0]["step"] == MAIN_MENU
        assert journal[0]["result"] == {"type": "no_input"}
        assert journal[1]["step"] == "Record:statement"


def test_with_the_recogniser_killed_keys_answer(listening: System) -> None:
    os.kill(listening.pid("speech"), signal.SIGKILL)

    ((first, *_),) = journals(
        listening, (KeepSilent(4.0), PressAtOnce("2"), KeepSilent(3.0), HangUp())
    )

    assert first["result"] == {"type": "digits", "value": "2"}
