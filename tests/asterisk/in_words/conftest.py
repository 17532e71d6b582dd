"""An Asterisk that puts one question, in words or by key."""

from collections.abc import Iterator

import pytest

from hotline.telephony.installation import Installation
from ivr.answers import Speech
from ivr.drivers.listening import SpeechService
from ivr.drivers.simulator import tone
from speech.sound import write_wav
from tests.asterisk.in_words.people import PROMPT_S
from tests.asterisk.listening import ListeningServer, listening_server
from tests.asterisk.running import RunningAsterisk, free_ports, running_asterisk, until


@pytest.fixture(scope="module")
def speech_port() -> int:
    return free_ports(1)[0]


@pytest.fixture(scope="module")
def listening(
    installation: Installation, speech_port: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningAsterisk]:
    with running_asterisk(
        installation,
        tmp_path_factory.mktemp("speech"),
        speech_server=f"127.0.0.1:{speech_port}",
    ) as asterisk:
        yield asterisk


@pytest.fixture
def asterisk(listening: RunningAsterisk) -> Iterator[RunningAsterisk]:
    """It hears nothing of the test before, and nobody is left in it."""
    yield listening
    listening.hang_up()
    until(lambda: not listening.channels())


@pytest.fixture(scope="module")
def question(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A prompt of two seconds, as Asterisk wants its path."""
    path = tmp_path_factory.mktemp("sounds") / "question"
    write_wav(path.with_suffix(".wav"), tone(Speech(PROMPT_S)))
    return str(path)


@pytest.fixture
def server(asterisk: RunningAsterisk, speech_port: int, question: str) -> Iterator[ListeningServer]:
    client = SpeechService(f"127.0.0.1:{speech_port}")
    with listening_server(asterisk.agi_port, client, question) as server:
        yield server
