"""The rows of calls on the hot path: statements that every turn of every call runs.

They are compiled once and know no mapped objects. Each is one round trip, and those that decide
who owns a call ask and lock in one statement: nobody can come between.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, insert, select, update

from ivr.codec import encode
from ivr.models import Call, CallStatus, JournalEntry
from ivr.session import Entry
from storage.prepared import Prepared

_TAKE_OVER = Prepared(
    update(Call)
    .where(Call.driver == bindparam("of_driver"), Call.driver_call_id == bindparam("of_call"))
    .values(holder=bindparam("by"), held_at=bindparam("now"))
    .returning(Call.id)
)
_HOLD = Prepared(
    update(Call)
    .where(
        Call.id == bindparam("of_id"),
        Call.holder == bindparam("of_holder"),
        Call.status == CallStatus.IN_PROGRESS,
        ~select(JournalEntry.position)
        .where(
            JournalEntry.call_id == bindparam("of_id"),
            JournalEntry.position == bindparam("at_position"),
        )
        .exists(),
    )
    .values(advanced_at=bindparam("now"))
)
_END = Prepared(
    update(Call)
    .where(Call.id == bindparam("of_id"), Call.ended_at.is_(None))
    .values(
        ended_at=bindparam("now"),
        status=case(
            (Call.status != CallStatus.IN_PROGRESS, Call.status),
            (Call.rescued_from.is_not(None), CallStatus.FAILED),
            else_=CallStatus.COMPLETED,
        ),
    )
)
_BEGIN = Prepared(insert(Call).values({c.name: bindparam(c.name) for c in Call.__table__.c}))
_JOURNAL = Prepared(
    insert(JournalEntry).values({c.name: bindparam(c.name) for c in JournalEntry.__table__.c})
)
_UNSAID: Mapping[str, Any] = {
    "recording_declined": False,
    "anonymous": False,
    "hash_expires_at": None,
    "rescued_from": None,
    "ended_at": None,
    "settle_at": None,
}


def take_over(
    connection: Connection, driver: str, driver_call_id: str, holder: str, now: datetime
) -> str | None:
    """Give a known call to `holder`; its id, or None where the call is new."""
    values = {"of_driver": driver, "of_call": driver_call_id, "by": holder, "now": now}
    taken: str | None = _TAKE_OVER.run(connection, values).scalar_one_or_none()
    return taken


def insert_call(connection: Connection, values: Mapping[str, Any]) -> None:
    """A new call that is in progress.

    Raises:
        IntegrityError: the call is known by now.
    """
    _BEGIN.run(connection, {**_UNSAID, **values, "status": CallStatus.IN_PROGRESS})


def hold(connection: Connection, call_id: str, holder: str, position: int, now: datetime) -> bool:
    """Whether the call is in progress, `holder`'s, and not yet answered at `position`; if so, it is
    locked until the transaction's end."""
    values = {"of_id": call_id, "of_holder": holder, "at_position": position, "now": now}
    return _HOLD.run(connection, values).rowcount == 1


def write_entries(
    connection: Connection, call_id: str, first: int, entries: Sequence[Entry], now: datetime
) -> None:
    """Append to the journal, from position `first` on."""
    rows = [
        {
            "call_id": call_id,
            "position": position,
            "step": entry.step,
            "result": encode(entry.result),
            "entered_at": now,
        }
        for position, entry in enumerate(entries, start=first)
    ]
    _JOURNAL.run_each(connection, rows)


def end_call(connection: Connection, call_id: str, now: datetime) -> None:
    """The call is over. A call ends once."""
    _END.run(connection, {"of_id": call_id, "now": now})
