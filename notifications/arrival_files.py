"""The files in which what an SMSC handed over waits until it is stored: sealed, and in order.

A file's name begins with the moment it arrived at. `.NAME` is being written, `NAME.sms` waits, and
`NAME.bad` cannot be read: it is tried again at each start, in case a later release can.
"""

import base64
import json
import os
import secrets
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import structlog

from notifications.providers.smpp_parts import Delivered
from storage.crypto import Sealed, current_box
from storage.disk import sync
from storage.errors import BadKey

log = structlog.get_logger()

WAITING, ASIDE = ".sms", ".bad"
# Nobody writes for so long: whoever began it died meanwhile.
DRAFT_LEFT_AFTER_S = 60.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DIGITS = 20
_numbers = count()


def new_name(at: datetime) -> str:
    """A name that nothing else has; names sort as what they name arrived."""
    nanoseconds = (at - _EPOCH) // timedelta(microseconds=1) * 1000
    return f"{nanoseconds:0{_DIGITS}}{next(_numbers) % 10**6:06}{secrets.token_hex(6)}"


def arrived_at(name: str) -> datetime | None:
    """The moment in a name; None where it is no name of ours."""
    digits = name[:_DIGITS]
    if len(digits) < _DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return _EPOCH + timedelta(microseconds=int(digits) // 1000)
    except OverflowError:
        return None


def keep(folder: Path, name: str, delivered: Delivered) -> None:
    """Have it on the disk, whatever happens from now on.

    Raises:
        OSError: the disk takes nothing.
    """
    fields = asdict(delivered) | {"content": base64.b64encode(delivered.content).decode()}
    draft = folder / f".{name}"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(current_box().seal(json.dumps(fields)))
            file.flush()
            os.fsync(file.fileno())
        draft.rename(folder / f"{name}{WAITING}")
    except OSError:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    sync(folder)


def waiting(folder: Path) -> Sequence[Path]:
    """What is to be stored, in the order of arrival."""
    return sorted(folder.glob(f"*{WAITING}"))


def set_aside(path: Path) -> None:
    """It cannot be read, and is kept for somebody who can."""
    with suppress(FileNotFoundError):
        path.rename(path.with_suffix(ASIDE))


def count_late(folder: Path, before: datetime) -> int:
    """How many arrived before then and are not stored yet."""
    return sum(_moment(path) < before for path in folder.glob(f"*{WAITING}"))


def count_aside(folder: Path) -> int:
    """How many cannot be read."""
    return len(list(folder.glob(f"*{ASIDE}")))


def old_aside(folder: Path, before: datetime) -> Sequence[Path]:
    """What could not be read and arrived too long ago to be kept."""
    return [path for path in folder.glob(f"*{ASIDE}") if _moment(path) < before]


def read(path: Path) -> Delivered:
    """What it keeps.

    Raises:
        OSError: it is gone, or the disk gives nothing.
        BadKey, ValueError, TypeError, KeyError: it is nothing that can be read.
    """
    fields = json.loads(current_box().open(Sealed(path.read_bytes())))
    fields["content"] = base64.b64decode(fields["content"])
    fields["sar"] = tuple(fields["sar"]) if fields["sar"] else None
    return Delivered(**fields)


def take_up(folder: Path) -> None:
    """Have what earlier processes left tried again: drafts that are whole, and what was aside."""
    for path in folder.glob(f"*{ASIDE}"):
        with suppress(FileNotFoundError):
            path.rename(path.with_suffix(WAITING))
    for draft in folder.glob(".*"):
        with suppress(FileNotFoundError):
            if time.time() - draft.stat().st_mtime < DRAFT_LEFT_AFTER_S:
                continue
            if _is_whole(draft):
                draft.rename(folder / f"{draft.name.removeprefix('.')}{WAITING}")
                log.info("deliver_sm of a draft", file=draft.name)
            else:
                draft.unlink()
                log.warning("half a draft of a deliver_sm", file=draft.name)


def _is_whole(draft: Path) -> bool:
    try:
        current_box().open(Sealed(draft.read_bytes()))
    except (BadKey, ValueError):
        return False
    return True


def _moment(path: Path) -> datetime:
    known = arrived_at(path.stem)
    if known is not None:
        return known
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:  # another process was quicker
        return datetime.max.replace(tzinfo=UTC)
