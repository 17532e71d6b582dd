"""What somebody has changed and not published yet: one draft for each user, kept for them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from provinces.changes import Difference
from provinces.published.files import Pack, Texts, merged, text_on_disk
from provinces.published.models import PackDraft
from provinces.published.versions import (
    basis_of,
    newest_number,
    texts_of,
    with_all_agencies,
)


@dataclass(frozen=True)
class Draft:
    """`pack` is what would hold; `based_on` what held when it was begun.

    `saved_at` is None while nothing was changed. `restores` is a version that was taken back.
    `basis` are the texts that the disk had when the draft's were made of them; of a file that is
    not there, those of today.
    """

    pack: Pack
    based_on: int
    saved_at: datetime | None = None
    restores: int | None = None
    basis: Texts = field(default_factory=dict)


def draft_of(session: Session, user_id: str, folder: Path) -> Draft:
    """A user's draft; where they have none, what holds."""
    kept = session.get(PackDraft, user_id)
    if kept is not None:
        pack, basis = Pack(folder, dict(kept.files)), dict(kept.basis)
        return Draft(pack, kept.based_on, kept.saved_at, kept.restores, basis)
    number = newest_number(session)
    return Draft(Pack(folder, texts_of(session, number)), number, basis=basis_of(session, number))


def save_draft(session: Session, user_id: str, draft: Draft, now: datetime) -> None:
    """Keep it for this user."""
    kept = session.get(PackDraft, user_id)
    if kept is None:
        kept = PackDraft(user_id=user_id)
        session.add(kept)
    kept.based_on, kept.restores = draft.based_on, draft.restores
    kept.files, kept.saved_at = dict(draft.pack.texts), now
    folder = draft.pack.folder
    kept.basis = {
        file: draft.basis[file] if file in draft.basis else text_on_disk(folder, file)
        for file in draft.pack.texts
    }


def discard_published(session: Session, user_id: str, published: Draft, number: int) -> bool:
    """Forget a draft that became version `number`; whether it was the one that was published.

    What was saved meanwhile is kept, on top of that version.
    """
    kept = session.get(PackDraft, user_id)
    if kept is None:
        return True
    if kept.saved_at == published.saved_at and kept.files == dict(published.pack.texts):
        session.delete(kept)
        return True
    kept.based_on, kept.restores = number, None
    return False


def discard_draft(session: Session, user_id: str) -> None:
    """Forget it."""
    kept = session.get(PackDraft, user_id)
    if kept is not None:
        session.delete(kept)


def on_top_of_newest(session: Session, draft: Draft) -> tuple[Draft, tuple[Difference, ...]]:
    """The draft with what others published meanwhile, and where both changed the same.

    Raises:
        UneditableText: a file is written in a way that cannot be changed in part.
    """
    number, folder = newest_number(session), draft.pack.folder
    if number == draft.based_on:
        return draft, ()
    # A file that no version has is otherwise than it was on the disk when the draft was begun.
    base = Pack(folder, {**draft.basis, **texts_of(session, draft.based_on)})
    theirs = Pack(folder, {**draft.basis, **texts_of(session, number)})
    pack, quarrels = merged(base, theirs, draft.pack)
    basis = {**draft.basis, **basis_of(session, number)}
    return Draft(pack, number, draft.saved_at, None, basis), quarrels


def with_the_disk(draft: Draft) -> tuple[Draft, tuple[Difference, ...]]:
    """The draft with what was changed on the disk since its texts were made, and the quarrels.

    Raises:
        UneditableText: as `on_top_of_newest`.
    """
    folder = draft.pack.folder
    pack, quarrels = merged(Pack(folder, draft.basis), Pack(folder, {}), draft.pack)
    return Draft(pack, draft.based_on, draft.saved_at, draft.restores), quarrels


def of_version(session: Session, number: int, folder: Path, today: date) -> Draft:
    """A draft that takes back everything after that version but for agencies, which stay and are
    given no more after `today`.

    Raises:
        UnknownVersion: there is none of that number.
    """
    pack = with_all_agencies(session, Pack(folder, texts_of(session, number)), today)
    return Draft(pack, newest_number(session), None, number, basis_of(session, number))
