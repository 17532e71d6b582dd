"""The speech service: one loop between Asterisk, the conversation servers and the recognisers.

A conversation server asks for a place (`speech.service_asked`) and gets a token, Asterisk brings
the caller's sound (`speech.aeap`) and names the token, a worker decodes (`speech.pool`). Asking
first settles the budget before the caller's channel is in it: Asterisk waits without end for a
recogniser that takes its connection and keeps silent, so nothing in this loop may block.
"""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import structlog
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode
from websockets.http11 import Request, Response

from speech import aeap, service_asked
from speech.errors import BadMessage, RecogniserBusy, SpeechError
from speech.pool import Pool
from speech.service_hearing import Hearing
from speech.service_whole import hear_whole

log = structlog.get_logger()

# A frame of sound has 320 bytes, a phrase list a few kilobytes.
MAX_FRAME_BYTES = 65536


@dataclass(frozen=True)
class ServiceLimits:
    """`first_words_s`: how soon a client has to say what it wants. `connections`: clients at once;
    one listening takes two, and who asks above the budget takes one for a moment."""

    first_words_s: float = 5.0
    longest_s: float = 180.0
    connections: int = 2000


@dataclass
class SpeechService:
    """`hearings` are those under way, by token; `connections` how many clients are connected."""

    pool: Pool
    limits: ServiceLimits = field(default_factory=ServiceLimits)
    hearings: dict[str, Hearing] = field(default_factory=dict)
    connections: int = 0

    @contextlib.asynccontextmanager
    async def listening_on(self, host: str, port: int) -> AsyncIterator[Server]:
        """Serve HOST:PORT meanwhile.

        Raises:
            OSError: the port is not to be had.
        """
        async with serve(
            self._serve,
            host,
            port,
            subprotocols=[aeap.SUBPROTOCOL, service_asked.SUBPROTOCOL],  # type: ignore[list-item]
            process_request=self._admit,
            compression=None,
            open_timeout=self.limits.first_words_s,
            # Both clients are on this machine and have limits of their own.
            ping_interval=None,
            close_timeout=1.0,
            max_size=MAX_FRAME_BYTES,
            server_header=None,
        ) as server:
            yield server

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        if self.connections >= self.limits.connections:
            return connection.respond(503, "too many clients\n")
        return None

    async def _serve(self, client: ServerConnection) -> None:
        self.connections += 1
        try:
            async with asyncio.timeout(self.limits.longest_s):
                if client.subprotocol == aeap.SUBPROTOCOL:
                    await self._asterisk(client)
                else:
                    await self._conversation(client)
        except TimeoutError:
            log.warning("speech client took too long", client=client.subprotocol)
            await client.close(CloseCode.POLICY_VIOLATION, "took too long")
        except SpeechError as error:
            log.warning("speech client refused", client=client.subprotocol, why=str(error))
            await client.close(CloseCode.POLICY_VIOLATION, str(error)[:100])
        except ConnectionClosed:
            pass  # it has gone, or sent a frame that is too large
        finally:
            self.connections -= 1

    async def _first_words(self, client: ServerConnection) -> str:
        async with asyncio.timeout(self.limits.first_words_s):
            words = await client.recv()
        if not isinstance(words, str):
            raise BadMessage("expected words before sound")
        return words

    async def _conversation(self, client: ServerConnection) -> None:
        try:
            asked = service_asked.read_asked(await self._first_words(client))
            if isinstance(asked, service_asked.AskState):
                pool = self.pool
                await client.send(
                    service_asked.state(engine=pool.loaded, used=pool.used, free=pool.free)
                )
                return
            if isinstance(asked, service_asked.Hear):
                await hear_whole(client, self.pool, asked, self.limits.first_words_s)
                return
            hearing = Hearing(asked.question, asyncio.get_running_loop().time)
            hearing.take(self.pool.open(asked.listening, hearing.event))
        except BadMessage:
            raise
        except SpeechError as error:
            busy = isinstance(error, RecogniserBusy)
            log.warning("not listening", why=str(error))
            await client.send(service_asked.refused(str(error), busy=busy))
            return
        token = secrets.token_hex(8)
        self.hearings[token] = hearing
        try:
            await client.send(service_asked.granted(token))
            async for _ in client:
                raise BadMessage("expected no more words")
        finally:
            del self.hearings[token]
            hearing.left()
            hearing.close()

    async def _asterisk(self, client: ServerConnection) -> None:
        setup = aeap.read_message(await self._first_words(client))
        if not isinstance(setup, aeap.Setup):
            raise BadMessage("expected setup first")
        if setup.codec not in aeap.CODECS:
            await client.send(aeap.refused(setup, f"expected a codec of {aeap.CODECS}"))
            return
        await client.send(aeap.accepted(setup))
        line = _Line(client, self.hearings)
        try:
            async for frame in client:
                if isinstance(frame, bytes):
                    line.sound(aeap.pcm_of(setup.codec, frame))
                else:
                    await line.message(aeap.read_message(frame))
        finally:
            await line.close()


class _Line:
    """Asterisk's side of one hearing."""

    def __init__(self, client: ServerConnection, hearings: dict[str, Hearing]) -> None:
        self._client = client
        self._hearings = hearings
        self._hearing: Hearing | None = None
        self._pushes: set[asyncio.Task[None]] = set()
        self._pushed = 0

    def sound(self, pcm: bytes) -> None:
        if self._hearing is not None:
            self._hearing.hear(pcm)

    async def message(self, message: aeap.Message) -> None:
        match message:
            case aeap.Set(_, {"listening": token}):
                await self._client.send(self._attach(message, token))
            case aeap.Set():
                await self._client.send(aeap.done(message))
            case aeap.Get(_, "results"):
                gone = aeap.result(aeap.Told.GONE)
                told = self._hearing.asked() if self._hearing else gone
                await self._client.send(aeap.answer(message, [told]))
            case aeap.Get():
                await self._client.send(aeap.refused(message, "only results can be asked for"))
            case aeap.Answered(error) if error:
                log.warning("Asterisk took no result", why=error)
            case aeap.Answered():
                pass
            case aeap.Setup():
                raise BadMessage("expected one setup, found another")

    async def close(self) -> None:
        if self._hearing is not None:
            self._hearing.detach()
        for task in self._pushes:
            task.cancel()
        await asyncio.gather(*self._pushes, return_exceptions=True)

    def _attach(self, request: aeap.Set, token: str) -> str:
        hearing = self._hearings.get(token)
        if hearing is None or not hearing.attach(self._push):
            return aeap.refused(request, "nobody asked to listen under this token")
        self._hearing = hearing
        return aeap.done(request)

    def _push(self, pushed: dict[str, object]) -> None:
        self._pushed += 1
        task = asyncio.create_task(self._client.send(aeap.push(f"push-{self._pushed}", pushed)))
        self._pushes.add(task)
        task.add_done_callback(self._pushed_one)

    def _pushed_one(self, task: asyncio.Task[None]) -> None:
        self._pushes.discard(task)
        if not task.cancelled() and isinstance(task.exception(), ConnectionClosed):
            return  # read, so that asyncio does not complain: the caller has gone
