"""What a turn costs: `python -m benchmarks.turns [CALLS]`.

Ratios within one run, since machines and their moods differ: an `advance` of the engine
against a bare commit of one row on the same disk, and a replay against both.
"""

import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy import text

from hotline.calls import command_handlers
from ivr.conversation import Conversations, recording_name
from ivr.engine import Arrival
from ivr.facts import CallFacts
from ivr.steps import Digits, Recorded
from storage import migrations
from storage.crypto import use_key
from storage.database import open_engine, transaction

FACTS = CallFacts("vi", {"1": "road", "2": "power"}, True)


def main(calls: int) -> None:
    use_key(Fernet.generate_key())
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        migrations.upgrade(engine)
        with transaction(engine) as session:
            session.execute(text("CREATE TABLE bare (id INTEGER PRIMARY KEY, words TEXT)"))
        conversations = Conversations(engine, command_handlers(), lambda: datetime.now(UTC))
        turns: dict[str, float] = {"begin": 0.0, "category": 0.0, "statement": 0.0, "file": 0.0}
        replay_s = bare_s = 0.0
        for number in range(calls):
            arrival = Arrival("agi", f"bench-{number}", "+84912345678", "19009120", FACTS)
            began = time.perf_counter()
            at = conversations.begin(arrival, lambda name: None)
            turns["begin"] += time.perf_counter() - began
            for name, answer in (
                ("category", lambda at: Digits("2")),
                ("statement", lambda at: Recorded(recording_name(at), 6.0, 9, "0" * 64, False)),
                ("file", lambda at: Digits("1")),
            ):
                began = time.perf_counter()
                at = conversations.advance(at, answer(at))
                turns[name] += time.perf_counter() - began
            began = time.perf_counter()
            conversations.begin(arrival, lambda name: None)
            replay_s += time.perf_counter() - began
            began = time.perf_counter()
            with transaction(engine) as session:
                session.execute(text("INSERT INTO bare (words) VALUES ('x')"))
            bare_s += time.perf_counter() - began
        bare_ms = 1000 * bare_s / calls
        print(f"{calls} calls; a bare commit of one row: {bare_ms:.2f} ms = 1.0")
        for name, seconds in (*turns.items(), ("take over (replay)", replay_s)):
            each_ms = 1000 * seconds / calls
            print(f"{name:20} {each_ms:6.2f} ms   {each_ms / bare_ms:5.1f} commits")
        engine.dispose()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
