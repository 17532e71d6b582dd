"""The held-out lists (written apart from the rules, from the facts alone), and how they are judged.

A place is right when it is taken rightly; asking back is safe where the right one is among the
candidates; taking another one is a silent mistake, the only one that sends a report astray.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from understanding.numbers import numbers_in
from understanding.places_names import Gazetteer
from understanding.places_verdict import place_verdict
from understanding.times import times_in

LISTS = Path(__file__).parent / "lists"
AUDIO = Path(__file__).parents[2].parent / "shared" / "audio" / "vi" / "manifest.jsonl"

Entry = dict[str, Any]
Judge = Callable[[Entry, str], str]
RIGHT, ASKED, ASKED_IN_VAIN, MISSED, WRONG = "right", "asked", "asked in vain", "missed", "wrong"


@cache
def entries(name: str) -> tuple[Entry, ...]:
    """The entries of one list, in its order."""
    lines = (LISTS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line) for line in lines if line.strip())


def spoken_words() -> tuple[str, ...]:
    """What was said in the real recordings beside the project: nothing of it is for a hotline."""
    lines = AUDIO.read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line)["text"] for line in lines)


@dataclass(frozen=True)
class Tally:
    """How often each outcome came."""

    outcomes: Counter[str]

    def share(self, *outcomes: str) -> float:
        total = sum(self.outcomes.values())
        return sum(self.outcomes[outcome] for outcome in outcomes) / total if total else 0.0


def tally(
    chosen: Iterable[Entry], judge: Judge, heard: Callable[[str], str] = lambda said: said
) -> Tally:
    """Outcomes over the entries, each first changed as `heard` tells."""
    return Tally(Counter(judge(entry, heard(entry["said"])) for entry in chosen))


def halves(chosen: Sequence[Entry]) -> tuple[Sequence[Entry], Sequence[Entry]]:
    """Lines 1, 3, 5 …, whose failures nobody looked at, and lines 2, 4, 6 …"""
    return chosen[0::2], chosen[1::2]


def place_judge(known: Gazetteer) -> Judge:
    """Outcomes for `places.jsonl`."""

    def judge(entry: Entry, said: str) -> str:
        verdict = place_verdict(said, known)
        units = {place.unit for place in verdict.places}
        wanted = set(entry["units"])
        match entry["expect"], verdict.action:
            case "none", "none":
                return RIGHT
            case "none", "ask":
                return ASKED_IN_VAIN
            case _, "none":
                return MISSED
            case "one", "take":
                return RIGHT if units == wanted else WRONG
            case "one" | "ask", "ask":
                if not units & wanted:
                    return MISSED
                return RIGHT if entry["expect"] == "ask" else ASKED
            case _:
                return WRONG

    return judge


def judge_numbers(entry: Entry, said: str) -> str:
    """Right where every number was found with its head, and nothing else."""
    found = [(number.head, number.value) for number in numbers_in(said)]
    return RIGHT if found == [(one["head"], one["value"]) for one in entry["numbers"]] else WRONG


def judge_times(entry: Entry, said: str) -> str:
    """Right where both the day and the part of the day are."""
    found = times_in(said)
    return (
        RIGHT if (found.days_before, found.part) == (entry["days_before"], entry["part"]) else WRONG
    )
