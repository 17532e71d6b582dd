"""Whole conversations, readable by people who do not program, over all that carries calls."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from ivr.prompts import Prompts
from ivr.voices import Voices
from provinces.schema import Province
from tests.ivr.carriers import by_agi, by_simulator, by_twilio
from tests.ivr.golden import comparable, hold, read_script, usual_facts

FOLDER = Path(__file__).parents[1] / "transcripts"
FILES = sorted(FOLDER.rglob("*.txt"))
# `make check` holds one call of each part over all carriers, `make test` holds every call.
QUICK = {path.parent: path for path in reversed(FILES)}
CARRIED = [
    pytest.param(path, marks=() if path in QUICK.values() else pytest.mark.slow) for path in FILES
]


def _name(path: Path) -> str:
    return str(path.relative_to(FOLDER).with_suffix(""))


@pytest.fixture(scope="session")
def voices(province: Province) -> Voices:
    """Prompts whose sounds nobody looks for."""
    return Voices(
        {
            (language, False): Prompts(
                wording, language, Path("sounds"), province.spoken.get(language, {})
            )
            for language, wording in province.wording.items()
        }
    )


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_a_call_goes_as_its_transcript_tells(
    path: Path, province: Province, request: pytest.FixtureRequest
) -> None:
    held = hold(read_script(path), usual_facts(province), province.wording, province.spoken)

    if request.config.getoption("--update-transcripts"):
        path.write_text(held.text)
    assert held.text == path.read_text()


@pytest.mark.parametrize("path", CARRIED, ids=_name)
def test_simulator_agi_and_twilio_give_the_same_journal(
    path: Path, province: Province, voices: Voices, engine: Engine, tmp_path: Path
) -> None:
    script, usual = read_script(path), usual_facts(province)
    held = hold(script, usual, province.wording, province.spoken)

    simulated = by_simulator(script, usual, province, engine, tmp_path)
    telephoned = by_agi(script, usual, held, voices, engine, tmp_path)
    over_twilio = by_twilio(script, usual, held, voices, engine, tmp_path)

    assert comparable(simulated) == comparable(held.journal)
    assert comparable(telephoned) == comparable(held.journal)
    assert comparable(over_twilio) == comparable(held.journal)


BY_WORD = [path for path in FILES if "hears_words=yes" in path.read_text()]


@pytest.mark.parametrize("path", BY_WORD, ids=_name)
def test_twilio_with_our_own_recogniser_gives_the_same_journal(
    path: Path, province: Province, voices: Voices, engine: Engine, tmp_path: Path
) -> None:
    script, usual = read_script(path), usual_facts(province)
    held = hold(script, usual, province.wording, province.spoken)

    heard = by_twilio(script, usual, held, voices, engine, tmp_path, hearer="own")

    assert comparable(heard) == comparable(held.journal)
