"""A SIP telephone without a loudspeaker; the only file that imports baresip."""

import asyncio
import ipaddress
import re
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from hotline.caller.errors import BadScript, CallerError, LineDropped, NotAnswered, PhoneFailed
from hotline.caller.hearing import FRAME, FRAME_S, Hearing
from hotline.caller.tape import Tape
from speech.sound import TELEPHONE_HZ, Samples

if TYPE_CHECKING:
    from baresip.call import Call
    from baresip.runtime import Runtime

SIP_USER = "phone"
ANONYMOUS = "anonymous"
CALLER_NUMBER = re.compile(r"\+?[0-9]{3,15}")
ANSWER_LIMIT_S = 10.0
MEDIA_LIMIT_S = 2.0
GOODBYE_LIMIT_S = 2.0
# Handed to the sender this far ahead: its own thread keeps the 20 ms clock, ours may be late.
AHEAD_BYTES = 20 * FRAME * 2
READ_BYTES = 32768
# The end of a digit is sent three times, one packet each 20 ms.
DIGIT_TAIL_S = 0.1

# Sound is wanted when it comes, not evened out: a beep must be known to be over at once.
_STACK_SETTINGS = "audio_jitter_buffer_type off\nrtp_ports 30000-39998\n"


class Phone:
    """The SIP stack of this process, for any number of calls at once; use with `async with`.

    Raises:
        PhoneFailed: the stack could not be started; there is one in a process at a time.
    """

    def __init__(self, target: str, secret: str) -> None:
        """`target` is HOST:PORT of the hotline's SIP side, `secret` that of its local phone."""
        self.target = target
        self._secret = secret
        self._runtime: Runtime | None = None
        self._clock: asyncio.Task[None] | None = None
        self._lines: list[SipLine] = []

    async def __aenter__(self) -> "Phone":
        from baresip.config import Config
        from baresip.errors import BaresipError
        from baresip.runtime import Runtime

        settings = Config(
            net_interface=_loopback(self.target),
            max_concurrent_calls=None,
            extra_config_text=_STACK_SETTINGS,
        )
        runtime = Runtime()
        try:
            await runtime.start(settings)
        except (BaresipError, OSError) as error:
            raise PhoneFailed(f"the caller's own telephone did not start: {error}") from error
        self._runtime = runtime
        self._clock = asyncio.create_task(self._tick())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        from baresip.errors import BaresipError

        for line in list(self._lines):
            await line.hang_up()
        if self._clock is not None:
            self._clock.cancel()
        if self._runtime is not None:
            try:
                await self._runtime.close()
            except BaresipError as failure:
                raise PhoneFailed(f"the caller's telephone did not stop: {failure}") from failure

    async def dial(self, number: str, caller: str) -> "SipLine":
        """The line, once the hotline has answered `caller` ringing `number`.

        Raises:
            BadScript: a number is not one that SIP can carry.
            NotAnswered: refused, busy, unreachable, or no answer within ten seconds.
            PhoneFailed: the stack itself failed.
        """
        from baresip.config import Account
        from baresip.errors import BaresipError, CallFailed
        from baresip.ua import UserAgent

        assert self._runtime is not None, "dial inside `async with`"
        host = "anonymous.invalid" if caller == ANONYMOUS else self.target
        try:
            account = Account(
                user=caller,
                domain=host,
                password=self._secret,
                reg_interval=0,
                audio_codecs=("pcma",),
                auth_user=SIP_USER,
            )
            headers = {"Privacy": "id"} if caller == ANONYMOUS else None
            dialled_at = time.monotonic()
            agent = await UserAgent.create(self._runtime, account)
            call = await agent.dial(f"sip:{number}@{self.target}", headers)
            await call.wait_established(ANSWER_LIMIT_S)
            line = SipLine(call, dialled_at, self._lines.remove)
            self._lines.append(line)
            await line.media()
        except ValueError as error:
            raise BadScript(f"expected numbers that SIP can carry: {error}") from error
        except CallFailed as error:
            raise self._not_answered(error.status, error.reason, number) from error
        except BaresipError as error:
            raise PhoneFailed(f"the caller's own telephone failed: {error}") from error
        return line

    def _not_answered(self, status: int | None, reason: str, number: str) -> CallerError:
        match status:
            case None:
                why = reason or f"no answer within {ANSWER_LIMIT_S:g} s"
                said = f"{self.target}: {why}; is the hotline running? `make run`"
            case 401 | 403 | 407:
                said = f"{self.target} refused this telephone ({status}): its secret does not fit"
            case 404 | 484:
                said = f"{self.target} knows no number {number} ({status})"
            case 486 | 600:
                said = f"{number} is busy ({status})"
            case _:
                said = f"{self.target} did not take the call ({status} {reason})"
        return NotAnswered(said)

    async def _tick(self) -> None:
        """One clock for all lines: a task for each would cost more than what it does."""
        due_at = time.monotonic()
        while True:
            for line in list(self._lines):
                line.tick()
            due_at = max(due_at + FRAME_S, time.monotonic())
            await asyncio.sleep(due_at - time.monotonic())


class SipLine:
    """One answered call; `performance.Line` says what its methods promise."""

    def __init__(self, call: "Call", dialled_at: float, ended: Callable[["SipLine"], None]) -> None:
        from baresip.events import Event

        self.hearing = Hearing()
        self.heard = Tape()
        self.said = Tape()
        self.sip_call_id: str | None = call.call_id
        self.answered_s = time.monotonic() - dialled_at
        self._call = call
        self._dialled_at = dialled_at
        self._ended = ended
        self._closed_event = Event.CALL_CLOSED
        self._gone = asyncio.Event()
        self._waiting: tuple[Callable[[float], bool], asyncio.Future[None]] | None = None
        self._unsent = b""
        call.on(self._on_event)

    @property
    def now_s(self) -> float:
        return time.monotonic() - self._dialled_at

    async def media(self) -> None:
        """Returns when sound can be sent and heard."""
        from baresip.errors import AudioNotActive

        limit_s = self.now_s + MEDIA_LIMIT_S
        while True:
            try:
                if self._call.audio.info().tx_ready:
                    return
            except AudioNotActive:
                if self._gone.is_set():
                    return
            if self.now_s > limit_s:
                raise PhoneFailed(f"no sound on the line {MEDIA_LIMIT_S:g} s after the answer")
            await asyncio.sleep(FRAME_S / 4)

    async def until(self, condition: Callable[[float], bool]) -> None:
        if self._gone.is_set():
            raise LineDropped("the hotline hung up")
        if condition(self.now_s):
            return
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
        await self.until(lambda now_s: not self._unsent and self._is_sent())

    async def press(self, digits: str) -> None:
        from baresip.errors import BaresipError

        try:
            await self._call.send_dtmf(digits)
        except BaresipError as error:
            if self._gone.is_set() or await self._goes():
                raise LineDropped("the hotline hung up") from error
            raise PhoneFailed(f"a digit could not be sent: {error}") from error
        sent_s = self.now_s
        # What follows may not cut the last digit short. A hangup that answers it is no fault.
        try:
            await self.until(lambda now_s: now_s >= sent_s + DIGIT_TAIL_S)
        except LineDropped:
            return

    async def hang_up(self) -> None:
        from baresip.errors import BaresipError

        if not self._gone.is_set():
            # Refused where both hang up at once; whatever else it is, the wait below has an end.
            with suppress(BaresipError):
                await self._call.hangup()
            await self._goes()
        self._over()

    def tick(self) -> None:
        """Hears what has come, sends what is due, wakes whoever waited for it."""
        now_s = self.now_s
        self.hearing.listen(self._received(now_s), now_s)
        if self._unsent:
            self._send()
        if self._waiting is None:
            return
        condition, arrived = self._waiting
        if not arrived.done() and condition(now_s):
            arrived.set_result(None)

    def _received(self, now_s: float) -> Samples:
        pcm = self._audio(self._call.audio.read, READ_BYTES, b"")
        samples: Samples = np.frombuffer(pcm, np.int16)
        if len(samples):
            self.heard.put(samples, now_s)
        return samples

    def _send(self) -> None:
        buffered = self._is_buffered()
        if buffered is None:
            self._unsent = b""
            return
        room = AHEAD_BYTES - buffered
        if room > 0:
            taken: int = self._audio(self._call.audio.write, self._unsent[:room], 0)
            self._unsent = self._unsent[taken:]

    def _is_buffered(self) -> int | None:
        from baresip.errors import AudioNotActive

        try:
            return self._call.audio.info().tx_buffered
        except AudioNotActive:
            return None

    def _is_sent(self) -> bool:
        return not self._is_buffered()

    @staticmethod
    def _audio(operation: Callable[[Any], Any], argument: object, otherwise: Any) -> Any:
        from baresip.errors import AudioNotActive, AudioRestarted

        try:
            return operation(argument)
        except (AudioNotActive, AudioRestarted):
            # The call is closing, or the far end has just changed the stream: the next tick tells.
            return otherwise

    async def _goes(self) -> bool:
        try:
            async with asyncio.timeout(GOODBYE_LIMIT_S):
                await self._gone.wait()
        except TimeoutError:
            return False
        return True

    def _on_event(self, event: Any) -> None:
        self.sip_call_id = self.sip_call_id or event.call_id
        if event.event is self._closed_event:
            self._over()

    def _over(self) -> None:
        if self._gone.is_set():
            return
        self._gone.set()
        self.hearing.finish(self.now_s)
        self._ended(self)
        if self._waiting is not None and not self._waiting[1].done():
            self._waiting[1].set_exception(LineDropped("the hotline hung up"))


def _loopback(target: str) -> str | None:
    """The address to bind to where the target is this machine, which the stack would pass by."""
    host = target.rpartition(":")[0]
    if host == "localhost":
        return "127.0.0.1"
    try:
        return host if ipaddress.ip_address(host).is_loopback else None
    except ValueError:
        return None
