"""Loudness: measured, evened, trimmed."""

import numpy as np
import pytest

from speech.level import is_silent, level, normalised, trimmed
from speech.sound import Sound, from_float
from tests.speech.sounds import a_tone, joined, some_noise, some_silence


def test_peak_and_loudness_of_a_tone_are_measured() -> None:
    found = level(a_tone(dbfs=-20))

    assert found.active_dbfs == pytest.approx(-20, abs=0.1)
    assert found.peak_dbfs == pytest.approx(-17, abs=0.1)
    assert len(found.frames_dbfs) == 50


def test_pauses_do_not_make_a_word_look_quiet() -> None:
    word = joined(some_silence(3), a_tone(0.5), some_silence(3))

    assert level(word).active_dbfs == pytest.approx(-20, abs=0.5)


@pytest.mark.parametrize(
    ("sound", "silent"),
    [
        (some_silence(), True),
        (some_silence(0), True),
        (some_noise(dbfs=-60), True),
        (some_noise(dbfs=-40), False),
        (joined(some_silence(5), a_tone(0.1, dbfs=-40)), False),
        (Sound(np.full(8000, 3000, np.int16), 8000), True),
    ],
    ids=["silence", "nothing", "line noise", "noise", "one quiet word", "offset of the line"],
)
def test_silence_is_told_from_quiet_speech(sound: Sound, silent: bool) -> None:
    assert is_silent(sound) is silent


@pytest.mark.parametrize("dbfs", [-55, -40, -20, -6])
def test_every_caller_comes_out_equally_loud(dbfs: float) -> None:
    found = normalised(a_tone(dbfs=dbfs))

    assert level(found).active_dbfs == pytest.approx(-20, abs=0.3)


def test_no_peak_passes_the_ceiling_and_a_click_keeps_nobody_quiet() -> None:
    quiet = a_tone(dbfs=-45).as_float().copy()
    quiet[4000:4004] = 0.9

    found = normalised(from_float(quiet, 8000))

    assert np.abs(found.samples).max() <= 32768 * 10 ** (-3 / 20) + 1
    tone_only = Sound(found.samples[:3900], 8000)
    assert level(tone_only).active_dbfs > -42


def test_silence_is_not_raised() -> None:
    assert not normalised(some_silence()).samples.any()


def test_trimming_leaves_the_same_silence_at_both_ends() -> None:
    word = joined(some_silence(2), a_tone(0.5), some_silence(0.01))

    found = trimmed(word, keep_s=0.1)

    assert found.length_s == pytest.approx(0.7, abs=0.04)
    assert not found.samples[:780].any()
    assert not found.samples[-780:].any()


def test_a_sound_of_silence_alone_is_left_as_it_is() -> None:
    assert trimmed(some_silence(0.4)).length_s == pytest.approx(0.4)
