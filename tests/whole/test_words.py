"""Callers who answer in words: a real Asterisk, the real speech service, the default model."""

import asyncio
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from hotline.caller.placing import CallPlan
from hotline.caller.script import Action, Answer, HangUp, KeepSilent, PressAtOnce
from hotline.telephony.installation import Installation
from speech.sound import TELEPHONE_HZ, Sound, resampled
from speech.synthesis import Synthesiser
from speech.voices import default_voice
from tests.asterisk.running import free_ports, until
from tests.whole.system import System, running_system

pytestmark = [pytest.mark.asterisk, pytest.mark.model, pytest.mark.timeout(300)]

HOTLINE = "19009120"


@pytest.fixture(scope="module")
def listening(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[System]:
    (port,) = free_ports(1)
    speech = {"HOTLINE_SPEECH": "whisper", "HOTLINE_SPEECH_BIND": f"127.0.0.1:{port}"}
    with running_system(tmp_path_factory.mktemp("words"), **speech) as running:
        log = running.data / "logs" / "speech.log"
        until(lambda: "speech worker ready" in log.read_text(), 60)
        yield running


def rendered(text: str) -> Sound:
    """A synthetic voice says it; who is heard through a telephone sounds no better."""
    with Synthesiser() as synthesiser:
        return resampled(synthesiser.speak(text, default_voice("vi")), TELEPHONE_HZ)


def says(text: str) -> Answer:
    return Answer(rendered(text), text, at_once=True)


def journal(system: System, number: str, *script: Action) -> list[dict[str, Any]]:
    (placed,) = asyncio.run(system.call([CallPlan(script, number, HOTLINE)]))
    assert placed.problem is None, placed.problem
    entries: list[dict[str, Any]] = system.call_of(placed)["journal"]
    return entries


def test_a_word_into_the_menu_is_its_key(listening: System) -> None:
    first, *_ = journal(
        listening, "0912345101", KeepSilent(4.0), says("phản ánh"), KeepSilent(4.0), HangUp()
    )

    assert first["step"] == "Gather:main_menu"
    assert first["result"]["type"] == "said"
    assert (first["result"]["key"], first["result"]["words"]) == ("1", "phản ánh")


def test_a_key_after_the_voice_began_wins(listening: System) -> None:
    first, *_ = journal(
        listening, "0912345102", KeepSilent(4.0), PressAtOnce("2"), KeepSilent(3.0), HangUp()
    )

    assert first["result"] == {"type": "digits", "value": "2"}


def test_with_the_recogniser_killed_keys_answer(listening: System) -> None:
    os.kill(listening.pid("speech"), signal.SIGKILL)

    first, *_ = journal(
        listening, "0912345103", KeepSilent(4.0), PressAtOnce("2"), KeepSilent(3.0), HangUp()
    )

    assert first["result"] == {"type": "digits", "value": "2"}
