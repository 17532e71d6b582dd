"""A value against fixed bounds, without flutter.

Two things keep a value that dances around a bound from raising alert after alert. *Hysteresis*: a
level once reached stays until the value has come back past a release bound. *Quiet time*: what was
released is not raised anew before some time has passed, unless it is graver than before.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from monitoring.alert_kinds import Level


class Worse(StrEnum):
    """Which way a value is worse."""

    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True)
class Bounds:
    """From which value on something is to be watched, or alarming; None: never.

    A level is reached at its bound. `release` is where all is well again, and lies on the better
    side of the bounds; without one that is wherever no bound is reached.

    Raises:
        ValueError: there is no bound, a number is not finite, or they are in the wrong order.
    """

    watch: float | None
    alert: float | None
    release: float | None = None
    worse: Worse = Worse.HIGHER
    quiet: timedelta = timedelta()

    def __post_init__(self) -> None:
        told = [bound for bound in (self.release, self.watch, self.alert) if bound is not None]
        if self.watch is None and self.alert is None:
            raise ValueError("expected a bound for watch or alert, found none")
        if not all(math.isfinite(bound) for bound in told):
            raise ValueError(f"expected finite bounds, found {told}")
        if told != sorted(told, reverse=self.worse is Worse.LOWER):
            order = "rising" if self.worse is Worse.HIGHER else "falling"
            raise ValueError(f"expected release, watch, alert {order}, found {told}")
        if self.quiet < timedelta():
            raise ValueError(f"expected a quiet time from 0 on, found {self.quiet}")

    def reached(self, value: float) -> Level | None:
        """The gravest level whose bound `value` is at or beyond."""
        for level, bound in ((Level.ALERT, self.alert), (Level.WATCH, self.watch)):
            if bound is not None and not self._better(value, bound):
                return level
        return None

    def released(self, value: float) -> bool:
        """All is well with it again."""
        if self.release is None:
            return self.reached(value) is None
        return self._better(value, self.release)

    def bound_of(self, level: Level) -> float | None:
        return self.alert if level is Level.ALERT else self.watch

    def _better(self, value: float, bound: float) -> bool:
        return value < bound if self.worse is Worse.HIGHER else value > bound


@dataclass(frozen=True)
class Standing:
    """How it stood after the last value.

    `level` is None while all is well; `ended` and `ended_at` then tell of the last time that it was
    not.
    """

    level: Level | None = None
    ended: Level | None = None
    ended_at: datetime | None = None


class Move(StrEnum):
    """What a value does to the standing."""

    NONE = "none"  # all was well and is
    OPENED = "opened"
    RAISED = "raised"
    LOWERED = "lowered"
    SEEN_AGAIN = "seen_again"
    RELEASED = "released"
    HELD_BACK = "held_back"  # a bound is reached, in the quiet time


@dataclass(frozen=True)
class Crossing:
    """A value against its bounds.

    Attributes:
        move: what it does.
        level: the level that stands now.
        value: as it was given.
        bound: that of the level that stands, or was held back, or was released.
        release: where it will be well again; None: wherever no bound is reached.
        standing: to be handed over with the next value.
    """

    move: Move
    level: Level | None
    value: float
    bound: float | None
    release: float | None
    standing: Standing


def judge(bounds: Bounds, value: float, now: datetime, before: Standing | None = None) -> Crossing:
    """What `value`, judged at `now`, does after `before`; None: nothing was judged so far.

    While something stands and its value lies between the release bound and its own, it stays as it
    is; from alert to watch it comes down once the value is as far on the better side of the alert
    bound as release lies from the first one. The quiet time is measured by when values are judged,
    not by the time that they are of: a month's figure is of its first day and told weeks later.

    Raises:
        ValueError: `value` is not finite.
    """
    if not math.isfinite(value):
        raise ValueError(f"expected a finite value, found {value}")
    before = before or Standing()
    reached = bounds.reached(value)
    if before.level is None:
        return _from_quiet(bounds, value, now, before, reached)
    if bounds.released(value):
        after = Standing(None, before.level, now)
        return _crossing(bounds, Move.RELEASED, value, before.level, after)
    if reached is not None and reached.rank > before.level.rank:
        return _crossing(bounds, Move.RAISED, value, reached, Standing(reached))
    if before.level is Level.ALERT and reached is not Level.ALERT and _lowers(bounds, value):
        return _crossing(bounds, Move.LOWERED, value, Level.WATCH, Standing(Level.WATCH))
    return _crossing(bounds, Move.SEEN_AGAIN, value, before.level, before)


def _from_quiet(
    bounds: Bounds, value: float, now: datetime, before: Standing, reached: Level | None
) -> Crossing:
    if reached is None:
        return _crossing(bounds, Move.NONE, value, None, before)
    quiet = before.ended_at is not None and now < before.ended_at + bounds.quiet
    if quiet and before.ended is not None and reached.rank <= before.ended.rank:
        return _crossing(bounds, Move.HELD_BACK, value, reached, before)
    return _crossing(bounds, Move.OPENED, value, reached, Standing(reached))


def _lowers(bounds: Bounds, value: float) -> bool:
    if bounds.watch is None or bounds.alert is None:
        return False  # there is no level below to come down to: only release ends it
    margin = 0.0 if bounds.release is None else bounds.release - bounds.watch
    return bounds.reached(value - margin) is not Level.ALERT


def _crossing(
    bounds: Bounds, move: Move, value: float, level: Level | None, standing: Standing
) -> Crossing:
    bound = bounds.bound_of(level) if level else None
    return Crossing(move, standing.level, value, bound, bounds.release, standing)
