"""Telephones for tests of a real Asterisk: a caller who speaks and keys, a phone that is rung."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from baresip.config import Account, Config
from baresip.events import StackEvent
from baresip.runtime import Runtime
from baresip.ua import UserAgent

from hotline.caller.phone import SIP_USER

WAIT_S = 8.0


@dataclass
class Telephones:
    """Several telephones on one SIP stack, for there is one stack in a process."""

    runtime: Runtime
    target: str
    events: list[StackEvent] = field(default_factory=list)

    async def caller(self, number: str, secret: str) -> UserAgent:
        """The local phone, calling from `number`."""
        account = Account(
            user=number,
            domain=self.target,
            password=secret,
            reg_interval=0,
            audio_codecs=("pcma",),
            auth_user=SIP_USER,
        )
        return await UserAgent.create(self.runtime, account)

    async def operator(self, name: str, secret: str) -> UserAgent:
        """A registered telephone."""
        account = Account(
            user=name,
            domain=self.target,
            password=secret,
            registrar=f"sip:{self.target}",
            audio_codecs=("pcma",),
        )
        agent = await UserAgent.create(self.runtime, account)
        await agent.register()
        return agent


@asynccontextmanager
async def telephones(target: str) -> AsyncIterator[Telephones]:
    runtime = Runtime()
    extra = "audio_jitter_buffer_type off\nrtp_ports 30000-39998\n"
    await runtime.start(
        Config(
            net_interface="127.0.0.1",
            max_concurrent_calls=None,
            expose_headers=("X-Hotline-Call",),
            extra_config_text=extra,
        )
    )
    phones = Telephones(runtime, target)
    runtime.subscribe(phones.events.append)
    try:
        yield phones
    finally:
        await runtime.close()


async def eventually(look: Any, timeout_s: float = WAIT_S) -> Any:
    """The first true answer of `look`."""
    async with asyncio.timeout(timeout_s):
        while not (found := look()):
            await asyncio.sleep(0.02)
        return found
