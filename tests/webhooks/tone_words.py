"""A speech service that hears words in tones, by how long they are.

Shorter than a second: the first phrase of the list; shorter than two: the same, with doubt; longer:
something that is on no list. Loudness stands for voice, silence ends an utterance.

    python -m tests.webhooks.tone_words HOST:PORT
"""

import asyncio
import signal
import sys

import numpy as np

from ivr.dialogue import SURE
from speech.endpoint import Endpoint
from speech.endpoint_stream import EndpointStream
from speech.pool import Pool, PoolLimits
from speech.pool_engines import EngineChoice
from speech.scripted_stream import LOUD, LoudnessDetector
from speech.service import SpeechService
from speech.sound import Samples
from speech.streaming import NOTHING, Final, Listening

CHOICE = EngineChoice("tests.webhooks.tone_words:engine")
SURE_S, DOUBTFUL_S, NOISE_S = 0.6, 1.4, 2.6
CONFIDENT, DOUBTFUL = 0.95, SURE / 2
FULL_SCALE = 32768


class _Ear:
    def __init__(self, listening: Listening) -> None:
        self._listening = listening
        self._heard: list[Samples] = []

    def hear(self, samples: Samples, at_s: float) -> str:
        self._heard.append(samples)
        return ""

    def pause(self, silence_s: float, voice_end_s: float) -> None:
        """Nothing to do ahead."""

    def end(self, voice_end_s: float) -> Final:
        loud = np.abs(np.concatenate(self._heard)) > LOUD * FULL_SCALE
        spoken_s = (np.flatnonzero(loud)[-1] - np.flatnonzero(loud)[0]) / self._listening.rate_hz
        if spoken_s >= 2:
            return NOTHING
        confidence = CONFIDENT if spoken_s < 1 else DOUBTFUL
        return Final(self._listening.phrases[0], confidence, ())

    def close(self) -> None:
        self._heard.clear()


class ToneWords:
    """A recogniser of tones."""

    engine = "tones"
    model = "of tests"

    def open(self, listening: Listening) -> EndpointStream:
        """See `StreamingRecogniser.open`."""
        voice = LoudnessDetector().voice(listening.rate_hz)
        endpoint = Endpoint(voice, listening.rate_hz, listening.pause_s)
        return EndpointStream(endpoint, _Ear(listening))


def engine(choice: EngineChoice) -> ToneWords:
    return ToneWords()


async def serve(bind: str) -> None:
    """The speech service at `bind` with this engine, until SIGTERM."""
    host, _, port = bind.rpartition(":")
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with (
        Pool(lambda: CHOICE, PoolLimits(workers=1, streams=2)) as pool,
        SpeechService(pool).listening_on(host, int(port)),
    ):
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
