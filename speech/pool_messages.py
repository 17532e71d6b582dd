"""What the speech service and its workers say to each other over pipes.

A frame is a kind, the number of a stream and a body. Sound goes as it is, everything else as
JSON: pickled objects would let a broken worker run code in the service.
"""

import json
import struct
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any

from speech.errors import RecognitionFailed
from speech.streaming import Final, HeardWord, Listening, Partial, SpeechBegan, StreamEvent

HEAD = struct.Struct("<BIxxxI")
# A worker that claims to send more is broken; ours sends some hundred bytes.
MAX_BODY_BYTES = 1_000_000


class Kind(IntEnum):
    """Frames to a worker up to `CLOSE`, frames from one after it."""

    OPEN = 1
    FEED = 2
    FINISH = 3
    CLOSE = 4
    READY = 10
    UNAVAILABLE = 11
    DONE = 12  # one frame from the service was dealt with
    BEGAN = 13
    PARTIAL = 14
    FINAL = 15
    FAILED = 16


@dataclass(frozen=True)
class Frame:
    """`stream` is 0 where a frame concerns none."""

    kind: Kind
    stream: int = 0
    body: bytes = b""

    def packed(self) -> bytes:
        return HEAD.pack(self.kind, self.stream, len(self.body)) + self.body


@dataclass(frozen=True)
class Ready:
    """What a worker has loaded."""

    engine: str
    model: str


def unpack_head(head: bytes) -> tuple[Kind, int, int]:
    """Kind, stream and length of the body.

    Raises:
        RecognitionFailed: these bytes begin no frame of ours.
    """
    kind, stream, length = HEAD.unpack(head)
    if kind not in set(Kind) or length > MAX_BODY_BYTES:
        raise RecognitionFailed(f"expected a frame, found kind {kind} of {length} bytes")
    return Kind(kind), stream, length


def with_json(kind: Kind, stream: int, value: object) -> Frame:
    return Frame(kind, stream, json.dumps(value, ensure_ascii=False).encode())


def open_frame(stream: int, listening: Listening) -> Frame:
    return with_json(Kind.OPEN, stream, asdict(listening))


def listening_of(body: bytes) -> Listening:
    value: dict[str, Any] = json.loads(body)
    lists = {name: tuple(value[name]) for name in ("phrases", "meanings")}
    return Listening(**{**value, **lists})


def event_frame(stream: int, event: StreamEvent) -> Frame:
    match event:
        case SpeechBegan():
            return with_json(Kind.BEGAN, stream, asdict(event))
        case Partial():
            return with_json(Kind.PARTIAL, stream, asdict(event))
        case Final():
            return with_json(Kind.FINAL, stream, asdict(event))


def event_of(kind: Kind, body: bytes) -> StreamEvent | None:
    """The event that a frame tells; None where its kind tells none."""
    match kind:
        case Kind.BEGAN:
            return SpeechBegan(**json.loads(body))
        case Kind.PARTIAL:
            return Partial(**json.loads(body))
        case Kind.FINAL:
            value = json.loads(body)
            words = tuple(HeardWord(**word) for word in value["words"])
            return Final(value["text"], value["confidence"], words)
        case _:
            return None
