"""Made-up calls without a journal: who called, for how long, and what it came to."""

import random
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hotline.demo.marks import SOURCE, nobodys_number
from hotline.demo.story import Called
from ivr.flows.registry import INCOMING
from ivr.models import CallStatus
from ivr.stages import FUNNEL, Stage, bit
from ivr.summary_models import CallSummary, Outcome

_OTHERS = {
    Outcome.PERSON: 0.38,
    Outcome.ANSWER: 0.34,
    Outcome.NOTHING: 0.2,
    Outcome.PARTIAL: 0.05,
    Outcome.CALLBACK: 0.03,
}
_LEFT_AT = "Gather:main_menu"
_LENGTHS_S = {
    Outcome.REPORT: 150,
    Outcome.PERSON: 200,
    Outcome.ANSWER: 75,
    Outcome.NOTHING: 25,
    Outcome.PARTIAL: 60,
    Outcome.CALLBACK: 90,
}

_STAGES: Mapping[Outcome, Sequence[Stage]] = {
    Outcome.REPORT: FUNNEL,
    Outcome.PARTIAL: (Stage.MENU, Stage.KIND, Stage.STATEMENT),
    Outcome.PERSON: (Stage.MENU, Stage.PERSON),
    Outcome.CALLBACK: (Stage.MENU, Stage.PERSON, Stage.INSTEAD),
    Outcome.ANSWER: (Stage.MENU, Stage.FOLLOW_UP),
    Outcome.NOTHING: (Stage.MENU,),
}


def calls_of(
    filed: Iterable[Called], moments: Sequence[datetime], chance: random.Random
) -> Iterator[tuple[Called, Outcome]]:
    """Those that filed a report, and as many others as there are moments left."""
    done = list(filed)
    yield from ((each, Outcome.REPORT) for each in done)
    others = sorted(chance.sample(moments, max(0, len(moments) - len(done))))
    for at in others:
        call = Called(uuid.UUID(int=chance.getrandbits(128)).hex, at, False)
        yield call, chance.choices([*_OTHERS], [*_OTHERS.values()])[0]


def rows_of(
    called: Called,
    outcome: Outcome,
    number: int,
    chance: random.Random,
    called_number: str,
    language: str,
    zone: ZoneInfo,
) -> tuple[dict[str, Any], CallSummary]:
    """The call, and the line about it."""
    talked = outcome is Outcome.PERSON
    waited_s = round(chance.expovariate(1 / 28)) if talked else 0
    queued = talked or (outcome is Outcome.NOTHING and chance.random() < 0.15)
    if queued and not talked:
        waited_s = round(chance.expovariate(1 / 70))
    length_s = round(_LENGTHS_S[outcome] * chance.lognormvariate(0, 0.35)) + waited_s
    ended_at = called.at + timedelta(seconds=length_s)
    local = called.at.astimezone(zone)
    flow, version = INCOMING
    row = {
        "id": called.id,
        "driver": SOURCE,
        "driver_call_id": called.id,
        "caller_number": nobodys_number(number),
        "called_number": called_number,
        "language": language,
        "flow": flow,
        "flow_version": version,
        "facts": {},
        "status": CallStatus.COMPLETED,
        "recording_declined": False,
        "anonymous": False,
        "started_at": called.at,
        "advanced_at": ended_at,
        "ended_at": ended_at,
    }
    line = CallSummary(
        call_id=called.id,
        started_at=called.at,
        day=local.date().isoformat(),
        hour=local.hour,
        outgoing=False,
        outcome=outcome,
        left_at=_LEFT_AT if outcome is Outcome.NOTHING else None,
        stages=sum(bit(each) for each in _STAGES[outcome]),
        queued=queued,
        answered=talked,
        waited_s=waited_s,
        talked_s=max(0, length_s - waited_s - 20) if talked else 0,
        length_s=length_s,
    )
    return row, line
