"""Who goes first when the processors are not enough for all.

A turn needs a few milliseconds now and then. Without this, a saturated machine lets every caller
wait for over half a second after a key (benchmarks/capacity.md).
"""

import os

FIRST = -10


def come_first() -> bool:
    """Let this process run ahead of others; whether the system allowed it.

    Root may always, others as far as their limit goes (`LimitNICE=` in systemd). Threads that are
    started later inherit it.
    """
    try:
        os.setpriority(os.PRIO_PROCESS, 0, FIRST)
    except PermissionError:
        return False
    return True
