"""Processes that tests start: a test run that is killed leaves none of them running."""

import ctypes
import signal
from collections.abc import Callable

SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


def end_with_parent(by: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """A `preexec_fn` that has the kernel send `by` to the new process when this one dies."""

    def prepare() -> None:
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, by)

    return prepare
