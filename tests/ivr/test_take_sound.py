"""Recordings of prompts as they come: what is taken, what is remarked upon, what is refused."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from ivr.errors import BadTake
from ivr.take_sound import take_sound
from speech.level import level
from tests.ivr.studio import heights, record

WORDS = "Phản ánh, bấm phím một."


def recorded(tmp_path: Path, **how: Any) -> io.BytesIO:
    path = tmp_path / "take.wav"
    record(path, **{"rate_hz": 48_000, "said_s": 1.5, **how})
    return io.BytesIO(path.read_bytes())


def encoded(values: np.ndarray[Any, Any], rate_hz: int = 48_000, kind: str = "WAV") -> io.BytesIO:
    file = io.BytesIO()
    soundfile.write(file, values, rate_hz, format=kind)
    file.seek(0)
    return file


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "OGG", "MP3"])
def test_any_usual_kind_of_file_becomes_what_a_telephone_plays(tmp_path: Path, kind: str) -> None:
    values, rate_hz = soundfile.read(recorded(tmp_path, hz=620.0, around_s=0.9, channels=2))

    made = take_sound(encoded(values, rate_hz, kind), WORDS, "vi")

    assert made.finished.rate_hz == 8000 and made.master.rate_hz == rate_hz
    assert heights(made.finished) == [620]
    # A tenth of a second of silence at both ends, whatever there was.
    assert made.finished.length_s == pytest.approx(1.7, abs=0.1)
    assert made.remarks == ()


def test_a_studio_file_of_96_khz_in_stereo_is_taken(tmp_path: Path) -> None:
    made = take_sound(recorded(tmp_path, rate_hz=96_000, channels=2), WORDS, "vi")

    assert made.finished.rate_hz == 8000 and made.master.rate_hz == 48_000
    assert heights(made.finished) == [440] and made.finished.length_s == pytest.approx(1.7, abs=0.1)


@pytest.mark.parametrize("dbfs", [-38.0, -30.0, -8.0])
def test_all_recordings_leave_at_one_level(tmp_path: Path, dbfs: float) -> None:
    made = take_sound(recorded(tmp_path, dbfs=dbfs, room_dbfs=dbfs - 45), WORDS, "vi")

    assert level(made.finished).active_dbfs == pytest.approx(-20, abs=1.5)


def _noise() -> np.ndarray[Any, Any]:
    return np.random.default_rng(3).normal(0, 0.05, 96_000)


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        (lambda: io.BytesIO(b""), "empty"),
        (lambda: io.BytesIO(b"<html>not a sound</html>" * 100), "unreadable"),
        (lambda: io.BytesIO(b"RIFF\x24\x00\x00\x00WAVE" + b"PK\x03\x04" * 300), "unreadable"),
        (lambda: encoded(_noise(), kind="AIFF"), "unreadable"),
        (lambda: encoded(np.zeros(48_000)), "silent"),
        (lambda: encoded(_noise()), "silent"),
        (lambda: encoded(np.zeros(8_000 * 600), 8_000), "endless"),
        (lambda: encoded(np.zeros(8_000 * 600), 8_000, "FLAC"), "endless"),
    ],
    ids=["nothing", "page", "liar", "other kind", "silence", "noise", "ten minutes", "ten in flac"],
)
def test_what_is_no_recording_of_a_prompt_is_refused(
    file: Callable[[], io.BytesIO], fault: str
) -> None:
    with pytest.raises(BadTake) as refused:
        take_sound(file(), WORDS, "vi")

    assert refused.value.fault == fault


def test_a_distorted_recording_is_refused(tmp_path: Path) -> None:
    values, rate_hz = soundfile.read(recorded(tmp_path))

    with pytest.raises(BadTake) as refused:
        take_sound(encoded(np.clip(values * 60, -1, 1), rate_hz), WORDS, "vi")

    assert refused.value.fault == "clipped"


@pytest.mark.parametrize(
    ("how", "words", "remark"),
    [
        ({"said_s": 11.0}, WORDS, "long"),
        ({"said_s": 0.4}, WORDS, "hurried"),
        ({"said_s": 8.0}, WORDS, "dragging"),
        ({"dbfs": -46.0, "room_dbfs": -90.0}, WORDS, "quiet"),
        ({"room_dbfs": -38.0}, WORDS, "noisy"),
        ({"rate_hz": 6_000}, WORDS, "narrow"),
    ],
)
def test_what_is_doubtful_is_taken_and_said(
    tmp_path: Path, how: dict[str, Any], words: str, remark: str
) -> None:
    assert remark in take_sound(recorded(tmp_path, **how), words, "vi").remarks


def test_a_recording_that_begins_in_mid_word_is_remarked_upon(tmp_path: Path) -> None:
    values, rate_hz = soundfile.read(recorded(tmp_path, around_s=0.5))

    made = take_sound(encoded(values[round(0.6 * rate_hz) :], rate_hz), WORDS, "vi")

    assert "cut_off" in made.remarks
