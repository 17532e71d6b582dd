"""What a user has on their desk: the pack that holds, and their draft of another."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from accounts.models import User
from accounts.permissions import Permission, permissions_of
from console.services import ConsoleServices
from console.settings.forms import Reader, province_of
from console.settings.sections import Section, sections
from provinces.changes import Difference
from provinces.published.drafts import Draft, draft_of
from provinces.published.files import Pack, beneath, changed
from provinces.published.models import PackVersion
from provinces.published.versions import newest
from provinces.retention import Kind
from storage.database import reading


@dataclass(frozen=True)
class Desk:
    """`draft` is what holds where nothing was changed; `newest` is None before anything was
    published."""

    services: ConsoleServices
    user: User
    draft: Draft
    newest: PackVersion | None

    @property
    def number(self) -> int:
        """The version that holds; 0 for the files."""
        return self.newest.number if self.newest else 0

    @property
    def stamp(self) -> str:
        """Which draft this is, over which files: another window may have changed it, or the disk
        has."""
        saved = self.draft.saved_at
        if saved is None:
            return f"{self.draft.based_on} "
        texts = [f"{file}\0{text}" for file, text in sorted(self.draft.pack.texts.items())]
        texts += [repr(each) for each in self.beneath]
        mark = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
        return f"{self.draft.based_on} {saved.isoformat()} {mark}"

    @property
    def is_late(self) -> bool:
        """Whether somebody published after the draft was begun."""
        return self.draft.saved_at is not None and self.draft.based_on != self.number

    @cached_property
    def holds(self) -> Pack:
        """The pack that holds."""
        files = self.newest.files if self.newest else {}
        return Pack(self.services.province.folder, dict(files))

    @cached_property
    def changes(self) -> Sequence[Difference]:
        """What publishing would change."""
        return changed(self.holds, self.draft.pack)

    @cached_property
    def beneath(self) -> Sequence[Difference]:
        """What was changed on the disk under the draft or, without one, what holds."""
        if self.draft.saved_at is not None:
            return beneath(self.holds.folder, self.draft.pack.texts, self.draft.basis)
        if self.newest is None:
            return ()
        return beneath(self.holds.folder, self.newest.files, self.newest.basis)

    @cached_property
    def shorter(self) -> Sequence[tuple[Kind, int, int]]:
        """The kinds of data that publishing would keep for a shorter time, days before and after.

        None while the draft is not sound.
        """
        before, after = (province_of(pack)[0] for pack in (self.holds, self.draft.pack))
        if before is None or after is None:
            return ()
        old, new = before.retention, after.retention
        return tuple(
            (kind, old[kind].days, new[kind].days)
            for kind in Kind
            if new[kind].days < old[kind].days
        )

    @cached_property
    def reader(self) -> Reader:
        return Reader(self.draft.pack)

    @cached_property
    def sections(self) -> Mapping[str, Section]:
        return sections_of(self.draft.pack, self.services.province.languages)


def sections_of(pack: Pack, languages: Sequence[str]) -> Mapping[str, Section]:
    """All sections of that pack."""
    return sections(languages, Reader(pack).values("handling.toml"))


def open_desk(services: ConsoleServices, user: User) -> Desk:
    """A user's desk; of who may only read, what holds."""
    with reading(services.engine) as session:
        found = newest(session)
        if Permission.SETTINGS_MANAGE in permissions_of(user.role):
            draft = draft_of(session, user.id, services.province.folder)
        else:
            number = found.number if found else 0
            draft = Draft(
                Pack(services.province.folder, dict(found.files) if found else {}), number
            )
    return Desk(services, user, draft, found)
