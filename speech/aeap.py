"""Asterisk's speech-to-text messages (AEAP), read and written as values; no sockets here.

Text frames are JSON requests and responses, answered within a second each; binary frames are the
caller's sound in the codec that `setup` agreed on. A result is a text, a whole number (0 to 1000
for us) and a word that the dialplan reads as SPEECH_GRAMMAR.
"""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from speech.errors import BadMessage

SUBPROTOCOL = "speech_to_text"
RATE_HZ = 8000
SCORES = 1000
LONGEST_ID = 64  # Asterisk's are UUIDs


class Told(StrEnum):
    """What a result tells the dialplan (asterisk_conf/extensions.conf); `dtmf` is Asterisk's."""

    WAIT = "wait"  # go on listening
    BEGAN = "began"  # the caller speaks: no more prompt, go on listening
    HEARD = "heard"  # the text is what was said
    NOTHING = "nothing"  # silence, noise, or none of the phrases
    GONE = "gone"  # no recogniser any more
    LEFT = "left"  # the conversation server has gone: ask another one


@dataclass(frozen=True)
class Setup:
    """Asterisk opens with the codec of the channel."""

    id: str
    codec: str


@dataclass(frozen=True)
class Set:
    """Asterisk hands on what the dialplan set, or the key that was pressed."""

    id: str
    params: dict[str, str]


@dataclass(frozen=True)
class Get:
    """Asterisk asks for one thing; `results` at the end of each round of listening."""

    id: str
    name: str


@dataclass(frozen=True)
class Answered:
    """Asterisk took, or did not take, what we pushed."""

    error: str = field(default="")


Message = Setup | Set | Get | Answered


def read_message(text: str) -> Message:
    """The message in a text frame.

    Raises:
        BadMessage: it is none that Asterisk sends.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadMessage("expected JSON") from error
    if not isinstance(value, dict):
        raise BadMessage(f"expected a JSON object, found {type(value).__name__}")
    if "response" in value:
        return Answered(str(value.get("error_msg", "")))
    request, number = value.get("request"), value.get("id")
    # It goes back as it came: half a letter ("\\ud800") could not.
    if not isinstance(number, str) or not 0 < len(number) <= LONGEST_ID or not number.isprintable():
        raise BadMessage(f"expected an id of 1 to {LONGEST_ID} letters")
    match request, value:
        case "setup", {"codecs": [{"name": str(codec)}, *_]}:
            return Setup(number, codec)
        case "set", {"params": dict(params)}:
            return Set(number, {str(name): str(item) for name, item in params.items()})
        case "get", {"params": [str(name), *_]}:
            return Get(number, name)
        case _:
            raise BadMessage(
                f"expected setup, set or get with what belongs to it, found {str(request)[:20]!r}"
            )


def accepted(setup: Setup) -> str:
    return _text({"response": "setup", "id": setup.id, "codecs": [{"name": setup.codec}]})


def done(request: Set) -> str:
    return _text({"response": "set", "id": request.id})


def refused(request: Setup | Set | Get, why: str) -> str:
    name = type(request).__name__.lower()
    return _text({"response": name, "id": request.id, "error_msg": why})


def result(told: Told, text: str = "", confidence: float = 0.0) -> dict[str, object]:
    """One result as Asterisk stores it."""
    score = round(confidence * SCORES)
    # An empty text would be no text at all to Asterisk.
    return {"text": text or "-", "score": score, "grammar": told.value, "best": 0}


def answer(get: Get, value: object) -> str:
    """What Asterisk asked for."""
    return _text({"response": "get", "id": get.id, "params": {get.name: value}})


def push(number: str, pushed: dict[str, object]) -> str:
    """A result that ends SpeechBackground at once."""
    return _text({"request": "set", "id": number, "params": {"results": [pushed]}})


def _text(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


def _alaw_table() -> npt.NDArray[np.int16]:
    """ITU-T G.711, table 1a: even bits inverted, 8 segments of 16 steps."""
    code = np.arange(256) ^ 0x55
    step, segment = code & 0x0F, (code >> 4) & 0x07
    base = 16 * step + 8
    size = np.where(segment == 0, base, (base + 256) << np.maximum(segment - 1, 0))
    return np.where(code & 0x80, size, -size).astype(np.int16)


def _ulaw_table() -> npt.NDArray[np.int16]:
    """ITU-T G.711, table 2a: all bits inverted, a bias of 33 (132 at 16 bits)."""
    code = ~np.arange(256) & 0xFF
    step, segment = code & 0x0F, (code >> 4) & 0x07
    size = (((step << 3) + 132) << segment) - 132
    return np.where(code & 0x80, -size, size).astype(np.int16)


_TABLES = {"alaw": _alaw_table(), "ulaw": _ulaw_table()}
CODECS = ("alaw", "ulaw", "slin")


def pcm_of(codec: str, sound: bytes) -> bytes:
    """The sound of a binary frame as 16-bit little-endian PCM."""
    if codec == "slin":
        return sound
    return _TABLES[codec][np.frombuffer(sound, np.uint8)].astype("<i2").tobytes()
