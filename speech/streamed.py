"""A recogniser of live speech at work on whole recordings."""

import time
from dataclasses import replace

from speech.recogniser import Segment, Transcript, transcript_of
from speech.sound import TELEPHONE_HZ, Sound, resampled
from speech.streaming import Final, Listening, StreamingRecogniser

PIECE_S = 0.1
PAUSE_S = 2.0  # within a statement people stop to think


class StreamedRecogniser:
    """Hears a recording as if it were spoken now, utterance by utterance, any words allowed."""

    def __init__(self, streaming: StreamingRecogniser) -> None:
        self._streaming = streaming

    @property
    def engine(self) -> str:
        return self._streaming.engine

    @property
    def model(self) -> str:
        return self._streaming.model

    def transcribe(self, sound: Sound, language: str) -> Transcript:
        """What was said in `sound`; see `Recogniser.transcribe`."""
        began = time.monotonic()
        segments = tuple(self._segments(resampled(sound, TELEPHONE_HZ), language))
        return transcript_of(
            segments,
            engine=self.engine,
            model=self.model,
            took_s=time.monotonic() - began,
            language=language,
        )

    def _segments(self, sound: Sound, language: str) -> list[Segment]:
        found: list[Segment] = []
        step = round(PIECE_S * TELEPHONE_HZ)
        at = 0
        while at < len(sound.samples):
            begin = at
            stream = self._streaming.open(Listening(TELEPHONE_HZ, language, (), PAUSE_S))
            try:
                final = None
                while final is None and at < len(sound.samples):
                    piece = sound.samples[at : at + step]
                    at += len(piece)
                    events = stream.feed(piece.astype("<i2").tobytes())
                    final = next((event for event in events if isinstance(event, Final)), None)
                said = final or stream.finish()
            finally:
                stream.close()
            if said.text:
                found.append(_segment(said, begin / TELEPHONE_HZ, at / TELEPHONE_HZ))
        return found


def _segment(said: Final, begin_s: float, end_s: float) -> Segment:
    """The utterance on the clock of the recording."""
    if said.words:
        words = tuple(
            replace(word, start_s=begin_s + word.start_s, end_s=begin_s + word.end_s)
            for word in said.words
        )
        return Segment(words[0].start_s, words[-1].end_s, said.text, said.confidence, words)
    return Segment(begin_s, end_s, said.text, said.confidence)
