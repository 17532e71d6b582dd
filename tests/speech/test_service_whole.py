"""A short recording is heard whole, by the service and by the client that conversations use."""

import asyncio
import contextlib
import json

import pytest
from websockets.exceptions import ConnectionClosed

from ivr.drivers.listening import Asked, Quiet, Words
from ivr.drivers.listening import SpeechService as Client
from ivr.errors import SpeechGone
from tests.speech.bad_messages import HEAR
from tests.speech.obeying_engine import UNAVAILABLE, sound
from tests.speech.test_service import Served, with_service

ASKED = Asked(("đúng", "không"), "vi", 0, 800, ("1", "2"))


def told(letters: str) -> bytes:
    return b"".join(sound(letter) + bytes(32_000 - 960) for letter in letters)


async def hear(served: Served, letters: str, limit_s: float = 3.0) -> Words | Quiet:
    return await asyncio.to_thread(Client(served.address).hear, ASKED, told(letters), limit_s)


@pytest.mark.parametrize(
    ("letters", "heard"),
    [
        ("SF", Words("đúng", 0.875)),
        ("F ", Words("đúng", 0.875)),  # over before the recording is
        ("S ", Words("không", 0.5)),  # the recording is over before the word
        ("SN", Quiet(spoke=True)),
        ("N", Quiet(spoke=False)),
    ],
)
def test_what_was_said_is_told(letters: str, heard: Words | Quiet) -> None:
    async def act(served: Served) -> None:
        assert await hear(served, letters) == heard

    with_service(act)


@pytest.mark.parametrize("letters", ["E", "C", "SE"])
def test_a_recogniser_that_gives_up_is_told(letters: str) -> None:
    async def act(served: Served) -> None:
        with pytest.raises(SpeechGone, match="gone"):
            await hear(served, letters)

    with_service(act)


@pytest.mark.slow
def test_a_recogniser_that_hangs_is_waited_for_as_long_as_asked() -> None:
    async def act(served: Served) -> None:
        begun = asyncio.get_running_loop().time()
        with pytest.raises(SpeechGone):
            await hear(served, "H", 0.5)
        assert asyncio.get_running_loop().time() - begun < 1.0

    with_service(act)


def test_without_an_engine_or_a_place_it_is_refused() -> None:
    async def unavailable(served: Served) -> None:
        with pytest.raises(SpeechGone, match="no recogniser"):
            await hear(served, "F")

    async def taken(served: Served) -> None:
        async with served.hearing():
            with pytest.raises(SpeechGone, match="taken"):
                await hear(served, "F")

    with_service(unavailable, engine=UNAVAILABLE)
    with_service(taken, streams=1)


@pytest.mark.parametrize("follows", [None, b"\0" * 961, "not sound"])
def test_a_client_that_sends_something_else_is_sent_away(follows: bytes | str | None) -> None:
    async def act(served: Served) -> None:
        async with served.client("hotline.listening") as server:
            await server.send(json.dumps(HEAR))
            assert json.loads(await server.recv()) == {"ready": True}
            if follows is not None:
                await server.send(follows)
            with contextlib.suppress(ConnectionClosed):
                await server.recv()
            assert server.close_code == 1008

    with_service(act)


def test_who_leaves_while_it_is_heard_gives_the_place_free() -> None:
    async def act(served: Served) -> None:
        async with served.client("hotline.listening") as server:
            await server.send(json.dumps(HEAR))
            await server.recv()
            assert served.service.pool.used == 1
        await served.rests()

    with_service(act)
