"""Level control while the caller speaks."""

import numpy as np
import pytest

from speech.gain import MIN_GAIN_DB, SlowGain
from speech.level import SPEECH_DBFS, level
from speech.sound import Samples, Sound
from tests.speech.sounds import a_tone, some_silence


def raised(gain: SlowGain, sound: Sound, at_once: int = 256) -> Sound:
    pieces: list[Samples] = [
        gain(sound.samples[begin : begin + at_once])
        for begin in range(0, len(sound.samples), at_once)
    ]
    return Sound(np.concatenate(pieces), sound.rate_hz)


@pytest.mark.parametrize("dbfs", [-55.0, -40.0, -20.0])
def test_the_first_stretch_sets_the_usual_level_at_once(dbfs: float) -> None:
    found = SlowGain(8000)(a_tone(0.5, dbfs).samples)

    assert level(Sound(found, 8000)).active_dbfs == pytest.approx(SPEECH_DBFS, abs=1)


def test_a_shouting_caller_is_lowered_but_not_out_of_hearing() -> None:
    found = SlowGain(8000)(a_tone(0.5, -4).samples)

    assert level(Sound(found, 8000)).active_dbfs == pytest.approx(-4 + MIN_GAIN_DB, abs=0.5)


def test_a_pause_is_not_raised() -> None:
    gain = SlowGain(8000)
    gain(a_tone(0.5, -40).samples)
    raised(gain, a_tone(3.0, -60))

    found = level(Sound(gain(a_tone(0.03, -40).samples), 8000)).active_dbfs

    assert found == pytest.approx(SPEECH_DBFS, abs=1)


def test_a_much_louder_word_is_lowered_within_a_second_and_never_wraps_around() -> None:
    gain = SlowGain(8000)
    gain(a_tone(0.5, -50).samples)
    loud = a_tone(3.0, -15)

    found = raised(gain, loud)

    assert level(Sound(found.samples[12000:], 8000)).active_dbfs < SPEECH_DBFS + 3
    assert not (np.sign(found.samples) * np.sign(loud.samples) < 0).any()


def test_silence_stays_silence() -> None:
    assert not SlowGain(8000)(some_silence(0.5).samples).any()
    assert len(SlowGain(8000)(some_silence(0).samples)) == 0
