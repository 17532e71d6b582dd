"""Places calls: one script, one line, one story each; any number at once in one process."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from hotline.caller.errors import CallerError, NotHeard
from hotline.caller.line import SipLine
from hotline.caller.performance import perform
from hotline.caller.phone import Phone
from hotline.caller.script import Action
from hotline.caller.story import Event, What, heard, timeline
from hotline.caller.tape import Tape
from speech.sound import Sound

LONGEST_CALL_S = 1800.0


@dataclass(frozen=True)
class CallPlan:
    """Who rings whom, and what they do; `patience_s` bounds the wait for a prompt to come."""

    script: tuple[Action, ...]
    caller: str
    called: str
    patience_s: float = 20.0


@dataclass(frozen=True)
class PlacedCall:
    """What the caller knows of its call. `problem`: why the script was not carried out, if so.

    `heard` and `said` lie on the call's time line: their second 0 is the moment of dialling.
    """

    events: tuple[Event, ...]
    answered_s: float | None
    sip_call_id: str | None
    heard: Sound
    said: Sound
    problem: CallerError | None


async def place_call(phone: Phone, plan: CallPlan) -> PlacedCall:
    """The story of one call on a telephone that is already on; never raises for a failed call."""
    events = [Event(0.0, What.DIALLED, {"number": plan.called, "caller": plan.caller})]
    try:
        line = await phone.dial(plan.called, plan.caller)
    except CallerError as error:
        nothing = Tape().sound()
        return PlacedCall(tuple(events), None, None, nothing, nothing, error)
    events.append(Event(line.answered_s, What.ANSWERED))
    problem: CallerError | None = None
    try:
        async with asyncio.timeout(LONGEST_CALL_S):
            await perform(plan.script, line, events.append, plan.patience_s)
    except CallerError as error:
        problem = error
    except TimeoutError:
        problem = NotHeard(f"expected the call to end within {LONGEST_CALL_S:g} s, it went on")
    finally:
        await line.hang_up()
    return _told(line, events, problem)


async def place_calls(target: str, secret: str, plans: Sequence[CallPlan]) -> list[PlacedCall]:
    """The stories of calls placed all at once, in the order of the plans.

    `target` is HOST:PORT of the hotline's SIP side, `secret` the one of its local telephone.

    Raises:
        PhoneFailed: no call could be placed at all.
    """
    async with Phone(target, secret) as phone:
        return list(await asyncio.gather(*(place_call(phone, plan) for plan in plans)))


def _told(line: SipLine, events: list[Event], problem: CallerError | None) -> PlacedCall:
    ear = line.hearing
    ear.finish(line.now_s)
    return PlacedCall(
        events=tuple(timeline(events, heard(ear.prompts, ear.beeps))),
        answered_s=line.answered_s,
        sip_call_id=line.sip_call_id,
        heard=line.heard.sound(),
        said=line.said.sound(),
        problem=problem,
    )
