"""A stream made of two halves: the endpoint says when somebody speaks, an ear says what."""

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np

from speech.endpoint import Began, Ended, Endpoint, Spoken
from speech.sound import Samples
from speech.streaming import NOTHING, Final, Partial, SpeechBegan, StreamEvent


class Ear(Protocol):
    """What an engine does with one utterance."""

    def hear(self, samples: Samples, at_s: float) -> str:
        """Takes the next stretch, which begins at `at_s`; the words so far, "" while none."""
        ...

    def pause(self, silence_s: float, voice_end_s: float) -> None:
        """Told after each stretch for how long the caller has been silent: time to work ahead."""
        ...

    def end(self, voice_end_s: float) -> Final:
        """What was said, now that it is over."""
        ...

    def close(self) -> None:
        """Lets go of what it holds; harmless when repeated."""
        ...


class EndpointStream:
    """A `Stream` over an endpoint and an ear."""

    def __init__(self, endpoint: Endpoint, ear: Ear) -> None:
        self._endpoint = endpoint
        self._ear = ear
        self._half = b""
        self._partial = ""
        self._final: Final | None = None

    def feed(self, pcm: bytes) -> Sequence[StreamEvent]:
        """See `Stream.feed`."""
        if self._final is not None:
            return ()
        pcm = self._half + pcm
        whole = len(pcm) - len(pcm) % 2
        self._half = pcm[whole:]
        # astype: on a big-endian machine the engines want the machine's own order.
        samples = np.frombuffer(pcm[:whole], dtype="<i2").astype(np.int16)
        return tuple(self._events(samples))

    def finish(self) -> Final:
        """See `Stream.finish`."""
        if self._final is None:
            spoke = self._endpoint.speaking
            self._final = self._ear.end(self._endpoint.voice_end_s) if spoke else NOTHING
        return self._final

    def close(self) -> None:
        """See `Stream.close`."""
        if self._final is None:
            self._final = NOTHING
        self._ear.close()

    def _events(self, samples: Samples) -> Iterator[StreamEvent]:
        for piece in self._endpoint.feed(samples):
            match piece:
                case Began(at_s):
                    yield SpeechBegan(at_s)
                case Spoken(spoken, at_s):
                    text = self._ear.hear(spoken, at_s)
                    self._ear.pause(self._endpoint.silence_s, self._endpoint.voice_end_s)
                    if text and text != self._partial:
                        self._partial = text
                        yield Partial(text)
                case Ended(at_s):
                    self._final = self._ear.end(at_s)
                    yield self._final
