"""A stand-in for Asterisk that plays no sound: it loads our AGI server alone.

It speaks FastAGI and answers at once, so a call lasts only as long as our own software takes.
What it measures is the server's side with the network of this machine, never a telephone call's.
One call: welcome and question (a key comes), goodbye, done.
"""

import asyncio
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

KEY_PRESSED = ord("5")
_GREETING = """agi_network: yes
agi_network_script: call
agi_request: agi://127.0.0.1/call
agi_channel: PJSIP/fake-{number:08x}
agi_language: vi
agi_type: PJSIP
agi_uniqueid: fake-{run}-{number}
agi_version: 22.10.1
agi_callerid: 0912345678
agi_calleridname: unknown
agi_callingpres: 0
agi_callingani2: 0
agi_callington: 0
agi_callingtns: 0
agi_dnid: 19009120
agi_rdnis: unknown
agi_context: hotline-incoming
agi_extension: 19009120
agi_priority: 7
agi_enhanced: 0.0
agi_accountcode:
agi_threadid: 140000000000000

"""


@dataclass
class Heard:
    """What the peer saw: finished and failed calls, and seconds from each key to what follows."""

    finished: int = 0
    failed: int = 0
    key_to_prompt_s: list[float] = field(default_factory=list)
    first_prompt_s: list[float] = field(default_factory=list)


class FakePeer:
    """Places calls at the AGI servers in turn."""

    def __init__(self, ports: Sequence[int], run: str) -> None:
        self._ports = itertools.cycle(ports)
        self._numbers = itertools.count()
        self._run = run
        self.heard = Heard()

    async def call(self, waits_s: float = 0.0, stay: asyncio.Event | None = None) -> None:
        """One call; its caller presses a key `waits_s` seconds into the question, or when `stay`
        is set."""
        try:
            done = await self._call(waits_s, stay)
        except OSError:
            done = False
        if done:
            self.heard.finished += 1
        else:
            self.heard.failed += 1

    async def _call(self, waits_s: float, stay: asyncio.Event | None) -> bool:
        reader, writer = await asyncio.open_connection("127.0.0.1", next(self._ports))
        try:
            greeting = _GREETING.format(number=next(self._numbers), run=self._run)
            writer.write(greeting.encode())
            dialled = time.perf_counter()
            pressed = done = False
            pressed_at = 0.0
            played = 0
            while line := (await reader.readline()).decode():
                if line.startswith("STREAM FILE"):
                    played += 1
                    if played == 1:
                        self.heard.first_prompt_s.append(time.perf_counter() - dialled)
                    if pressed_at:
                        self.heard.key_to_prompt_s.append(time.perf_counter() - pressed_at)
                        pressed_at = 0.0
                    key = 0
                    if played == 2 and not pressed:  # the question
                        if waits_s:
                            await asyncio.sleep(waits_s)
                        if stay is not None:
                            await stay.wait()
                        pressed, key = True, KEY_PRESSED
                        pressed_at = time.perf_counter()
                    writer.write(b"200 result=%d endpos=16000\n" % key)
                elif line.startswith("GET FULL VARIABLE"):
                    writer.write(b"200 result=1 (call-id@fake)\n")
                elif line.startswith("GET VARIABLE"):
                    writer.write(b"200 result=0\n")
                elif line.startswith("SET VARIABLE"):
                    done = done or '"HOTLINE_DONE" "1"' in line or "HOTLINE_DONE" in line
                    writer.write(b"200 result=1\n")
                else:
                    writer.write(b"510 Invalid or unknown command\n")
            return done
        finally:
            writer.close()

    async def closed_loop(self, at_once: int, seconds: float) -> float:
        """Calls a second while `at_once` callers ring again as soon as their call is over."""
        began = time.perf_counter()
        before = self.heard.finished

        async def ring_again() -> None:
            while time.perf_counter() - began < seconds:
                await self.call()

        await asyncio.gather(*(ring_again() for _ in range(at_once)))
        return (self.heard.finished - before) / (time.perf_counter() - began)

    async def open_loop(self, rate: float, seconds: float, waits_s: float) -> None:
        """`rate` calls a second, evenly, however long each takes."""
        began = time.perf_counter()
        calls: set[asyncio.Task[None]] = set()
        for number in range(round(rate * seconds)):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            calls.add(asyncio.create_task(self.call(waits_s)))
        await asyncio.gather(*calls)
