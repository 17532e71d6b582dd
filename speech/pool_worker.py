"""A worker process: one loaded engine, many streams, one frame at a time (`speech.pool` starts it).

A native crash ends this process and no call. It ends by itself when the service closes the pipe.
"""

import contextlib
import ctypes
import os
import signal
import sys
from typing import BinaryIO

from speech.errors import RecognitionFailed, SpeechError
from speech.pool_engines import choice_of, load_engine
from speech.pool_messages import (
    HEAD,
    Frame,
    Kind,
    event_frame,
    listening_of,
    unpack_head,
    with_json,
)
from speech.streaming import Final, Stream, StreamingRecogniser

PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


class Worker:
    """Answers frames from `inlet` on `outlet`, each with what is new and then `DONE`."""

    def __init__(self, engine: StreamingRecogniser, inlet: BinaryIO, outlet: BinaryIO) -> None:
        self._engine = engine
        self._inlet = inlet
        self._outlet = outlet
        self._streams: dict[int, Stream] = {}

    def run(self) -> None:
        """Until the service closes the pipe."""
        while len(head := self._inlet.read(HEAD.size)) == HEAD.size:
            kind, stream, length = unpack_head(head)
            body = self._inlet.read(length) if length else b""
            try:
                self._answer(kind, stream, body)
            except SpeechError as error:
                self._forget(stream)
                self._tell(with_json(Kind.FAILED, stream, str(error)))
            self._tell(Frame(Kind.DONE))

    def _answer(self, kind: Kind, number: int, body: bytes) -> None:
        match kind:
            case Kind.OPEN:
                self._streams[number] = self._engine.open(listening_of(body))
            case Kind.FEED if number in self._streams:
                for event in self._streams[number].feed(body):
                    self._tell(event_frame(number, event))
                    if isinstance(event, Final):
                        self._forget(number)
            case Kind.FINISH if number in self._streams:
                self._tell(event_frame(number, self._streams[number].finish()))
                self._forget(number)
            case Kind.CLOSE:
                self._forget(number)
            case Kind.FEED | Kind.FINISH:
                pass  # sent before the service knew that this stream was over
            case _:
                raise RecognitionFailed(f"expected a frame for a worker, found {kind.name}")

    def _forget(self, number: int) -> None:
        if (stream := self._streams.pop(number, None)) is not None:
            stream.close()

    def _tell(self, frame: Frame) -> None:
        self._outlet.write(frame.packed())
        self._outlet.flush()


def main(choice_text: str) -> int:
    """The process's life; 1 where the engine cannot be loaded."""
    # The service ends us; Ctrl-C at its terminal is for the service.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        # A service that is killed leaves no worker at work on a sound nobody waits for.
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)
    # Native libraries print; what they print must not get between our frames.
    outlet = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        engine = load_engine(choice_of(choice_text))
    except SpeechError as error:
        outlet.write(with_json(Kind.UNAVAILABLE, 0, str(error)).packed())
        outlet.flush()
        return 1
    loaded = {"engine": engine.engine, "model": engine.model}
    outlet.write(with_json(Kind.READY, 0, loaded).packed())
    outlet.flush()
    with contextlib.suppress(BrokenPipeError):  # the service has gone
        Worker(engine, sys.stdin.buffer, outlet).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
