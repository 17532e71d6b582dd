"""Sounds as broken lines, disks and programs leave them: a clear answer each, and nothing leaks."""

import gc
import json
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile

from hotline.settings import read_settings
from speech.catalogue import WHISPER_BASE
from speech.errors import BrokenSound, FetchFailed, RecognitionFailed
from speech.fetching import fetch
from speech.sound import Sound, from_float, read_wav, resampled
from speech.whisper import WhisperRecogniser
from tests.having import cannot_have
from tests.speech.sounds import a_tone, some_noise, some_silence

RECORDED = Path(__file__).parents[3] / "shared" / "audio" / "vi"
Make = Callable[[Path, int], None]


def a_header(
    rate_hz: int = 8000, channels: int = 1, bits: int = 16, coding: int = 1, content: bytes = b""
) -> bytes:
    """A WAV file whose header says what it is told to say."""
    frame = channels * bits // 8
    per_s = rate_hz * frame & 0xFFFFFFFF
    sound_format = struct.pack("<HHIIHH", coding, channels, rate_hz, per_s, frame, bits)
    return (
        b"RIFF" + struct.pack("<I", 36 + len(content)) + b"WAVEfmt " + struct.pack("<I", 16)
        + sound_format + b"data" + struct.pack("<I", len(content)) + content
    )  # fmt: skip


def _written(sound: Sound, channels: int = 1) -> Make:
    values = np.repeat(sound.samples[:, None], channels, axis=1)
    return lambda path, _: soundfile.write(path, values, sound.rate_hz, format="WAV")


def _bytes(content: bytes) -> Make:
    return lambda path, _: _write(path, content)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _truncated(path: Path, number: int) -> None:
    soundfile.write(path, a_tone(1.0).samples, 8000, format="WAV")
    path.write_bytes(path.read_bytes()[: 46 + 37 * (number % 200)])


CLIPPED = from_float(some_noise(2.0).as_float() * 100, 8000)
REFUSED: dict[str, Make] = {
    "empty": _bytes(b""),
    "not sound": _bytes(b"<!doctype html><title>502</title>" * 9),
    "mp3": _bytes(b"ID3\x04" + bytes(500)),
    "header only": _bytes(a_header()[:44]),
    "cut header": _bytes(a_header()[:30]),
    "no channels": _bytes(a_header(channels=0, content=bytes(100))),
    "0 Hz": _bytes(a_header(rate_hz=0, content=bytes(100))),
    "1 Hz": _bytes(a_header(rate_hz=1, content=bytes(100_000))),
    "4 GHz": _bytes(a_header(rate_hz=4_000_000_000, content=bytes(100))),
}
READ: dict[str, Make] = {
    "silent": _written(some_silence(2.0)),
    "clipped": _written(CLIPPED),
    "stereo": _written(some_noise(1.0), channels=2),
    "44.1 kHz": _written(a_tone(1.0, rate_hz=44100)),
    "truncated": _truncated,
    "not a number": _bytes(
        a_header(bits=32, coding=3, content=struct.pack("<8f", *[float("nan"), 1e30] * 4))
    ),
    "constant": _written(Sound(np.full(8000, 20000, np.int16), 8000)),
    "one sample": _written(Sound(np.array([1], np.int16), 8000)),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_holds_no_sound_is_refused_in_one_line(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.wav"
    REFUSED[kind](path, 0)

    with pytest.raises(BrokenSound, match=r"^bad\.wav: .+") as caught:
        read_wav(path)

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", READ)
def test_what_holds_any_sound_is_read_and_can_be_resampled(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.wav"
    READ[kind](path, 0)

    sound = resampled(read_wav(path), 16000)

    assert sound.rate_hz == 16000
    assert 0 <= sound.length_s < 3


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.timeout(900)
def test_a_thousand_bad_sounds_leave_no_memory_and_no_files_behind(tmp_path: Path) -> None:
    try:
        folder = fetch(WHISPER_BASE, read_settings().cache, tmp_path / "models")
    except FetchFailed as error:
        cannot_have("the speech model", error)
    whisper = WhisperRecogniser(folder)
    makers = [*REFUSED.values(), *READ.values(), *_clipped_speech()]
    path, process = tmp_path / "bad.wav", psutil.Process()
    before: tuple[int, int] | None = None
    refused = 0

    for number in range(1000):
        # Speech is decoded, which takes a second: one in a hundred is enough of it.
        kinds = makers if number % 100 < len(makers) else makers[: len(REFUSED) + len(READ)]
        kinds[number % len(kinds)](path, number)
        try:
            whisper.transcribe(read_wav(path), "vi")
        except (BrokenSound, RecognitionFailed):
            refused += 1
        if number == 200:  # the model is loaded, every kind was seen
            gc.collect()
            before = process.memory_info().rss, process.num_fds()
    gc.collect()
    after = process.memory_info().rss, process.num_fds()

    assert before is not None
    print(f"{refused} refused; {(after[0] - before[0]) / 1e6:.1f} MB more after 800 further ones")
    assert refused > 400
    assert after[1] == before[1]
    assert after[0] - before[0] < 20_000_000


def _clipped_speech() -> list[Make]:
    if not RECORDED.is_dir():
        return []
    entry = json.loads((RECORDED / "manifest.jsonl").read_text().splitlines()[2])
    spoken = read_wav(RECORDED / entry["file"])
    return [_written(from_float(spoken.as_float() * 30, spoken.rate_hz))]
