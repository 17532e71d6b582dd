"""Photos and documents of reports: checked by content, kept as files of their own.

The file is written before its row, whole or not at all; files that no row names are cleared away.
"""

import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import structlog
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from reports.errors import BadPhoto, TooManyAttachments, UnknownMedia
from reports.models import Attachment, Report
from reports.photos import harmless_photo
from storage.database import reading

log = structlog.get_logger()

MAX_BYTES = 12_000_000
MOST_OF_A_REPORT = 20
PDF = "application/pdf"
# A file whose row is about to be written: the transaction has this long.
UNKNOWN_AFTER = timedelta(hours=1)
_PDF_BEGINS, _PDF_ENDS, _TAIL_BYTES = b"%PDF-", b"%%EOF", 2048
_ASKED_AT_ONCE = 500


@dataclass(frozen=True)
class Kept:
    """A file that lies safe on disk, and has no row yet."""

    id: str
    media_type: str
    size_bytes: int
    sha256: str


def keep_file(folder: Path, content: bytes, documents: bool = True) -> Kept:
    """Check what the content is, make photos harmless and write the file.

    Call it before the transaction begins: decoding takes its time. `documents`: PDF is taken as
    well; it is kept as it came.

    Raises:
        UnknownMedia: it is neither a photo nor, where they are taken, a document.
        BadPhoto: it begins like a photo, but cannot be shown.
    """
    if documents and _is_pdf(content):
        media_type = PDF
    else:
        try:
            photo = harmless_photo(content)
        except BadPhoto as error:
            if _looks_like_photo(content):
                raise
            raise UnknownMedia(
                "expected a JPEG, PNG or WebP photo" + (" or a PDF document" if documents else "")
            ) from error
        content, media_type = photo.content, photo.media_type
    kept = Kept(uuid.uuid4().hex, media_type, len(content), sha256(content).hexdigest())
    _write(folder, kept.id, content)
    return kept


def attach_file(
    session: Session,
    report: Report,
    kept: Kept,
    by: str,
    now: datetime,
    internal: bool = False,
    update_id: int | None = None,
) -> Attachment:
    """The report's new attachment. `by` is `caller` or a user's id; `internal`: for staff alone.

    Raises:
        TooManyAttachments: the report has as many as it may have.
    """
    count = select(func.count()).where(
        Attachment.report_id == report.id, Attachment.erased_at.is_(None)
    )
    if (session.scalar(count) or 0) >= MOST_OF_A_REPORT:
        raise TooManyAttachments(f"expected at most {MOST_OF_A_REPORT} files of a report")
    row = Attachment(
        id=kept.id,
        report_id=report.id,
        update_id=update_id,
        media_type=kept.media_type,
        size_bytes=kept.size_bytes,
        sha256=kept.sha256,
        internal=internal,
        by=by,
        at=now,
    )
    session.add(row)
    session.flush()
    log.info("file attached", report=report.id, attachment=row.id, bytes=row.size_bytes)
    return row


def attachments_of(session: Session, report_id: str, internal: bool = False) -> list[Attachment]:
    """What is attached to a report, the first one first; with `internal`, what staff alone see."""
    query = (
        select(Attachment)
        .where(Attachment.report_id == report_id, Attachment.erased_at.is_(None))
        .order_by(Attachment.at, Attachment.id)
    )
    if not internal:
        query = query.where(Attachment.internal.is_(False))
    return list(session.scalars(query))


def drop_file(folder: Path, attachment_id: str) -> None:
    """Remove the file; nothing where it is gone."""
    (folder / attachment_id).unlink(missing_ok=True)


def clear_files(engine: Engine, folder: Path, now: datetime) -> int:
    """Remove files that no row names, an hour after they were written; how many."""
    removed = 0
    for names in _old_files(folder, now - UNKNOWN_AFTER):
        with reading(engine) as session:
            known = set(
                session.scalars(
                    select(Attachment.id).where(
                        Attachment.id.in_(names), Attachment.erased_at.is_(None)
                    )
                )
            )
        for name in set(names) - known:
            drop_file(folder, name)
            removed += 1
    if removed:
        log.info("attachments cleared", files=removed)
    return removed


def _old_files(folder: Path, before: datetime) -> Iterator[list[str]]:
    names: list[str] = []
    for path in folder.glob("*"):
        try:
            at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except FileNotFoundError:  # somebody else was quicker
            continue
        if at < before:
            names.append(path.name)
    for start in range(0, len(names), _ASKED_AT_ONCE):
        yield names[start : start + _ASKED_AT_ONCE]


def _is_pdf(content: bytes) -> bool:
    return content.startswith(_PDF_BEGINS) and _PDF_ENDS in content[-_TAIL_BYTES:]


def _looks_like_photo(content: bytes) -> bool:
    webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    return content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or webp


def _write(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f".{name}"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / name)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
