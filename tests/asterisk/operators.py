"""Operators' telephones beside a test that is not asynchronous: they ring until told to answer."""

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self

from baresip.errors import StaleHandleError
from baresip.ua import UserAgent

from hotline.telephony.kept_secrets import operator_secret
from tests.asterisk.people import eventually, telephones
from tests.asterisk.running import RunningAsterisk, until

_LIMIT_S = 30.0


class Operators:
    """Registered telephones of the names in `names`, as many as `sign_in` says."""

    def __init__(self, asterisk: RunningAsterisk, names: Sequence[str]) -> None:
        self._asterisk = asterisk
        self._names = names
        self._agents: list[UserAgent] = []
        self._rung: list[Any] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._open = AsyncExitStack()

    def __enter__(self) -> Self:
        self._thread.start()
        target = f"127.0.0.1:{self._asterisk.sip_port}"
        self._phones = self._run(self._open.enter_async_context(telephones(target)))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        try:
            self._run(self._open.aclose())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def sign_in(self, count: int) -> None:
        """The first `count` operators are at their telephones, once Asterisk knows it."""
        while len(self._agents) < count:
            self._agents.append(self._run(self._operator(self._names[len(self._agents)])))
        while len(self._agents) > count:
            self._run(self._agents.pop().unregister())
        until(lambda: self._asterisk.rx("queue show hotline").count("(Not in use)") == count)

    def answer(self, talk_s: float) -> None:
        """Whoever is rung next answers, talks for so long and hangs up."""
        self._run(self._answer(talk_s))

    async def _operator(self, name: str) -> UserAgent:
        agent: UserAgent = await self._phones.operator(
            name, operator_secret(self._asterisk.data, name)
        )
        agent.on_incoming(self._rung.append)
        return agent

    async def _answer(self, talk_s: float) -> None:
        while True:
            await eventually(lambda: self._rung)
            call = self._rung.pop()
            try:
                await call.answer()
                break
            except StaleHandleError:
                pass  # that caller has left
        await asyncio.sleep(talk_s)
        await call.hangup()
        self._rung.clear()

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_LIMIT_S)
