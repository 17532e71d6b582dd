"""What the conversation server asks of the speech service, and what it is answered.

One JSON object each way on a WebSocket of the subprotocol `hotline.listening`. The connection
stays open while the caller is listened to: it is the sign that somebody waits for the answer.

| asked | answered |
|---|---|
| listen | a token, under which Asterisk brings the sound; or refused |
| hear, `sound_bytes` | ready; then, after so many bytes of sound, heard or lost; or refused |
| state | engine, places |
"""

import json
from dataclasses import dataclass

from speech.aeap import RATE_HZ
from speech.errors import BadMessage
from speech.phrases import checked
from speech.service_hearing import Question
from speech.streaming import Listening

SUBPROTOCOL = "hotline.listening"
LONGEST_MS = 60_000
LONGEST_MEANING = 40
MAX_SOUND_BYTES = 320_000  # 20 s


@dataclass(frozen=True)
class Listen:
    """Listen to a caller."""

    listening: Listening
    question: Question


@dataclass(frozen=True)
class Hear:
    """Say what was said in a short recording; so many bytes of it follow."""

    listening: Listening
    sound_bytes: int


@dataclass(frozen=True)
class AskState:
    """Say how the service is."""


def read_asked(text: str) -> Listen | Hear | AskState:
    """What is asked.

    Raises:
        BadMessage: it is nothing that can be asked.
        BadPhrases: the phrase list is one that no engine can take.
        BadListening: the pause is out of all measure.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadMessage("expected JSON") from error
    match value:
        case {"ask": "state"}:
            return AskState()
        case {
            "ask": "listen",
            "language": str(language),
            "phrases": list(phrases),
            "meanings": list(meanings),
            "pause_ms": int(pause_ms),
            "timeout_ms": int(timeout_ms),
            "extra_ms": int(extra_ms),
        } if all(_is_time(number) for number in (pause_ms, timeout_ms, extra_ms)):
            listening = _listening(language, phrases, meanings, pause_ms)
            return Listen(listening, Question(timeout_ms / 1000, extra_ms / 1000))
        case {
            "ask": "hear",
            "language": str(language),
            "phrases": list(phrases),
            "meanings": list(meanings),
            "pause_ms": int(pause_ms),
            "sound_bytes": int(sound_bytes),
        } if _is_time(pause_ms) and _is_length(sound_bytes):
            return Hear(_listening(language, phrases, meanings, pause_ms), sound_bytes)
        case _:
            raise BadMessage("expected ask: listen, hear or state, with everything it takes")


def _listening(
    language: str, phrases: list[str], meanings: list[object], pause_ms: int
) -> Listening:
    words = checked(phrases, language)
    by_word = _by_word(phrases, meanings, language)
    return Listening(RATE_HZ, language, words, pause_ms / 1000, by_word)


def _is_time(number: int) -> bool:
    """Whether it can be a time in ms: true is a whole number too, and JSON knows no largest one."""
    return not isinstance(number, bool) and 0 <= number <= LONGEST_MS


def _is_length(number: int) -> bool:
    return not isinstance(number, bool) and 0 < number <= MAX_SOUND_BYTES


def _by_word(phrases: list[str], meanings: list[object], language: str) -> tuple[str, ...]:
    """The meaning of each phrase in the order in which engines get them."""
    if not meanings:
        return ()
    if len(meanings) != len(phrases):
        raise BadMessage(f"expected {len(phrases)} meanings or none, found {len(meanings)}")
    if not all(_is_meaning(meaning) for meaning in meanings):
        raise BadMessage(f"expected meanings as texts of up to {LONGEST_MEANING} letters")
    meant: dict[str, str] = {}
    for phrase, meaning in zip(phrases, meanings, strict=True):
        meant.setdefault(checked([phrase], language)[0], str(meaning))
    return tuple(meant.values())


def _is_meaning(meaning: object) -> bool:
    # Half a letter ("\\ud800") is not printable, and cannot be handed on to a worker.
    return isinstance(meaning, str) and len(meaning) <= LONGEST_MEANING and meaning.isprintable()


def granted(token: str) -> str:
    return json.dumps({"token": token})


def ready() -> str:
    return json.dumps({"ready": True})


def heard(text: str, confidence: float, *, spoke: bool) -> str:
    """`spoke`: somebody did, whatever it was."""
    told = {"heard": text, "confidence": confidence, "spoke": spoke}
    return json.dumps(told, ensure_ascii=False)


def lost(why: str) -> str:
    return json.dumps({"lost": why}, ensure_ascii=False)


def refused(why: str, *, busy: bool = False) -> str:
    return json.dumps({"refused": why, "busy": busy}, ensure_ascii=False)


def state(*, engine: str, used: int, free: int) -> str:
    return json.dumps({"engine": engine, "used": used, "free": free}, ensure_ascii=False)
