"""What callers of a real Asterisk play: words, noise, and the silence around them."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from ivr.answers import Speech
from ivr.drivers.simulator import tone
from speech.sound import TELEPHONE_HZ, Sound, from_float, padded, read_wav, resampled, write_wav
from speech.synthesis import Synthesiser
from speech.voices import default_voice
from tests.asterisk.marked_words import marked

# Whatever a transcript tells: nobody learns more from twelve seconds of a tone.
SPEECH_S = 0.8
SILENCE_S = 0.4
# A line is heard before its caller speaks; and after, for more than the pause that ends an answer.
BEFORE_WORDS_S, AFTER_WORDS_S = 0.3, 1.1
VOICE = "tôi xin nói"
NOISE = Path(__file__).parents[3] / "shared" / "audio" / "noise" / "coffee-shop.wav"
NOISE_RMS = 0.05  # of full scale: as loud as words are
PIECE_S = 1.0


class CallerSounds:
    """Paths of sounds, as Asterisk wants them: without their extension."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._writing = threading.Lock()
        with Synthesiser() as synthesiser:
            spoken = synthesiser.speak(VOICE, default_voice("vi"))
        self._voice = resampled(spoken, TELEPHONE_HZ)
        self.words = self._written("words", lambda: tone(Speech(SPEECH_S)))
        self.silence = self._written("silence", lambda: tone(Speech(SILENCE_S, silent=True)))
        self.mid_word = self._written(
            "mid-word", lambda: padded(marked(self._voice, 0), BEFORE_WORDS_S, 0.0)
        )

    def answer(self, index: int | None, unclear: bool) -> str:
        """The phrase of that index, or what is on no list, and the silence around it."""

        def said() -> Sound:
            words = self._voice if index is None else marked(self._voice, index, unclear)
            return padded(words, BEFORE_WORDS_S, AFTER_WORDS_S)

        return self._written(f"answer-{index}{'-unclear' * unclear}", said)

    def noise(self) -> Sequence[str]:
        """Recorded noise in pieces that follow on each other: many voices, and none for us."""
        noise = resampled(read_wav(NOISE), TELEPHONE_HZ).as_float()
        noise *= NOISE_RMS / np.sqrt(np.mean(noise**2))
        pieces = np.split(noise, np.arange(0, len(noise), round(PIECE_S * TELEPHONE_HZ))[1:])
        return [
            self._written(f"noise-{index}", lambda piece=piece: from_float(piece, TELEPHONE_HZ))  # type: ignore[misc]
            for index, piece in enumerate(pieces)
        ]

    def _written(self, name: str, sound: Callable[[], Sound]) -> str:
        path = self._folder / f"{name}.wav"
        with self._writing:
            if not path.exists():
                write_wav(path, sound())
        return str(path.with_suffix(""))
