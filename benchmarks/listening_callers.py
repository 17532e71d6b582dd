"""Simulated callers of the speech service, as a conversation server and Asterisk bring them.

One asks to listen, the other sends the caller's sound, 20 ms of A-law at a time over a WebSocket:
either at a caller's pace, or as fast as the service takes it.
"""

import asyncio
import io
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
import soundfile
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from speech.aeap import SUBPROTOCOL, Told
from speech.level import FRAME_S, level
from speech.service_asked import SUBPROTOCOL as ASKING
from speech.sound import TELEPHONE_HZ, Sound, read_wav, resampled
from speech.spoken_folder import read_folder
from speech.synthesis import Synthesiser
from speech.voices import Voice, default_voice

LOUD_DBFS = -45
FRAME = 160
SILENCE = b"\xd5" * FRAME
BEFORE_S = 1.5
LONGEST_S = 12.0
HURRIED_LONGEST_S = 60.0  # of a machine with other work
PAUSE_S = 0.8
ROUND_S = 0.1
# Sound that is sent faster than it is spoken waits at the worker, which may be behind by so much
# and no more (speech.pool_process).
AHEAD_FRAMES = 50
MOST_WORDS = 3

YES_NO = {
    "đúng": "1",
    "đúng rồi": "1",
    "dạ phải": "1",
    "không": "2",
    "không phải": "2",
    "sai": "2",
}
# Of which Vosk's Korean model understands the synthesiser.
KOREAN = {"네": "1", "아니요": "2", "병원": "3", "오늘": "4", "나무": "5"}


class Heard(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    NOTHING = "nothing"
    REFUSED = "refused"  # above the budget
    DROPPED = "dropped"  # the recogniser was lost, or nothing came at all


@dataclass(frozen=True)
class Saying:
    """What a caller says and how it sounds: A-law from its first loud moment to its last."""

    text: str
    spoken: bytes


@dataclass(frozen=True)
class Question:
    """A list to listen for, and what callers answer. `phrases`: what each stands for."""

    language: str
    phrases: dict[str, str]
    sayings: tuple[Saying, ...]

    def asked(self) -> str:
        return json.dumps(
            {
                "ask": "listen",
                "language": self.language,
                "phrases": list(self.phrases),
                "meanings": list(self.phrases.values()),
                "pause_ms": round(PAUSE_S * 1000),
                "timeout_ms": 6000,
                "extra_ms": 4000,
            }
        )


@dataclass(frozen=True)
class Outcome:
    """`wait_s`: from the end of the answer to its text; `late_s`: how late we were at worst."""

    heard: Heard
    wait_s: float
    listened_s: float
    late_s: float


def rendered(language: str) -> Question:
    """Yes and no in Vietnamese, five words in Korean, as espeak-ng says them."""
    phrases = KOREAN if language == "ko" else YES_NO
    voice = Voice("ko", 130, 45) if language == "ko" else default_voice("vi-VN")
    with Synthesiser() as speaking:
        sayings = tuple(Saying(text, _alaw(speaking.speak(text, voice))) for text in phrases)
    return Question(language, dict(phrases), sayings)


def recorded(folder: Path) -> Question:
    """The sentences of up to three words in a folder, each of which is on the list."""
    short = {
        one.said.lower(): one for one in read_folder(folder) if len(one.said.split()) <= MOST_WORDS
    }
    sayings = tuple(Saying(text, _alaw(one.sound())) for text, one in short.items())
    return Question("vi", {text: text for text in short}, sayings)


def recordings_as_noise(folder: Path, question: Question) -> Question:
    """The question, also answered by people who say something else."""
    others = [read_wav(path) for path in sorted(folder.glob("*.wav"))[:20]]
    strange = tuple(Saying("", _alaw(sound)[: TELEPHONE_HZ * 3]) for sound in others)
    return Question(question.language, question.phrases, question.sayings + strange)


def _alaw(sound: Sound) -> bytes:
    narrow = resampled(sound, TELEPHONE_HZ)
    loud = np.flatnonzero(level(narrow).frames_dbfs > LOUD_DBFS)
    frame = round(FRAME_S * TELEPHONE_HZ)
    samples = narrow.samples[loud[0] * frame : (loud[-1] + 1) * frame]
    wire = io.BytesIO()
    soundfile.write(wire, samples, TELEPHONE_HZ, format="RAW", subtype="ALAW")
    return wire.getvalue()


async def one_answer(
    address: str, question: Question, saying: Saying, *, hurried: bool = False
) -> Outcome:
    """One caller's answer from the question to its text; `hurried`: not at a caller's pace."""
    url = f"ws://{address}"
    async with connect(url, subprotocols=[Subprotocol(ASKING)], proxy=None) as server:
        await server.send(question.asked())
        token = json.loads(await server.recv()).get("token")
        if token is None:
            return Outcome(Heard.REFUSED, 0.0, 0.0, 0.0)
        async with connect(url, subprotocols=[Subprotocol(SUBPROTOCOL)], proxy=None) as line:
            await line.send('{"request": "setup", "id": "1", "codecs": [{"name": "alaw"}]}')
            attach = {"request": "set", "id": "2", "params": {"listening": token}}
            await line.send(json.dumps(attach))
            return await _said(line, question, saying, hurried)


async def _said(
    line: ClientConnection, question: Question, saying: Saying, hurried: bool
) -> Outcome:
    told: asyncio.Future[tuple[str, str]] = asyncio.get_running_loop().create_future()
    reading = asyncio.create_task(_result(line, told))
    began_at = due_at = time.monotonic()
    ended_at = began_at + BEFORE_S + len(saying.spoken) / TELEPHONE_HZ
    longest_s = HURRIED_LONGEST_S if hurried else LONGEST_S
    late_s = 0.0
    for number, frame in enumerate(_frames(saying.spoken)):
        if told.done() or time.monotonic() > began_at + longest_s:
            break
        await line.send(frame)
        if hurried:
            # A ping is answered in its turn: the service has taken what was sent before it.
            if number % AHEAD_FRAMES == 0:
                await (await line.ping())
            continue
        due_at += FRAME_S
        late_s = max(late_s, time.monotonic() - due_at)
        await asyncio.sleep(max(0.0, due_at - time.monotonic()))
    while hurried and not told.done() and time.monotonic() < began_at + longest_s:
        # As Asterisk does between two rounds of listening; a push may have come too soon for it.
        await line.send('{"request": "get", "id": "3", "params": ["results"]}')
        await asyncio.wait([told], timeout=ROUND_S)
    reading.cancel()
    listened_s = time.monotonic() - began_at
    grammar, text = told.result() if told.done() else (Told.GONE, "")
    return Outcome(_kind(question, saying, grammar, text), time.monotonic() - ended_at,
                   listened_s, late_s)  # fmt: skip


def _frames(spoken: bytes) -> Iterator[bytes]:
    """The line before, the words, and the line until nobody listens any more."""
    before = round(BEFORE_S * TELEPHONE_HZ)
    after = round(LONGEST_S * TELEPHONE_HZ)
    sound = b"\xd5" * before + spoken + b"\xd5" * after
    for begin in range(0, len(sound), FRAME):
        yield sound[begin : begin + FRAME].ljust(FRAME, b"\xd5")


async def _result(line: ClientConnection, told: asyncio.Future[tuple[str, str]]) -> None:
    async for message in line:
        value = json.loads(message)
        for result in value.get("params", {}).get("results", []):
            if result["grammar"] not in (Told.BEGAN, Told.WAIT) and not told.done():
                told.set_result((result["grammar"], result["text"]))


def _kind(question: Question, saying: Saying, grammar: str, text: str) -> Heard:
    match grammar:
        case Told.HEARD if question.phrases[text] == question.phrases.get(saying.text):
            return Heard.RIGHT
        case Told.HEARD:
            return Heard.WRONG
        case Told.NOTHING:
            return Heard.NOTHING
        case _:
            return Heard.DROPPED


def counted(outcomes: Iterable[Outcome]) -> str:
    """How many there are of each kind, in words."""
    kinds = [outcome.heard for outcome in outcomes]
    return ", ".join(f"{kinds.count(kind)} {kind}" for kind in Heard)
