"""Which engine listens to answers, with which model."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from hotline.answer_engine import answer_engine
from hotline.commands.speech import speech
from hotline.settings import Settings
from hotline.speech_model import Use, select
from hotline.supervisor import processes
from speech.catalogue import VOSK_VN
from speech.errors import RecogniserUnavailable
from speech.pool_engines import EngineChoice
from tests.asterisk.running import free_ports
from tests.hotline.test_speech_models import place_vosk, place_whisper


def with_speech(tmp_path: Path, engine: str) -> Settings:
    return Settings(data=tmp_path / "var", speech=engine, speech_model="auto")  # type: ignore[arg-type]


@pytest.mark.parametrize("engine", ["auto", "whisper", "vosk"])
def test_without_a_model_nobody_listens(tmp_path: Path, engine: str) -> None:
    with pytest.raises(RecogniserUnavailable, match="hotline models fetch"):
        answer_engine(with_speech(tmp_path, engine))


def test_the_best_model_that_is_here_listens(tmp_path: Path) -> None:
    settings = with_speech(tmp_path, "auto")
    place_whisper(settings)

    assert answer_engine(settings) == EngineChoice(
        "whisper", "whisper-base", str(settings.models / "whisper-base"), settings.speech_threads
    )


def test_the_selected_model_listens(tmp_path: Path) -> None:
    settings = with_speech(tmp_path, "auto")
    place_whisper(settings)
    place_vosk(settings)
    select(settings, VOSK_VN, (Use.ANSWERS,))

    assert answer_engine(settings).engine == "vosk"


def test_an_engine_that_is_asked_for_is_taken_before_the_selection(tmp_path: Path) -> None:
    settings = with_speech(tmp_path, "vosk")
    place_whisper(settings)
    place_vosk(settings)

    assert answer_engine(settings).model == VOSK_VN.name


def test_the_scripted_engine_needs_no_model(tmp_path: Path) -> None:
    assert answer_engine(with_speech(tmp_path, "scripted")) == EngineChoice("scripted")


@pytest.mark.parametrize(("engine", "runs"), [("auto", True), ("none", False)])
def test_the_service_runs_unless_it_is_switched_off(
    tmp_path: Path, engine: str, runs: bool
) -> None:
    assert ("speech" in processes(with_speech(tmp_path, engine), None)) is runs


def test_switched_off_it_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_SPEECH", "none")

    done = CliRunner().invoke(speech)

    assert done.exit_code == 1
    assert "expected an engine in HOTLINE_SPEECH" in done.output


@pytest.mark.slow
def test_a_port_that_is_taken_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTLINE_SPEECH", "scripted")
    monkeypatch.setenv("HOTLINE_DATA", str(tmp_path))
    (port,) = free_ports(1)
    with socket.create_server(("127.0.0.1", port)):
        done = subprocess.run(
            [sys.executable, "-m", "hotline", "speech", "--bind", f"127.0.0.1:{port}"],
            capture_output=True,
            text=True,
            timeout=30,
        )

    assert done.returncode == 1
    assert f"Error: 127.0.0.1:{port} cannot be used" in done.stderr
    assert "Traceback" not in done.stderr
