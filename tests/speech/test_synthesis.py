"""Text to telephone sound by the real espeak-ng in its own process."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from speech.errors import SynthesisFailed
from speech.level import level
from speech.synthesis import Synthesiser
from speech.voices import Voice, default_voice

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def synthesiser() -> Iterator[Synthesiser]:
    with Synthesiser() as running:
        yield running


def test_vietnamese_becomes_even_telephone_sound(synthesiser: Synthesiser) -> None:
    found = synthesiser.speak("Xin nói việc gì, ở đâu.", default_voice("vi-VN"))

    measured = level(found)
    assert found.rate_hz == 8000
    assert 1 < found.length_s < 5
    assert measured.active_dbfs == pytest.approx(-20, abs=1)
    assert measured.peak_dbfs < -2.9
    # 50 to 150 ms of silence at either end
    loud = np.flatnonzero(measured.frames_dbfs > -50) * 0.02
    assert 0.05 <= loud[0] <= 0.15
    assert 0.05 <= found.length_s - loud[-1] - 0.02 <= 0.15


def test_a_voice_is_its_own_again_after_another_spoke(synthesiser: Synthesiser) -> None:
    voice = default_voice("vi")
    first = synthesiser.speak("Cảm ơn quý vị.", voice)
    synthesiser.speak("Thank you.", default_voice("en"))

    again = synthesiser.speak("Cảm ơn quý vị.", voice)

    # espeak-ng lets the pitch flutter a little at random, so not sample for sample
    assert again.length_s == pytest.approx(first.length_s, rel=0.05)


def test_a_slower_voice_takes_longer(synthesiser: Synthesiser) -> None:
    text = "Phản ánh đã được ghi nhận."

    slow = synthesiser.speak(text, Voice("vi", 110, 45))
    quick = synthesiser.speak(text, Voice("vi", 180, 45))

    assert slow.length_s > 1.2 * quick.length_s


@pytest.mark.parametrize(
    ("text", "voice", "said"),
    [
        ("Xin chào.", Voice("no-such-voice", 140, 45), "no voice 'no-such-voice'"),
        ("", Voice("vi", 140, 45), "made no sound of ''"),
    ],
)
def test_what_cannot_be_spoken_is_told_and_the_next_text_still_is(
    synthesiser: Synthesiser, text: str, voice: Voice, said: str
) -> None:
    with pytest.raises(SynthesisFailed, match=said):
        synthesiser.speak(text, voice)

    assert synthesiser.speak("Xin chào.", default_voice("vi")).length_s > 0.3


def test_a_language_without_a_voice_is_refused() -> None:
    with pytest.raises(SynthesisFailed, match="expected a language among en, vi; found 'km'"):
        default_voice("km")


def test_a_closed_synthesiser_refuses_to_speak() -> None:
    synthesiser = Synthesiser()
    synthesiser.close()

    with pytest.raises(SynthesisFailed, match="was closed"):
        synthesiser.speak("Xin chào.", default_voice("vi"))


def test_a_library_that_cannot_be_loaded_is_told_as_an_answer() -> None:
    without_library = (
        "import runpy, sys; sys.modules['espeakng_loader'] = None;"
        "runpy.run_module('speech.espeak_process', run_name='__main__')"
    )

    ended = subprocess.run(
        [sys.executable, "-c", without_library],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        cwd=REPOSITORY,
        check=True,
    )

    assert "espeak-ng is not usable" in ended.stdout


def test_a_request_that_cannot_be_read_is_answered_and_survived() -> None:
    good = '{"text": "Xin", "voice": "vi", "speed_wpm": 140, "pitch": 45}'

    ended = subprocess.run(
        [sys.executable, "-m", "speech.espeak_process"],
        input=f'not JSON\n{{"text": 1}}\n{good}\n',
        capture_output=True,
        text=True,
        timeout=30,
        cwd=REPOSITORY,
        check=True,
    )

    answers = ended.stdout.splitlines()
    assert "error" in answers[0] and "error" in answers[1]
    assert "pcm" in answers[2]


def test_no_module_but_the_espeak_process_imports_the_gpl_library() -> None:
    importers = set()
    packages = [path.parent for path in REPOSITORY.glob("*/__init__.py")]
    for path in (path for package in packages for path in package.rglob("*.py")):
        source = path.read_text()
        for node in ast.walk(ast.parse(source)) if "espeak" in source else ():
            match node:
                case ast.Import(names=names):
                    modules = [name.name for name in names]
                case ast.ImportFrom(module=str(module), names=names):
                    modules = [module, *(f"{module}.{name.name}" for name in names)]
                case _:
                    continue
            if {"espeakng_loader", "speech.espeak_process"} & set(modules):
                importers.add(path.relative_to(REPOSITORY).as_posix())
    assert importers == {"speech/espeak_process.py"}
