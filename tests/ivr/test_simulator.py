"""Simulated calls: the real engine and database, typed answers, made-up sound."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from ivr.answers import Speech
from ivr.call_script import CallScript
from ivr.drivers.recorder import Recorder
from ivr.drivers.simulator import SimulatedClock, Simulator, tone
from ivr.engine import Setting
from ivr.errors import BadAnswer
from ivr.facts import CallFacts
from ivr.flows.registry import INCOMING
from ivr.models import Call
from ivr.steps import Digits, Done, Recorded
from reports.models import Recording
from speech.level import is_silent
from tests.builders import CALLER_NUMBER, NOON
from tests.ivr.carriers import handlers_of

WORDING = {"vi": {"greeting": "Xin chào.", "main_menu": "Bấm phím một."}}
FACTS = CallFacts(menu={"1": "road", "2": "power"}, can_text=True, number_known=True)
Begin = Callable[..., Simulator]


@pytest.fixture
def simulator(database: Engine, tmp_path: Path) -> Simulator:
    folder = tmp_path / "recordings"
    folder.mkdir()
    setting = Setting(INCOMING, FACTS)
    return Simulator(
        database,
        handlers_of(CallScript()),
        lambda session, arrival, now: setting,
        Recorder(folder),
        WORDING,
        SimulatedClock(NOON),
    )


def test_a_call_begins_with_what_the_caller_hears(simulator: Simulator) -> None:
    shown = simulator.begin(CALLER_NUMBER)

    assert shown.says[0] == "Xin chào."
    assert shown.says[-1] == "Bấm phím một."
    assert shown.step == "Gather:main_menu"
    assert shown.language == "vi" and not shown.slow


def test_an_answer_shows_the_journal_entries_that_it_led_to(simulator: Simulator) -> None:
    simulator.begin(CALLER_NUMBER)

    shown = simulator.answer("9")  # no recording, please

    assert [(noted.position, noted.step) for noted in shown.noted] == [
        (0, "Gather:main_menu"),
        (1, "Do:decline_recording"),
    ]
    assert shown.noted[0].result == Digits("9")
    assert shown.noted[1].result == Done(None)
    assert type(shown.noted[1].command).__name__ == "DeclineRecording"


def test_an_answer_that_does_not_fit_changes_nothing(simulator: Simulator) -> None:
    begun = simulator.begin(CALLER_NUMBER)

    with pytest.raises(BadAnswer, match="expected keys"):
        simulator.answer("speaks 5 s")

    assert simulator.journal == ()
    assert simulator.answer("1").noted[0].step == begun.step


def test_a_recording_is_a_real_file_of_that_length(simulator: Simulator) -> None:
    simulator.begin(CALLER_NUMBER)
    simulator.answer("1")
    simulator.answer("1")

    shown = simulator.answer("speaks 12 s and presses #")

    recorded = shown.noted[0].result
    assert isinstance(recorded, Recorded)
    assert (recorded.length_s, recorded.silent, recorded.key) == (12.0, False, "#")
    path = simulator.recorder.folder / f"{recorded.name}.wav"
    assert path.stat().st_size == recorded.size_bytes
    assert [(effect.what, effect.how) for effect in shown.effects] == [("Recording", "new")]


def test_typed_words_are_there_when_the_hotline_looks_for_them(
    simulator: Simulator, database: Engine
) -> None:
    simulator.begin(CALLER_NUMBER)
    for answer in ("1", "1", "speaks 3 s", '"phường Láng Tròn"'):
        shown = simulator.answer(answer)
    assert shown.step == "Hear:place_words"

    simulator.answer("words found")

    with Session(database) as session:
        words = [
            recording.transcript.text
            for recording in session.query(Recording).order_by(Recording.position)
            if recording.transcript
        ]
    assert words == ["phường Láng Tròn"]


def test_keys_typed_ahead_answer_the_next_questions(simulator: Simulator) -> None:
    simulator.begin(CALLER_NUMBER)

    shown = simulator.answer("12")

    assert [noted.result for noted in shown.noted] == [Digits("1"), Digits("2")]


def test_a_hangup_ends_the_call_and_shows_what_was_filed(
    simulator: Simulator, database: Engine
) -> None:
    simulator.begin(CALLER_NUMBER)
    simulator.answer("1")
    simulator.answer("1")

    shown = simulator.answer("hangup")

    assert shown.expects is None and shown.says == ()
    assert type(shown.noted[-1].command).__name__ == "FileReport"
    with Session(database) as session:
        assert session.query(Call).one().ended_at is not None
    with pytest.raises(BadAnswer, match="over"):
        simulator.answer("1")


def test_time_passes_with_what_the_caller_does(simulator: Simulator) -> None:
    simulator.begin(CALLER_NUMBER)

    simulator.answer("says nothing")

    assert 7 < (simulator.clock.now - NOON).total_seconds() < 60


def test_a_second_call_is_made_on_the_same_database(simulator: Simulator) -> None:
    simulator.begin(CALLER_NUMBER)
    simulator.answer("hangup")

    shown = simulator.begin(CALLER_NUMBER)

    assert shown.step == "Gather:main_menu"
    assert simulator.journal == ()
    assert [noted.position for noted in simulator.answer("1").noted] == [0]


def test_a_made_up_voice_is_audible_and_silence_is_not() -> None:
    assert not is_silent(tone(Speech(1.0)))
    assert is_silent(tone(Speech(1.0, silent=True)))
