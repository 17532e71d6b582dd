"""Real calls as tests: what is replaced, that they replay, and that every release has some."""

import json
from pathlib import Path

import pytest

from ivr.call_script import CallScript
from ivr.errors import BadEntry, CannotSave
from ivr.facts import CallFacts
from ivr.flows.registry import FLOWS, INCOMING
from ivr.replay import replay
from ivr.saved_calls import difference, read, save
from ivr.session import Entry
from ivr.steps import Digits, Done, HungUp, Recorded, Result, step_name
from provinces.schema import Province
from tests.ivr.golden import hold, usual_facts

FOLDER = Path(__file__).parents[1] / "journals"
SAVED = sorted(FOLDER.glob("*.json"))
CALL = "3f" * 16
REMOTE = "RE" + "5d" * 16
NUMBER, REFERENCE, PIN = "0912345678", "482-173-905", "4711"
FACTS = CallFacts(menu={"1": "GT01"}, can_text=True, number_known=True)


def _journal() -> list[Entry]:
    """A report with another number to ring, up to the codes."""
    name = f"{CALL}-2"
    filed = {"report": "ab" * 16, "reference": REFERENCE, "pin": PIN}
    answers: dict[str, Result] = {
        "main_menu": Digits("1"),
        "category": Digits("1"),
        "statement": Recorded(name, 5.0, 80_044, "cd" * 32, False),
        "place": Recorded(f"{CALL}-3", 1.0, 16_044, "ef" * 32, True, remote_id=REMOTE),
        "contact": Digits("2"),
        "other_number": Digits(NUMBER),
        "confirm_number": Digits("1"),
        "confirm_report": Digits("1"),
        "file_report": Done(filed),
    }
    journal: list[Entry] = []
    while (step := _next_step(journal)) is not None:
        journal.append(Entry(step, answers.pop(step.partition(":")[2], HungUp())))
    assert not answers, f"the flow no longer asks for {', '.join(answers)}"
    return journal


def _next_step(journal: list[Entry]) -> str | None:
    standing = replay(INCOMING, FACTS, journal).standing
    return step_name(standing.wait) if standing is not None and standing.wait else None


@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.stem)
def test_a_saved_call_is_still_held_as_it_was(path: Path) -> None:
    assert difference(read(path.read_text())) is None


def test_every_registered_flow_version_has_a_saved_call() -> None:
    saved = {read(path.read_text()).flow for path in SAVED}

    assert saved >= set(FLOWS), f"save one by `hotline replay CALL --save`: {set(FLOWS) - saved}"


def test_no_saved_call_is_of_a_flow_that_is_registered_no_more() -> None:
    saved = {read(path.read_text()).flow for path in SAVED}

    assert saved <= set(FLOWS)


def test_what_identifies_somebody_is_replaced_the_same_by_the_same() -> None:
    text = save(INCOMING, FACTS, _journal())

    for private in (
        NUMBER,
        "912345678",
        "0912-345-678",
        REFERENCE,
        PIN,
        CALL,
        REMOTE,
        "ab" * 16,
        "cd" * 32,
    ):
        assert private not in text
    saved = read(text)
    keyed = next(e.result for e in saved.journal if e.step == "Gather:other_number")
    filing = next(turn["command"] for turn in saved.turns if turn["step"] == "Do:file_report")
    assert isinstance(keyed, Digits) and keyed.value.startswith("091")
    assert filing["contact"] == keyed.value
    recorded = next(e.result for e in saved.journal if e.step == "Record:statement")
    assert isinstance(recorded, Recorded) and filing["recording"] == recorded.name


def test_a_saved_call_replays() -> None:
    assert difference(read(save(INCOMING, FACTS, _journal()))) is None


def test_a_change_of_what_is_said_is_a_difference() -> None:
    stored = json.loads(save(INCOMING, FACTS, _journal()))
    stored["turns"][0]["heard"][0]["key"] = "welcome"

    found = difference(read(json.dumps(stored)))

    assert found is not None and "position 0: heard was" in found


def test_a_step_that_is_no_more_is_a_difference() -> None:
    stored = json.loads(save(INCOMING, FACTS, _journal()))
    stored["turns"][1]["step"] = "Gather:retired"

    found = difference(read(json.dumps(stored)))

    assert found == "position 1: journal has Gather:retired, flow is at Gather:category"


def test_a_call_that_does_not_replay_is_not_saved() -> None:
    with pytest.raises(CannotSave, match="does not replay"):
        save(INCOMING, FACTS, [Entry("Gather:retired", Digits("1"))])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2}'])
def test_what_is_no_saved_call_is_refused(text: str) -> None:
    with pytest.raises(BadEntry, match="expected a saved call"):
        read(text)


def test_a_replay_tells_where_the_flow_has_gone_another_way(province: Province) -> None:
    held = hold(CallScript(told=("caller hangs up",)), usual_facts(province), province.wording)
    journal = [*held.journal, Entry("Gather:afterwards", Digits("1"))]

    replayed = replay(INCOMING, usual_facts(province), journal)

    assert len(replayed.answered) == 1
    assert replayed.divergence == "position 1: journal has Gather:afterwards, flow is at end"
