"""`hotline monitoring import`: a file of figures from the command line."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from accounts.models import AuditEntry
from hotline.cli import hotline
from hotline.settings import Settings
from hotline.wiring import open_database
from monitoring.models import Observation
from storage.database import reading

HEADER = "phenomenon_time;indicator;unit;value\n"
GOOD = "20/11/2025 07:00;security.cases;Phường Bạc Liêu;3\n"
BAD = "20/11/2025 07:00;security.cases;Phường Bạc Liêu;ba\n"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty_database: Path) -> Settings:
    monkeypatch.setenv("HOTLINE_DATA", str(tmp_path / "var"))
    monkeypatch.chdir(tmp_path)
    made = Settings(data=tmp_path / "var", _env_file=None)  # type: ignore[call-arg]
    made.data.mkdir()
    shutil.copyfile(empty_database, made.data / "hotline.sqlite3")
    return made


def run(text: str, *options: str) -> Result:
    Path("figures.csv").write_text(text)
    return CliRunner().invoke(hotline, ["monitoring", "import", "figures.csv", *options])


def kept(settings: Settings) -> int:
    with reading(open_database(settings)) as session:
        return session.scalars(select(func.count()).select_from(Observation)).one()


def test_a_file_is_looked_through_then_stored_with_every_faulty_line_told(
    settings: Settings,
) -> None:
    looked = run(HEADER + GOOD + BAD, "--dry-run")
    before = kept(settings)
    stored = run(HEADER + GOOD + BAD, "--json")
    again = run(HEADER + GOOD)

    assert (looked.exit_code, before) == (1, 0)
    assert "line 3: value: number: expected 1234,5, found 'ba'" in looked.output
    assert "2 lines: 1 good, 1 faulty" in looked.output
    told = json.loads(stored.stdout)
    assert (stored.exit_code, told["new"], told["faults"], kept(settings)) == (1, 1, 1, 1)
    assert told["first_faults"][0]["line"] == 3
    assert (again.exit_code, "1 known before" in again.output) == (0, True)
    with reading(open_database(settings)) as session:
        noted = session.scalars(select(AuditEntry.actor)).all()
    assert noted == ["cli", "cli"]  # what was only looked through is not noted


def test_what_is_no_table_is_one_line(settings: Settings) -> None:
    refused = run("colour\n")
    missing = CliRunner().invoke(hotline, ["monitoring", "import", "nowhere.csv"])

    assert (refused.exit_code, missing.exit_code) == (1, 2)
    assert refused.output.startswith("Error: column: expected phenomenon_time")
    assert refused.output.count("\n") == 1
