"""Piper in a process of its own: speaking, and every way of not speaking.

A program that knows Piper's command line stands for it; with the real one, and a voice that lay on
a package index, the same was tried by hand (docs/prompts.md).
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from speech.errors import BadVoice, SynthesisFailed
from speech.level import level
from speech.piper import Piper
from speech.piper_voice import fingerprint, read_voice
from speech.voices import SLOWER, PiperProgram, PiperVoice, Voice, slower, voice_label

FAKE = Path(__file__).with_name("fake_piper.py")
CONFIG = {
    "audio": {"sample_rate": 22050},
    "espeak": {"voice": "vi"},
    "inference": {"length_scale": 1.0},
    "phoneme_id_map": {"_": [0]},
}


@pytest.fixture
def voice(tmp_path: Path) -> PiperVoice:
    return a_voice(tmp_path / "vi_VN-own-medium.onnx")


@pytest.fixture
def piper(tmp_path: Path) -> Iterator[Callable[..., Piper]]:
    running = []

    def start(how: str, limit_s: float = 20.0) -> Piper:
        command = (sys.executable, str(FAKE), how)
        running.append(Piper(PiperProgram(command, limit_s, tmp_path / "run")))
        return running[-1]

    yield start
    for one in running:
        one.close()


def a_voice(model: Path, speaks: str = "vi", **config: object) -> PiperVoice:
    model.write_bytes(b"\x08\x07\x12\x07pytorch" + bytes(200_000))
    model.with_name(f"{model.name}.json").write_text(json.dumps({**CONFIG, **config}))
    return PiperVoice(model, speaks)


@pytest.mark.parametrize("how", ["speak", "speak-old"])
def test_texts_become_even_telephone_sound_by_one_process(
    piper: Callable[..., Piper], voice: PiperVoice, tmp_path: Path, how: str
) -> None:
    speaker = piper(how)

    first = speaker.speak("Đường hư,\n ổ gà.", voice)
    second = speaker.speak("Xin chào quý vị, đây là tổng đài.", voice)

    assert (first.rate_hz, second.rate_hz) == (8000, 8000)
    assert level(first).active_dbfs == pytest.approx(-20, abs=1)
    assert second.length_s > first.length_s > 0.5
    assert (tmp_path / "started").read_text() == "once\n"
    assert (tmp_path / "heard").read_text(encoding="utf-8").splitlines()[0] == "Đường hư, ổ gà."


def test_a_slower_voice_takes_longer_and_a_process_of_its_own(
    piper: Callable[..., Piper], tmp_path: Path
) -> None:
    voice = a_voice(tmp_path / "calm.onnx", inference={"length_scale": 1.2})
    speaker = piper("speak")

    usual = speaker.speak("Xin chào quý vị.", voice).length_s - 0.2
    slow = speaker.speak("Xin chào quý vị.", slower(voice)).length_s - 0.2

    assert usual == pytest.approx(16 * 0.05 * 1.2, abs=0.05)
    assert slow == pytest.approx(usual / SLOWER, rel=0.05)


def test_nothing_is_left_behind(
    piper: Callable[..., Piper], voice: PiperVoice, tmp_path: Path
) -> None:
    speaker = piper("speak")
    speaker.speak("Xin chào.", voice)

    speaker.close()

    assert list((tmp_path / "run").iterdir()) == []


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("crash", "ended with exit code 1: RuntimeError: the model is broken"),
        ("quit", "ended with exit code 0: INFO: loading the model"),
        ("write-text", "wrote no sound: 0.wav: expected a WAV file"),
        ("write-empty", "wrote no sound: 0.wav: the file is empty"),
        ("silence", "made no sound of 'Xin chào.'"),
    ],
)
def test_a_piper_that_does_not_speak_is_told(
    piper: Callable[..., Piper], voice: PiperVoice, how: str, said: str
) -> None:
    with pytest.raises(SynthesisFailed, match=said):
        piper(how).speak("Xin chào.", voice)


@pytest.mark.slow
@pytest.mark.parametrize("how", ["hang", "write-nothing", "tell-of-nothing", "babble"])
def test_a_piper_that_never_comes_to_an_end_is_ended(
    piper: Callable[..., Piper], voice: PiperVoice, how: str
) -> None:
    speaker = piper(how, limit_s=0.5)
    began = time.monotonic()

    with pytest.raises(SynthesisFailed, match=r"wrote nothing within 0\.5 s"):
        speaker.speak("Xin chào.", voice)

    assert time.monotonic() - began < 10


def test_what_a_wrapper_started_is_ended_with_it(
    piper: Callable[..., Piper], voice: PiperVoice, tmp_path: Path
) -> None:
    with pytest.raises(SynthesisFailed, match="ended with exit code 0"):
        piper("leave-child").speak("Xin chào.", voice)

    child = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 5
    while _runs(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _runs(child)


def test_one_that_died_is_started_again_for_the_next_text(
    piper: Callable[..., Piper], voice: PiperVoice, tmp_path: Path
) -> None:
    speaker = piper("die-at-second")
    speaker.speak("Một.", voice)
    with pytest.raises(SynthesisFailed, match="exit code 3"):
        speaker.speak("Hai.", voice)

    assert speaker.speak("Ba.", voice).length_s > 0.2
    assert (tmp_path / "started").read_text() == "once\nonce\n"


@pytest.mark.parametrize("command", [(), ("/no/such/piper",), (str(FAKE.parent),)])
def test_a_piper_that_is_not_there_is_told(voice: PiperVoice, command: tuple[str, ...]) -> None:
    with (
        pytest.raises(SynthesisFailed, match="Piper cannot be started"),
        Piper(PiperProgram(command)) as speaker,
    ):
        speaker.speak("Xin chào.", voice)


def test_a_voice_of_espeak_ng_is_not_pipers(piper: Callable[..., Piper]) -> None:
    with pytest.raises(SynthesisFailed, match="expected a voice of Piper's"):
        piper("speak").speak("Xin chào.", Voice("vi", 140, 45))


def test_a_voice_tells_its_rate_pace_and_language(tmp_path: Path) -> None:
    told = read_voice(a_voice(tmp_path / "a.onnx", "vi-VN", num_speakers=3, inference={}))

    assert (told.rate_hz, told.length_scale, told.language, told.speakers) == (22050, 1.0, "vi", 3)
    newer = a_voice(tmp_path / "b.onnx", language={"code": "vi_VN", "family": "vi"})
    assert read_voice(newer).language == "vi"
    assert voice_label(newer) == "Piper b"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "expected an ONNX model"),
        (b"version git-lfs spec v1\noid sha256:0\n", "expected an ONNX model"),
        (b"<html>404 Not Found</html>" * 9000, "expected an ONNX model"),
        (b"RIFF" + bytes(200_000), "expected an ONNX model"),
        (b"\x08\x07" + bytes(1000), "expected 0.1 to 2000 MB, found 0.0 MB"),
    ],
)
def test_a_model_that_is_none_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    voice = a_voice(tmp_path / "own.onnx")
    voice.model.write_bytes(content)

    with pytest.raises(BadVoice, match=said):
        read_voice(voice)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("", "expected JSON"),
        ("<html>", "expected JSON"),
        ("[]", "expected a JSON object, found list"),
        ("{}", "expected sample_rate of audio"),
        (json.dumps({**CONFIG, "audio": {"sample_rate": "high"}}), "expected sample_rate"),
        (json.dumps({**CONFIG, "audio": {"sample_rate": 1}}), "a rate of 1 Hz"),
        (json.dumps({**CONFIG, "phoneme_id_map": []}), "expected sample_rate"),
        (json.dumps({**CONFIG, "inference": {"length_scale": 0}}), "impossible"),
        (json.dumps({**CONFIG, "language": "vi"}), "expected sample_rate"),
        (json.dumps({**CONFIG, "espeak": {"voice": "de"}}), "a voice of 'vi', it speaks 'de'"),
        ("[" * 100_000, "expected JSON"),
        (" " * 1_000_001, "at most 1 MB"),
    ],
)
def test_a_description_that_is_none_is_refused(tmp_path: Path, config: str, said: str) -> None:
    voice = a_voice(tmp_path / "own.onnx")
    (tmp_path / "own.onnx.json").write_text(config)

    with pytest.raises(BadVoice, match=said):
        read_voice(voice)


def test_missing_files_are_told_by_name(tmp_path: Path) -> None:
    voice = a_voice(tmp_path / "own.onnx")
    (tmp_path / "own.onnx.json").unlink()

    with pytest.raises(BadVoice, match=r"own\.onnx\.json: no such file.*belongs beside the voice"):
        read_voice(voice)
    with pytest.raises(BadVoice, match=r"own\.wav: expected Piper's voice"):
        read_voice(PiperVoice(tmp_path / "own.wav", "vi"))
    with pytest.raises(BadVoice, match=r"gone\.onnx: no such file"):
        fingerprint(PiperVoice(tmp_path / "gone.onnx", "vi"))
    (tmp_path / "folder.onnx").mkdir()
    with pytest.raises(BadVoice, match=r"folder\.onnx: is a directory"):
        read_voice(PiperVoice(tmp_path / "folder.onnx", "vi"))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        # Nobody may have waited for it yet: such a one runs no more.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
