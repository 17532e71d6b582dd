"""A process that hangs is worse than one that died: its callers wait, and nobody takes them over.

A small process beside it listens for a sign of life every second. Where none comes for a while it
kills, so that the kernel closes the sockets and every call goes on at the next server.
"""

import os
import select
import signal
import threading
from collections.abc import Callable
from typing import NoReturn

BEAT_S = 1.0
SILENT_S = 2.5
# Twice in a row, so that a machine that stood still as a whole (suspended) is no hang.
TIMES = 2
# Who wants to run and may not, or runs without pause, is overloaded rather than hung: killing it
# would hand its calls to others that are as badly off.
TIMES_AT_WORK = 8


def watch_over_me(
    silent_s: float = SILENT_S,
    beat_s: float = BEAT_S,
    lives: Callable[[], bool] = lambda: True,
) -> Callable[[], None]:
    """Have this process killed once it gives no sign of life; what is returned ends the watch.

    `lives` is asked before each sign: a process whose only loop stands still has threads that do
    not. Call it before there are other threads, since it forks.
    """
    listening, beating = os.pipe()
    watched = os.getpid()
    if os.fork() == 0:
        os.close(beating)
        _watch(watched, listening, silent_s)
    os.close(listening)
    over = threading.Event()
    thread = threading.Thread(
        target=_beat, args=(beating, beat_s, over, lives), name="sign of life", daemon=True
    )
    thread.start()

    def end() -> None:
        over.set()
        thread.join()

    return end


def _beat(beating: int, beat_s: float, over: threading.Event, lives: Callable[[], bool]) -> None:
    try:
        while True:
            if lives():
                os.write(beating, b".")
            if over.wait(beat_s):
                break
    except BrokenPipeError:
        pass  # nobody watches any more: that is no reason to stop working
    finally:
        os.close(beating)


def _watch(watched: int, listening: int, silent_s: float) -> NoReturn:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # we leave when the one we watch does
    missed = 0
    while missed < (TIMES_AT_WORK if _at_work(watched) else TIMES):
        ready, _, _ = select.select([listening], [], [], silent_s)
        if not ready:
            missed += 1
        elif os.read(listening, 4096):
            missed = 0
        else:
            os._exit(0)  # it has ended, or does not want to be watched
    os.write(2, b"no sign of life: killed, so that its calls go on elsewhere\n")
    os.kill(watched, signal.SIGKILL)
    os._exit(0)


def _at_work(pid: int) -> bool:
    """Whether any thread of the process runs, or waits only for a processor."""
    try:
        threads = os.listdir(f"/proc/{pid}/task")
        return any(_state(pid, thread) == "R" for thread in threads)
    except OSError:
        return False  # it has ended, or this is no Linux


def _state(pid: int, thread: str) -> str:
    with open(f"/proc/{pid}/task/{thread}/stat") as file:
        return file.read().rpartition(")")[2].split()[0]
