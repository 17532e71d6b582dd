"""The service between Asterisk, a conversation server and the recognisers, over real sockets."""

import asyncio
import contextlib
import json
import os
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import psutil
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from ivr.drivers.listening import Asked
from ivr.drivers.listening import SpeechService as Client
from ivr.errors import SpeechGone
from speech.pool import Pool, PoolLimits
from speech.service import ServiceLimits, SpeechService
from tests.asterisk.running import free_ports
from tests.speech.bad_messages import GET, bad_messages
from tests.speech.obeying_engine import OBEYING, UNAVAILABLE, sound

LISTEN = {
    "ask": "listen",
    "language": "vi",
    "phrases": ["đúng", "không"],
    "meanings": ["1", "2"],
    "pause_ms": 800,
    "timeout_ms": 5000,
    "extra_ms": 3000,
}
ASKED = Asked(("đúng", "không"), "vi", 5000, 800, extra_ms=3000)
QUICK = ServiceLimits(first_words_s=0.3)


@dataclass
class Asterisk:
    """Asterisk's end: asks one thing at a time and keeps what is pushed to it."""

    socket: ClientConnection
    pushed: list[str] = field(default_factory=list)
    asked: int = 0

    async def ask(self, request: str, **more: object) -> dict[str, Any]:
        self.asked += 1
        await self.socket.send(json.dumps({"request": request, "id": str(self.asked), **more}))
        while True:
            message = await self.message()
            if message.get("response") == request:
                assert message["id"] == str(self.asked)
                return message

    async def message(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(await self.socket.recv())
        if message.get("request") == "set":
            self.pushed.append(message["params"]["results"][0]["grammar"])
            await self.socket.send(json.dumps({"response": "set", "id": message["id"]}))
        return message

    async def until_pushed(self, told: str) -> None:
        """Sends silence, as a line does, until that is pushed."""
        while told not in self.pushed:
            await self.socket.send(sound(" "))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.06):
                    await self.message()

    async def setup(self, codec: str = "slin") -> dict[str, Any]:
        return await self.ask("setup", version="0.1.0", codecs=[{"name": codec}])

    async def results(self) -> dict[str, Any]:
        answer = await self.ask("get", params=["results"])
        (result,) = answer["params"]["results"]
        assert isinstance(result, dict)
        return result


@dataclass
class Served:
    service: SpeechService
    url: str

    @property
    def address(self) -> str:
        return self.url.removeprefix("ws://")

    @contextlib.asynccontextmanager
    async def client(self, kind: str = "speech_to_text") -> AsyncIterator[ClientConnection]:
        async with connect(
            self.url, subprotocols=[Subprotocol(kind)], ping_interval=None, proxy=None
        ) as line:
            yield line

    @contextlib.asynccontextmanager
    async def hearing(self) -> AsyncIterator[tuple[ClientConnection, Asterisk]]:
        """A conversation server that asked, and Asterisk with the caller's sound."""
        async with self.client("hotline.listening") as server, self.client() as line:
            await server.send(json.dumps(LISTEN))
            token = json.loads(await server.recv())["token"]
            asterisk = Asterisk(line)
            await asterisk.setup()
            answer = await asterisk.ask("set", params={"listening": token})
            assert "error_msg" not in answer
            yield server, asterisk

    async def rests(self) -> None:
        """Everybody has gone, and nothing is left of them."""
        async with asyncio.timeout(5):
            while self.service.connections or self.service.pool.used or self.service.hearings:
                await asyncio.sleep(0.01)


def with_service(
    act: Callable[[Served], Awaitable[None]],
    *,
    engine: Any = OBEYING,
    limits: ServiceLimits = QUICK,
    streams: int = 3,
) -> None:
    async def run() -> None:
        (port,) = free_ports(1)
        pool_limits = PoolLimits(streams=streams, deadline_s=1.0, retry_s=0.05)
        async with Pool(lambda: engine, pool_limits) as pool:
            async with asyncio.timeout(15):
                while engine is OBEYING and not pool.ready:
                    await asyncio.sleep(0.01)
            service = SpeechService(pool, limits)
            async with service.listening_on("127.0.0.1", port):
                served = Served(service, f"ws://127.0.0.1:{port}")
                async with asyncio.timeout(30):
                    await act(served)
                    await served.rests()

    asyncio.run(run())


@pytest.mark.slow
def test_a_word_is_heard_and_pushed() -> None:
    async def act(served: Served) -> None:
        async with served.hearing() as (_, asterisk):
            for letter in "  SPF":
                await asterisk.socket.send(sound(letter))
            await asterisk.until_pushed("heard")

            assert asterisk.pushed == ["began", "heard"]
            assert await asterisk.results() == {
                "text": "đúng",
                "score": 875,
                "grammar": "heard",
                "best": 0,
            }

    with_service(act)


def test_a_key_is_acknowledged_and_ends_nothing() -> None:
    async def act(served: Served) -> None:
        async with served.hearing() as (_, asterisk):
            assert "error_msg" not in await asterisk.ask("set", params={"dtmf": "5"})
            assert (await asterisk.results())["grammar"] == "wait"

    with_service(act)


def test_a_token_serves_once_and_only_while_its_server_is_there() -> None:
    async def act(served: Served) -> None:
        async with served.client("hotline.listening") as server:
            await server.send(json.dumps(LISTEN))
            token = json.loads(await server.recv())["token"]
            for serves in (True, False):
                async with served.client() as line:
                    asterisk = Asterisk(line)
                    await asterisk.setup()
                    answer = await asterisk.ask("set", params={"listening": token})
                    assert ("error_msg" not in answer) == serves
        await served.rests()
        async with served.client() as line:
            asterisk = Asterisk(line)
            await asterisk.setup("alaw")
            assert "error_msg" in await asterisk.ask("set", params={"listening": token})
            assert (await asterisk.results())["grammar"] == "gone"

    with_service(act)


def test_a_worker_that_dies_in_mid_word_is_told() -> None:
    async def act(served: Served) -> None:
        async with served.hearing() as (_, asterisk):
            await asterisk.socket.send(sound("S"))
            await asterisk.until_pushed("began")
            await asterisk.socket.send(sound("C"))
            await asterisk.until_pushed("gone")

            assert asterisk.pushed == ["began", "gone"]

    with_service(act)


def test_when_the_conversation_server_goes_asterisk_is_told_at_once() -> None:
    async def act(served: Served) -> None:
        async with served.hearing() as (server, asterisk):
            await asterisk.socket.send(sound(" "))
            await server.close()
            await asterisk.message()

            assert asterisk.pushed == ["left"]

    with_service(act)


def test_above_the_budget_a_server_is_told_so_and_a_place_comes_back() -> None:
    async def act(served: Served) -> None:
        client = Client(served.address)

        def ask() -> None:
            with client.listening(ASKED):
                pass

        async with served.hearing():
            with pytest.raises(SpeechGone, match="taken"):
                await asyncio.to_thread(ask)
        await served.rests()
        await asyncio.to_thread(ask)

    with_service(act, streams=1)


def test_without_an_engine_everybody_is_refused() -> None:
    async def act(served: Served) -> None:
        client = Client(served.address)
        with pytest.raises(SpeechGone, match="no recogniser"):
            await asyncio.to_thread(client.listening(ASKED).__enter__)
        assert (await asyncio.to_thread(client.state)).engine == ""

    with_service(act, engine=UNAVAILABLE)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"phrases": []}, "phrases"),
        ({"phrases": ["[unk]"]}, "letters"),
        ({"phrases": ["đúng"] * 51}, "phrases"),
        ({"pause_ms": 0}, "pause"),
        ({"language": "no such language!"}, "language"),
    ],
)
def test_what_no_engine_can_take_never_reaches_one(changed: dict[str, object], why: str) -> None:
    async def act(served: Served) -> None:
        async with served.client("hotline.listening") as server:
            await server.send(json.dumps({**LISTEN, **changed}))
            assert why in json.loads(await server.recv())["refused"]

    with_service(act)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["speech_to_text", "hotline.listening"])
@pytest.mark.parametrize(
    "words",
    [
        None,
        "",
        "not JSON",
        '{"ask": "everything"}',
        '{"request": "get", "id": "1", "params": ["results"]}',
        b"\0" * 320,
        b"\0" * 70_000,
        "[" * 60_000,
    ],
    ids=["silence", "empty", "no JSON", "unknown", "too early", "sound", "too large", "nested"],
)
def test_a_client_that_means_nothing_is_sent_away(kind: str, words: str | bytes | None) -> None:
    async def act(served: Served) -> None:
        async with served.client(kind) as line:
            with contextlib.suppress(ConnectionClosed):
                if words is not None:
                    await line.send(words)
            async with asyncio.timeout(3):
                with pytest.raises(ConnectionClosed):
                    await line.recv()
            assert line.close_code in (1008, 1009)
        async with served.hearing() as (_, asterisk):  # others are served as before
            assert (await asterisk.results())["grammar"] == "wait"

    with_service(act)


def test_a_frame_of_ten_megabytes_is_refused_by_its_head() -> None:
    async def act(served: Served) -> None:
        host, _, port = served.address.rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(
            b"GET / HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Protocol: speech_to_text\r\n\r\n"
        )
        assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
        writer.write(b"\x82\xff" + (10_000_000).to_bytes(8, "big") + b"mask")
        answer = await reader.read(4)

        assert answer[0] == 0x88  # a close
        assert int.from_bytes(answer[2:4], "big") == 1009
        writer.close()

    with_service(act)


def test_a_client_that_never_shakes_hands_holds_nobody_up() -> None:
    async def act(served: Served) -> None:
        host, _, port = served.address.rpartition(":")
        streams = [await asyncio.open_connection(host, int(port)) for _ in range(20)]
        async with served.hearing() as (_, asterisk):
            assert (await asterisk.results())["grammar"] == "wait"
        async with asyncio.timeout(3):
            assert [await reader.read() for reader, _ in streams] == [b""] * 20
        for _, writer in streams:
            writer.close()

    with_service(act)


def test_above_the_limit_of_clients_one_is_turned_away_at_the_door() -> None:
    async def act(served: Served) -> None:
        async with served.hearing():
            with pytest.raises(InvalidStatus):
                async with served.client():
                    pass

    with_service(act, limits=ServiceLimits(connections=2))


@pytest.mark.slow
def test_a_thousand_bad_clients_leave_nothing_behind() -> None:
    async def act(served: Served) -> None:
        process = psutil.Process()
        before = 0, 0
        for number, message in enumerate(bad_messages(1000)):
            kind = ("speech_to_text", "hotline.listening")[number % 2]
            async with served.client(kind) as line:
                with contextlib.suppress(ConnectionClosed):
                    if number % 4 == 0:
                        await Asterisk(line).setup("alaw")
                    await line.send((message, message, b"\0" * 70_000, b"x")[number // 4 % 4])
                    await line.send(json.dumps(GET))  # sound alone is not answered
                    async with asyncio.timeout(3):
                        await line.recv()
            # 1011 would be a defect of ours, told to nobody but the log.
            assert line.close_code != 1011, message
            if number == 200:
                await served.rests()
                before = process.num_fds(), process.memory_info().rss
        await served.rests()

        assert process.num_fds() <= before[0] + 2
        assert process.memory_info().rss < before[1] + 8_000_000

    with_service(act)


def test_a_service_that_stands_still_is_left_alone_after_one_try() -> None:
    """It takes connections, as the kernel does for a stopped process, and never answers."""

    async def run() -> None:
        (port,) = free_ports(1)
        client = Client(f"127.0.0.1:{port}")
        loop = asyncio.get_running_loop()
        took_s = []
        with socket.create_server(("127.0.0.1", port)):
            for _ in range(3):
                began = loop.time()
                with pytest.raises(SpeechGone):
                    await asyncio.to_thread(client.listening(ASKED).__enter__)
                took_s.append(loop.time() - began)

        assert took_s[0] < 0.8
        assert took_s[1] < 0.05
        assert took_s[2] < 0.05

    asyncio.run(run())


@pytest.mark.slow
def test_a_stopped_worker_does_not_stop_the_service() -> None:
    async def act(served: Served) -> None:
        async with served.hearing() as (_, asterisk):
            os.kill(served.service.pool.worker_pids[0], signal.SIGSTOP)
            await asterisk.socket.send(sound(" "))
            async with asyncio.timeout(0.5):
                assert (await asterisk.results())["grammar"] == "wait"
            async with asyncio.timeout(5):
                while (await asterisk.results())["grammar"] != "gone":
                    await asyncio.sleep(0.05)

    with_service(act)
