"""What was said in a short recording, for a server that has it whole."""

import asyncio
import contextlib
from typing import Any

from websockets.asyncio.server import ServerConnection

from speech import service_asked
from speech.errors import BadMessage
from speech.pool import Pool, PoolEvent, StreamLost
from speech.service_asked import Hear
from speech.streaming import Final, SpeechBegan


async def hear_whole(client: ServerConnection, pool: Pool, asked: Hear, limit_s: float) -> None:
    """Take the sound, which has to come within `limit_s`, and answer. Who leaves meanwhile gives
    the place free.

    Raises:
        RecogniserBusy, RecogniserUnavailable: there is no place.
        BadMessage: what follows is no sound, or more than was announced.
        TimeoutError: it did not come.
    """
    result: asyncio.Future[Final | StreamLost] = asyncio.get_running_loop().create_future()
    spoke = False

    def tell(event: PoolEvent) -> None:
        nonlocal spoke
        if isinstance(event, SpeechBegan):
            spoke = True
        elif isinstance(event, Final | StreamLost) and not result.done():
            result.set_result(event)

    stream = pool.open(asked.listening, tell)
    try:
        await client.send(service_asked.ready())
        left = asked.sound_bytes
        async with asyncio.timeout(limit_s):
            while left > 0:
                piece = await client.recv()
                if not isinstance(piece, bytes) or len(piece) > left:
                    raise BadMessage(f"expected {left} more bytes of sound")
                stream.feed(piece)
                left -= len(piece)
        stream.finish()
        gone = asyncio.create_task(client.wait_closed())
        try:
            either: list[asyncio.Future[Any]] = [result, gone]
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await gone
        if result.done():
            await client.send(_told(result.result(), spoke))
    finally:
        stream.close()


def _told(event: Final | StreamLost, spoke: bool) -> str:
    if isinstance(event, StreamLost):
        return service_asked.lost(event.why)
    return service_asked.heard(event.text, event.confidence, spoke=spoke or bool(event.text))
