"""Photos that come with a form, and photos that a reporter is shown."""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from flask import Request, Response, send_file
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from citizens.errors import UnusablePhoto
from citizens.services import CitizensServices
from reports.attachments import MAX_BYTES, Kept, drop_file, keep_file
from reports.errors import BadPhoto, UnknownMedia
from reports.models import Attachment
from storage.crypto import current_box
from storage.database import reading

FIELD = "photo"
MOST_PHOTOS = 3  # at once
MAX_BODY_BYTES = MOST_PHOTOS * MAX_BYTES + 200_000
SHOWN_FOR_S = 3600
_MARK_DIGITS = 32


@contextmanager
def kept_photos(services: CitizensServices, sent: Request) -> Iterator[tuple[Kept, ...]]:
    """The form's photos, made harmless and lying on disk.

    What was attached to no report by the end is deleted. Decoding takes its time: no transaction
    may be open.

    Raises:
        UnusablePhoto: there are too many, or one is none, too large or damaged.
    """
    files = [file for file in sent.files.getlist(FIELD) if file.filename or _size(file)]
    if len(files) > MOST_PHOTOS:
        raise UnusablePhoto("problem_photos")
    kept: list[Kept] = []
    try:
        for file in files:
            kept.append(_keep(services.attachments, file))
        yield tuple(kept)
    finally:
        _drop_unused(services, kept)


def _keep(folder: Path, file: FileStorage) -> Kept:
    content = file.stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise UnusablePhoto("problem_photo_large")
    try:
        return keep_file(folder, content, documents=False)
    except (UnknownMedia, BadPhoto) as error:
        raise UnusablePhoto("problem_photo") from error


def _size(file: FileStorage) -> int:
    size = file.stream.seek(0, 2)
    file.stream.seek(0)
    return size


def _drop_unused(services: CitizensServices, kept: list[Kept]) -> None:
    """A form that was sent again, or refused, leaves none behind."""
    if not kept:
        return
    with reading(services.engine) as session:
        names = [one.id for one in kept]
        used = set(session.scalars(select(Attachment.id).where(Attachment.id.in_(names))))
    for one in kept:
        if one.id not in used:
            drop_file(services.attachments, one.id)


def photo_mark(photo: str, until: int) -> str:
    """What an address of a photo carries: whoever has opened the report was given it."""
    return current_box().keyed_hash(f"photo {photo} until {until}")[:_MARK_DIGITS]


def shown_photo(
    services: CitizensServices, photo: str, until: int, mark: str, now: datetime
) -> Response | None:
    """The picture, for an hour after the report was opened; None where it is not shown."""
    if not hmac.compare_digest(photo_mark(photo, until).encode(), mark.encode()):
        return None
    if now.timestamp() > until:
        return None
    with reading(services.engine) as session:
        found = _public(session, photo)
        if found is None:
            return None
        media_type = found.media_type
    try:
        response = send_file(services.attachments / photo, mimetype=media_type, max_age=0)
    except FileNotFoundError:  # it was erased at this moment
        return None
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _public(session: Session, photo: str) -> Attachment | None:
    found = session.get(Attachment, photo)
    shown = found is not None and found.erased_at is None and not found.internal
    return found if shown and found and found.media_type.startswith("image/") else None
