"""`hotline report`: the same figures as the console's, as a file."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hotline.commands.report import report
from hotline.settings import Settings
from hotline.wiring import open_database
from storage.database import transaction
from storage.migrations import upgrade
from tests.builders import a_report
from tests.ivr.test_call_figures import keep


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOTLINE_DATA", str(tmp_path / "var"))
    monkeypatch.chdir(tmp_path)
    engine = open_database(Settings(data=tmp_path / "var", _env_file=None))  # type: ignore[call-arg]
    upgrade(engine)
    keep(engine)
    with transaction(engine) as session:
        session.add(a_report())
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(report, arguments)


def test_a_day_and_a_month_are_written_in_every_format(folder: Path) -> None:
    daily = run("daily", "--date", "2026-11-22", "--format", "json", "--output", "-")

    assert daily.exit_code == 0, daily.output
    told = json.loads(daily.stdout)
    assert told["figures"]["calls"] == {
        "value": 11, "unit": "count", "before": 1, "part": None, "whole": None,
    }  # fmt: skip
    assert told["figures"]["contained"]["value"] == pytest.approx(3 / 11)
    assert told["figures"]["reports"]["value"] == 1
    assert (told["first"], told["compared_last"]) == ("2026-11-22", "2026-11-21")
    written = run("monthly", "--date", "2026-11", "--format", "xlsx")
    assert written.output == "hotline-2026-11-01_2026-11-30.xlsx\n"
    assert (folder / "hotline-2026-11-01_2026-11-30.xlsx").read_bytes().startswith(b"PK")
    assert run("monthly", "--output", "m.pdf").exit_code == 0
    assert (folder / "m.pdf").read_bytes().startswith(b"%PDF")


def test_what_is_no_date_or_no_place_to_write_is_told(folder: Path) -> None:
    for arguments in (("daily", "--date", "22.11.2026"), ("monthly", "--date", "2026-13")):
        assert (run(*arguments).exit_code, "expected a date" in run(*arguments).output) == (2, True)
    away = run("daily", "--output", "nowhere/x.pdf")
    assert (away.exit_code, "cannot write" in away.output) == (1, True)
