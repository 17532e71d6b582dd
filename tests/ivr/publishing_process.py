"""Publishers that are killed: `python -m tests.ivr.publishing_process URL FOLDER LANGUAGE LIVES`.

Two at a time publish without end, until each is killed with whatever it is about. They are forked:
it takes seconds to start one.
"""

import io
import os
import signal
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from ivr.errors import StaleEdition
from ivr.prompt_editions import current_edition, publish
from ivr.prompt_takes import Spot, keep_take
from ivr.take_sound import TakeSound, take_sound
from storage.crypto import use_key
from storage.database import open_engine, transaction
from tests.conftest import TEST_KEY
from tests.ivr.studio import record

RECORDED = 9  # in a life: a few editions of two recordings each


def main(url: str, folder: Path, language: str, lives: int) -> None:
    use_key(TEST_KEY)
    spoken = folder / "spoken.wav"
    record(spoken, said_s=0.5)
    sound = take_sound(io.BytesIO(spoken.read_bytes()), "một", language)
    open_engine(url).dispose()  # the driver is loaded once for all
    for _ in range(lives // 2):
        publishers = [_publisher(url, folder, language, sound) for _ in range(2)]
        enough = len(list(folder.glob("*.wav"))) + RECORDED
        while len(list(folder.glob("*.wav"))) < enough:  # however busy the machine is
            time.sleep(0.003)
        for process in publishers:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def _publisher(url: str, folder: Path, language: str, sound: TakeSound) -> int:
    if process := os.fork():
        return process
    engine = open_engine(url)
    while True:
        now = datetime.now(UTC)
        # Two sounds that belong together: one without the other is half a set.
        both = [
            keep_take(engine, folder, Spot(language, False, name), "một", sound, "me", now).id
            for name in ("question", "choices")
        ]
        with suppress(StaleEdition), transaction(engine) as session:
            seen = current_edition(session, language).number
            publish(session, language, both, seen, "me", lambda: datetime.now(UTC))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
