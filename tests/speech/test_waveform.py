"""How loud a sound is, for a picture of it."""

import time
from pathlib import Path

import pytest

from speech.errors import BrokenSound
from speech.sound import write_wav
from speech.waveform import LOUDEST, MOST_PEAKS, peaks_of
from tests.speech.sounds import a_tone, joined, some_silence


def test_speech_is_high_and_silence_low(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", joined(some_silence(1.0), a_tone(1.0)))

    peaks = peaks_of(tmp_path / "a.wav", 10)

    assert len(peaks) == 10
    assert max(peaks[:5]) == 0 and min(peaks[5:]) > 0.9 * LOUDEST


def test_silence_stays_flat_and_a_short_sound_has_few(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", some_silence(0.01))

    assert set(peaks_of(tmp_path / "a.wav")) == {0}


def test_what_is_no_sound_has_none(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"nothing")

    for name in ("a.wav", "gone.wav"):
        with pytest.raises(BrokenSound):
            peaks_of(tmp_path / name)


def test_three_minutes_take_no_time_worth_keeping_them_for(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", a_tone(180.0))
    begun = time.perf_counter()

    assert len(peaks_of(tmp_path / "a.wav")) == MOST_PEAKS
    assert time.perf_counter() - begun < 0.5  # measured: a fortieth of it
