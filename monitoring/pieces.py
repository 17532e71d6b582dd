"""Storing much while others write: in transactions that nobody waits for long.

SQLite lets one write at a time, and a caller's answer waits for whoever writes: there a transaction
takes some `LONGEST_S`, and rests as long before the next one. On PostgreSQL nobody waits, and more
at once is quicker.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from monitoring.again import again
from storage.batches import LONGEST_S
from storage.database import transaction

T = TypeVar("T")
R = TypeVar("R")

AT_ONCE = 5000
_FIRST, _LEAST = 50, 10


def in_pieces(
    engine: Engine, given: Sequence[T], work: Callable[[Session, Sequence[T]], R]
) -> Iterator[tuple[int, R]]:
    """Do `work` on all of it, piece by piece; after each commit where the piece began, and what
    came of it. Whoever breaks this off leaves whole pieces done, and the others untouched."""
    done = 0
    size = _FIRST if engine.dialect.name == "sqlite" else AT_ONCE
    while done < len(given):
        piece = given[done : done + size]
        found, took_s = again(lambda piece=piece: _once(engine, piece, work))  # type: ignore[misc]
        yield done, found
        done += len(piece)
        if engine.dialect.name == "sqlite" and done < len(given):
            size = _fitting(size, took_s)
            time.sleep(took_s)  # as long as they have waited, so that all of them get their turn


def _once(
    engine: Engine, piece: Sequence[T], work: Callable[[Session, Sequence[T]], R]
) -> tuple[R, float]:
    with transaction(engine) as session:
        session.connection()  # begins: who waited for others has not held anybody up
        begun = time.monotonic()
        found = work(session, piece)
    return found, time.monotonic() - begun


def _fitting(size: int, took_s: float) -> int:
    wanted = int(size * LONGEST_S / max(took_s, 0.001))
    return max(_LEAST, min(AT_ONCE, 2 * size, wanted))
