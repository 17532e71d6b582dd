"""Whisper listens to callers of a real Asterisk: rendered voices, and a recorded one where it is.

How often it is right is measured elsewhere (benchmarks/speech.md); here, that it works at all and
how long a caller waits for it.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from hotline.caller.errors import CallerError
from hotline.caller.line import SipLine
from hotline.caller.phone import Phone
from hotline.settings import read_settings
from hotline.telephony.installation import Installation
from ivr.answers import Speech
from ivr.drivers.listening import SpeechService, Words
from ivr.drivers.simulator import tone
from speech.catalogue import find_model
from speech.errors import SpeechError
from speech.fetching import fetch
from speech.level import FRAME_S, level
from speech.sound import TELEPHONE_HZ, Samples, Sound, read_wav, resampled, write_wav
from speech.synthesis import Synthesiser
from speech.voices import default_voice
from tests.asterisk.listening import SpeechProcess, listening_server, speech_process
from tests.asterisk.running import RunningAsterisk, free_ports, running_asterisk
from tests.having import cannot_have

pytestmark = [pytest.mark.asterisk, pytest.mark.model, pytest.mark.timeout(180)]

RECORDED = Path(__file__).parents[3] / "shared/audio/vi/common_voice_vi_22791283.wav"
PROMPT_S = 0.6
LONGEST_WAIT_S = 6.0  # the aim is 1.2 s with an engine that streams; Whisper decodes afterwards


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SpeechProcess]:
    data = tmp_path_factory.mktemp("whisper")
    try:
        fetch(find_model("whisper-base"), read_settings().cache, data / "models")
    except SpeechError as error:
        cannot_have("the speech model", error)
    with speech_process(data, free_ports(1)[0], engine="whisper") as process:
        yield process


@pytest.fixture(scope="module")
def asterisk(
    installation: Installation, service: SpeechProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningAsterisk]:
    folder = tmp_path_factory.mktemp("asterisk")
    with running_asterisk(installation, folder, speech_server=service.address) as running:
        yield running


def rendered(text: str) -> Sound:
    with Synthesiser() as voice:
        return voice.speak(text, default_voice("vi-VN"))


def without_ends(sound: Sound) -> Samples:
    """From the first loud moment to the last: only then is it known when somebody has spoken."""
    loud = np.flatnonzero(level(sound).frames_dbfs > -45)
    frame = round(FRAME_S * sound.rate_hz)
    return sound.samples[loud[0] * frame : (loud[-1] + 1) * frame]


@pytest.mark.parametrize("said", ["không", "recorded không"])
def test_whisper_hears_a_word(
    asterisk: RunningAsterisk, service: SpeechProcess, tmp_path: Path, said: str
) -> None:
    if said.startswith("recorded") and not RECORDED.exists():
        pytest.skip("the recordings are not here")
    sound = read_wav(RECORDED) if said.startswith("recorded") else rendered(said)
    samples = without_ends(resampled(sound, TELEPHONE_HZ))
    question = tmp_path / "question"
    write_wav(question.with_suffix(".wav"), tone(Speech(PROMPT_S)))
    spoken_at: list[float] = []

    async def call() -> None:
        async with Phone(asterisk.telephony.sip_bind, asterisk.secret) as phone:
            line: SipLine = await phone.dial("19009120", "0912000001")
            await asyncio.sleep(PROMPT_S + 0.6)
            await line.speak(samples)
            spoken_at.append(time.monotonic())
            with suppress(CallerError, TimeoutError):
                async with asyncio.timeout(30):
                    await line.until(lambda _now_s: False)
            await line.hang_up()

    client = SpeechService(service.address)
    with listening_server(asterisk.agi_port, client, str(question)) as server:
        asyncio.run(call())

    (turn,) = server.turns
    assert isinstance(turn.heard, Words), turn.heard
    waited_s = turn.began_at + turn.heard_s - spoken_at[0]
    print(f"\n{said}: {turn.heard}, {waited_s:.2f} s after its end")
    assert turn.heard.text == said.split()[-1]
    assert waited_s < LONGEST_WAIT_S
