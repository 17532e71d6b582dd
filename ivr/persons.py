"""One person: everything that the hotline holds of a telephone number, or of an e-mail address.

The keyed hash finds what is kept by it. Where only the sealed number is kept (given as contact),
all are opened and looked at, and so are addresses: that takes about 30 µs each, and is asked
seldom.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, or_, select
from sqlalchemy.orm import Session

from ivr.errors import BadNumber
from ivr.models import Block, Call
from monitoring.round_models import Respondent
from notifications.inbox_models import IncomingMessage
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
from storage.database import reading
from understanding.phone_number import read_phone_number

AT_ONCE = 500
OPENED = 2000  # sealed values at once: some hundredths of a second
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True)
class Person:
    """Ids of all that belongs to a number or address. Lists of ids only: safe to log and to audit.

    Attributes:
        calls: those made from the number, and the one of each of the reports.
        reports: filed by the number, or naming it as the one to be rung; sent with the address.
        recordings, attachments: of these calls and reports.
        messages, callbacks, supports, lookups, blocks: to or of the number, or of these reports.
        incoming: SMS that came from the number, or are about these reports.
        respondents: officers who are rung at the number in rounds.
    """

    calls: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    recordings: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    incoming: tuple[str, ...] = ()
    callbacks: tuple[str, ...] = ()
    supports: tuple[str, ...] = ()
    lookups: tuple[int, ...] = ()
    blocks: tuple[str, ...] = ()
    respondents: tuple[str, ...] = ()

    def counts(self) -> dict[str, int]:
        return {field.name: len(getattr(self, field.name)) for field in fields(self)}

    def __bool__(self) -> bool:
        return any(self.counts().values())


def asked_for(text: str) -> str:
    """The number as the hotline keeps it, E.164; or the e-mail address, in small letters.

    Raises:
        BadNumber: the text is neither.
    """
    if _EMAIL.fullmatch(text.strip()):
        return _plain(text)
    read = read_phone_number(text)
    if read is None:
        raise BadNumber(
            "expected a telephone number such as 0912345678 or +84912345678, "
            "or an e-mail address such as an@example.vn"
        )
    return read.e164


def find_person(engine: Engine, asked: str) -> Person:
    """All of one number or address, as `asked_for` gives it. Nobody waits for it."""
    return _by_email(engine, asked) if "@" in asked else _by_number(engine, asked)


def _by_number(engine: Engine, number: str) -> Person:
    digest = current_box().keyed_hash(number)

    def theirs(text: str) -> bool:
        return text == number or _same(text, number)

    reports = _sealed(engine, Report.id, Report.contact_number, theirs)
    # Messages of earlier releases had no hash.
    messages = _sealed(engine, Message.id, Message.to_number, theirs, Message.number_hash.is_(None))
    with reading(engine) as session:
        return _hashed(session, digest, reports, messages)


def _hashed(session: Session, digest: str, reports: set[str], messages: set[str]) -> Person:
    """What the hash finds, with those that were found without it."""
    reports = reports | set(
        session.scalars(
            select(Report.id)
            .outerjoin(Call, Call.id == Report.call_id)
            .where(or_(Report.caller_hash == digest, Call.caller_hash == digest))
        )
    )
    calls = set(session.scalars(select(Call.id).where(Call.caller_hash == digest)))
    found = _with_reports(session, reports, calls)
    return replace(
        found,
        # Not all about their reports: supporters and staff are told of those, too.
        messages=_with(
            {*found.messages, *messages},
            session.scalars(select(Message.id).where(Message.number_hash == digest)),
        ),
        incoming=_with(
            found.incoming,
            session.scalars(
                select(IncomingMessage.id).where(IncomingMessage.person_hash == digest)
            ),
        ),
        callbacks=_with(
            found.callbacks,
            session.scalars(select(Callback.id).where(Callback.number_hash == digest)),
        ),
        supports=_all(session, Supporter.id, Supporter.person_hash == digest),
        lookups=tuple(
            session.scalars(
                select(LookupTry.id).where(LookupTry.asker == digest).order_by(LookupTry.id)
            )
        ),
        blocks=_all(session, Block.id, Block.caller_hash == digest),
        respondents=_all(session, Respondent.id, Respondent.number_hash == digest),
    )


def _by_email(engine: Engine, email: str) -> Person:
    """Reports that were sent with the address, and what hangs on them; of the numbers given with
    it only what is about these reports: a number may be a whole family's."""
    reports = _sealed(
        engine, Report.id, Report.reporter, lambda told: _plain(told.get("email", "")) == email
    )
    with reading(engine) as session:
        found = _with_reports(session, reports, set())
        given = _each(session, lambda ids: select(Report).where(Report.id.in_(ids)), reports)
        numbers = {each.id: (each.contact_number, each.text_number) for each in given}
        about = _each(
            session, lambda ids: select(Message).where(Message.report_id.in_(ids)), reports
        )
        messages = [
            each.id
            for each in about
            if each.to_number is not None and each.to_number in numbers[each.report_id]
        ]
        return replace(found, messages=_with(found.messages, messages))


def _with_reports(session: Session, reports: set[str], calls: set[str]) -> Person:
    """These reports and calls, the calls of the reports, and what belongs to either."""
    calls = calls | set(
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
        messages=_of(session, Message.id, (Message.call_id, calls)),
        incoming=_of(session, IncomingMessage.id, (IncomingMessage.report_id, reports)),
        callbacks=_of(
            session, Callback.id, (Callback.call_id, calls), (Callback.report_id, reports)
        ),
    )


def _sealed(
    engine: Engine,
    key: Any,
    column: Any,
    theirs: Callable[[Any], bool],
    *among: ColumnElement[bool],
) -> set[str]:
    """Keys of the rows whose sealed value is theirs."""
    found: set[str] = set()
    query = select(key, column).where(column.is_not(None), *among).order_by(key).limit(OPENED)
    after: tuple[ColumnElement[bool], ...] = ()
    while True:
        # Some at a time: SQLite's write-ahead log grows for as long as somebody reads.
        with reading(engine) as session:
            rows = session.execute(query.where(*after)).all()
        found |= {row[0] for row in rows if row[1] is not None and theirs(row[1])}
        if len(rows) < OPENED:
            return found
        after = (key > rows[-1][0],)


def _plain(email: str) -> str:
    return email.strip().casefold()


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


def _each(session: Session, query: Any, ids: Iterable[str]) -> Iterable[Any]:
    """What `query` finds for all of `ids`, some at once: statements have a longest length."""
    whole: Sequence[str] = sorted(ids)
    for start in range(0, len(whole), AT_ONCE):
        chosen: Select[Any] = query(whole[start : start + AT_ONCE])
        yield from session.scalars(chosen)
