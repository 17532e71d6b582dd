"""What an answer did to the database, in rows: nothing that a call causes can hide."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from ivr.models import Call, JournalEntry
from storage.database import Base

Rows = Mapping[tuple[str, tuple[object, ...]], Mapping[str, Any]]

# The journal is shown by itself; the rest is bookkeeping that tells a reader nothing.
_UNSHOWN = frozenset({JournalEntry.__name__})
_BOOKKEEPING = frozenset(
    {
        *("holder", "held_at", "advanced_at", "facts", "call_id", "call_position"),
        *("sha256", "caller_hash", "pin_hash", "idempotency_key", "attempts", "updated_at"),
    }
)
_EMPTY = (None, "", False)


@dataclass(frozen=True)
class Effect:
    """A row that is new or has changed; `fields` are those that are, without empty ones."""

    what: str
    how: Literal["new", "changed", "gone"]
    fields: Mapping[str, Any]


def look(database: Engine) -> Rows:
    """Every row of every table of ours, what lies sealed opened."""
    rows: dict[tuple[str, tuple[object, ...]], Mapping[str, Any]] = {}
    with Session(database) as session:
        for mapper in Base.registry.mappers:
            kind = mapper.class_
            if kind.__name__ in _UNSHOWN:
                continue
            names = [column.key for column in mapper.column_attrs]
            for row in session.scalars(select(kind)):
                key = (kind.__name__, tuple(mapper.primary_key_from_instance(row)))
                rows[key] = {name: getattr(row, name) for name in names if name not in _BOOKKEEPING}
    return rows


def changes(before: Rows, after: Rows) -> tuple[Effect, ...]:
    """What is different in `after`; a call's own row is shown only where it changes."""
    found = []
    for key, fields in after.items():
        old = before.get(key)
        if old is None and key[0] != Call.__name__:
            given = {name: value for name, value in fields.items() if value not in _EMPTY}
            found.append(Effect(key[0], "new", given))
        elif old is not None and old != fields:
            changed = {name: value for name, value in fields.items() if value != old[name]}
            found.append(Effect(key[0], "changed", changed))
    found.extend(Effect(key[0], "gone", {}) for key in before if key not in after)
    return tuple(found)
