"""Reading, writing, resampling, and the telephone's ear."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from speech.errors import BrokenSound
from speech.level import level
from speech.sound import Sound, from_float, padded, read_wav, resampled, telephone, write_wav
from tests.speech.sounds import a_tone

DATA_LENGTH_AT = 40  # in the 44 byte header of a plain PCM WAV file
RIFF_LENGTH_AT = 4


def a_wav(folder: Path, sound: Sound | None = None) -> Path:
    path = folder / "call-3.wav"
    write_wav(path, sound or a_tone())
    return path


def with_lengths(path: Path, riff: int, data: int) -> Path:
    content = bytearray(path.read_bytes())
    content[RIFF_LENGTH_AT : RIFF_LENGTH_AT + 4] = riff.to_bytes(4, "little")
    content[DATA_LENGTH_AT : DATA_LENGTH_AT + 4] = data.to_bytes(4, "little")
    path.write_bytes(content)
    return path


def test_a_written_sound_is_read_back_sample_for_sample(tmp_path: Path) -> None:
    tone = a_tone()

    found = read_wav(a_wav(tmp_path, tone))

    assert found.rate_hz == 8000
    assert np.array_equal(found.samples, tone.samples)


def test_writing_leaves_no_unfinished_file(tmp_path: Path) -> None:
    a_wav(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["call-3.wav"]


@pytest.mark.parametrize(
    ("riff", "data"),
    [(0, 0), (36, 0), (0xFFFFFFFF, 0xFFFFFFFF), (16036 + 9999, 16000 + 9999)],
    ids=["both lengths 0", "no data yet", "streamed", "more promised than there is"],
)
def test_a_killed_recorders_file_is_read_to_its_end(tmp_path: Path, riff: int, data: int) -> None:
    path = with_lengths(a_wav(tmp_path), riff, data)

    found = read_wav(path)

    assert found.length_s == pytest.approx(1.0, abs=0.001)
    assert np.array_equal(found.samples, a_tone().samples)


def test_a_recording_cut_in_mid_sample_is_read(tmp_path: Path) -> None:
    path = with_lengths(a_wav(tmp_path), 0, 0)
    path.write_bytes(path.read_bytes()[:-1])

    assert len(read_wav(path).samples) == 7999


def whole_header_without_sound() -> bytes:
    return b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0data\0\0\0\0"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty (0 bytes)"),
        (b"ID3 this is something else", "expected a WAV file, found b'ID3 '"),
        (whole_header_without_sound()[:20], "a WAV header that cannot be used"),
        (whole_header_without_sound()[:3], "expected a WAV file"),
        (whole_header_without_sound(), "the WAV file holds no samples"),
    ],
    ids=["empty", "not WAV", "header cut", "three bytes", "header only"],
)
def test_a_file_without_sound_is_named_and_described(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "call-3.wav"
    path.write_bytes(content)

    with pytest.raises(BrokenSound) as caught:
        read_wav(path)

    assert str(caught.value).startswith(f"call-3.wav: {said}")
    assert "\n" not in str(caught.value)


def test_another_format_under_the_name_of_wav_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "call-3.wav"
    soundfile.write(str(path), a_tone().samples, 8000, format="FLAC")

    with pytest.raises(BrokenSound, match="expected a WAV file"):
        read_wav(path)


def test_an_absent_file_is_a_broken_sound(tmp_path: Path) -> None:
    with pytest.raises(BrokenSound, match="no such file"):
        read_wav(tmp_path / "call-3.wav")


def test_a_folder_that_is_not_there_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(BrokenSound, match="cannot be written"):
        write_wav(tmp_path / "absent" / "call-3.wav", a_tone())


def test_two_channels_are_mixed_to_one(tmp_path: Path) -> None:
    path = tmp_path / "stereo.wav"
    soundfile.write(str(path), np.array([[100, 300]] * 80, np.int16), 8000)

    assert set(read_wav(path).samples) == {200}


@pytest.mark.parametrize("subtype", ["ALAW", "ULAW", "GSM610", "PCM_24"])
def test_what_carriers_and_gateways_record_is_read(tmp_path: Path, subtype: str) -> None:
    path = tmp_path / "call-3.wav"
    soundfile.write(str(path), a_tone().samples, 8000, subtype=subtype)

    found = read_wav(path)

    assert found.length_s == pytest.approx(1.0, abs=0.05)
    assert level(found).active_dbfs == pytest.approx(-20, abs=1)


def test_resampling_keeps_length_and_loudness() -> None:
    found = resampled(a_tone(rate_hz=16000), 8000)

    assert found.rate_hz == 8000
    assert found.length_s == pytest.approx(1.0)
    assert level(found).active_dbfs == pytest.approx(-20, abs=0.2)


def test_the_telephone_hears_nothing_above_four_kilohertz() -> None:
    heard = telephone(a_tone(hz=5000, rate_hz=16000))

    assert heard.rate_hz == 8000
    assert level(heard).frames_dbfs[5:-5].max() < -60


def test_the_telephone_keeps_speech_frequencies_but_not_each_sample() -> None:
    tone = a_tone(hz=1000)

    heard = telephone(tone)

    assert level(heard).active_dbfs == pytest.approx(-20, abs=0.2)
    assert not np.array_equal(heard.samples, tone.samples)


def test_padding_is_silence_on_both_sides() -> None:
    found = padded(a_tone(), 0.5, 0.25)

    assert found.length_s == pytest.approx(1.75)
    assert not found.samples[:4000].any()
    assert not found.samples[-2000:].any()


def test_loud_values_are_clipped_and_do_not_wrap_round() -> None:
    assert list(from_float(np.array([2.0, -2.0]), 8000).samples) == [32767, -32768]


def test_samples_of_a_sound_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        a_tone().samples[0] = 1


def test_samples_that_are_not_sixteen_bit_mono_are_refused() -> None:
    with pytest.raises(ValueError, match="expected int16 samples"):
        Sound(np.zeros(8), 8000)  # type: ignore[arg-type]
