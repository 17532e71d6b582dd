"""One process at a time does a thing, on this machine and without a database."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone_at(path: Path) -> Iterator[bool]:
    """Whether we hold the lock `path`, a file made at need. Nobody waits for it, and the kernel
    takes it from a process that was killed."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held = False
    else:
        held = True
    try:
        yield held
    finally:
        os.close(handle)
