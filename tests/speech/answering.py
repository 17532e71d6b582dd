"""A recogniser of live speech that gives scripted answers, each after so many seconds."""

from collections import deque
from collections.abc import Iterable, Sequence

from speech.streaming import NOTHING, Final, HeardWord, Listening, StreamEvent


class AnsweringRecogniser:
    """An answer for each stream in turn; `asked` keeps how they were opened, `closed` counts."""

    engine = "answering"
    model = "answering"

    def __init__(self, answers: Iterable[str], after_s: float = 1.0) -> None:
        self.asked: list[Listening] = []
        self.closed = 0
        self._answers = deque(answers)
        self._after_s = after_s

    def open(self, listening: Listening) -> "AnsweringStream":
        self.asked.append(listening)
        answer = self._answers.popleft() if self._answers else ""
        return AnsweringStream(self, answer, round(2 * listening.rate_hz * self._after_s))


class AnsweringStream:
    def __init__(self, recogniser: AnsweringRecogniser, answer: str, after_bytes: int) -> None:
        self._recogniser = recogniser
        self._answer = answer
        self._left_bytes = after_bytes

    def feed(self, pcm: bytes) -> Sequence[StreamEvent]:
        if self._left_bytes <= 0:
            return ()
        self._left_bytes -= len(pcm)
        return (self.finish(),) if self._left_bytes <= 0 else ()

    def finish(self) -> Final:
        if not self._answer:
            return NOTHING
        return Final(self._answer, 0.9, (HeardWord(self._answer, 0.2, 0.6, 0.9),))

    def close(self) -> None:
        self._recogniser.closed += 1
