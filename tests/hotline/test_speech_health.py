"""How the speech service is told: ready, off or away."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from websockets.sync.server import ServerConnection, serve

from hotline.commands.doctor import doctor
from hotline.settings import Settings
from hotline.speech_health import SpeechState, speech_health
from ivr.drivers.listening import SUBPROTOCOL
from tests.asterisk.running import free_ports


@contextmanager
def service(**state: object) -> Iterator[str]:
    """Something that answers as a speech service does; its address."""

    def answer(client: ServerConnection) -> None:
        client.recv()
        client.send(json.dumps(state))

    with serve(answer, "127.0.0.1", 0, subprotocols=[SUBPROTOCOL]) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"127.0.0.1:{server.socket.getsockname()[1]}"
        finally:
            server.shutdown()
            thread.join()


def settings(folder: Path, bind: str, speech: str = "whisper") -> Settings:
    return Settings.model_validate({"data": folder, "speech": speech, "speech_bind": bind})


def test_a_service_with_a_recogniser_is_ready(tmp_path: Path) -> None:
    with service(engine="whisper whisper-base", used=1, free=7) as bind:
        health = speech_health(settings(tmp_path, bind))

    assert health.state is SpeechState.READY
    assert health.found == "whisper whisper-base, listens to 1 of 8 callers"


def test_a_service_without_a_recogniser_is_away(tmp_path: Path) -> None:
    with service(engine="", used=0, free=0) as bind:
        health = speech_health(settings(tmp_path, bind))

    assert health.state is SpeechState.AWAY
    assert "no recogniser is loaded: callers press keys" in health.found
    assert health.mend


def test_a_service_that_does_not_answer_is_away(tmp_path: Path) -> None:
    (port,) = free_ports(1)

    health = speech_health(settings(tmp_path, f"127.0.0.1:{port}"))

    assert (health.state, bool(health.mend)) == (SpeechState.AWAY, True)


def test_a_service_that_is_switched_off_is_not_looked_for(tmp_path: Path) -> None:
    health = speech_health(settings(tmp_path, "127.0.0.1:1", speech="none"))

    assert (health.state, health.mend) == (SpeechState.OFF, "")


@pytest.mark.parametrize(("speech", "state"), [("none", "ok"), ("whisper", "warn")])
def test_the_doctor_tells_of_it_and_is_content_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, speech: str, state: str
) -> None:
    (port,) = free_ports(1)
    monkeypatch.setenv("HOTLINE_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("HOTLINE_SPEECH", speech)
    monkeypatch.setenv("HOTLINE_SPEECH_BIND", f"127.0.0.1:{port}")

    told = json.loads(CliRunner().invoke(doctor, ["--json"]).stdout)

    (check,) = [one for one in told["checks"] if one["name"] == "speech service"]
    assert check["state"] == state
    assert "callers press keys" in check["found"]
