"""A worker to be killed: `python -m tests.hotline.worker_process DATA DELAY_S [ERROR…]`.

Its recogniser raises the named errors first, then takes DELAY_S for each sound. Every request is
a line in DATA/asked. It stops when its standard input closes.
"""

import sys
import threading
import time
from pathlib import Path

import speech.errors
from hotline.logs import configure_logs
from hotline.settings import Settings
from hotline.texting import the_sender
from hotline.wiring import open_database, the_province
from hotline.worker import jobs, start_worker, stop_worker
from speech.recogniser import Transcript
from speech.scripted import ScriptedRecogniser
from speech.sound import Sound

WORDS = "cột điện ngã giữa đường"


class SlowRecogniser(ScriptedRecogniser):
    def __init__(self, asked: Path, delay_s: float, errors: list[str]) -> None:
        super().__init__([*(getattr(speech.errors, name)(name) for name in errors), WORDS, WORDS])
        self._asked_file = asked
        self._delay_s = delay_s

    def transcribe(self, sound: Sound, language: str) -> Transcript:
        with self._asked_file.open("a") as file:
            file.write(f"{language}\n")
        transcript = super().transcribe(sound, language)
        time.sleep(self._delay_s)
        return transcript


def main(data: str, delay_s: str, *errors: str) -> None:
    configure_logs()
    settings = Settings(data=Path(data), _env_file=None)  # type: ignore[call-arg]
    engine = open_database(settings)
    recogniser = SlowRecogniser(settings.data / "asked", float(delay_s), list(errors))
    handlers = jobs(engine, recogniser, settings, the_province(settings))
    start_worker(handlers, settings.database, "worker-1")
    done = threading.Event()
    sender = the_sender(engine, settings, the_province(settings), "worker-1")
    texting = threading.Thread(target=sender.run, args=(done,))
    texting.start()
    sys.stdin.read()
    done.set()
    texting.join()
    stop_worker()


if __name__ == "__main__":
    main(*sys.argv[1:])
