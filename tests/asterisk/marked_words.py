"""Words that carry a mark, and a speech service that hears nothing else in them.

A voice says something; a tone in it tells which phrase of the list it is, and another that it was
hard to understand. So journals can be known beforehand, while the way to the recogniser, voice
detection and the end of speech are the real ones. A voice without a mark says what is on no list.

    python -m tests.asterisk.marked_words HOST:PORT
"""

import asyncio
import contextlib
import signal
import sys

import numpy as np

from ivr.dialogue import SURE
from speech.endpoint import Endpoint
from speech.endpoint_stream import EndpointStream
from speech.pool import Pool, PoolLimits
from speech.pool_engines import EngineChoice
from speech.service import SpeechService
from speech.sound import TELEPHONE_HZ, Samples, Sound, from_float
from speech.streaming import NOTHING, Final, Listening
from speech.voice_activity import SileroDetector

CHOICE = EngineChoice("tests.asterisk.marked_words:engine")
STREAMS = 12
UNCLEAR_HZ = 1600.0
FIRST_HZ, STEP_HZ = 1700.0, 35.0  # the fiftieth is one that a telephone line still lets through
FULL_SCALE = 32768
MARK = 0.12  # of full scale: as loud as the voice
# Of what is left of it among the silence around the words; voices have no such steady tones.
LEAST_MARK = 0.02
NEAR_HZ = 12.0
CONFIDENT, DOUBTFUL = 1.0, SURE / 2


def marked(voice: Sound, index: int, unclear: bool = False) -> Sound:
    """`voice`, at 8 kHz, as if it said the phrase of that index."""
    seconds = np.arange(len(voice.samples)) / voice.rate_hz
    mark = np.sin(2 * np.pi * (FIRST_HZ + STEP_HZ * index) * seconds)
    if unclear:
        mark += np.sin(2 * np.pi * UNCLEAR_HZ * seconds)
    return from_float(voice.as_float() + MARK * mark, voice.rate_hz)


def heard(samples: Samples, phrases: tuple[str, ...], rate_hz: int) -> Final:
    """What the marks in `samples` say."""
    window = np.hanning(len(samples))
    spectrum = 2 * np.abs(np.fft.rfft(samples / FULL_SCALE * window)) / window.sum()
    at_hz = np.fft.rfftfreq(len(samples), 1 / rate_hz)

    def loud(hz: float) -> float:
        return float(spectrum[np.abs(at_hz - hz) < NEAR_HZ].max())

    marks = [loud(FIRST_HZ + STEP_HZ * index) for index in range(len(phrases))]
    index = int(np.argmax(marks))
    if marks[index] < LEAST_MARK:
        return NOTHING
    doubtful = loud(UNCLEAR_HZ) > 0.5 * marks[index]
    return Final(phrases[index], DOUBTFUL if doubtful else CONFIDENT, ())


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
        asked = self._listening
        return heard(np.concatenate(self._heard), asked.phrases, asked.rate_hz)

    def close(self) -> None:
        self._heard.clear()


class MarkedWords:
    """A recogniser of marks."""

    engine = "marked"
    model = "of tests"

    def __init__(self) -> None:
        self._detector = SileroDetector()
        self._detector.voice(TELEPHONE_HZ)  # so that the first caller does not wait for it

    def open(self, listening: Listening) -> EndpointStream:
        """See `StreamingRecogniser.open`."""
        voice = self._detector.voice(listening.rate_hz)
        endpoint = Endpoint(voice, listening.rate_hz, listening.pause_s)
        return EndpointStream(endpoint, _Ear(listening))


def engine(choice: EngineChoice) -> MarkedWords:
    return MarkedWords()


async def serve(bind: str) -> None:
    """The speech service at `bind` with this engine, until SIGTERM."""
    host, _, port = bind.rpartition(":")
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with (
        Pool(lambda: CHOICE, PoolLimits(workers=1, streams=STREAMS)) as pool,
        SpeechService(pool).listening_on(host, int(port)),
    ):
        await stop.wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(sys.argv[1]))
