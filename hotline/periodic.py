"""Work that comes round by the clock and not by a cause: one thread, one task after another.

Every task can be done by several workers at once and be broken off anywhere: what it does is
decided in the database. A task that fails is tried again at its next turn.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog

log = structlog.get_logger()

LONGEST_NAP_S = 5.0


@dataclass
class Task:
    """Something to do every `every_s` seconds, the first time at once."""

    name: str
    every_s: float
    do: Callable[[], object]
    due_s: float = field(default=0.0, init=False)


def run_tasks(tasks: Sequence[Task], stop: threading.Event) -> None:
    """Do what is due until `stop` is set."""
    while not stop.is_set():
        for task in tasks:
            if time.monotonic() >= task.due_s and not stop.is_set():
                _do(task)
        stop.wait(max(0.0, min(LONGEST_NAP_S, _next_s(tasks) - time.monotonic())))


def start_tasks(tasks: Sequence[Task], stop: threading.Event) -> threading.Thread:
    """`run_tasks` in the background."""
    thread = threading.Thread(target=run_tasks, args=(tasks, stop), name="periodic", daemon=True)
    thread.start()
    return thread


def _do(task: Task) -> None:
    try:
        task.do()
    except Exception as error:  # the database or Asterisk may be away for a while
        log.warning("task failed", task=task.name, error=type(error).__name__)
    task.due_s = time.monotonic() + task.every_s


def _next_s(tasks: Sequence[Task]) -> float:
    return min((task.due_s for task in tasks), default=float("inf"))
