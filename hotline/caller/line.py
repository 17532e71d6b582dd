"""One answered SIP call: its sound both ways, its keys, its end."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from hotline.caller.errors import LineDropped, PhoneFailed
from hotline.caller.hearing import FRAME, FRAME_S, Hearing
from hotline.caller.tape import Tape
from speech.sound import TELEPHONE_HZ, Samples

if TYPE_CHECKING:
    from baresip.call import Call
    from baresip.events import StackEvent

MEDIA_LIMIT_S = 2.0
GOODBYE_LIMIT_S = 2.0
# Handed to the sender this far ahead: its own thread keeps the 20 ms clock, ours may be late.
AHEAD_BYTES = 20 * FRAME * 2
READ_BYTES = 32768
# The end of a digit is sent three times, one packet each 20 ms.
DIGIT_TAIL_S = 0.1


class Course:
    """How a call has gone so far, by the stack's events."""

    def __init__(self) -> None:
        self.decided = asyncio.Event()  # answered, or over before it was
        self.over = asyncio.Event()
        self.answered_at: float | None = None  # time.monotonic
        self.close_reason = ""
        self.sip_call_id: str | None = None

    @property
    def answered(self) -> bool:
        return self.answered_at is not None

    def on_event(self, event: "StackEvent") -> None:
        from baresip.events import Event

        self.sip_call_id = self.sip_call_id or event.call_id
        if event.event is Event.CALL_ESTABLISHED:
            self.answered_at = self.answered_at or time.monotonic()
            self.decided.set()
        elif event.event is Event.CALL_CLOSED:
            self.close_reason = event.text or ""
            self.over.set()
            self.decided.set()


class SipLine:
    """One answered call; `performance.Line` says what its methods promise."""

    def __init__(self, call: "Call", course: Course, dialled_at: float) -> None:
        """`dialled_at` is by time.monotonic."""
        self.hearing = Hearing()
        self.heard = Tape()
        self.said = Tape()
        self._call = call
        self._course = course
        self._dialled_at = dialled_at
        self._waiting: tuple[Callable[[float], bool], asyncio.Future[None]] | None = None
        self._unsent = b""

    @property
    def now_s(self) -> float:
        return time.monotonic() - self._dialled_at

    @property
    def answered_s(self) -> float:
        return (self._course.answered_at or self._dialled_at) - self._dialled_at

    @property
    def sip_call_id(self) -> str | None:
        """The SIP Call-ID, by which the hotline knows the call too."""
        return self._course.sip_call_id

    async def media(self) -> None:
        """Returns when sound can be sent and heard.

        Raises:
            PhoneFailed: the call was answered, but its sound is not there after two seconds.
        """
        from baresip.errors import AudioNotActive

        limit_s = self.now_s + MEDIA_LIMIT_S
        while not self._course.over.is_set():
            with suppress(AudioNotActive):
                if self._call.audio.info().tx_ready:
                    return
            if self.now_s > limit_s:
                raise PhoneFailed(f"no sound on the line {MEDIA_LIMIT_S:g} s after the answer")
            await asyncio.sleep(FRAME_S / 4)

    async def until(self, condition: Callable[[float], bool]) -> None:
        if condition(self.now_s):
            return
        if self._course.over.is_set():
            raise LineDropped("the hotline hung up")
        arrived: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting = (condition, arrived)
        try:
            await arrived
        finally:
            self._waiting = None

    async def speak(self, samples: Samples) -> None:
        # Whole frames only: the sender would fill the last one up, and count it as a fault.
        whole = np.pad(samples, (0, -len(samples) % FRAME))
        self.said.put(whole, self.now_s + len(whole) / TELEPHONE_HZ)
        self._unsent = whole.tobytes()
        self._send()
        await self.until(lambda now_s: not self._unsent and not self._buffered_bytes())

    async def press(self, digits: str) -> None:
        from baresip.errors import BaresipError

        try:
            await self._call.send_dtmf(digits)
        except BaresipError as error:
            if await self._goes():
                raise LineDropped("the hotline hung up") from error
            raise PhoneFailed(f"a digit could not be sent: {error}") from error
        sent_s = self.now_s
        # What follows may not cut the last digit short. A hangup that answers it is no fault.
        with suppress(LineDropped):
            await self.until(lambda now_s: now_s >= sent_s + DIGIT_TAIL_S)

    async def hang_up(self) -> None:
        from baresip.errors import BaresipError

        if self._course.over.is_set():
            return
        # Refused where both hang up at once; whatever else it is, the wait below has an end.
        with suppress(BaresipError):
            await self._call.hangup()
        await self._goes()

    def tick(self) -> bool:
        """Hears what has come, sends what is due, wakes who waits; False once the call is over."""
        now_s = self.now_s
        over = self._course.over.is_set()
        self.hearing.listen(self._received(now_s), now_s)
        if self._unsent:
            self._send()
        if self._waiting is not None and not self._waiting[1].done():
            condition, arrived = self._waiting
            if condition(now_s):
                arrived.set_result(None)
            elif over:
                arrived.set_exception(LineDropped("the hotline hung up"))
        return not over

    def _received(self, now_s: float) -> Samples:
        samples: Samples = np.frombuffer(self._audio(self._call.audio.read, READ_BYTES), np.int16)
        if len(samples):
            self.heard.put(samples, now_s)
        return samples

    def _send(self) -> None:
        room = AHEAD_BYTES - self._buffered_bytes()
        if room > 0:
            taken = self._audio(self._call.audio.write, self._unsent[:room])
            self._unsent = self._unsent[taken or 0 :]

    def _buffered_bytes(self) -> int:
        from baresip.errors import AudioNotActive

        try:
            return self._call.audio.info().tx_buffered
        except AudioNotActive:
            return 0

    @staticmethod
    def _audio(operation: Callable[[Any], Any], argument: object) -> Any:
        """The result, or b"" where the call is closing or its stream is just being replaced."""
        from baresip.errors import AudioNotActive, AudioRestarted

        try:
            return operation(argument)
        except (AudioNotActive, AudioRestarted):
            return b""

    async def _goes(self) -> bool:
        """Whether the call ends within two seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_LIMIT_S):
                await self._course.over.wait()
        return self._course.over.is_set()
