"""What there is to see at one moment, put together from the tables, Asterisk and the services."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from accounts.users import emails_of
from console.live.facts import (
    Figures,
    Health,
    PartHealth,
    ShownAgents,
    ShownCall,
    ShownQueue,
    Standing,
    Told,
)
from console.services import ConsoleServices
from ivr.live_calls import LiveCall, LiveCalls
from ivr.models import Call
from ivr.queue_watch import ITS_DRIVER, QueueState, Waiting
from reports.models import Report
from storage.database import reading

CALL = "call-"  # begins the keys of calls
# More that wait are counted, not listed: nobody reads on.
MOST_LISTED = 20

_STANDINGS: Mapping[str, Standing] = {
    "Gather": Standing.ASKED,
    "Record": Standing.SPEAKING,
    "Hear": Standing.LISTENED,
    "LookAtQueue": Standing.WAITING,
    "Enqueue": Standing.WAITING,
    "Dial": Standing.CONNECTED,
    "end": Standing.ASKED,  # the last words are being spoken
}


@dataclass(frozen=True)
class Today:
    """Since midnight, where the province is."""

    calls: int = 0
    reports: int = 0


@dataclass(frozen=True)
class Queue:
    """What Asterisk tells of its queue; `there` is false where the hotline has none. `names` are
    those of agents whom we know by their ids."""

    state: QueueState | None = None
    away_since: datetime | None = None
    there: bool = True
    names: Mapping[str, str] = field(default_factory=dict)


def count_today(session: Session, services: ConsoleServices) -> Today:
    now = services.clock().astimezone(services.timezone)
    midnight = datetime.combine(now.date(), time(), services.timezone)
    calls = select(func.count()).select_from(Call).where(Call.started_at >= midnight)
    reports = select(func.count()).select_from(Report).where(Report.requested_at >= midnight)
    return Today(session.scalar(calls) or 0, session.scalar(reports) or 0)


def names_of(session: Session, ids: Collection[str]) -> Mapping[str, str]:
    """What users are called, by their ids: their address, as far as the @."""
    found = emails_of(session, ids)
    return {user_id: email.partition("@")[0] for user_id, email in found.items()}


def look_at_calls(engine: Engine, known: LiveCalls) -> Mapping[str, LiveCall]:
    with reading(engine) as session:
        return known.look(session)


def parts_of(
    calls: Mapping[str, LiveCall],
    queue: Queue,
    health: Sequence[PartHealth],
    today: Today,
    stale_since: datetime | None,
) -> dict[str, object]:
    """Everything by the key of its place on the page."""
    state = queue.state
    waiting = {each.driver_call_id: each for each in state.waiting} if state else {}
    trusted = state is not None and queue.away_since is None
    shown = {call.id: _shown(call, waiting, trusted) for call in calls.values()}
    in_line = [each for each in shown.values() if each.standing is Standing.WAITING]
    in_line.sort(key=lambda each: (_place(each, waiting), each.call.since))
    count = len(state.waiting) if state is not None and trusted else len(in_line)
    since = [each.since for each in waiting.values()]
    agents = Counter(each.state for each in state.agents) if state and trusted else None
    told = Told(state is not None, queue.there, queue.away_since)
    figures = Figures(
        calls=len(calls),
        waiting=count if trusted else None,
        longest_since=min(since, default=None) if trusted else None,
        agents=agents,
        calls_today=today.calls,
        reports_today=today.reports,
        troubles=sum(each.state in (Health.AWAY, Health.LOW) for each in health)
        + (stale_since is not None),
        stale_since=stale_since,
    )
    return {
        "figures": figures,
        "queue": ShownQueue(tuple(in_line[:MOST_LISTED]), count, told),
        "agents": ShownAgents(state.agents if state else (), queue.names, told),
        "services": tuple(health),
        **{f"{CALL}{call_id}": each for call_id, each in shown.items()},
    }


def _shown(call: LiveCall, waiting: Mapping[str, Waiting], trusted: bool) -> ShownCall:
    standing = _STANDINGS.get(call.step.partition(":")[0], Standing.UNKNOWN)
    if standing is not Standing.WAITING:
        return ShownCall(call, standing)
    if call.driver != ITS_DRIVER:
        # Asterisk knows nothing of it: it may ring, wait, or talk.
        return ShownCall(call, Standing.UNKNOWN)
    found = waiting.get(call.driver_call_id)
    if found is not None:
        return ShownCall(call, standing, found.since)
    if not call.step.startswith("Enqueue"):
        return ShownCall(call, standing, call.since)  # about to stand in line
    # In the dialplan's queue and not in line: an agent has taken it.
    return ShownCall(call, Standing.TALKING if trusted else Standing.UNKNOWN)


def _place(shown: ShownCall, waiting: Mapping[str, Waiting]) -> int:
    found = waiting.get(shown.call.driver_call_id)
    return found.place if found is not None else len(waiting) + 1
