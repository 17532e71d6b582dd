"""The state by reference, the rest by PIN, and no way to guess either."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, func, select

from reports.lookup import find_report, open_report
from reports.models import LookupTry, Report, Update
from reports.pins import new_pin, pin_again, pin_hash, pin_is_right
from reports.reference import new_reference
from reports.tries import Asker, TryLimits, forget_tries
from storage.database import reading, transaction
from tests.builders import NOON, a_report

LIMITS = TryLimits(per_report_day=5, per_caller_hour=10)
CHI, NAM, WITHHELD = Asker("c1", "c" * 64), Asker("c2", "n" * 64), Asker("c3", None)
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
PIN = "4711"


@pytest.fixture
def report(database: Engine) -> Report:
    kept = a_report(id="r1", reference="482173908", pin_hash=pin_hash("r1", PIN))
    with transaction(database) as session:
        session.add(kept)
    return kept


def find(database: Engine, text: str, asker: Asker = CHI, now: datetime = NOON) -> object:
    with transaction(database) as session:
        answer = find_report(session, text, asker, LIMITS, now)
    return answer.get("problem") or answer["status"]


def open_(database: Engine, pin: str, asker: Asker = CHI, now: datetime = NOON) -> object:
    with transaction(database) as session:
        answer = open_report(session, "r1", pin, asker, LIMITS, HANOI, now)
    return answer.get("problem") or answer["status"]


def unknown() -> str:
    return next(one for one in iter(new_reference, "") if one != "482173908")


def tries(database: Engine) -> int:
    with reading(database) as session:
        return session.scalar(select(func.count()).select_from(LookupTry)) or 0


def test_a_reference_tells_the_state_and_the_pin_the_rest(database: Engine, report: Report) -> None:
    with transaction(database) as session:
        stored = session.get_one(Report, "r1")
        stored.expected_at = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)  # the 27th where we are
        session.add_all(
            [
                Update(report_id="r1", kind="status", at=NOON, author="u", wording_key="on_way"),
                Update(report_id="r1", kind="status", at=NOON, author="u", wording_key="secret",
                       internal=True),
                Update(report_id="r1", kind="addition", at=NOON, author="caller"),
            ]
        )  # fmt: skip
        found = find_report(session, "482-173-908", CHI, LIMITS, NOON)
        opened = open_report(session, "r1", PIN, CHI, LIMITS, HANOI, NOON)

    assert found == {"report": "r1", "status": "new"}
    assert opened == {"status": "new", "due": [27, 11], "updated": [22, 11], "update": "on_way"}


@pytest.mark.parametrize("status", ["resolved", "closed", "rejected", "duplicate", "diverted"])
def test_what_has_ended_is_due_no_more(database: Engine, report: Report, status: str) -> None:
    with transaction(database) as session:
        stored = session.get_one(Report, "r1")
        stored.status, stored.expected_at = status, NOON

    with transaction(database) as session:
        assert open_report(session, "r1", PIN, CHI, LIMITS, HANOI, NOON)["due"] is None


def test_a_slip_that_the_check_digit_shows_costs_no_try(database: Engine, report: Report) -> None:
    for _ in range(50):
        assert find(database, "482173909") == "malformed"

    assert tries(database) == 0 and find(database, "482173908") == "new"


def test_ten_unknown_references_an_hour_are_one_numbers_share(
    database: Engine, report: Report
) -> None:
    for minute in range(10):
        now = NOON + timedelta(minutes=minute)
        assert find(database, unknown(), CHI, now) == "unknown"

    then = NOON + timedelta(minutes=10)
    assert find(database, "482173908", CHI, then) == "locked"
    assert open_(database, PIN, CHI, then) == "locked"
    assert find(database, "482173908", NAM, then) == "new"
    assert find(database, "482173908", CHI, NOON + timedelta(minutes=61)) == "new"


def test_all_withheld_numbers_share_one_allowance(database: Engine, report: Report) -> None:
    for call in range(10):
        assert find(database, unknown(), Asker(f"c{call}", None)) == "unknown"

    assert find(database, "482173908", WITHHELD) == "locked"
    assert find(database, "482173908", CHI) == "new"


def test_five_wrong_pins_a_day_lock_the_report_for_everybody(
    database: Engine, report: Report
) -> None:
    askers = [Asker(f"c{n}", str(n) * 64) for n in range(5)]
    answers = [open_(database, "0000", asker) for asker in askers]

    assert answers == ["wrong"] * 4 + ["locked"]
    assert open_(database, PIN, NAM) == "locked"
    assert find(database, "482173908", NAM) == "locked"
    assert open_(database, PIN, NAM, NOON + timedelta(hours=24, seconds=1)) == "new"


def test_the_right_pin_does_not_give_new_tries(database: Engine, report: Report) -> None:
    for _ in range(4):
        assert open_(database, "0000") == "wrong"
    assert open_(database, PIN) == "new"

    assert open_(database, "0000") == "locked"


def test_a_report_that_does_not_exist_is_as_wrong_as_a_wrong_pin(database: Engine) -> None:
    assert open_(database, PIN) == "wrong"


def test_a_report_without_a_pin_opens_to_none(database: Engine) -> None:
    with transaction(database) as session:
        session.add(a_report(id="r1", pin_hash=None))

    assert [open_(database, pin) for pin in ("", "0000", "None")] == ["wrong"] * 3


def test_tries_are_forgotten_after_a_day(database: Engine, report: Report) -> None:
    open_(database, "0000")
    open_(database, "0000", now=NOON + timedelta(hours=23))

    with transaction(database) as session:
        forget_tries(session, NOON + timedelta(hours=25))

    assert tries(database) == 1


def test_pins_are_four_digits_and_their_hashes_differ_from_report_to_report() -> None:
    pins = [new_pin() for _ in range(500)]

    assert all(len(pin) == 4 and pin.isdigit() for pin in pins) and len(set(pins)) > 400
    assert pin_hash("r1", PIN) != pin_hash("r2", PIN)


def test_the_pin_of_a_report_can_be_said_once_more() -> None:
    report = a_report(id="r1", pin_hash=pin_hash("r1", PIN))

    assert pin_again(report) == PIN and pin_is_right(report, PIN)
    assert pin_again(a_report(pin_hash=None)) is None


def test_pins_tried_from_many_calls_at_once_are_counted_one_by_one(
    database: Engine, report: Report
) -> None:
    askers = [Asker(f"c{n}", str(n) * 64) for n in range(9)]

    with ThreadPoolExecutor(9) as calls:
        answers = list(calls.map(lambda asker: open_(database, "0000", asker), askers))

    assert sorted(map(str, answers)) == ["locked"] * 5 + ["wrong"] * 4
    assert tries(database) == 5
