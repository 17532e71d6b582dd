"""What tests of listening need: the speech service as a process, and a server that listens.

As a program (`python -m tests.asterisk.listening PORT SPEECH SOUND`) it is such a server, to be
killed in the middle of a question.
"""

import contextlib
import os
import socketserver
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from ivr.drivers.agi import Channel
from ivr.drivers.listening import Asked, Key, SpeechService, Words
from ivr.errors import AgiError, SpeechGone
from tests.asterisk.running import until
from tests.processes import end_with_parent
from tests.serving import serving

KEYS = "0123456789*#"
TIMEOUT_MS = 3000
PAUSE_MS = 800
YES_NO = Asked(("đúng", "không"), "vi", TIMEOUT_MS, PAUSE_MS)


@dataclass(frozen=True)
class SpeechProcess:
    """A running `hotline speech`, which the test may treat badly."""

    address: str
    process: "subprocess.Popen[bytes]"
    log: Path

    @property
    def workers(self) -> list[psutil.Process]:
        children = psutil.Process(self.process.pid).children()
        return [one for one in children if "speech.pool_worker" in " ".join(one.cmdline())]

    def is_ready(self) -> bool:
        try:
            return bool(SpeechService(self.address).state().engine)
        except SpeechGone:
            return False

    def is_gone(self) -> bool:
        return self.process.poll() is not None


@contextlib.contextmanager
def speech_process(
    data: Path,
    port: int,
    engine: str = "scripted",
    streams: int = 4,
    program: Sequence[str] = ("-m", "hotline", "speech"),
    **settings: str,
) -> Iterator[SpeechProcess]:
    """A speech service that is ready; it and its workers are ended afterwards."""
    data.mkdir(parents=True, exist_ok=True)
    address = f"127.0.0.1:{port}"
    log = data / "speech.log"
    environment = os.environ | {
        "HOTLINE_DATA": str(data),
        "HOTLINE_SPEECH": engine,
        "HOTLINE_SPEECH_BIND": address,
        "HOTLINE_SPEECH_STREAMS": str(streams),
        **settings,
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *program],
            env=environment,
            stdout=output,
            stderr=output,
            preexec_fn=end_with_parent(),
        )
    speech = SpeechProcess(address, process, log)
    try:
        until(lambda: speech.is_ready() or speech.is_gone(), 60.0)
        assert not speech.is_gone(), log.read_text()
        yield speech
    finally:
        workers = [] if speech.is_gone() else speech.workers
        with contextlib.suppress(psutil.NoSuchProcess):
            psutil.Process(process.pid).resume()
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        psutil.wait_procs(workers, 5)
        assert not any(worker.is_running() for worker in workers)


@dataclass
class Turn:
    """One question: what came of listening, of the keys after it, and how long each took."""

    caller: str
    heard: Key | Words | SpeechGone | AgiError | None = None
    heard_s: float = 0.0
    key: str = ""
    over: bool = False
    began_at: float = field(default_factory=time.monotonic)


class ListeningServer(socketserver.ThreadingTCPServer):
    """Puts one question to each caller: in words or by key, by keys alone where nobody listens."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, speech: SpeechService | None, sound: str) -> None:
        self.speech = speech
        self.sound = sound
        self.turns: list[Turn] = []
        super().__init__(("127.0.0.1", port), _Visit)

    def is_over(self, caller: str) -> bool:
        """Whether the question of that caller has been answered, or given up."""
        return any(turn.over for turn in self.turns if turn.caller.endswith(caller[1:]))

    def is_heard(self, caller: str) -> bool:
        """Whether the listening to that caller has come to an end, with or without an answer."""
        return any(turn.heard_s for turn in self.turns if turn.caller.endswith(caller[1:]))


class _Visit(socketserver.BaseRequestHandler):
    server: ListeningServer

    def handle(self) -> None:
        channel = Channel(self.request, speech=self.server.speech)
        turn = Turn(channel.greeting.get("agi_callerid", ""))
        self.server.turns.append(turn)
        try:
            turn.heard = self._ask(channel, turn)
            channel.set_variable("HOTLINE_DONE", "1")
        except AgiError as error:
            turn.heard = error
            with contextlib.suppress(AgiError):
                channel.set_variable("HOTLINE_DONE", "1")
        finally:
            turn.over = True

    def _ask(self, channel: Channel, turn: Turn) -> Key | Words | SpeechGone | None:
        sound = self.server.sound
        turn.began_at = time.monotonic()
        try:
            return channel.listen([sound], YES_NO)
        except SpeechGone as gone:
            turn.heard_s = time.monotonic() - turn.began_at
            turn.key = "" if gone.asked else channel.play(sound, KEYS)
            turn.key = turn.key or channel.wait_for_digit(8000)
            return gone
        finally:
            turn.heard_s = turn.heard_s or time.monotonic() - turn.began_at


@contextlib.contextmanager
def listening_server(
    port: int, speech: SpeechService | None, sound: str
) -> Iterator[ListeningServer]:
    with serving(ListeningServer(port, speech, sound)) as server:
        yield server


if __name__ == "__main__":
    with ListeningServer(int(sys.argv[1]), SpeechService(sys.argv[2]), sys.argv[3]) as alone:
        print("listening", flush=True)
        alone.serve_forever()
