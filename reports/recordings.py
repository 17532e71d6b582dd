"""The rows of recordings. Their files are written by the telephone side before these are."""

from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.models import Recording, Report


class RecordedSound(Protocol):
    """What a driver tells of a recording that lies safe on disk."""

    @property
    def name(self) -> str: ...
    @property
    def length_s(self) -> float: ...
    @property
    def size_bytes(self) -> int: ...
    @property
    def sha256(self) -> str: ...
    @property
    def silent(self) -> bool: ...


def keep_recording(
    session: Session, sound: RecordedSound, call_id: str, position: int, now: datetime
) -> None:
    """Note a call's recording, once; it belongs to no report until one is filed."""
    if session.get(Recording, sound.name) is not None:
        return
    session.add(
        Recording(
            name=sound.name,
            call_id=call_id,
            position=position,
            length_s=sound.length_s,
            size_bytes=sound.size_bytes,
            sha256=sound.sha256,
            silent=sound.silent,
            recorded_at=now,
        )
    )
    session.flush()


def unfiled_recording(session: Session, call_id: str) -> str | None:
    """The name of the newest audible recording of a call that has filed no report yet."""
    return session.scalar(
        select(Recording.name)
        .where(
            Recording.call_id == call_id,
            # A statement that was spoken anew stays without a report: it is no second one.
            ~select(Report.id).where(Report.call_id == call_id).exists(),
            Recording.discarded_at.is_(None),
            Recording.silent.is_(False),
        )
        .order_by(Recording.position.desc())
        .limit(1)
    )
