"""Changing many rows while others write: in short transactions with rests between them."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from storage.database import transaction

K = TypeVar("K")
R = TypeVar("R")

# A caller waits for an answer meanwhile: SQLite lets one write at a time.
LONGEST_S = 0.05
FIRST_PIECE, LONGEST_PIECE = 10, 500
PIECE_S = 0.005


def in_batches(
    engine: Engine,
    keys: Sequence[K],
    work: Callable[[Session, Sequence[K]], Sequence[R]],
    first: int = FIRST_PIECE,
) -> Iterator[Sequence[R]]:
    """Do `work` on all keys, some at a time; what it returned, after each commit.

    The first piece has `first` keys; others are as long as a few milliseconds allow. A
    transaction ends after the piece in which `LONGEST_S` has passed. Keys were chosen before:
    `work` looks itself whether what made them be chosen still holds. Whoever breaks this off
    leaves whole batches done, and the others untouched.
    """
    done, size = 0, first
    while done < len(keys):
        found: list[R] = []
        with transaction(engine) as session:
            begun = time.monotonic()
            while done < len(keys) and time.monotonic() - begun < LONGEST_S:
                piece_begun = time.monotonic()
                piece = keys[done : done + size]
                found += work(session, piece)
                session.flush()
                session.expunge_all()
                done += len(piece)
                size = _fitting(size, time.monotonic() - piece_begun)
        took = time.monotonic() - begun
        yield found
        if done < len(keys):
            time.sleep(took)  # as long as they have waited, so that all of them get their turn


def _fitting(size: int, took_s: float) -> int:
    if took_s < PIECE_S:
        return min(LONGEST_PIECE, 2 * size)
    return max(1, size // 2) if took_s > 4 * PIECE_S else size
