"""Sound of calls as broken lines bring it, through real engines in a worker of their own.

A worker that dies or a stream that ends without an answer would show here.
"""

import asyncio
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from hotline.settings import read_settings
from speech.catalogue import WHISPER_BASE
from speech.errors import FetchFailed
from speech.fetching import fetch
from speech.model import Model
from speech.pool import Pool, PoolEvent, PoolLimits
from speech.pool_engines import EngineChoice
from speech.sound import TELEPHONE_HZ, from_float, telephone
from speech.streaming import Final, Listening
from speech.synthesis import Synthesiser
from speech.voices import Voice
from tests.having import cannot_have
from tests.speech.korean import KOREAN_ENGINE, VOSK_KOREAN
from tests.speech.sounds import a_tone, some_noise, some_silence

STREAMS = 200
PIECES = 5  # a stream: a thousand in all
MOST_GROWTH_BYTES = 20_000_000

Make = Callable[[random.Random], bytes]


def _noise(chance: random.Random) -> bytes:
    return chance.randbytes(chance.randrange(1, 12_000))


PIECE: dict[str, Make] = {
    "empty": lambda _: b"",
    "one byte": lambda _: b"\x7f",
    "noise of full scale, any length": _noise,
    "silent": lambda _: some_silence(0.5).samples.tobytes(),
    "constant": lambda _: np.full(4000, 32767, np.int16).tobytes(),
    "clipped tone": lambda _: from_float(a_tone(0.5).as_float() * 100, 8000).samples.tobytes(),
    "stereo": lambda _: np.repeat(some_noise(0.3).samples, 2).tobytes(),
    "44.1 kHz": lambda _: a_tone(0.1, rate_hz=44_100).samples.tobytes(),
    "words": lambda _: b"<!doctype html><title>502</title>" * 50,
    "mp3": lambda _: b"ID3\x04" + bytes(range(256)) * 20,
}


def pieces(seed: int, spoken: bytes) -> Iterator[bytes]:
    """What one stream is fed: speech far too loud in every fourth, and odd pieces around it."""
    chance = random.Random(seed)
    for number in range(PIECES):
        if number == 2 and seed % 4 == 0:
            yield spoken
        else:
            yield chance.choice(list(PIECE.values()))(chance)


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("model", "engine", "language", "phrases", "said"),
    [
        (WHISPER_BASE, "whisper", "vi", ("đúng", "không"), "không"),
        (VOSK_KOREAN, KOREAN_ENGINE, "ko", ("네", "아니요"), "아니요"),
    ],
    ids=["whisper", "vosk"],
)
def test_a_thousand_odd_pieces_of_sound_end_in_an_answer_each_and_leave_nothing_behind(
    tmp_path: Path,
    model: Model,
    engine: str,
    language: str,
    phrases: tuple[str, ...],
    said: str,
) -> None:
    try:
        folder = fetch(model, read_settings().cache, tmp_path / "models")
    except FetchFailed as error:
        cannot_have(model.name, error)
    with Synthesiser() as synthesiser:
        spoken = telephone(synthesiser.speak(said, Voice(language, 130, 45)))
    clipped = from_float(spoken.as_float() * 30, TELEPHONE_HZ).samples.tobytes()
    listening = Listening(TELEPHONE_HZ, language, phrases)
    answers: list[PoolEvent] = []
    grown: list[tuple[int, int]] = []

    async def one(pool: Pool, seed: int) -> None:
        told: list[PoolEvent] = []
        stream = pool.open(listening, told.append)
        for piece in pieces(seed, clipped):
            stream.feed(piece)
        stream.finish()
        async with asyncio.timeout(20):
            while not stream.over:
                await asyncio.sleep(0.005)
        answers.append(told[-1])

    async def act() -> None:
        choice = EngineChoice(engine, model.name, str(folder))
        async with Pool(lambda: choice, PoolLimits(deadline_s=20.0)) as pool:
            async with asyncio.timeout(90):
                while not pool.ready:
                    await asyncio.sleep(0.05)
            worker = psutil.Process(pool.worker_pids[0])
            for seed in range(STREAMS):
                await one(pool, seed)
                if seed in (STREAMS // 4, STREAMS - 1):
                    grown.append((worker.memory_info().rss, worker.num_fds()))
            assert pool.replaced == 0
            assert pool.used == 0

    asyncio.run(act())

    assert len(answers) == STREAMS
    assert all(isinstance(answer, Final) for answer in answers)
    assert grown[1][1] == grown[0][1]
    assert grown[1][0] - grown[0][0] < MOST_GROWTH_BYTES
