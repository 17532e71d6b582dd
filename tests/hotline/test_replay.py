"""`hotline replay`: a stored call turn by turn, against today's code."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from hotline.commands.replay import replay
from ivr.facts import CallFacts
from ivr.flows.registry import INCOMING
from ivr.saved_calls import difference, read
from ivr.session import Entry
from ivr.steps import Digits, Done, HungUp, Recorded
from storage.crypto import read_or_make_key, use_key
from storage.database import Base, open_engine, transaction
from tests.builders import a_call, a_journal, a_report

CALL = "3f" * 16
NUMBER, PIN = "0912345678", "4711"
FACTS = {"menu": {"1": "GT01"}, "can_text": True, "number_known": True}
Run = Callable[..., Result]
ANSWERS = (
    ("Gather:main_menu", Digits("1")),
    ("Gather:category", Digits("1")),
    ("Record:statement", Recorded(f"{CALL}-2", 12.0, 192_044, "ab" * 32, False)),
    ("Record:place", Recorded(f"{CALL}-3", 4.0, 64_044, "cd" * 32, True)),
    ("Gather:contact", Digits("2")),
    ("Gather:other_number", Digits(NUMBER)),
    ("Gather:confirm_number", Digits("1")),
    ("Gather:confirm_report", Digits("1")),
    ("Do:file_report", Done({"report": "ef" * 16, "reference": "482-173-905", "pin": PIN})),
    ("Gather:anything_else", HungUp()),
)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The installation's database, as the command finds it by the settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOTLINE_DATA", str(tmp_path / "var"))
    monkeypatch.delenv("HOTLINE_DATABASE_URL", raising=False)
    (tmp_path / "var").mkdir()
    use_key(read_or_make_key(tmp_path / "var" / "secrets" / "data.key"))
    engine = open_engine(f"sqlite:///{tmp_path}/var/hotline.sqlite3")
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def run(database: Engine) -> Run:
    return lambda *arguments: CliRunner().invoke(replay, arguments)


def _store(engine: Engine, answers: Sequence[tuple[str, object]] = ANSWERS) -> None:
    name, version = INCOMING
    call = a_call(id=CALL, flow=name, flow_version=version, facts=FACTS)
    with transaction(engine) as session:
        session.add(call)
        session.flush()
        session.add_all(a_journal(call, *answers))  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_call_is_shown_turn_by_turn(run: Run, database: Engine) -> None:
    _store(database)

    result = run(CALL)

    assert result.exit_code == 0, result.stderr
    assert "10.0 s caller presses 1   [Gather:main_menu]" in result.stdout
    assert "caller speaks 12 s" in result.stdout
    assert "does     FileReport" in result.stdout
    assert result.stdout.rstrip().endswith("ends")


def test_what_identifies_somebody_is_shown_only_when_asked_for(run: Run, database: Engine) -> None:
    _store(database)

    shown, private = run(CALL).stdout, run(CALL, "--private").stdout

    for secret in (NUMBER, PIN, "482-173-905"):
        assert secret not in shown
        assert secret in private


def test_a_call_is_found_by_the_start_of_its_id_and_by_its_report(
    run: Run, database: Engine
) -> None:
    _store(database)
    with transaction(database) as session:
        session.add(a_report(reference="482173905", call_id=CALL))

    for name in (CALL[:6], "482173905", "482-173-905"):
        assert json.loads(run(name, "--json").stdout)["call"] == CALL


def test_a_call_that_the_code_no_longer_holds_is_told_with_both_sides(
    run: Run, database: Engine
) -> None:
    _store(database, [ANSWERS[0], ("Gather:retired", Digits("1"))])

    result = run(CALL)
    told = run(CALL, "--json")

    expected = "position 1: journal has Gather:retired, flow is at Gather:category"
    assert result.exit_code == told.exit_code == 1
    assert f"diverges  {expected}" in result.stdout
    assert json.loads(told.stdout)["divergence"] == expected


def test_a_saved_call_is_a_test_without_anybodys_data(
    run: Run, database: Engine, tmp_path: Path
) -> None:
    _store(database)
    file = tmp_path / "call.json"

    result = run(CALL, "--save", str(file))

    assert result.exit_code == 0
    text = file.read_text()
    assert difference(read(text)) is None
    for secret in (NUMBER, PIN, "482-173-905", CALL):
        assert secret not in text


@pytest.mark.parametrize("name", ["3f3f", "ff" * 16, "%%%%%%%", "no call at all"])
def test_a_call_that_is_not_there_is_told_in_a_line(run: Run, database: Engine, name: str) -> None:
    _store(database)

    result = run(name)

    assert result.exit_code == 1
    assert "expected the id of a call" in result.stderr


def test_a_start_that_fits_several_calls_is_a_question(run: Run, database: Engine) -> None:
    with transaction(database) as session:
        session.add_all([a_call(id=f"{'3f' * 15}0{end}") for end in "12"])

    assert "several calls" in run("3f3f3f").stderr


def test_the_journal_is_what_the_flow_asks_today() -> None:
    # The tests above are worth something only while this holds.
    from ivr.replay import replay as replayed

    entries = [Entry(step, result) for step, result in ANSWERS]

    assert replayed(INCOMING, CallFacts(**FACTS), entries).divergence is None  # type: ignore[arg-type]
