"""Nobody finds a report by guessing: ten thousand random and mutated references, none accepted."""

import random

import pytest
from sqlalchemy import Engine

from reports.lookup import find_report
from reports.reference import new_reference, parse_reference
from reports.tries import Asker, TryLimits
from storage.database import transaction
from tests.builders import NOON, a_report

pytestmark = pytest.mark.slow

TRIED = 10_000
KEPT = 50
LIMITS = TryLimits(per_report_day=5, per_caller_hour=10)


def mutated(reference: str, chance: random.Random) -> str:
    """A slip of a finger: a digit wrong, two swapped, one lost, one doubled, one more."""
    digits = list(reference)
    at = chance.randrange(len(digits) - 1)
    match chance.randrange(5):
        case 0:
            digits[at] = str((int(digits[at]) + chance.randint(1, 9)) % 10)
        case 1:
            digits[at], digits[at + 1] = digits[at + 1], digits[at]
        case 2:
            del digits[at]
        case 3:
            digits[at + 1] = digits[at]
        case _:
            digits.insert(at, str(chance.randrange(10)))
    return "".join(digits)


def test_no_reference_is_accepted_but_a_valid_one(database: Engine) -> None:
    chance = random.Random(19009120)
    with transaction(database) as session:
        kept = {new_reference() for _ in range(KEPT)}
        session.add_all(a_report(reference=reference) for reference in kept)
    tried = [mutated(chance.choice(sorted(kept)), chance) for _ in range(TRIED // 2)]
    tried += [f"{chance.randrange(10**9):09}" for _ in range(TRIED // 2)]

    accepted, problems = set(), {"malformed": 0, "unknown": 0, "locked": 0}
    for number, reference in enumerate(tried):
        asker = Asker(f"c{number}", f"{number // 5}")  # below what locks a number out
        with transaction(database) as session:
            told = find_report(session, reference, asker, LIMITS, NOON)
        if "report" in told:
            accepted.add(parse_reference(reference))
        else:
            problems[told["problem"]] += 1

    assert accepted <= kept
    assert problems["locked"] == 0
    # One wrong digit, or two swapped, never reaches the table: the check digit shows them.
    assert problems["malformed"] > 0.85 * TRIED
