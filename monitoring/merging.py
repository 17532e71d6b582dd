"""What is known of one moment of a series after somebody has told of it, and what was before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

_NEXT = timedelta(microseconds=1)  # the least by which one thing is known after another


@dataclass(frozen=True)
class Known:
    """A value, from when on it was known, and who told it."""

    known_at: datetime
    value: float
    by: str | None


@dataclass(frozen=True)
class Version:
    """What was known from `known.known_at` until before `superseded_at`."""

    known: Known
    superseded_at: datetime


@dataclass(frozen=True)
class Merged:
    """`current` is what is known now, `versions` all that was known before, the earliest first."""

    current: Known
    versions: Sequence[Version]
    repeated: int
    corrected: int


def merge(before: Sequence[Known], told: Sequence[float], now: datetime, by: str | None) -> Merged:
    """What is known after `told`, in that order, at the moment `now`.

    `before` is all that was known, in any order; empty where nothing was. What is known already is
    repeated and changes nothing. Where somebody else told something later than `now` (a sender who
    waited while another was quicker), that stays, and `told` is what was known before it.
    """
    known = sorted(before, key=_since)
    repeated = corrected = 0
    for value in told:
        at = now
        while any(each.known_at == at for each in known):
            at += _NEXT
        earlier = max((each for each in known if each.known_at < at), key=_since, default=None)
        if earlier is None and known:
            earlier = known[0]
        if earlier is not None and earlier.value == value:
            repeated += 1
            continue
        corrected += bool(known)
        known = sorted([*known, Known(at, value, by)], key=_since)
    versions = [Version(each, following.known_at) for each, following in pairwise(known)]
    return Merged(known[-1], versions, repeated, corrected)


def _since(known: Known) -> datetime:
    return known.known_at
