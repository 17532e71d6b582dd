"""Keeps to a provider's rate: so many parts a second on average, without bursts to speak of."""

from collections.abc import Callable
from time import monotonic

# What may be caught up after a delay of our own: more would break the rate, less would waste it.
CATCH_UP_S = 0.1


class Pace:
    """Parts a second. A message is let go once the ones before it have had their time."""

    def __init__(self, parts_s: float, clock_s: Callable[[], float] = monotonic) -> None:
        self._parts_s = parts_s
        self._clock_s = clock_s
        self._free_at_s = clock_s()

    @property
    def wait_s(self) -> float:
        """Until the next message may go; 0 or less: now."""
        return self._free_at_s - self._clock_s()

    def spend(self, parts: int) -> None:
        """A message of so many parts goes now."""
        earliest = self._clock_s() - CATCH_UP_S
        self._free_at_s = max(self._free_at_s, earliest) + parts / self._parts_s
