"""An engine that does what the sound tells it, to the letter: for tests of pool and service.

The first byte of each piece: S speech began, P partial, F the first phrase was said, N nothing
was, E the engine gives up on this utterance, H hangs, C dies as native code does, anything else
is silence.
"""

import os
import signal
from collections.abc import Sequence

from speech.errors import RecogniserUnavailable, RecognitionFailed
from speech.pool_engines import EngineChoice
from speech.streaming import NOTHING, Final, Listening, Partial, SpeechBegan, StreamEvent

OBEYING = EngineChoice("tests.speech.obeying_engine:obeying", "of tests")
UNAVAILABLE = EngineChoice("tests.speech.obeying_engine:unavailable")
DYING = EngineChoice("tests.speech.obeying_engine:dying")
PIECE_BYTES = 960


def sound(told: str) -> bytes:
    """60 ms for each letter: what the service hands on at once."""
    return b"".join(letter.encode() * PIECE_BYTES for letter in told)


class _Stream:
    def __init__(self, listening: Listening) -> None:
        self._listening = listening

    def feed(self, pcm: bytes) -> Sequence[StreamEvent]:
        match pcm[:1]:
            case b"S":
                return [SpeechBegan(0.5)]
            case b"P":
                return [Partial("đú")]
            case b"F":
                return [Final(self._listening.phrases[0], 0.875, ())]
            case b"N":
                return [NOTHING]
            case b"E":
                raise RecognitionFailed("too much for this engine")
            case b"H":
                while True:
                    pass
            case b"C":
                os.kill(os.getpid(), signal.SIGSEGV)
        return []

    def finish(self) -> Final:
        return Final(self._listening.phrases[-1], 0.5, ())

    def close(self) -> None:
        pass


class _Obeying:
    engine = "obeying"

    def __init__(self, model: str) -> None:
        self.model = model

    def open(self, listening: Listening) -> _Stream:
        print("native libraries write where they like")
        return _Stream(listening)


def obeying(choice: EngineChoice) -> _Obeying:
    return _Obeying(choice.model)


def unavailable(choice: EngineChoice) -> _Obeying:
    raise RecogniserUnavailable("no model lies here")


def dying(choice: EngineChoice) -> _Obeying:
    os._exit(7)
