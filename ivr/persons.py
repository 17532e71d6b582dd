"""One person: everything that the hotline holds of a telephone number.

The keyed hash finds what is kept by it. Where only the sealed number is kept (messages, numbers
given as contact), all are opened and looked at: that takes about 30 µs each, and is asked seldom.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from ivr.errors import BadNumber
from ivr.models import Block, Call
from notifications.models import Message
from reports.models import (
    Attachment,
    Callback,
    LookupTry,
    Recording,
    Report,
    Supporter,
)
from storage.crypto import current_box
from understanding.phone_number import read_phone_number

AT_ONCE = 500


@dataclass(frozen=True)
class Person:
    """Ids of all that belongs to one number. Lists of ids only: safe to log, and to audit.

    Attributes:
        calls: those made from the number, and the one of each of the reports.
        reports: filed by the number, or naming it as the one to be rung.
        recordings, attachments: of these calls and reports.
        messages, callbacks, supports, lookups, blocks: to or of the number, or of these reports.
    """

    calls: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    recordings: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    callbacks: tuple[str, ...] = ()
    supports: tuple[str, ...] = ()
    lookups: tuple[int, ...] = ()
    blocks: tuple[str, ...] = ()

    def counts(self) -> dict[str, int]:
        return {field.name: len(getattr(self, field.name)) for field in fields(self)}

    def __bool__(self) -> bool:
        return any(self.counts().values())


def number_of(text: str) -> str:
    """The number as the hotline keeps it, E.164.

    Raises:
        BadNumber: the text is no telephone number.
    """
    read = read_phone_number(text)
    if read is None:
        raise BadNumber("expected a telephone number such as 0912345678 or +84912345678")
    return read.e164


def find_person(session: Session, number: str) -> Person:
    """All of one number; `number` is E.164."""
    digest = current_box().keyed_hash(number)
    reports = set(
        session.scalars(
            select(Report.id)
            .outerjoin(Call, Call.id == Report.call_id)
            .where(or_(Report.caller_hash == digest, Call.caller_hash == digest))
        )
    )
    reports |= _sealed(session, Report.id, Report.contact_number, number)
    calls = set(session.scalars(select(Call.id).where(Call.caller_hash == digest)))
    calls |= set(
        _each(
            session,
            lambda ids: select(Report.call_id).where(
                Report.id.in_(ids), Report.call_id.is_not(None)
            ),
            reports,
        )
    )
    return Person(
        calls=tuple(sorted(calls)),
        reports=tuple(sorted(reports)),
        recordings=_of(
            session, Recording.name, (Recording.call_id, calls), (Recording.report_id, reports)
        ),
        attachments=_of(session, Attachment.id, (Attachment.report_id, reports)),
        messages=_with(
            # Not all about their reports: supporters and staff are told of those, too.
            _of(session, Message.id, (Message.call_id, calls)),
            _sealed(session, Message.id, Message.to_number, number),
        ),
        callbacks=_with(
            _of(session, Callback.id, (Callback.call_id, calls), (Callback.report_id, reports)),
            session.scalars(select(Callback.id).where(Callback.number_hash == digest)),
        ),
        supports=_all(session, Supporter.id, Supporter.person_hash == digest),
        lookups=tuple(
            session.scalars(
                select(LookupTry.id).where(LookupTry.asker == digest).order_by(LookupTry.id)
            )
        ),
        blocks=_all(session, Block.id, Block.caller_hash == digest),
    )


def _sealed(
    session: Session, key: Any, column: InstrumentedAttribute[str | None], number: str
) -> set[str]:
    """Keys of the rows whose sealed number is `number`."""
    query = select(key, column).where(column.is_not(None)).execution_options(yield_per=AT_ONCE)
    return {row[0] for row in session.execute(query) if row[1] == number or _same(row[1], number)}


def _same(text: str, number: str) -> bool:
    """Whether somebody keyed in that number in another form."""
    read = read_phone_number(text)
    return read is not None and read.e164 == number


def _all(session: Session, key: Any, condition: ColumnElement[bool]) -> tuple[str, ...]:
    return tuple(sorted(str(each) for each in session.scalars(select(key).where(condition))))


def _of(session: Session, key: Any, *belongs: tuple[Any, set[str]]) -> tuple[str, ...]:
    found: set[str] = set()
    for column, ids in belongs:
        found |= set(_each(session, lambda some, c=column: select(key).where(c.in_(some)), ids))
    return tuple(sorted(found))


def _with(ids: Iterable[str], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({*ids, *more}))


def _each(session: Session, query: Any, ids: Iterable[str]) -> Iterable[str]:
    """What `query` finds for all of `ids`, some at once: statements have a longest length."""
    whole: Sequence[str] = sorted(ids)
    for start in range(0, len(whole), AT_ONCE):
        chosen: Select[str] = query(whole[start : start + AT_ONCE])
        yield from session.scalars(chosen)
