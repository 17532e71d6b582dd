"""Whisper through faster-whisper, for whole recordings."""

import math
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from speech.bias import NO_BIAS, Bias
from speech.errors import RecognitionFailed
from speech.level import is_silent, normalised
from speech.recogniser import Segment, Transcript, transcript_of
from speech.sound import Sound, padded, resampled
from speech.streaming import HeardWord
from speech.whisper_loading import loaded_whisper, one_line

if TYPE_CHECKING:
    from faster_whisper import WhisperModel
    from faster_whisper.transcribe import Segment as WhisperSegment
    from faster_whisper.transcribe import Word as WhisperWord

WHISPER_HZ = 16000
PADDING_S = 0.5
BEAM = 5
REPETITION_PENALTY = 1.1
VOICE_THRESHOLD = 0.3
# Not the −50 dBFS of a quiet line: callers 30 dB under the usual are still understood, once
# raised. Idle A-law alone lies at −72.
DEAD_LINE_DBFS = -68.0
# Text that packs better than this is one phrase over and over: heard in noise, said by nobody.
LOOP_COMPRESSION = 2.4


class WhisperRecogniser:
    """Transcribes with a Whisper model in a local folder; never looks anywhere else for one.

    The model (150 MB in memory) is loaded at the first transcription, not before.
    """

    engine = "whisper"

    def __init__(
        self,
        folder: Path,
        model: str = "whisper-base",
        threads: int = 2,
        *,
        even_level: bool = True,
        padding_s: float = PADDING_S,
        bias: Bias = NO_BIAS,
    ) -> None:
        """`even_level` and `padding_s` are there for benchmarks that measure their worth."""
        self._bias = bias
        self.model = model
        self._even_level = even_level
        self._padding_s = padding_s
        self._folder = folder
        self._threads = threads
        self._loading = threading.Lock()
        self._whisper: WhisperModel | None = None

    def transcribe(self, sound: Sound, language: str) -> Transcript:
        """What was said in `sound`; see `Recogniser.transcribe`.

        Silence and noise without a voice are answered without decoding: Whisper was trained on
        subtitles and hears sentences in them.
        """
        began = time.monotonic()
        segments: tuple[Segment, ...] = ()
        if not is_silent(sound, DEAD_LINE_DBFS):
            segments = self._decoded(sound, language.split("-")[0].lower())
        return transcript_of(
            segments,
            engine=self.engine,
            model=self.model,
            took_s=time.monotonic() - began,
            language=language,
        )

    def load(self) -> None:
        """Loads the model now, so that the first caller does not wait for it.

        Raises:
            RecogniserUnavailable: the library or the model's folder is not usable.
        """
        self._loaded()

    def _decoded(self, sound: Sound, language: str) -> tuple[Segment, ...]:
        whisper = self._loaded()
        ready = padded(self._evened(resampled(sound, WHISPER_HZ)), self._padding_s, self._padding_s)
        try:
            if not _has_voice(ready):
                return ()
            found, _ = whisper.transcribe(
                ready.as_float(),
                language=language,
                beam_size=BEAM,
                # One temperature: the fallbacks to higher ones are drawn at random, so the same
                # recording would read differently each time.
                temperature=0.0,
                # What those fallbacks are for is loops ("ấn ấn ấn …"); this stops them as well,
                # in half the time: benchmarks/speech.md.
                repetition_penalty=REPETITION_PENALTY,
                initial_prompt=self._bias.prompt or None,
                hotwords=self._bias.hotwords or None,
                # A phrase wrongly heard must not be continued in the next half-minute.
                condition_on_previous_text=False,
                word_timestamps=True,  # staff hear the sound from the word they click
                vad_filter=False,  # the recording is decoded whole: a filter may cut a word
            )
            return tuple(self._segments(found, sound.length_s))
        except (RuntimeError, ValueError, MemoryError) as error:
            raise RecognitionFailed(f"whisper could not decode: {one_line(error)}") from error

    def _evened(self, sound: Sound) -> Sound:
        return normalised(sound) if self._even_level else sound

    def _segments(self, found: "Iterable[WhisperSegment]", length_s: float) -> Iterable[Segment]:
        """Whisper's segments on the clock of the sound as it came, without the padding."""

        def at(moment_s: float) -> float:
            return min(max(moment_s - self._padding_s, 0.0), length_s)

        def heard(word: "WhisperWord") -> HeardWord:
            start_s, end_s = at(float(word.start)), at(float(word.end))
            return HeardWord(word.word.strip(), start_s, end_s, min(1.0, float(word.probability)))

        for segment in found:
            if segment.compression_ratio > LOOP_COMPRESSION:
                continue
            yield Segment(
                start_s=at(float(segment.start)),
                end_s=at(float(segment.end)),
                text=segment.text.strip(),
                confidence=min(1.0, math.exp(segment.avg_logprob)),
                words=tuple(heard(word) for word in segment.words or ()),
            )

    def _loaded(self) -> "WhisperModel":
        with self._loading:
            if self._whisper is None:
                self._whisper = loaded_whisper(self._folder, self._threads)
            return self._whisper


def _has_voice(sound: Sound) -> bool:
    """Whether anybody speaks: rain and traffic would be written down as sentences too."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(threshold=VOICE_THRESHOLD)
    return bool(get_speech_timestamps(sound.as_float(), options, WHISPER_HZ))
