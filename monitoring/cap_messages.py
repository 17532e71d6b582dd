"""Which messages of the Common Alerting Protocol an alert has given, in order.

Each event that changes what an alert says is a message: it opens (Alert), goes on at another level
or is escalated (Update), and ends (Cancel). What only goes on is a message again (Update) once the
last one is half a day old, so that none expires meanwhile. A message stays as it was sent; later
ones name all earlier ones. What was found under a mute is no message, nor is what was only
acknowledged; neither does what is lowered begin anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from monitoring.alert_kinds import SYSTEM, AlertEventKind, AlertState, AlertView, Level
from monitoring.alert_lists import row_view
from monitoring.alert_models import Alert, AlertEvent
from monitoring.errors import UnknownAlert

Kind = Literal["Alert", "Update", "Cancel"]
MOST = 200
SHOWN_FOR = timedelta(days=14)
"""A feed shows what is over for so long: whoever was away hears that it is."""

AGAIN_AFTER = timedelta(hours=12)
"""What goes on is told again, at the next report or value, once the last message is so old."""

_K = AlertEventKind
_TELLING = (_K.OPENED, _K.RAISED, _K.LOWERED, _K.ESCALATED, _K.CLOSED)


@dataclass(frozen=True)
class CapMessage:
    """One message. `alert` is as it was then; `earlier` are identifiers and when they were sent.

    `note` says what happened: the event's kind.
    """

    identifier: str
    sent_at: datetime
    kind: Kind
    alert: AlertView
    note: AlertEventKind
    earlier: tuple[tuple[str, datetime], ...]


def cap_messages(session: Session, alert_id: str) -> Sequence[CapMessage]:
    """The messages of that alert, in order; none where all of it was muted.

    Raises:
        UnknownAlert: there is none of that id.
    """
    alert = session.get(Alert, alert_id)
    if alert is None:
        raise UnknownAlert("no such alert")
    return _messages(alert, _events(session, [alert.id]).get(alert.id, ()))


def cap_message(session: Session, identifier: str) -> CapMessage:
    """The message of that identifier.

    Raises:
        UnknownAlert: no alert has given it.
    """
    found = cap_messages(session, identifier.partition("-")[0])
    message = next((each for each in found if each.identifier == identifier), None)
    if message is None:
        raise UnknownAlert("no such message")
    return message


def latest_messages(session: Session, since: datetime) -> Sequence[CapMessage]:
    """Of each alert that is not over, or has changed since then, the last message; newest first."""
    query = (
        select(Alert)
        .where(or_(Alert.changed_at >= since, Alert.closed_at.is_(None)))
        .order_by(Alert.changed_at.desc(), Alert.number.desc())
        .limit(MOST)
    )
    alerts = session.scalars(query).all()
    events = _events(session, [each.id for each in alerts])
    found = [messages[-1] for a in alerts if (messages := _messages(a, events.get(a.id, ())))]
    return sorted(found, key=lambda each: (each.sent_at, each.identifier), reverse=True)


def _events(session: Session, alert_ids: Sequence[str]) -> Mapping[str, Sequence[AlertEvent]]:
    found: dict[str, list[AlertEvent]] = {}
    query = select(AlertEvent).where(AlertEvent.alert_id.in_(alert_ids)).order_by(AlertEvent.id)
    for event in session.scalars(query):
        found.setdefault(event.alert_id, []).append(event)
    return found


def _messages(alert: Alert, events: Sequence[AlertEvent]) -> Sequence[CapMessage]:
    found: list[CapMessage] = []
    why, owner = alert.why, None
    last_at = alert.first_at
    muted = {(each.at, each.level) for each in events if each.kind == _K.MUTED}
    for event in events:
        if event.actor == SYSTEM and event.details and event.kind != _K.TOLD:
            why, last_at = event.details, event.at
        if event.kind == _K.ACKNOWLEDGED:
            owner = event.actor
        by_rule = event.kind in (_K.OPENED, _K.RAISED)
        goes_on = (
            bool(found)
            and event.kind == _K.SEEN_AGAIN
            and event.at >= found[-1].sent_at + AGAIN_AFTER
        )
        if not goes_on and event.kind not in _TELLING:
            continue
        if by_rule and (event.at, event.level) in muted:
            continue
        ends = event.kind == _K.CLOSED
        if not found and ends:
            return []
        if not found and event.kind == _K.LOWERED:
            continue
        view = replace(
            row_view(alert, ()),
            level=Level(event.level or alert.level),
            state=_state(ends, owner),
            why=why,
            owner=owner,
            last_at=last_at,
            changed_at=event.at,
            closed_at=event.at if ends else None,
        )
        kind: Kind = "Cancel" if ends else "Update" if found else "Alert"
        found.append(
            CapMessage(
                f"{alert.id}-{event.id}",
                event.at,
                kind,
                view,
                AlertEventKind(event.kind),
                tuple((each.identifier, each.sent_at) for each in found),
            )
        )
    return found


def _state(ends: bool, owner: str | None) -> AlertState:
    if ends:
        return AlertState.CLOSED
    return AlertState.OPEN if owner is None else AlertState.ACKNOWLEDGED
