"""Whisper for short answers: not decoded, but asked how likely each phrase of the list is.

Decoded freely, Whisper writes a sentence for every cough. Here its decoder only rates the texts
that the step's list holds: by the mean log-probability of their tokens, less what it would give
them for a line on which nobody speaks. All are rated in one batch over one encoding of the
utterance, and the encoding is of four seconds, not of Whisper's thirty: a tenth of the cost, and
no worse (benchmarks/spoken_answers.md).
"""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from speech.endpoint import Endpoint
from speech.endpoint_stream import EndpointStream
from speech.errors import BadListening, RecognitionFailed
from speech.fetching import verify
from speech.level import normalised
from speech.model import Model
from speech.phrase_scores import PhraseScore, answer_of
from speech.phrases import checked, checked_language
from speech.sound import TELEPHONE_HZ, Samples, Sound, from_float, padded, resampled
from speech.streaming import NOTHING, Final, HeardWord, Listening
from speech.voice_activity import Floats, SileroDetector, VoiceDetector
from speech.whisper_loading import loaded_whisper, one_line

if TYPE_CHECKING:
    from ctranslate2.models import WhisperAlignmentResult
    from faster_whisper import WhisperModel
    from faster_whisper.tokenizer import Tokenizer

WHISPER_HZ = 16000
ATTENTION_HZ = 50
PADDING_S = 0.5
CONTEXT_S = 4.0
TAIL_S = 0.3  # of the pause after the last voice, so that the last sound is not cut
EARLY_S = 0.4  # into a pause the rating is done, to be ready when the pause proves to be the end
EARLY_TRIES = 3  # who pauses more often is answered a little later
UNHEARD_SHARE = 0.9
UNHEARD_KEPT = 5000
HISS_DBFS = -56.0  # no line is without: in digital silence Whisper rates the same word anew
LEAST = 1e-10

NOBODY = Sound(np.zeros(0, np.int16), WHISPER_HZ)

Tokens = list[list[int]]  # of each word


class WhisperPhrases:
    """Streams over one Whisper model in a local folder; never looks anywhere else for one."""

    engine = "whisper"

    def __init__(
        self,
        folder: Path,
        model: str = "whisper-base",
        threads: int = 1,
        *,
        detector: VoiceDetector | None = None,
        expected: Model | None = None,
        context_s: float = CONTEXT_S,
        unheard_share: float = UNHEARD_SHARE,
    ) -> None:
        """`expected` is the catalogue's entry: the files are then compared with it at loading.

        `context_s` and `unheard_share` are there for benchmarks that measure their worth.
        """
        self.model = model
        self._folder = folder
        self._threads = threads
        self._detector = detector or SileroDetector()
        self._expected = expected
        self._context_s = context_s
        self._unheard_share = unheard_share
        self._loading = threading.Lock()
        self._whisper: WhisperModel | None = None
        self._unheard: dict[tuple[str, str], float] = {}

    def open(self, listening: Listening) -> EndpointStream:
        """See `StreamingRecogniser.open`; there must be a list.

        Raises:
            BadPhrases: the list is malformed or empty.
            BadListening: Whisper does not know the language.
        """
        checked(listening.phrases, listening.language)
        self._tokenizer(listening.language)
        voice = self._detector.voice(listening.rate_hz)
        endpoint = Endpoint(voice, listening.rate_hz, listening.pause_s)
        return EndpointStream(endpoint, _WhisperEar(self, listening))

    def load(self) -> None:
        """Loads model and voice detector now, so that the first caller does not wait for it.

        Raises:
            RecogniserUnavailable: the library or the model's folder is not usable.
            ModelDamaged: a file is not the one that the catalogue names.
        """
        self._loaded()
        self._detector.voice(TELEPHONE_HZ)

    def scores(
        self, sound: Sound, phrases: Sequence[str], language: str
    ) -> tuple[PhraseScore, ...]:
        """How likely each phrase is what was said in `sound`, in the order of the phrases.

        The words' times are seconds from the beginning of the sound.

        Raises:
            RecognitionFailed: this sound could not be rated; it is unharmed.
        """
        tokenizer = self._tokenizer(language)
        unheard = self._ratings_unheard(tokenizer, phrases)
        ready = padded(normalised(resampled(sound, WHISPER_HZ)), PADDING_S, PADDING_S)
        found = self._rated(tokenizer, ready, phrases)
        return tuple(
            PhraseScore(
                phrase,
                float(logprobs.mean()) - self._unheard_share * without,
                _words(phrase, tokens, starts, sound.length_s),
            )
            for phrase, without, (tokens, logprobs, starts) in zip(
                phrases, unheard, found, strict=True
            )
        )

    def _ratings_unheard(self, tokenizer: "Tokenizer", phrases: Sequence[str]) -> list[float]:
        """What each phrase is given when nobody speaks; kept, as menus come again."""
        language = tokenizer.language_code
        new = [phrase for phrase in phrases if (language, phrase) not in self._unheard]
        if new:
            if len(self._unheard) + len(new) > UNHEARD_KEPT:
                self._unheard = {}
                new = list(phrases)
            found = self._rated(tokenizer, NOBODY, new)
            self._unheard |= {
                (language, phrase): float(logprobs.mean())
                for phrase, (_, logprobs, _) in zip(new, found, strict=True)
            }
        return [self._unheard[language, phrase] for phrase in phrases]

    def _rated(
        self, tokenizer: "Tokenizer", ready: Sound, phrases: Sequence[str]
    ) -> list[tuple[Tokens, Floats, dict[int, float]]]:
        """For each phrase its tokens, their log-probabilities, and when the first were heard."""
        whisper = self._loaded()
        spelt = [_tokens(tokenizer, phrase) for phrase in phrases]
        try:
            encoded = _encoded(whisper, _with_hiss(ready, self._context_s))
            found = whisper.model.align(
                _repeated(encoded, len(phrases)),
                tokenizer.sot_sequence,
                [[token for word in words for token in word] for words in spelt],
                [2 * encoded.shape[1]] * len(phrases),
            )
        except (RuntimeError, ValueError, MemoryError) as error:
            raise RecognitionFailed(f"whisper could not rate: {one_line(error)}") from error
        return [
            (tokens, _logprobs(result), _starts(result))
            for tokens, result in zip(spelt, found, strict=True)
        ]

    def _tokenizer(self, language: str) -> "Tokenizer":
        whisper = self._loaded()
        from faster_whisper.tokenizer import Tokenizer

        try:
            return Tokenizer(
                whisper.hf_tokenizer, True, task="transcribe", language=checked_language(language)
            )
        except ValueError as error:
            raise BadListening(f"whisper does not know the language {language!r}") from error

    def _loaded(self) -> "WhisperModel":
        with self._loading:
            if self._whisper is None:
                if self._expected is not None:
                    verify(self._expected, self._folder.parent)
                self._whisper = loaded_whisper(self._folder, self._threads)
            return self._whisper


class _WhisperEar:
    """Gathers the utterance, and rates it while its last pause is still running."""

    def __init__(self, recogniser: WhisperPhrases, listening: Listening) -> None:
        self._recogniser = recogniser
        self._listening = listening
        self._begin_s = 0.0
        self._heard: list[Samples] = []
        self._early = NOTHING
        self._early_end_s = -1.0
        self._tries = 0

    def hear(self, samples: Samples, at_s: float) -> str:
        if not self._heard:
            self._begin_s = at_s
        self._heard.append(samples)
        return ""

    def pause(self, silence_s: float, voice_end_s: float) -> None:
        if silence_s < EARLY_S or voice_end_s == self._early_end_s or self._tries >= EARLY_TRIES:
            return
        self._tries += 1
        self._early, self._early_end_s = self._rated(voice_end_s), voice_end_s

    def end(self, voice_end_s: float) -> Final:
        if not self._heard:
            return NOTHING
        final = self._early if voice_end_s == self._early_end_s else self._rated(voice_end_s)
        self.close()
        return final

    def close(self) -> None:
        self._heard.clear()

    def _rated(self, voice_end_s: float) -> Final:
        rate_hz = self._listening.rate_hz
        length = round((voice_end_s + TAIL_S - self._begin_s) * rate_hz)
        sound = Sound(np.concatenate(self._heard)[:length], rate_hz)
        scores = self._recogniser.scores(sound, self._listening.phrases, self._listening.language)
        return _later(answer_of(scores, self._listening.meanings), self._begin_s)


def _with_hiss(sound: Sound, at_least_s: float) -> Sound:
    """The sound, made as long as `at_least_s`, over a little noise that is always the same."""
    whole = padded(sound, 0, max(0.0, at_least_s - sound.length_s))
    hiss = np.random.default_rng(0).standard_normal(len(whole.samples)) * 10 ** (HISS_DBFS / 20)
    return from_float(whole.as_float() + hiss, whole.rate_hz)


def _tokens(tokenizer: "Tokenizer", phrase: str) -> Tokens:
    """As Whisper writes a whole utterance: with a capital letter and a full stop."""
    written = f"{phrase[0].upper()}{phrase[1:]}."
    return [tokenizer.encode(f" {word}") for word in written.split(" ")]


def _encoded(whisper: "WhisperModel", whole: Sound) -> Floats:
    from ctranslate2 import StorageView

    features = whisper.feature_extractor(whole.as_float(), padding=0)
    # The encoder takes its frames in pairs.
    even = features[np.newaxis, :, : features.shape[1] // 2 * 2]
    view = StorageView.from_array(np.ascontiguousarray(even, np.float32))
    encoded: Floats = np.array(whisper.model.encode(view, to_cpu=True))
    return encoded


def _repeated(encoded: Floats, times: int) -> object:
    from ctranslate2 import StorageView

    return StorageView.from_array(np.ascontiguousarray(np.repeat(encoded, times, axis=0)))


def _logprobs(result: "WhisperAlignmentResult") -> Floats:
    given = np.array(result.text_token_probs, np.float32)
    logprobs: Floats = np.log(np.maximum(given, np.float32(LEAST)))
    return logprobs


def _starts(result: "WhisperAlignmentResult") -> dict[int, float]:
    starts: dict[int, float] = {}
    for token, moment in result.alignments:
        starts.setdefault(token, moment / ATTENTION_HZ - PADDING_S)
    return starts


def _words(
    phrase: str, tokens: Tokens, starts: dict[int, float], length_s: float
) -> tuple[HeardWord, ...]:
    heard, at = [], 0
    for word, own in zip(phrase.split(" "), tokens, strict=True):
        begin_s = min(max(starts.get(at, 0.0), 0.0), length_s)
        at += len(own)
        end_s = min(max(starts.get(at, length_s), begin_s), length_s)
        heard.append(HeardWord(word, begin_s, end_s, 0.0))
    return tuple(heard)


def _later(final: Final, by_s: float) -> Final:
    words = (HeardWord(w.text, w.start_s + by_s, w.end_s + by_s, w.confidence) for w in final.words)
    return Final(final.text, final.confidence, tuple(words))
