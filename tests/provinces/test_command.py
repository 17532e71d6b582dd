"""`hotline province check`, as an operator types it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hotline.commands.province import province
from tests.provinces.packs import BAC_LIEU, TINY, broken_copy


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> "Run":
    monkeypatch.chdir(tmp_path)  # away from anybody's .env
    return Run()


class Run:
    def __call__(self, *arguments: str) -> Result:
        return CliRunner().invoke(province, arguments, catch_exceptions=False)


def test_a_sound_pack_is_summed_up(run: Run) -> None:
    result = run("check", "bac_lieu")

    assert result.exit_code == 0
    assert "bac_lieu (Bạc Liêu, Bac Lieu): no problems" in result.output
    assert ["categories", "48"] in [line.split() for line in result.output.splitlines()]


def test_without_an_argument_the_configured_province_is_checked(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTLINE_PROVINCE", str(TINY))

    assert "song_xa" in run("check").output


def test_json_holds_the_counts(run: Run) -> None:
    found = json.loads(run("check", "bac_lieu", "--json").output)

    assert found["ok"] is True
    assert found["key"] == "bac_lieu"
    assert found["counts"]["communes_pre2025"] == 64
    assert found["counts"]["communes_2025"] == 25
    assert found["problems"] == []


def test_a_broken_pack_is_refused_with_file_and_line(run: Run, tmp_path: Path) -> None:
    pack = broken_copy(TINY, tmp_path / "pack", "menu.toml", 'group = "do"', 'group = "bo"')

    result = run("check", str(pack))

    assert result.exit_code == 1
    assert result.stdout == 'menu.toml:3: choice 1: group "bo" is not in categories.toml\n'
    assert result.stderr == f"{pack}: 1 problem\n"


def test_json_holds_the_problems(run: Run, tmp_path: Path) -> None:
    pack = broken_copy(TINY, tmp_path / "pack", "menu.toml", 'group = "do"', 'group = "bo"')

    result = run("check", str(pack), "--json")

    assert result.exit_code == 1
    assert json.loads(result.output) == {
        "ok": False,
        "folder": str(pack),
        "problems": [
            {
                "file": "menu.toml",
                "line": 3,
                "message": 'choice 1: group "bo" is not in categories.toml',
            }
        ],
    }


def test_an_unknown_province_is_one_line_and_exit_code_2(run: Run) -> None:
    result = run("check", "atlantis")

    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert "found 'atlantis'" in line


def test_a_folder_given_by_path_is_checked(run: Run) -> None:
    assert run("check", str(BAC_LIEU)).exit_code == 0
