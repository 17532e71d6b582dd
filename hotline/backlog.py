"""What has gathered: done a little at each turn, so that other tasks come in between."""

import time
from collections.abc import Callable, Sequence


class Backlog:
    """Finds what is left to do, does `at_once` of it at each turn, and looks again after all of it
    is done and `again_s` have passed."""

    def __init__(
        self,
        find: Callable[[], Sequence[str]],
        work: Callable[[Sequence[str]], object],
        at_once: int,
        again_s: float,
    ) -> None:
        self._find, self._work = find, work
        self._at_once, self._again_s = at_once, again_s
        self._left: Sequence[str] = ()
        self._find_at_s = 0.0

    def turn(self) -> None:
        """Do some of it. What fails is found again another time: it keeps nothing else waiting."""
        if not self._left:
            if time.monotonic() < self._find_at_s:
                return
            self._left = self._find()
            self._find_at_s = time.monotonic() + self._again_s
        some, self._left = self._left[: self._at_once], self._left[self._at_once :]
        if some:
            self._work(some)
