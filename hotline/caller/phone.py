"""A SIP telephone without a loudspeaker: the stack, its clock, and dialling.

This file and `line.py` are the only ones that import baresip.
"""

import asyncio
import ipaddress
import time
from collections import defaultdict
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING

from hotline.caller.errors import BadScript, CallerError, NotAnswered, PhoneFailed
from hotline.caller.hearing import FRAME_S
from hotline.caller.line import Course, SipLine

if TYPE_CHECKING:
    from baresip.events import StackEvent
    from baresip.runtime import Runtime

SIP_USER = "phone"
ANONYMOUS = "anonymous"
ANSWER_LIMIT_S = 10.0

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
        self._courses: defaultdict[int, Course] = defaultdict(Course)
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
        # From the first event on: a refusal may come before `dial` has returned, and the call
        # object would never learn of it.
        runtime.subscribe(self._on_event)
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

        for line in self._lines:
            await line.hang_up()
        if self._clock is not None:
            self._clock.cancel()
        if self._runtime is not None:
            try:
                await self._runtime.close()
            except BaresipError as failure:
                raise PhoneFailed(f"the caller's telephone did not stop: {failure}") from failure

    async def dial(self, number: str, caller: str) -> SipLine:
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
        headers = {"Privacy": "id"} if caller == ANONYMOUS else None
        dialled_at = time.monotonic()
        try:
            account = Account(
                user=caller,
                domain=host,
                password=self._secret,
                reg_interval=0,
                audio_codecs=("pcma",),
                auth_user=SIP_USER,
            )
            agent = await UserAgent.create(self._runtime, account)
            call = await agent.dial(f"sip:{number}@{self.target}", headers)
        except ValueError as error:
            raise BadScript(f"expected numbers that SIP can carry: {error}") from error
        except BaresipError as error:
            raise PhoneFailed(f"the caller's own telephone failed: {error}") from error
        course = self._courses[call.handle]
        with suppress(TimeoutError):
            async with asyncio.timeout(ANSWER_LIMIT_S):
                await course.decided.wait()
        if not course.answered:
            refusal = CallFailed.from_close_reason(course.close_reason)
            if not course.over.is_set():
                with suppress(BaresipError):  # it may end by itself at this very moment
                    await call.hangup()
            raise self._not_answered(refusal.status, refusal.reason, number)
        line = SipLine(call, course, dialled_at)
        self._lines.append(line)
        await line.media()
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

    def _on_event(self, event: "StackEvent") -> None:
        if event.call:
            self._courses[event.call].on_event(event)

    async def _tick(self) -> None:
        """One clock for all lines: a task for each would cost more than what it does."""
        due_at = time.monotonic()
        while True:
            self._lines = [line for line in self._lines if line.tick()]
            due_at = max(due_at + FRAME_S, time.monotonic())
            await asyncio.sleep(due_at - time.monotonic())


def _loopback(target: str) -> str | None:
    """The address to bind to where the target is this machine, which the stack would pass by."""
    host = target.rpartition(":")[0]
    if host == "localhost":
        return "127.0.0.1"
    try:
        return host if ipaddress.ip_address(host).is_loopback else None
    except ValueError:
        return None
