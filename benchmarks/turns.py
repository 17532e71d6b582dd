"""What a turn costs: `python -m benchmarks.turns [CALLS] 2>log`.

Ratios within one run, since machines and their moods differ: the engine's transactions against a
bare commit of one row on the same disk; then the same by many callers at once, whose turns are
committed together.
"""

import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy import text

from benchmarks.plain_call import conversations, register
from hotline.logs import configure_logs
from ivr.conversation import Conversations
from ivr.engine import Arrival, Pending
from ivr.steps import Digits
from storage import migrations
from storage.crypto import use_key
from storage.database import open_engine, transaction

AT_ONCE = 16


def main(calls: int) -> None:
    configure_logs()  # their cost is part of a turn's
    use_key(Fernet.generate_key())
    register()
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        migrations.upgrade(engine)
        with transaction(engine) as session:
            session.execute(text("CREATE TABLE bare (id INTEGER PRIMARY KEY, words TEXT)"))

        def bare(number: int) -> None:
            with transaction(engine) as session:
                session.execute(text("INSERT INTO bare (words) VALUES ('x')"))

        held = conversations(engine)
        begun: dict[int, Pending] = {}
        timed: dict[str, Callable[[int], object]] = {
            "a bare commit of one row": bare,
            "begin": lambda number: begun.update({number: held.begin(arrival(number))}),
            "take over (replay)": lambda number: begun.update(
                {number: held.begin(arrival(number))}
            ),
            "answer, from memory": lambda number: held.advance(begun[number], Digits("5")),
            "begin and answer by replay": lambda number: _answer_replayed(held, number),
        }
        bare_ms = 0.0
        for name, work in timed.items():
            each_ms, cpu_ms = _each_ms(work, calls)
            bare_ms = bare_ms or each_ms
            commits = each_ms / bare_ms
            print(f"{name:27} {each_ms:6.2f} ms, {cpu_ms:5.2f} ms CPU  {commits:5.1f} commits")
        print(f"{AT_ONCE} callers at once: {_at_once(held, calls):.2f} ms a call of two commits")
        engine.dispose()


def arrival(number: int) -> Arrival:
    return Arrival("agi", f"bench-{number}", "+84912345678", "19009120", f"server-{number}")


def _answer_replayed(held: Conversations, number: int) -> None:
    at = held.begin(arrival(1_000_000 + number))
    held.advance(replace(at, live=None), Digits("5"))


def _each_ms(work: Callable[[int], object], times: int) -> tuple[float, float]:
    """Milliseconds and processor milliseconds of one."""
    began, used = time.perf_counter(), time.process_time()
    for number in range(times):
        work(number)
    return (
        1000 * (time.perf_counter() - began) / times,
        1000 * (time.process_time() - used) / times,
    )


def _at_once(held: Conversations, calls: int) -> float:
    """Milliseconds a call takes on average while many are answered side by side."""

    def some(caller: int) -> None:
        for number in range(calls // AT_ONCE):
            at = held.begin(arrival(10_000_000 + caller * calls + number))
            held.advance(at, Digits("5"))

    threads = [threading.Thread(target=some, args=(caller,)) for caller in range(AT_ONCE)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 1000 * (time.perf_counter() - began) / (calls // AT_ONCE * AT_ONCE)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 320)
