"""Messages as broken or hostile clients of the speech service send them, the same every time."""

import json
import random
from collections.abc import Iterator
from typing import Any

LISTEN: dict[str, Any] = {
    "ask": "listen",
    "language": "vi",
    "phrases": ["đúng", "không"],
    "meanings": ["1", "2"],
    "pause_ms": 800,
    "timeout_ms": 5000,
    "extra_ms": 3000,
}
HEAR: dict[str, Any] = {
    "ask": "hear",
    "language": "vi",
    "phrases": ["đúng", "không"],
    "meanings": [],
    "pause_ms": 800,
    "sound_bytes": 960,
}
SETUP: dict[str, Any] = {"request": "setup", "id": "1", "codecs": [{"name": "alaw"}]}
SET: dict[str, Any] = {"request": "set", "id": "2", "params": {"listening": "abc"}}
GET: dict[str, Any] = {"request": "get", "id": "3", "params": ["results"]}
RIGHT = (LISTEN, HEAR, SETUP, SET, GET)

STRANGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**30, 10**400, float("nan"), float("inf"), "", " ", "x",
    "\0", "\ud800", "\udfff\ud800", "đúng\n", "a" * 5000, "👩‍👩‍👧", "'; --", "[unk]", "../x",
    [], [[]], [None], ["\ud800"], [1, 2], ["đúng"] * 60, {}, {"name": 5}, {"name": "\ud800"},
    [{"name": "opus"}], [{"name": "\ud800"}], {"listening": "\ud800"}, {"\ud800": "x"},
)  # fmt: skip


def bad_messages(count: int, seed: int = 19009120) -> Iterator[str]:
    """Right messages with something wrong in them; some are right by accident."""
    chance = random.Random(seed)
    for _ in range(count):
        yield _spoilt(chance, dict(chance.choice(RIGHT)))


def _spoilt(chance: random.Random, message: dict[str, Any]) -> str:
    for _ in range(chance.randint(1, 3)):
        name = chance.choice([*message, "more"])
        if chance.random() < 0.2:
            message.pop(name, None)
        elif isinstance(message.get(name), list) and chance.random() < 0.5:
            message[name] = [*message[name], chance.choice(STRANGE)]
        else:
            message[name] = chance.choice(STRANGE)
    text = json.dumps(message, ensure_ascii=True)
    match chance.randrange(8):
        case 0:
            return text[: chance.randrange(len(text))]
        case 1:
            at = chance.randrange(len(text))
            return text[:at] + chance.choice('"{}[],:\\\0é') + text[at + 1 :]
        case 2:
            return chance.choice(
                ["", "[" * 30_000, '{"a":' * 9_000, "9" * 9000, text * 2, f"[{text}]"]
            )
        case _:
            return text
