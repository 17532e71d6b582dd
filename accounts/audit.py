"""The audit log: who did or saw what, each entry bound to the one before by its hash.

    hash = SHA-256 of the canonical form of (number, moment, actor, action, object, details,
           hash of the entry before)

An entry holds ids and codes, never numbers, names or words: what is erased by law is not kept
here either. Entries are numbered and chained at the end of their transaction, so the order of the
chain is that of the commits. The database itself refuses to change or delete entries (migration
0007); whoever gets past that cannot hide it from `verify`. What `verify` cannot see alone is a cut
tail: hence `accounts.checkpoints`, kept outside the database.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session

from accounts.errors import BadAuditEntry
from accounts.models import AuditEntry
from storage.at_commit import kept_for_commit
from storage.locks import alone

Detail = str | int | bool | None | Sequence[str]

FIRST_PREVIOUS = "0" * 64
"""What the first entry names as the hash before it."""

CUT = "audit.cut"
AT_ONCE = 1000
# Ids, codes and states. No blanks: a sentence or a name cannot slip in.
_PLAIN = re.compile(r"[A-Za-z0-9_.:@/*-]{0,100}")
_NUMBER = re.compile(r"(\+|00)?\d{9,15}")  # as telephone numbers look


@dataclass(frozen=True)
class _Event:
    """An entry that has no number yet."""

    at: datetime
    actor: str
    action: str
    object_type: str
    object_id: str
    details: str


@dataclass(frozen=True)
class Head:
    """The last entry of the chain; number 0 where there is none."""

    number: int
    hash: str


@dataclass(frozen=True)
class Broken:
    """The first entry that is not as it was written, and why."""

    number: int
    why: str


@dataclass(frozen=True)
class Verified:
    """`count` entries from `first` on are whole; `broken` names the first one that is not."""

    count: int
    first: int
    head: Head
    broken: Broken | None
    begins_after: Head


def record(
    session: Session,
    actor_id: str,
    action: str,
    object_type: str,
    object_id: str,
    now: datetime,
    **details: Detail,
) -> None:
    """Write one entry, which exists if and only if this transaction commits.

    `actor_id` is a user's id, `caller`, `system` or `cli`; `action` is such as `report.changed`.

    Raises:
        BadAuditEntry: something is not an id, code or count; or the session is for reading only.
    """
    for name, text in (("actor", actor_id), ("action", action), ("type", object_type)):
        if not text:
            raise BadAuditEntry(f"expected {name}, found nothing")
        _check(name, text)
    _check("object", object_id)
    for name, value in details.items():
        _check(name, value)
    if session.connection().get_execution_options().get("read_only"):
        raise BadAuditEntry("expected a session that is committed, found one for reading")
    moment = now.astimezone(UTC)
    event = _Event(moment, actor_id, action, object_type, object_id, _canonical(details))
    kept_for_commit(session, _append).append(event)


def head(session: Session) -> Head:
    """Where the chain ends just now."""
    return _head(session.connection())


def verify(session: Session) -> Verified:
    """Every entry looked at in order, as a stream; the first broken one is named.

    The chain may begin later than at 1 only where an entry of its own says up to where older ones
    were taken out, and with which hash they ended (`cut_before`).
    """
    query = select(AuditEntry).order_by(AuditEntry.number).execution_options(yield_per=AT_ONCE)
    with closing(session.scalars(query)) as rows:
        found = _verified(session, iter(rows))
    if found.first > 1 and not _was_cut(session, found.begins_after):
        return replace(found, broken=Broken(1, "entries before the first one are missing"))
    return found


def _verified(session: Session, rows: Iterator[AuditEntry]) -> Verified:
    count, first, begins_after = 0, 0, Head(0, FIRST_PREVIOUS)
    last = begins_after

    def so_far(broken: Broken | None = None) -> Verified:
        return Verified(count, first, last, broken, begins_after)

    while True:
        try:
            entry = next(rows, None)
        except (ValueError, TypeError):  # not even a moment or a text any more
            return so_far(Broken(last.number + 1, "it cannot be read"))
        if entry is None:
            return so_far()
        if count == 0:
            first = entry.number
            if first > 1:
                last = begins_after = Head(first - 1, entry.previous)
        if (why := _wrong(entry, last)) is not None:
            return so_far(Broken(min(entry.number, last.number + 1), why))
        last = Head(entry.number, entry.hash)
        count += 1
        session.expunge(entry)  # a million of them would not fit


def entries(
    session: Session,
    *,
    object_type: str | None = None,
    object_id: str | None = None,
    actor: str | None = None,
    before: int | None = None,
    limit: int = 100,
) -> Sequence[AuditEntry]:
    """The newest entries first; `before` continues after that number."""
    query = select(AuditEntry).order_by(AuditEntry.number.desc()).limit(limit)
    if object_type is not None:
        query = query.where(AuditEntry.object_type == object_type)
    if object_id is not None:
        query = query.where(AuditEntry.object_id == object_id)
    if actor is not None:
        query = query.where(AuditEntry.actor == actor)
    if before is not None:
        query = query.where(AuditEntry.number < before)
    return session.scalars(query).all()


def _append(connection: Connection, events: list[_Event]) -> None:
    alone(connection, "audit")
    last = _head(connection)
    rows = []
    for event in events:
        number, previous = last.number + 1, last.hash
        last = Head(
            number,
            entry_hash(
                number,
                event.at,
                event.actor,
                event.action,
                event.object_type,
                event.object_id,
                event.details,
                previous,
            ),
        )
        rows.append({**vars(event), "number": number, "previous": previous, "hash": last.hash})
    connection.execute(insert(AuditEntry), rows)


def entry_hash(
    number: int,
    at: datetime,
    actor: str,
    action: str,
    object_type: str,
    object_id: str,
    details: str,
    previous: str,
) -> str:
    """The hash of an entry's canonical form: a JSON array without blanks, in UTF-8."""
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    whole = [number, moment, actor, action, object_type, object_id, details, previous]
    return hashlib.sha256(_canonical(whole).encode()).hexdigest()


def _head(connection: Connection) -> Head:
    row = connection.execute(
        select(AuditEntry.number, AuditEntry.hash).order_by(AuditEntry.number.desc()).limit(1)
    ).one_or_none()
    return Head(0, FIRST_PREVIOUS) if row is None else Head(row.number, row.hash)


def _wrong(entry: AuditEntry, last: Head) -> str | None:
    if entry.number != last.number + 1:
        return f"expected number {last.number + 1}, found {entry.number}"
    if entry.previous != last.hash:
        return "it does not name the hash of the entry before"
    expected = entry_hash(
        entry.number,
        entry.at,
        entry.actor,
        entry.action,
        entry.object_type,
        entry.object_id,
        entry.details,
        entry.previous,
    )
    return None if entry.hash == expected else "its content does not have its hash"


def _was_cut(session: Session, end: Head) -> bool:
    """Whether an entry says that the chain was cut after `end`."""
    query = select(AuditEntry.details).where(
        AuditEntry.object_type == "audit",
        AuditEntry.object_id == str(end.number),
        AuditEntry.action == CUT,
    )
    return any(json.loads(text).get("hash") == end.hash for text in session.scalars(query))


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _check(name: str, value: object) -> None:
    if value is None or isinstance(value, bool | int):
        return
    if isinstance(value, str):
        if not _PLAIN.fullmatch(value) or _NUMBER.fullmatch(value):
            raise BadAuditEntry(f"{name}: expected an id or a code, found something else")
        return
    if isinstance(value, list | tuple):
        for each in value:
            _check(name, each)
        return
    raise BadAuditEntry(f"{name}: expected an id, a code or a count, found {type(value).__name__}")
