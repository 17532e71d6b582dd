"""Tasks come round by themselves, and one that fails holds up no other."""

import threading
import time

from hotline.backlog import Backlog
from hotline.periodic import Task, start_tasks


def test_tasks_come_round_and_a_failing_one_holds_up_no_other() -> None:
    done: list[str] = []
    stop = threading.Event()

    def fail() -> None:
        done.append("fails")
        raise OSError("the database is away")

    tasks = [
        Task("fails", 0.01, fail),
        Task("works", 0.01, lambda: done.append("works")),
        Task("seldom", 3600, lambda: done.append("seldom")),
    ]

    thread = start_tasks(tasks, stop)
    deadline = time.monotonic() + 10
    while done.count("works") < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    stop.set()
    thread.join(timeout=5)

    assert not thread.is_alive()
    assert done.count("works") >= 3 and done.count("fails") >= 2
    assert done.count("seldom") == 1


def test_what_has_gathered_is_done_a_little_at_each_turn() -> None:
    done: list[list[str]] = []
    found = [["a", "b", "c"], ["d"]]
    backlog = Backlog(lambda: found.pop(0), lambda some: done.append(list(some)), 2, 3600)

    for _ in range(4):
        backlog.turn()

    assert done == [["a", "b"], ["c"]]
    assert found == [["d"]], "it looks again tomorrow"
