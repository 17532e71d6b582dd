"""The voice detector's ear: what does not need real speech to be shown."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from speech.sound import Sound
from speech.voice_activity import SileroDetector, Voice, frame_length
from tests.speech.sounds import a_tone, joined, some_noise, some_silence


def most_sure(voice: Voice, sound: Sound) -> float:
    values, length = sound.as_float(), frame_length(sound.rate_hz)
    return max(
        voice(values[begin : begin + length]) for begin in range(0, len(values) - length, length)
    )


@pytest.mark.slow
@pytest.mark.parametrize("rate_hz", [8000, 16000])
def test_noise_tones_and_silence_are_no_voice(rate_hz: int) -> None:
    detector = SileroDetector()
    sound = joined(
        some_silence(1, rate_hz), some_noise(2, -20, rate_hz), a_tone(1, -20, 425, rate_hz)
    )

    assert most_sure(detector.voice(rate_hz), sound) < 0.5


@pytest.mark.slow
def test_streams_of_one_detector_remember_each_their_own() -> None:
    detector = SileroDetector()
    sound = some_noise(0.5, -20).as_float()[: 256 * 10].reshape(10, 256)
    alone = detector.voice(8000)
    expected = [alone(frame) for frame in sound]

    first, second = detector.voice(8000), detector.voice(8000)
    found = [(first(frame), second(np.zeros(256, np.float32)))[0] for frame in sound]

    assert found == expected


LISTENING = """
from speech.voice_activity import SileroDetector
import numpy as np
SileroDetector().voice(8000)(np.zeros(256, np.float32))
"""


@pytest.mark.slow
def test_the_detectors_library_tells_nobody_and_writes_nothing(tmp_path: Path) -> None:
    """Left to itself it keeps a number of the machine and a queue of events in the home folder."""
    here = Path(__file__).parents[2]

    subprocess.run(
        [sys.executable, "-c", LISTENING],
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        cwd=here,
        check=True,
    )

    assert list(tmp_path.iterdir()) == []
