"""Vosk, for answers from a phrase list while they are spoken; the only file that imports it.

The model is shared; each stream has a recogniser of its own, bound to the step's phrases, so
nothing else can come out.
"""

import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from speech.endpoint import LONGEST_S, LONGEST_STATEMENT_S, Endpoint
from speech.endpoint_stream import EndpointStream
from speech.errors import BadPhrases, RecogniserUnavailable, RecognitionFailed
from speech.fetching import verify
from speech.gain import SlowGain
from speech.model import Model
from speech.phrases import checked, checked_language
from speech.sound import TELEPHONE_HZ, Samples
from speech.streaming import NOTHING, Final, HeardWord, Listening
from speech.voice_activity import SileroDetector, VoiceDetector

if TYPE_CHECKING:
    import vosk

# What the caller says beside the list; without it every cough would be one of the phrases. Each
# model has its own name for it, and some have none.
UNKNOWN = ("[unk]", "<unk>", "<UNK>")
# Kaldi ends the process, or reads past a file's end, where one of these is missing.
NEEDED = ("am/final.mdl", "conf/mfcc.conf")
# A graph put together at run time; a model with a fixed one cannot be held to a phrase list and
# would decode freely instead.
NEEDED_FOR_PHRASES = ("graph/HCLr.fst", "graph/Gr.fst")


class VoskRecogniser:
    """Streams over one Vosk model in a local folder; never looks anywhere else for one."""

    engine = "vosk"

    def __init__(
        self,
        folder: Path,
        model: str,
        language: str | None = None,
        detector: VoiceDetector | None = None,
        expected: Model | None = None,
    ) -> None:
        """`language` refuses streams in any other; `expected`, the catalogue's entry, has the
        files compared with it at loading.
        """
        self.model = model
        self._folder = folder
        self._language = language and checked_language(language)
        self._detector = detector or SileroDetector()
        self._expected = expected
        self._loading = threading.Lock()
        self._vosk: vosk.Model | None = None

    def load(self) -> None:
        """Loads model and voice detector now, so that the first caller does not wait for it.

        Raises:
            RecogniserUnavailable: the library or the model's folder is not usable.
            ModelDamaged: a file is not the one that the catalogue names.
        """
        self._loaded()
        self._detector.voice(TELEPHONE_HZ)

    def open(self, listening: Listening) -> EndpointStream:
        """See `StreamingRecogniser.open`.

        Phrases with a word that the model does not know cannot be heard and are left out. An
        empty list lets any words be heard: for statements, never for menus.

        Raises:
            BadPhrases: the model knows none of the phrases, or the list is malformed.
            RecogniserUnavailable: also where the model cannot be held to a list.
        """
        language = checked_language(listening.language)
        if self._language and language != self._language:
            raise RecogniserUnavailable(f"{self.model} hears {self._language}, not {language}")
        phrases = self._hearable(listening) if listening.phrases else ()
        ear = _VoskEar(self._recogniser(listening.rate_hz, phrases), phrases, listening.rate_hz)
        voice = self._detector.voice(listening.rate_hz)
        longest_s = LONGEST_S if phrases else LONGEST_STATEMENT_S
        endpoint = Endpoint(voice, listening.rate_hz, listening.pause_s, longest_s)
        return EndpointStream(endpoint, ear)

    def _hearable(self, listening: Listening) -> tuple[str, ...]:
        for name in NEEDED_FOR_PHRASES:
            if not (self._folder / name).is_file():
                raise RecogniserUnavailable(f"{self.model} takes no phrase lists: it has no {name}")
        phrases = checked(listening.phrases, listening.language)
        known = tuple(phrase for phrase in phrases if not self.unknown_words(phrase))
        if not known:
            raise BadPhrases(f"{self.model} knows none of the {len(phrases)} phrases")
        return known

    def unknown_words(self, phrase: str) -> tuple[str, ...]:
        """The words of a phrase that the model does not have and so cannot hear."""
        model = self._loaded()
        return tuple(w for w in phrase.split(" ") if model.vosk_model_find_word(w) < 0)

    def _recogniser(self, rate_hz: int, phrases: tuple[str, ...]) -> "vosk.KaldiRecognizer":
        import vosk

        beside = [name for name in UNKNOWN if not self.unknown_words(name)]
        # As letters: the library's reader of JSON does not undo \u escapes.
        grammar = [json.dumps([*phrases, *beside], ensure_ascii=False)] if phrases else []
        try:
            recogniser = vosk.KaldiRecognizer(self._loaded(), float(rate_hz), *grammar)
        except Exception as error:  # the library raises nothing more special
            raise RecogniserUnavailable(f"{self.model} gives no recogniser: {error}") from error
        recogniser.SetWords(True)
        return recogniser

    def _loaded(self) -> "vosk.Model":
        with self._loading:
            if self._vosk is None:
                self._vosk = self._load()
            return self._vosk

    def _load(self) -> "vosk.Model":
        for name in NEEDED:
            if not (self._folder / name).is_file():
                raise RecogniserUnavailable(f"expected a Vosk model, found no {name}")
        if self._expected is not None:
            verify(self._expected, self._folder.parent)
        try:
            import vosk
        except (ImportError, OSError) as error:
            raise RecogniserUnavailable(f"vosk is not usable: {error}") from error
        vosk.SetLogLevel(-1)  # it writes to the process's stderr, in no format of ours
        try:
            return vosk.Model(model_path=str(self._folder))
        except Exception as error:  # the library raises nothing more special
            raise RecogniserUnavailable(f"{self.model} cannot be loaded: {error}") from error


class _VoskEar:
    def __init__(
        self, recogniser: "vosk.KaldiRecognizer", phrases: tuple[str, ...], rate_hz: int
    ) -> None:
        self._recogniser: vosk.KaldiRecognizer | None = recogniser
        self._phrases = phrases
        self._gain = SlowGain(rate_hz)
        self._began_s: float | None = None
        self._words: list[HeardWord] = []

    def hear(self, samples: Samples, at_s: float) -> str:
        recogniser = self._open()
        if self._began_s is None:
            self._began_s = at_s
        try:
            # True: Kaldi itself found an end. Ours may be later, so what it heard is kept.
            if recogniser.AcceptWaveform(self._gain(samples).tobytes()):
                self._keep(recogniser.Result())
                return phrase_of(self._words, self._phrases)
            partial = json.loads(recogniser.PartialResult()).get("partial", "")
        except Exception as error:  # the library raises nothing more special
            raise RecognitionFailed(f"vosk could not decode: {error}") from error
        return _known(partial)

    def pause(self, silence_s: float, voice_end_s: float) -> None:
        """Nothing to do: the decoding is done as the sound comes."""

    def end(self, voice_end_s: float) -> Final:
        if self._recogniser is None:
            return NOTHING
        self._keep(self._recogniser.FinalResult())
        self.close()
        text = phrase_of(self._words, self._phrases)
        if not text:
            return NOTHING
        return Final(text, confidence_of(self._words), _without_unknown(self._words))

    def close(self) -> None:
        self._recogniser = None  # its memory is freed with the last reference

    def _open(self) -> "vosk.KaldiRecognizer":
        if self._recogniser is None:
            raise RecognitionFailed("the stream was closed")
        return self._recogniser

    def _keep(self, result: str) -> None:
        found: list[dict[str, Any]] = json.loads(result).get("result", [])
        at_s = self._began_s or 0.0
        self._words += [
            HeardWord(w["word"], at_s + w["start"], at_s + w["end"], min(1.0, w["conf"]))
            for w in found
        ]


def phrase_of(words: list[HeardWord], phrases: tuple[str, ...]) -> str:
    """The one phrase that the words make, said once or again; "" if they make none or several.

    The grammar lets phrases follow each other, and what is on no list stand between them.
    Without a list it is all the words.
    """
    said = [word.text for word in _without_unknown(words)]
    if not phrases:
        return " ".join(said)
    for phrase in phrases:
        parts = phrase.split(" ")
        times, rest = divmod(len(said), len(parts))
        if said and not rest and said == parts * times:
            return phrase
    return ""


def confidence_of(words: list[HeardWord]) -> float:
    """The least sure word's confidence, less for what was said beside the phrase.

    A phrase in a long sentence that is on no list is likely no answer at all.
    """
    heard_s = sum(word.end_s - word.start_s for word in words)
    known = _without_unknown(words)
    known_s = sum(word.end_s - word.start_s for word in known)
    return min(word.confidence for word in known) * (known_s / heard_s if heard_s else 1.0)


def _without_unknown(words: list[HeardWord]) -> tuple[HeardWord, ...]:
    return tuple(word for word in words if word.text not in UNKNOWN)


def _known(text: str) -> str:
    return " ".join(word for word in text.split() if word not in UNKNOWN)
