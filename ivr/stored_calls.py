"""Calls as the database keeps them, whole: flow, facts and journal with its moments."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.codec import decode
from ivr.errors import FlowDiverged
from ivr.facts import CallFacts
from ivr.models import Call, JournalEntry
from ivr.session import Entry

SHORTEST_START = 6
_ID = re.compile(r"[0-9A-Za-z]{1,32}")


@dataclass(frozen=True)
class StoredCall:
    """`entered_at` has a moment for each entry of `journal`."""

    id: str
    driver: str
    status: str
    flow: tuple[str, int]
    stored_facts: Mapping[str, Any]
    started_at: datetime
    journal: tuple[Entry, ...]
    entered_at: tuple[datetime, ...]

    def facts(self) -> CallFacts:
        """Raises: FlowDiverged: they are facts of another release."""
        try:
            return CallFacts(**self.stored_facts)
        except TypeError as error:
            raise FlowDiverged("the call's facts are not those of this release") from error


def find_calls(session: Session, start: str) -> list[str]:
    """Ids of calls that begin with `start`, at most two: one is an answer, two are a question."""
    if len(start) < SHORTEST_START or not start.isalnum():
        return []
    query = select(Call.id).where(Call.id.startswith(start)).limit(2)
    return list(session.scalars(query))


def is_call_id(text: str) -> bool:
    """Whether a call could be called so."""
    return _ID.fullmatch(text) is not None


def call_by_id(session: Session, text: str) -> Call | None:
    """The call of that id, whatever was typed; None for none, and for what is no id."""
    return session.get(Call, text) if is_call_id(text) else None


def stored_call(session: Session, call_id: str) -> StoredCall:
    """The call of that id, which must exist.

    Raises:
        BadEntry: an entry of its journal cannot be read.
    """
    call = session.get_one(Call, call_id)
    rows = session.scalars(
        select(JournalEntry).where(JournalEntry.call_id == call_id).order_by(JournalEntry.position)
    ).all()
    return StoredCall(
        id=call.id,
        driver=call.driver,
        status=call.status,
        flow=(call.flow, call.flow_version),
        stored_facts=call.facts,
        started_at=call.started_at,
        journal=tuple(Entry(row.step, decode(row.result)) for row in rows),
        entered_at=tuple(row.entered_at for row in rows),
    )
