"""What people do who are asked a question of two seconds."""

import asyncio
from collections.abc import Awaitable, Callable

import numpy as np

from hotline.caller.errors import CallerError
from hotline.caller.line import SipLine
from hotline.caller.phone import Phone
from ivr.answers import Speech
from ivr.drivers.simulator import tone
from speech.sound import TELEPHONE_HZ, Samples, from_float
from tests.asterisk.running import RunningAsterisk

PROMPT_S = 2.0
ONCE_ANSWERED_S = 0.5

Act = Callable[[SipLine], Awaitable[None]]


def words(length_s: float) -> Samples:
    return tone(Speech(length_s)).samples


def noise(length_s: float, dbfs: float) -> Samples:
    drawn = np.random.default_rng(4).standard_normal(round(length_s * TELEPHONE_HZ))
    return from_float(drawn * 10 ** (dbfs / 20), TELEPHONE_HZ).samples


def number(index: int) -> str:
    """Of the caller with that place among those of one `place`."""
    return f"09120000{index:02}"


def place(asterisk: RunningAsterisk, *acts: Act, apart_s: float = 0.0) -> None:
    """One caller for each act, `apart_s` after each other, until the last was hung up on."""

    async def call(phone: Phone, index: int, act: Act) -> None:
        await asyncio.sleep(index * apart_s)
        line = await phone.dial("19009120", number(index))
        try:
            await act(line)
            async with asyncio.timeout(60):
                await line.until(lambda _now_s: False)
        except CallerError:
            pass  # hung up on, as every call ends
        finally:
            await line.hang_up()

    async def run() -> None:
        async with Phone(asterisk.telephony.sip_bind, asterisk.secret) as phone:
            await asyncio.gather(*(call(phone, index, act) for index, act in enumerate(acts)))

    asyncio.run(run())


def says(length_s: float, after_s: float) -> Act:
    async def act(line: SipLine) -> None:
        await asyncio.sleep(after_s)
        await line.speak(words(length_s))

    return act


def presses(key: str, after_s: float) -> Act:
    async def act(line: SipLine) -> None:
        await asyncio.sleep(after_s)
        await line.press(key)

    return act


async def stays_silent(line: SipLine) -> None:
    """Says nothing."""
