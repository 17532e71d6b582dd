"""Real calls through a real Asterisk into the running hotline."""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from hotline.caller.placing import CallPlan, PlacedCall
from hotline.caller.script import Action, HangUp, KeepSilent, Press, PressAtOnce, Speak
from speech.sound import Sound, read_wav
from speech.whisper import WhisperRecogniser
from tests.whole.speech import (
    PLACE_WAS_SAID,
    RING_THIS_NUMBER,
    STREET_LIGHT,
    character_error_rate,
    likeness,
    reporting,
    reporting_in_haste,
    statements,
)
from tests.whole.system import System

pytestmark = [pytest.mark.asterisk, pytest.mark.model, pytest.mark.timeout(600)]

HOTLINE = "19009120"
SPEAKERS = 5  # from the south, whose words are compared with what the model hears directly


def plans_for(scripts: Sequence[tuple[Action, ...]], first: int) -> list[CallPlan]:
    """Each caller has a number of their own: one that is known is asked about their report."""
    return [
        CallPlan(script, f"09123450{number:02d}", HOTLINE)
        for number, script in enumerate(scripts, first)
    ]


def wav(content: bytes) -> Sound:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "heard.wav"
        path.write_bytes(content)
        return read_wav(path)


@dataclass(frozen=True)
class Callers:
    """Some who take the straight way and four who do not, all at once."""

    speaking: Sequence[PlacedCall]
    declining: PlacedCall
    leaving: PlacedCall
    falling_silent: PlacedCall
    giving_no_sign: PlacedCall


@pytest.fixture(scope="module")
def callers(system: System) -> Callers:
    said = Speak(statements(1)[0].sound, "statement")
    area = (KeepSilent(1.0), PressAtOnce("2"), KeepSilent(1.0), PressAtOnce("1"))
    scripts: list[tuple[Action, ...]] = [
        (KeepSilent(1.0), PressAtOnce("9"), *STREET_LIGHT, *area, *RING_THIS_NUMBER, Press("1")),
        (*STREET_LIGHT, said, PressAtOnce("#"), HangUp()),
        (*STREET_LIGHT, said, KeepSilent(5.0), *PLACE_WAS_SAID, *RING_THIS_NUMBER, Press("1")),
        (),
    ]
    scripts += [reporting(each) for each in statements(SPEAKERS, "South")]
    declining, leaving, falling_silent, giving_no_sign, *speaking = asyncio.run(
        system.call(plans_for(scripts, 0))
    )
    return Callers(speaking, declining, leaving, falling_silent, giving_no_sign)


def test_what_was_said_is_recorded_and_worded_as_the_model_words_it(
    system: System, callers: Callers
) -> None:
    said = statements(SPEAKERS, "South")
    model = WhisperRecogniser(system.data / "models" / "whisper-base")

    stored_rates, direct_rates, alike, apart_s = [], [], [], []
    for statement, call in zip(said, callers.speaking, strict=True):
        assert call.problem is None
        report = system.report_of(call)
        recording = wav(system.sound(f"reports/{report['reference']}/recording"))
        alike.append(likeness(recording, statement.sound))
        apart_s.append(abs(recording.length_s - statement.sound.length_s))
        assert report["transcript"]["status"] == "done"
        assert report["transcript"]["draft"] is True
        assert report["transcript"]["language"] == "vi"
        assert report["partial"] is False
        direct = model.transcribe(statement.sound, "vi").text
        stored_rates.append(character_error_rate(statement.text, report["transcript"]["text"]))
        direct_rates.append(character_error_rate(statement.text, direct))
    stored, given = sum(stored_rates) / SPEAKERS, sum(direct_rates) / SPEAKERS
    print(f"likeness at least {min(alike):.4f}, lengths at most {max(apart_s):.2f} s apart")
    print(f"character error rate: {stored:.3f} over the telephone, {given:.3f} directly")
    assert min(alike) > 0.9
    assert max(apart_s) <= 0.3
    assert stored <= given + 0.05


def test_twenty_callers_at_once_are_not_mixed_up(system: System) -> None:
    said = statements(20)

    placed = asyncio.run(system.call(plans_for([reporting_in_haste(each) for each in said], 20)))

    assert [call.problem for call in placed] == [None] * 20
    reports = [system.report_of(call, words_wait_s=240) for call in placed]
    assert len({report["reference"] for report in reports}) == 20
    for number, report in enumerate(reports):
        recording = wav(system.sound(f"reports/{report['reference']}/recording"))
        alike = [likeness(recording, statement.sound) for statement in said]
        assert alike[number] > 0.9
        assert max(alike) == alike[number]
        assert report["caller"]["number_masked"].endswith(f"50{20 + number}")
        assert report["transcript"]["status"] == "done"


def test_who_declines_recording_is_not_recorded(system: System, callers: Callers) -> None:
    report = system.report_of(callers.declining)
    call = system.call_of(callers.declining)

    assert callers.declining.problem is None
    assert report["recordings"] == []
    assert report["transcript"]["status"] == "none"
    assert report["category"]["code"] == "DT01"
    assert report["place"]["unit"] == "2025:31942"
    assert list(system.recordings.glob(f"{call['id']}*")) == []


def test_a_caller_who_hangs_up_after_speaking_has_filed_a_partial_report(
    system: System, callers: Callers
) -> None:
    report = system.report_of(callers.leaving)

    length_s = statements(1)[0].sound.length_s
    assert report["partial"] is True
    assert report["recordings"][0]["length_s"] == pytest.approx(length_s, abs=0.4)


def test_a_statement_ends_by_silence_too(system: System, callers: Callers) -> None:
    assert callers.falling_silent.problem is None
    assert system.report_of(callers.falling_silent)["partial"] is False


def test_a_caller_who_says_and_presses_nothing_is_let_go_politely(
    system: System, callers: Callers
) -> None:
    call = system.call_of(callers.giving_no_sign)

    assert call["status"] == "completed"
    assert call["reports"] == []
