"""Streaming recognition that says what it was told: for tests, and for calls without a model.

Loudness stands for voice, so a tone begins an utterance and silence ends it.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable

import numpy as np

from speech.endpoint import Endpoint
from speech.endpoint_stream import EndpointStream
from speech.errors import RecognitionFailed, SpeechError
from speech.phrases import checked
from speech.sound import Samples
from speech.streaming import NOTHING, Final, HeardWord, Listening
from speech.voice_activity import Floats, Voice

LOUD = 0.01  # −40 dBFS
CONFIDENCE = 0.9

Answer = Callable[[Samples], str | Final]


class LoudnessDetector:
    """Takes everything louder than `loud` (RMS, of full scale) for a voice."""

    def __init__(self, loud: float = LOUD) -> None:
        self._loud = loud

    def voice(self, rate_hz: int) -> Voice:
        """See `VoiceDetector.voice`."""
        return self._sure

    def _sure(self, frame: Floats) -> float:
        return 1.0 if float(np.sqrt(np.mean(np.square(frame)))) >= self._loud else 0.0


class ScriptedStreaming:
    """Gives the answers in turn, one to each utterance, and keeps what it was asked.

    An answer is a text, a `Final`, or an error to raise. Running out of answers is an error, so
    that a test sees an utterance which it did not expect. `opened` has each stream's request,
    `heard` the sound of each utterance that ended.
    """

    engine = "scripted"

    def __init__(
        self,
        answers: Iterable[str | Final | SpeechError] = (),
        confidence: float = CONFIDENCE,
        model: str = "scripted",
    ) -> None:
        self.model = model
        self.opened: list[Listening] = []
        self.heard: list[Samples] = []
        self._answers = deque(answers)
        self._confidence = confidence
        self._turn = threading.Lock()

    def open(self, listening: Listening) -> EndpointStream:
        """See `StreamingRecogniser.open`."""
        self.opened.append(listening)
        return _stream(listening, self._next, self._confidence)

    def _next(self, samples: Samples) -> str | Final:
        with self._turn:
            self.heard.append(samples)
            if not self._answers:
                raise RecognitionFailed(f"no scripted answer left for utterance {len(self.heard)}")
            answer = self._answers.popleft()
        if isinstance(answer, SpeechError):
            raise answer
        return answer


class FirstPhraseRecogniser:
    """Hears the first phrase of the list in every utterance; keeps nothing."""

    engine = "scripted"
    model = "first-phrase"

    def open(self, listening: Listening) -> EndpointStream:
        """See `StreamingRecogniser.open`."""
        text = listening.phrases[0] if listening.phrases else ""
        return _stream(listening, lambda samples: text, CONFIDENCE)


def _stream(listening: Listening, answer: Answer, confidence: float) -> EndpointStream:
    if listening.phrases:
        checked(listening.phrases, listening.language)
    voice = LoudnessDetector().voice(listening.rate_hz)
    return EndpointStream(
        Endpoint(voice, listening.rate_hz, listening.pause_s), _ScriptedEar(answer, confidence)
    )


class _ScriptedEar:
    def __init__(self, answer: Answer, confidence: float) -> None:
        self._answer = answer
        self._confidence = confidence
        self._at_s = 0.0
        self._heard: list[Samples] = []

    def hear(self, samples: Samples, at_s: float) -> str:
        if not self._heard:
            self._at_s = at_s
        self._heard.append(samples)
        return ""

    def pause(self, silence_s: float, voice_end_s: float) -> None:
        """Nothing to do ahead."""

    def end(self, voice_end_s: float) -> Final:
        answer = self._answer(np.concatenate(self._heard))
        if isinstance(answer, Final):
            return answer
        if not answer:
            return NOTHING
        word = HeardWord(answer, self._at_s, voice_end_s, self._confidence)
        return Final(answer, self._confidence, (word,))

    def close(self) -> None:
        self._heard.clear()
