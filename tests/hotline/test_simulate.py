"""`hotline simulate`: the installation's own flows and handlers, on a database of its own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hotline.commands.simulate import simulate

Run = Callable[..., Result]
REPORT = "1\n1\n1\nspeaks 12 s\n1\n1\n1\n1\n1\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)  # no .env of whoever runs the tests
    monkeypatch.setenv("HOTLINE_DATA", str(tmp_path / "var"))

    def command(*arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(simulate, arguments, input=typed)

    return command


def _told(result: Result) -> list[dict[str, Any]]:
    turns: list[dict[str, Any]] = json.loads(result.stdout)["turns"]
    return turns


@pytest.mark.slow
def test_a_call_is_held_with_the_real_handlers(run: Run) -> None:
    turns = _told(run("--script", "-", "--json", typed=REPORT))

    filed = [
        entry for turn in turns for entry in turn["journal"] if entry["step"] == "Do:file_report"
    ]
    assert filed[0]["command"]["name"] == "FileReport"
    effects = {(effect["what"], effect["how"]) for turn in turns for effect in turn["effects"]}
    assert {("Recording", "new"), ("Report", "new"), ("Message", "new")} <= effects


@pytest.mark.slow
def test_nothing_of_it_is_left(run: Run, tmp_path: Path) -> None:
    run("--script", "-", typed=REPORT)

    assert list(tmp_path.rglob("*")) == []


def test_the_second_call_of_a_number_finds_what_the_first_one_left(run: Run) -> None:
    turns = _told(run("--script", "-", "--json", typed=f"{REPORT}hangup\nagain\n"))

    assert turns[-1]["step"] == "Gather:open_reports"


def test_a_reference_that_was_just_given_is_keyed_in_by_its_name(run: Run) -> None:
    script = f"{REPORT}2\n2\npresses reference\npresses pin\n"

    turns = _told(run("--script", "-", "--json", typed=script))

    assert turns[-1]["step"] == "Gather:open_actions"


@pytest.mark.slow
def test_facts_and_time_of_the_call_can_be_chosen(run: Run) -> None:
    by_night = _told(run("--at", "2026-11-22 23:30", "--script", "-", "--json", typed="0\n"))
    blocked = _told(run("--fact", "treatment=blocked", "--script", "-", "--json", typed=""))

    assert by_night[-1]["step"] != "LookAtQueue:queue_seen"
    assert blocked[0]["step"] != by_night[0]["step"]


def test_a_call_is_typed_answer_by_answer(run: Run) -> None:
    result = run(typed="1\nwhat?\n?\nhangup\nagain\nquit\n")

    assert result.exit_code == 0
    assert "expected keys (2)" in result.stdout
    assert result.stdout.count("hotline ") > 8
    assert "ends" in result.stdout


def test_a_transcript_is_a_script(run: Run, tmp_path: Path) -> None:
    transcript = tmp_path / "call.txt"
    transcript.write_text(
        "A blocked number\n\nfacts treatment=blocked\n\nhotline  …\ncaller hangs up\n"
    )

    result = run("--script", str(transcript))

    assert result.exit_code == 0 and "caller hangs up" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("--at", "tomorrow", "--script", "-"),
        ("--number", "many", "--script", "-"),
        ("--flow", "retired", "--script", "-"),
        ("--fact", "hour=3", "--script", "-"),
        ("--json",),
    ],
)
def test_bad_input_is_told_in_a_line(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)

    assert result.exit_code == 2
    assert "expected" in result.stderr or "wants" in result.stderr


def test_a_script_that_does_not_fit_ends_in_an_error(run: Run) -> None:
    result = run("--script", "-", "--json", typed="1\nspeaks 5 s\n")

    assert result.exit_code == 1
    assert "expected keys" in json.loads(result.stdout)["problem"]
