"""What is kept of calls, people and messages, and no longer than the pack says.

Each kind is a question (which rows are too old) and a deed (take some of them out). Rows go in
small transactions, so that callers are let in between; files right after their rows. A purge that
was broken off goes on with the next one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, Select, func, or_, select, update
from sqlalchemy.orm import Session

from ivr.erasure import Folders, wipe_blocks, wipe_journals
from ivr.models import Block, Call, CallStatus, JournalEntry
from notifications.inbox import forget_incoming
from notifications.inbox_models import IncomingMessage
from notifications.models import Message
from notifications.service import forget_messages
from provinces.retention import Kind
from provinces.schema import Province
from reports.ended import ended_before
from reports.models import Callback, Report
from reports.purging import (
    old_attachments,
    old_callbacks,
    old_recordings,
    old_reporters,
    old_supporters,
    old_words,
    purge_words,
)
from reports.wiping import (
    ERASED,
    gone_attachments,
    gone_recordings,
    wipe_attachments,
    wipe_callbacks,
    wipe_reporters,
    wipe_sounds,
    wipe_supporters,
)
from storage.batches import in_batches
from storage.database import reading

Keys = Sequence[str]


@dataclass(frozen=True)
class Part:
    """One table of a kind: which keys are too old, what happens to them, and to their files."""

    kind: Kind
    name: str
    old: Callable[[datetime], Select[str]]
    take: Callable[[Session, Keys], object]
    after: Callable[[str], None] | None = None


def parts(province: Province, folders: Folders, now: datetime) -> Sequence[Part]:
    """Everything in the database that goes with time, but for the audit log."""

    def unlink_recording(name: str) -> None:
        (folders.recordings / f"{name}.wav").unlink(missing_ok=True)

    def unlink_attachment(name: str) -> None:
        (folders.attachments / name).unlink(missing_ok=True)

    def callbacks(session: Session, keys: Keys) -> None:
        wipe_callbacks(session, select(Callback.id).where(Callback.id.in_(keys)), now)

    return (
        Part(
            Kind.RECORDINGS,
            "recordings",
            old_recordings,
            lambda session, keys: wipe_sounds(session, keys, now),
            unlink_recording,
        ),
        Part(
            Kind.ATTACHMENTS,
            "attachments",
            old_attachments,
            lambda session, keys: wipe_attachments(session, keys, now),
            unlink_attachment,
        ),
        Part(
            Kind.WORDS,
            "reports",
            old_words,
            lambda session, keys: purge_words(session, province, keys),
        ),
        Part(
            Kind.NUMBERS,
            "reports",
            old_reporters,
            lambda session, keys: wipe_reporters(session, keys, now),
        ),
        Part(Kind.NUMBERS, "calls", _old_callers, _forget_callers),
        Part(Kind.NUMBERS, "supporters", old_supporters, wipe_supporters),
        Part(Kind.NUMBERS, "callbacks", old_callbacks, callbacks),
        Part(Kind.NUMBERS, "blocks", _old_blocks, wipe_blocks),
        Part(Kind.JOURNALS, "calls", _old_journals, wipe_journals),
        Part(Kind.MESSAGES, "messages", _old_messages, forget_messages),
        Part(Kind.MESSAGES, "incoming", _old_incoming, forget_incoming),
    )


def count_old(engine: Engine, part: Part, before: datetime) -> int:
    """How many are older than they may be."""
    with reading(engine) as session:
        query = part.old(before).order_by(None).subquery()
        return session.scalar(select(func.count()).select_from(query)) or 0


def purge_part(engine: Engine, part: Part, before: datetime) -> int:
    """Take all of them out; how many there were.

    They are chosen while others write. What has changed since is looked at again, and what
    somebody is at just now is left for the next purge.
    """

    def take(session: Session, some: Keys) -> Keys:
        old = part.old(before)
        still = old.where(old.selected_columns[0].in_(some)).with_for_update(skip_locked=True)
        keys = session.scalars(still).all()
        if keys:
            part.take(session, keys)
        return keys

    with reading(engine) as session:
        chosen = session.scalars(part.old(before)).all()
    done = 0
    for keys in in_batches(engine, chosen, take):
        if part.after is not None:
            for key in keys:
                part.after(key)
        done += len(keys)
    return done


def delete_left_files(engine: Engine, folders: Folders) -> int:
    """Files whose rows say that they are gone: a purge or erasure was broken off before them."""
    with reading(engine) as session:
        sounds = gone_recordings(session, [path.stem for path in folders.recordings.glob("*.wav")])
        photos = gone_attachments(session, [path.name for path in folders.attachments.glob("*")])
    left = [folders.recordings / f"{name}.wav" for name in sounds]
    left += [folders.attachments / name for name in photos]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def _ended_calls(before: datetime) -> Select[str]:
    """Ids of calls that ended before, and whose report, if they have one, did so too."""
    ended = func.coalesce(Call.ended_at, Call.advanced_at)
    younger = select(Report.id).where(Report.call_id == Call.id, ~ended_before(before)).exists()
    return select(Call.id).where(ended < before, Call.status != CallStatus.IN_PROGRESS, ~younger)


def _old_callers(before: datetime) -> Select[str]:
    known = or_(Call.caller_number.is_not(None), Call.caller_hash.is_not(None))
    return _ended_calls(before).where(known)


def _old_journals(before: datetime) -> Select[str]:
    entries = select(JournalEntry.call_id).where(JournalEntry.call_id == Call.id).exists()
    return _ended_calls(before).where(or_(entries, Call.carrier_call_id.is_not(None)))


def _old_blocks(before: datetime) -> Select[str]:
    return select(Block.id).where(Block.until < before, Block.caller_hash.not_like(f"{ERASED}:%"))


def _old_messages(before: datetime) -> Select[str]:
    return select(Message.id).where(Message.to_number.is_not(None), Message.queued_at < before)


def _old_incoming(before: datetime) -> Select[str]:
    known = IncomingMessage.forgotten.is_(False)
    return select(IncomingMessage.id).where(known, IncomingMessage.received_at < before)


def _forget_callers(session: Session, call_ids: Keys) -> None:
    session.execute(
        update(Call)
        .where(Call.id.in_(call_ids))
        .values(caller_number=None, caller_hash=None, hash_expires_at=None)
    )
