"""The parts of the live view, each with the number of the change that made it what it is.

Whoever looks says up to which change they have seen, and is told what came after: nobody needs a
queue of their own, who is slow is told less often, and who was away for a moment is told what they
missed.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MOST_GONE = 1000


@dataclass(frozen=True)
class Part:
    """A part as it is since `change`."""

    key: str
    change: int
    value: object


@dataclass(frozen=True)
class News:
    """What came since a position; `whole`: these are all parts that there are."""

    position: str
    whole: bool
    put: Sequence[Part]
    gone: Sequence[str]


class Board:
    """Not for several threads at once: who has it sees to that."""

    def __init__(self) -> None:
        self._epoch = secrets.token_hex(4)
        self._change = 0
        self._parts: dict[str, Part] = {}
        self._gone: dict[str, int] = {}
        self._forgotten = 0  # changes up to this one may have taken parts that nobody remembers

    @property
    def position(self) -> str:
        """How far the board is now: `<board>-<change>`."""
        return f"{self._epoch}-{self._change}"

    def put(self, values: Mapping[str, object]) -> bool:
        """Whether anything has changed now that the parts are these, and no others."""
        changed = {
            key: value
            for key, value in values.items()
            if key not in self._parts or self._parts[key].value != value
        }
        gone = self._parts.keys() - values.keys()
        if not changed and not gone:
            return False
        self._change += 1
        known = {
            key: Part(key, self._change, values[key]) if key in changed else self._parts[key]
            for key in values
        }
        self._parts = known
        for key in changed:
            self._gone.pop(key, None)
        self._gone.update(dict.fromkeys(gone, self._change))
        while len(self._gone) > MOST_GONE:
            oldest = next(iter(self._gone))
            self._forgotten = max(self._forgotten, self._gone.pop(oldest))
        return True

    def forget(self) -> None:
        """Have no parts; whoever knew of any is told of everything once there are some again."""
        self._change += 1
        self._parts, self._gone, self._forgotten = {}, {}, self._change

    def since(self, position: str | None) -> News:
        """What came after that position; everything where it is unknown or too long ago."""
        seen = self._seen(position)
        whole = seen is None
        after = -1 if seen is None else seen
        put = [part for part in self._parts.values() if part.change > after]
        gone = [] if whole else [key for key, change in self._gone.items() if change > after]
        return News(self.position, whole, put, gone)

    def is_news(self, position: str | None) -> bool:
        """Whether anything came after that position."""
        return position != self.position

    def _seen(self, position: str | None) -> int | None:
        epoch, _, change = (position or "").partition("-")
        if epoch != self._epoch or not change.isdecimal() or len(change) > 15:
            return None
        seen = int(change)
        return seen if self._forgotten <= seen <= self._change else None
