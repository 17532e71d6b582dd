"""Made-up calls in bulk with sealed journals, of the last year: most file a report, some wait for a
person, others leave on the way. The same seed gives the same."""

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Engine, insert

from benchmarks.generated_reports import NOW
from ivr.codec import encode
from ivr.models import Call, JournalEntry
from ivr.steps import Digits, Done, HungUp, NoInput, QueueEnded, QueueSeen, Recorded, Result

SEED = 19_009_120
DAYS = 365
AT_ONCE = 2_000
Answers = Sequence[tuple[str, Result]]
_SPOKEN = Recorded("generated-1", 12.0, 192_044, "ab" * 32, False)
_REPORT: Answers = (
    ("Gather:main_menu", Digits("1")),
    ("Gather:category", Digits("2")),
    ("Gather:subcategory", Digits("1")),
    ("Record:statement", _SPOKEN),
    ("Record:place", _SPOKEN),
    ("Do:ask_for_words", Done()),
    ("Hear:place_words", NoInput()),
    ("Gather:contact", Digits("1")),
    ("Gather:confirm_report", Digits("1")),
    ("Do:file_report", Done({"report": "1", "reference": "482173908", "pin": "1234"})),
    ("Gather:anything_else", NoInput()),
)
_WAITS: Answers = (
    ("Gather:main_menu", Digits("0")),
    ("LookAtQueue:queue_seen", QueueSeen(2, 3, 60)),
)
_ASKS: Answers = (
    ("Gather:main_menu", Digits("2")),
    ("Gather:enter_reference", Digits("482173908")),
    ("Do:find_report", Done({"report": "1", "status": "assigned"})),
    ("Gather:enter_pin", Digits("1234")),
    ("Do:open_report", Done({"status": "assigned"})),
    ("Gather:open_actions", NoInput()),
)


def generate_calls(engine: Engine, count: int) -> int:
    """Fill a migrated database with `count` calls; how many journal entries they have."""
    made = _calls(count)
    entries = 0
    while batch := list(islice(made, AT_ONCE)):
        journals = [entry for _, journal in batch for entry in journal]
        with engine.begin() as connection:
            connection.execute(insert(Call), [call for call, _ in batch])
            connection.execute(insert(JournalEntry), journals)
        entries += len(journals)
    return entries


def _calls(count: int) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    chance = random.Random(SEED)
    for number in range(count):
        call_id = f"{number:08x}{chance.getrandbits(96):024x}"
        started_at = NOW - timedelta(seconds=chance.random() * DAYS * 86_400)
        answers = _answers(chance)
        ended_at = started_at + timedelta(seconds=8 * len(answers))
        call = {
            "id": call_id,
            "driver": "agi",
            "driver_call_id": call_id,
            "called_number": "19009120",
            "language": "vi",
            "flow": "incoming",
            "flow_version": 1,
            "facts": {},
            "status": "completed",
            "recording_declined": False,
            "anonymous": False,
            "started_at": started_at,
            "advanced_at": ended_at,
            "ended_at": ended_at,
        }
        journal = [
            {
                "call_id": call_id,
                "position": position,
                "step": step,
                "result": encode(result),
                "entered_at": started_at + timedelta(seconds=8 * (position + 1)),
            }
            for position, (step, result) in enumerate(answers)
        ]
        yield call, journal


def _answers(chance: random.Random) -> Answers:
    kind = chance.random()
    if kind < 0.8:
        whole = _REPORT
    elif kind < 0.9:
        waited_s = round(chance.expovariate(1 / 50))
        whole = (*_WAITS, ("Enqueue:queue", QueueEnded("answered", waited_s, "", 120)))
    else:
        whole = _ASKS
    if chance.random() < 0.12:
        left = chance.randrange(len(whole))
        if not whole[left][0].startswith("Do:"):
            return (*whole[:left], (whole[left][0], HungUp()))
    return whole
