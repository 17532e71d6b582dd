"""A person who rings the hotline, beside a test that is not asynchronous."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import numpy as np
from baresip.events import Event, StackEvent

from hotline.caller.errors import LineDropped
from hotline.caller.line import SipLine
from hotline.caller.phone import Phone
from speech.sound import TELEPHONE_HZ, Samples
from tests.asterisk.running import RunningAsterisk, until

_LIMIT_S = 30.0


class Person:
    """On the telephone from `ring` on. `keys` are digits that came from the other side."""

    def __init__(self, asterisk: RunningAsterisk) -> None:
        self._phone = Phone(f"127.0.0.1:{asterisk.sip_port}", asterisk.secret)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._lines: list[SipLine] = []
        self._speaking: Future[None] | None = None
        self.keys: list[str] = []

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._phone.__aenter__())
        runtime = self._phone._runtime
        assert runtime is not None
        runtime.subscribe(self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        try:
            self._run(self._phone.__aexit__(None, None, None))
            if self._speaking is not None:
                self._speaking.cancel()
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def ring(self, number: str = "0912345678") -> None:
        self._lines.append(self._run(self._phone.dial("19009120", number)))
        self.keys.clear()

    def press(self, digits: str) -> None:
        self._run(self._lines[-1].press(digits))

    def speak(self, hz: float, seconds: float) -> None:
        """A tone, which is easily told from others; it goes on while the test does."""
        at = np.arange(round(seconds * TELEPHONE_HZ)) / TELEPHONE_HZ
        samples = (8000 * np.sin(2 * np.pi * hz * at)).astype(np.int16)

        async def speak() -> None:
            with suppress(LineDropped):
                await self._lines[-1].speak(samples)

        self._speaking = asyncio.run_coroutine_threadsafe(speak(), self._loop)

    def heard(self, last_s: float = 1.0) -> Samples:
        """The last seconds of what came over the line."""
        samples: Samples = self._lines[-1].heard.sound().samples[-round(last_s * TELEPHONE_HZ) :]
        return samples

    @property
    def is_connected(self) -> bool:
        return not self._lines[-1]._course.over.is_set()

    def hang_up(self) -> None:
        self._run(self._lines[-1].hang_up())

    def await_end(self) -> None:
        until(lambda: not self.is_connected, 15)

    def _note(self, event: StackEvent) -> None:
        if event.event is Event.CALL_DTMF_START and event.text:
            self.keys.append(event.text)

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_LIMIT_S)


def share_at(samples: Samples, hz: float) -> float:
    """How much of the sound's energy lies within 30 Hz of `hz`, 0 to 1; silence has none."""
    if not len(samples) or np.max(np.abs(samples)) < 100:
        return 0.0
    power = np.abs(np.fft.rfft(samples.astype(float) * np.hanning(len(samples)))) ** 2
    frequencies = np.fft.rfftfreq(len(samples), 1 / TELEPHONE_HZ)
    return float(power[np.abs(frequencies - hz) < 30].sum() / power.sum())
