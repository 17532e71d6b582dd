"""A process that stands still is killed; one that is busy, or ends by itself, is let be."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.asterisk.running import until
from tests.processes import end_with_parent

# Processes are started and waited for: seconds, not milliseconds.
pytestmark = pytest.mark.slow

PROGRAM = """
import sys, threading, time
from hotline.watchdog import watch_over_me
lives = [True]
end = watch_over_me(silent_s=0.6, beat_s=0.1, lives=lambda: lives[0])
print("watched", flush=True)
{work}
end()
"""


@contextmanager
def watched(work: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(work=work)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=end_with_parent(signal.SIGKILL),
    )
    assert process.stdout is not None and process.stderr is not None
    with process:
        assert process.stdout.readline() == "watched\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_process_that_stands_still_is_killed() -> None:
    with watched("time.sleep(30)") as process:
        stopped_at = time.monotonic()
        os.kill(process.pid, signal.SIGSTOP)

        assert process.wait(5) == -signal.SIGKILL
        assert 1.0 < time.monotonic() - stopped_at < 4.0
        assert process.stderr is not None
        assert "no sign of life" in process.stderr.read()


def test_a_process_that_says_it_stands_still_is_killed() -> None:
    """An event loop that hangs has threads that do not."""
    with watched("lives[0] = False; time.sleep(30)") as process:
        assert process.wait(5) == -signal.SIGKILL


def test_a_process_that_stood_still_for_a_moment_is_let_be() -> None:
    with watched("time.sleep(2.5)") as process:
        os.kill(process.pid, signal.SIGSTOP)
        time.sleep(0.7)
        os.kill(process.pid, signal.SIGCONT)

        assert process.wait(10) == 0


# The last one keeps the interpreter to itself: no sign of life for longer than a sleeper may.
BUSY = "big = list(range(10**7)); t = time.monotonic()\nwhile time.monotonic() - t < 3: big.sort()"
HOLDING = f"import sys; sys.setswitchinterval(30); {BUSY}"


@pytest.mark.parametrize("work", ["time.sleep(1.0)", HOLDING])
def test_a_process_that_waits_or_computes_ends_by_itself(work: str) -> None:
    with watched(work) as process:
        assert process.wait(15) == 0


def test_the_watch_ends_with_the_watched() -> None:
    with watched("time.sleep(30)") as process:
        children = f"/proc/{process.pid}/task/{process.pid}/children"
        with open(children) as file:
            (watcher,) = file.read().split()
        process.kill()
        process.wait()

        until(lambda: not os.path.exists(f"/proc/{watcher}"), 3)
