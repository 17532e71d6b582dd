"""Versions of the pack: one after another, each with who, when and why, and none ever changed."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, defer

from provinces.changes import by_name
from provinces.errors import (
    BadReason,
    NothingChanged,
    Problem,
    ProvinceBroken,
    PublishedMeanwhile,
    UnknownVersion,
)
from provinces.published.files import Pack, Texts, changed, editable_files, text_on_disk
from provinces.published.models import LONGEST_REASON, PackVersion
from provinces.schema import Province
from provinces.toml_edit import add_table, values_of

FILES = 0
"""The number of what the files on the disk say, before anything was published."""

AGENCIES, AGENCY = "agencies.toml", "agency"

CheckPack = Callable[[Province, Province, Texts], Sequence[Problem]]
"""What is wrong with the second province, which has these texts instead of its files, beyond what
its loader sees; the first one holds now."""


@dataclass(frozen=True)
class Candidate:
    """A pack that was looked at as a whole, and the province that it makes."""

    pack: Pack
    province: Province


@dataclass(frozen=True)
class Publication:
    """Who publishes what and why; `based_on` is the version they looked at."""

    candidate: Candidate
    based_on: int
    author: str
    reason: str
    restored: int | None = None


def newest_number(session: Session) -> int:
    """The version that holds; 0 where nothing was published."""
    return session.scalar(select(func.max(PackVersion.number))) or FILES


def newest(session: Session) -> PackVersion | None:
    """The version that holds; None where nothing was published."""
    return session.get(PackVersion, newest_number(session))


def texts_of(session: Session, number: int) -> Texts:
    """The files of a version; none of version 0.

    Raises:
        UnknownVersion: there is none of that number.
    """
    return {} if number == FILES else dict(version(session, number).files)


def basis_of(session: Session, number: int) -> Texts:
    """The texts that the disk had beneath the files of a version; none of version 0.

    Raises:
        UnknownVersion: there is none of that number.
    """
    return {} if number == FILES else dict(version(session, number).basis)


def version(session: Session, number: int) -> PackVersion:
    """The version of that number.

    Raises:
        UnknownVersion: there is none.
    """
    found = session.get(PackVersion, number)
    if found is None:
        raise UnknownVersion(f"expected a version up to {newest_number(session)}, found {number}")
    return found


def history(session: Session, limit: int = 100, before: int | None = None) -> Sequence[PackVersion]:
    """The newest versions first, without their files; `before`: those of lower numbers."""
    query = select(PackVersion).order_by(PackVersion.number.desc()).limit(limit)
    if before is not None:
        query = query.where(PackVersion.number < before)
    return session.scalars(query.options(defer(PackVersion.files), defer(PackVersion.basis))).all()


def all_agencies(session: Session, folder: Path) -> Mapping[str, Mapping[str, Any]]:
    """Every agency that reports may have, as it was last written, by its code."""
    texts = [text_on_disk(folder, AGENCIES)]
    for each in session.scalars(select(PackVersion).order_by(PackVersion.number)):
        texts += [files[AGENCIES] for files in (each.basis, each.files) if AGENCIES in files]
    found: dict[str, Mapping[str, Any]] = {}
    for text in texts:
        found |= by_name(values_of(text).get(AGENCY, []))
    return found


def with_all_agencies(session: Session, pack: Pack, today: date) -> Pack:
    """The pack with the agencies that it lacks and any version had, until `today` at the latest.

    Raises:
        UneditableText: its file is written in a way that cannot be changed in part.
    """
    text = pack.text(AGENCIES)
    has = by_name(values_of(text).get(AGENCY, []))
    for code, entry in all_agencies(session, pack.folder).items():
        if code not in has:
            until = max(entry.get("from", today), min(entry.get("until", today), today))
            text = add_table(text, (AGENCY,), {**entry, "until": until})
    return pack if text == pack.text(AGENCIES) else pack.with_text(AGENCIES, text)


def check_candidate(before: Province, pack: Pack, check: CheckPack) -> Candidate:
    """The pack as one that may be published. It takes a while: not within a transaction.

    Raises:
        ProvinceBroken: the pack would not be sound; `problems` tells where.
    """
    province = pack.province()
    unexpected = set(pack.texts) - set(editable_files(province.languages))
    if unexpected:
        raise ProvinceBroken(
            Problem(file, None, "this file cannot be published") for file in sorted(unexpected)
        )
    if problems := check(before, province, pack.texts):
        raise ProvinceBroken(problems)
    return Candidate(pack, province)


def publish(session: Session, wanted: Publication, now: datetime) -> PackVersion:
    """The new version, which holds from the commit on.

    Whoever publishes notes it in the audit log, in the same transaction.

    Raises:
        BadReason: there is none, or it is too long.
        PublishedMeanwhile: another version is the newest by now.
        NothingChanged: it says what is in force.
        ProvinceBroken: an agency is gone that any version had.
    """
    pack, reason = wanted.candidate.pack, wanted.reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise BadReason(f"expected a reason of at most {LONGEST_REASON} signs")
    number = newest_number(session)
    if number != wanted.based_on:
        raise PublishedMeanwhile(f"expected {wanted.based_on} to be the newest, found {number}")
    # An agency that reports may have stays; whoever takes versions back was given it already.
    if gone := all_agencies(session, pack.folder).keys() - wanted.candidate.province.agencies:
        raise ProvinceBroken(
            Problem(AGENCIES, None, f'agency "{code}" is gone: reports may have it')
            for code in sorted(gone)
        )
    before = Pack(pack.folder, texts_of(session, number))
    basis = {file: text_on_disk(pack.folder, file) for file in pack.texts}
    last = session.get(PackVersion, number)
    taken_in = last is not None and any(
        basis.get(file, text) != text for file, text in last.basis.items()
    )
    if not changed(before, pack) and not taken_in:
        raise NothingChanged("expected something that is otherwise than in force")
    made = PackVersion(
        number=number + 1,
        at=now,
        author=wanted.author,
        reason=reason,
        files=dict(pack.texts),
        basis=basis,
        restored=wanted.restored,
        checksum="",
    )
    made.checksum = checksum_of(made, last.checksum if last else "")
    session.add(made)
    try:
        session.flush()
    except IntegrityError as error:  # at the same moment, on PostgreSQL
        raise PublishedMeanwhile(f"version {number + 1} was published just now") from error
    return made


def checksum_of(version: PackVersion, previous: str) -> str:
    """SHA-256 over everything that a version is, and the checksum of the one before."""
    whole = [
        version.number,
        version.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        version.author,
        version.reason,
        version.files,
        version.basis,
        version.restored,
        previous,
    ]
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def first_broken(session: Session) -> int | None:
    """The first version that is not as it was published; None where all are."""
    previous, expected = "", 1
    for each in session.scalars(select(PackVersion).order_by(PackVersion.number)):
        if each.number != expected or each.checksum != checksum_of(each, previous):
            return expected
        previous, expected = each.checksum, expected + 1
    return None


def exported(folder: Path, texts: Texts) -> Sequence[str]:
    """Write the files of a version over those of a pack's folder; their names."""
    for file, text in texts.items():
        path = folder / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return sorted(texts)
