"""A recogniser that says what it was told: for tests, demonstrations and calls without a model."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from speech.errors import RecognitionFailed, SpeechError
from speech.recogniser import Segment, Transcript, transcript_of
from speech.sound import Sound


@dataclass(frozen=True, eq=False)
class Asked:
    """One request as it came in."""

    sound: Sound
    language: str


class ScriptedRecogniser:
    """Gives the answers in turn and keeps what it was asked in `asked`.

    An answer is a text, or an error to raise. Running out of answers is an error, so that a test
    sees a request which it did not expect.
    """

    engine = "scripted"

    def __init__(
        self,
        answers: Iterable[str | SpeechError] = (),
        confidence: float = 0.9,
        model: str = "scripted",
    ) -> None:
        self.model = model
        self.asked: list[Asked] = []
        self._confidence = confidence
        self._answers = deque(answers)

    def transcribe(self, sound: Sound, language: str) -> Transcript:
        """The next answer, whatever the sound.

        Raises:
            RecognitionFailed: no answer is left.
            SpeechError: the one that the script holds at this place.
        """
        self.asked.append(Asked(sound, language))
        if not self._answers:
            raise RecognitionFailed(f"no scripted answer left for request {len(self.asked)}")
        answer = self._answers.popleft()
        if isinstance(answer, SpeechError):
            raise answer
        segments = (Segment(0.0, sound.length_s, answer, self._confidence),) if answer else ()
        return transcript_of(
            segments, engine=self.engine, model=self.model, took_s=0.0, language=language
        )
