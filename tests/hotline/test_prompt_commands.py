"""`hotline prompts units` and `say`, the voices that are set, and what the doctor tells of them."""

import csv
import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hotline.clock import utc_now
from hotline.commands.prompts import prompts
from hotline.errors import BadSetting
from hotline.settings import read_settings
from hotline.voice_health import voice_health
from hotline.voices import of_language, render
from hotline.wiring import database
from ivr.prompt_editions import publish
from ivr.prompt_takes import Spot, keep_take
from ivr.recorded_units import RecordedUnits
from ivr.take_sound import take_sound
from speech.sound import read_wav
from speech.voices import PiperVoice, default_voice, slower
from storage.database import Base, transaction
from tests.ivr.studio import heights, record, record_all
from tests.provinces.packs import TINY, tiny
from tests.speech.fake_piper import __file__ as fake_piper


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("HOTLINE_PROVINCE", str(TINY))
    for name in ("HOTLINE_VOICES", "HOTLINE_VOICE_PROGRAM"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    return tmp_path / "data" / "prompts" / "recorded" / "vi" / "units"


@pytest.fixture
def own_voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    model = tmp_path / "own.onnx"
    model.write_bytes(b"\x08\x07" + bytes(200_000))
    config = {"audio": {"sample_rate": 16000}, "phoneme_id_map": {}, "espeak": {"voice": "vi"}}
    model.with_name("own.onnx.json").write_text(json.dumps(config))
    monkeypatch.setenv("HOTLINE_VOICES", f"vi-VN={model}")
    return model


def run(*arguments: str) -> Result:
    return CliRunner().invoke(prompts, list(arguments))


def units() -> list[str]:
    return [unit.name for unit in RecordedUnits(tiny().wording["vi"], "vi").units]


@pytest.mark.slow
def test_everything_is_missing_at_first_and_nothing_at_last(recorded: Path) -> None:
    first = json.loads(run("units", "--json").output)
    record_all(recorded, units())

    last = run("units", "--json")

    assert first["counts"] == {"there": 0, "missing": len(units()), "unusable": 0}
    assert first["folders"][0] == str(recorded)
    assert json.loads(last.output)["counts"]["there"] == len(units())
    assert last.exit_code == 0


def test_the_reading_list_has_the_words_for_the_speaker(recorded: Path) -> None:
    record(recorded / "digit_0.wav")

    written = run("units", "--csv", "--missing").output

    assert written.startswith("\ufeff")  # by which a spreadsheet knows UTF-8
    rows = list(csv.DictReader(written.removeprefix("\ufeff").splitlines()))
    assert len(rows) == len(units()) - 1
    assert rows[0] == {
        "file": "digit_1.wav",
        "read": "một",
        "group": "digits",
        "state": "missing",
        "problem": "",
    }


def test_a_file_that_cannot_be_used_is_told_and_ends_in_an_error(recorded: Path) -> None:
    recorded.mkdir(parents=True)
    (recorded / "digit_1.wav").write_text("no sound")
    (recorded / "digit_01.wav").write_text("a slip of the pen")

    told = run("units")

    assert told.exit_code == 1
    assert "unusable: digit_1.wav: expected a WAV file" in told.output
    assert f"not needed: {recorded / 'digit_01.wav'}" in told.output


def test_a_province_brings_recordings_of_its_own_and_the_operator_goes_before(
    recorded: Path,
) -> None:
    sounds = of_language(read_settings(), tiny(), "vi")

    own = TINY / "sounds"
    slow = recorded.parents[1] / "vi-slow" / "units"
    assert sounds[False].units == (recorded, own / "vi" / "units")
    assert sounds[True].units == (
        slow,
        own / "vi-slow" / "units",
        recorded,
        own / "vi" / "units",
    )


@pytest.mark.slow
def test_a_recorded_part_is_put_together_into_the_file(recorded: Path, tmp_path: Path) -> None:
    high = record_all(recorded, units())
    out = tmp_path / "f.wav"

    said = json.loads(run("say", "time", "14:30", "--out", str(out), "--json").output)

    assert said["source"] == "units" and said["lacking"] == []
    assert said["text"] == "hai giờ ba mươi phút chiều"
    assert heights(read_wav(out)) == [high[name] for name in said["units"]]


def test_a_part_that_is_not_recorded_is_spoken_whole_and_says_what_lacks(
    recorded: Path, tmp_path: Path
) -> None:
    record_all(recorded, [f"digit_{digit}" for digit in range(9)])

    said = run("say", "reference", "123-456", "--out", str(tmp_path / "f.wav"))

    assert said.exit_code == 0
    assert "espeak-ng vi: một hai ba, bốn năm sáu" in said.output
    assert "not recorded: digit_9" in said.output
    assert read_wav(tmp_path / "f.wav").length_s > 1


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("reference", "12a"), "expected digits in groups such as 123-456"),
        (("count", "100"), "expected an amount from 0 to 99, found '100'"),
        (("count", "x"), "expected an amount from 0 to 99, found 'x'"),
        (("time", "24:00"), "expected a time such as 14:30, found '24:00'"),
        (("date", "2026-02-30"), "expected a day such as 2026-11-23, found '2026-02-30'"),
        (("letters", "?"), "'?' has no name in 'vi'"),
        (("place", "99999"), "expected the code or the name of a commune, found '99999'"),
        (("song", "1"), "is not one of"),
        (("count", "1", "--language", "km"), "expected a worded language"),
    ],
)
def test_what_cannot_be_said_is_one_line_and_exit_code_2(
    tmp_path: Path, arguments: tuple[str, ...], expected: str
) -> None:
    told = run("say", *arguments, "--out", str(tmp_path / "f.wav"))

    assert told.exit_code == 2
    assert expected in told.output
    assert not (tmp_path / "f.wav").exists()


@pytest.mark.slow
def test_a_file_that_cannot_be_written_is_told(recorded: Path, tmp_path: Path) -> None:
    record_all(recorded, units())

    told = run("say", "count", "5", "--out", str(tmp_path / "absent" / "f.wav"))

    assert told.exit_code == 1
    assert "f.wav: cannot be written" in told.output


def test_a_voice_of_the_operators_speaks_with_ours_to_spare(own_voice: Path) -> None:
    ordinary, slow = of_language(read_settings(), tiny(), "vi")

    assert ordinary.voice == PiperVoice(own_voice, "vi")
    assert slow.voice == PiperVoice(own_voice, "vi", 0.75)
    assert (ordinary.spare, slow.spare) == (default_voice("vi"), slower(default_voice("vi")))
    english = of_language(read_settings(), tiny(), "en")[False]
    assert (english.voice, english.spare) == (default_voice("en"), None)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("HOTLINE_VOICES", "vi", "expected LANGUAGE=FILE.onnx, found 'vi'"),
        ("HOTLINE_VOICES", "=a.onnx", "expected LANGUAGE=FILE.onnx"),
        ("HOTLINE_VOICES", "vi=", "expected LANGUAGE=FILE.onnx"),
        ("HOTLINE_VOICES", "vi=a.onnx,vi-VN=b.onnx", "found two of 'vi'"),
        ("HOTLINE_VOICE_PROGRAM", "'", "expected a command"),
        ("HOTLINE_VOICE_LIMIT_S", "0", "greater than or equal to 1"),
    ],
)
def test_settings_of_voices_are_checked_at_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(BadSetting, match=f"^{name}: .*{said}"):
        read_settings()


def test_the_speed_of_pipers_voice_is_not_espeak_ngs(own_voice: Path) -> None:
    told = run("render", "--language", "vi", "--speed", "100")

    assert told.exit_code == 2
    assert "vi is spoken by Piper (HOTLINE_VOICES)" in told.output


@pytest.mark.slow
def test_the_doctor_names_who_speaks(
    own_voice: Path, monkeypatch: pytest.MonkeyPatch, recorded: Path
) -> None:
    monkeypatch.setenv("HOTLINE_VOICE_PROGRAM", "/no/such/piper")
    record_all(recorded, [f"digit_{digit}" for digit in range(10)])
    before = voice_health(read_settings(), tiny())
    sounds = of_language(read_settings(), tiny(), "vi")[False]
    render([sounds])

    after = voice_health(read_settings(), tiny())

    assert before.found == "vi: no sounds yet; en: no sounds yet"
    assert after.found.startswith("vi: espeak-ng vi ")
    assert ", recorded 10; en: no sounds yet" in after.found
    assert after.problems == ("HOTLINE_VOICE_PROGRAM: there is no program /no/such/piper",)


@pytest.mark.slow
def test_prompts_are_rendered_by_the_operators_voice(
    own_voice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTLINE_VOICE_PROGRAM", f"{sys.executable} {fake_piper} speak")

    made = json.loads(run("render", "--language", "vi", "--json").output)
    listed = json.loads(run("list", "--language", "vi", "--json").output)["prompts"]

    assert len(made["made"]["vi"]) > 10
    assert {row["voice"] for row in listed} == {"Piper own"}
    health = voice_health(read_settings(), tiny())
    assert health.problems == ()
    assert health.found.startswith("vi: Piper own ")


@pytest.mark.slow
def test_a_voice_that_fails_is_told_beside_the_answer(
    own_voice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTLINE_VOICE_PROGRAM", "/no/such/piper")

    told = run("render", "--language", "vi", "--json")

    assert len(json.loads(told.stdout)["made"]["vi"]) > 10
    assert told.stderr.count("prompt voice failed") == 2  # the ordinary pace and the slower one
    assert "Piper cannot be started (/no/such/piper): No such file or directory" in told.stderr


def test_voices_of_a_language_that_nothing_is_worded_in_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOTLINE_VOICES", "km=a.onnx")

    assert voice_health(read_settings(), tiny()).problems == (
        "HOTLINE_VOICES: nothing is worded in 'km'",
    )


def test_what_the_console_published_is_listed_and_taken_back_by_commands(tmp_path: Path) -> None:
    found = read_settings()
    with database(found) as engine:
        Base.metadata.create_all(engine)
        path = tmp_path / "spoken.wav"
        record(path, said_s=1.0)
        prompts_of = of_language(found, tiny(), "vi")[False].prompts
        piece = prompts_of.pieces[0]
        with path.open("rb") as file:
            sound = take_sound(file, piece.text, "vi")
        spot = Spot("vi", False, piece.name)
        take = keep_take(engine, found.prompt_takes, spot, piece.text, sound, "u1", utc_now())
        with transaction(engine) as session:
            publish(session, "vi", [take.id], 0, "u1", utc_now)

    told = json.loads(run("editions", "--json").output)
    back = json.loads(run("restore", "0", "--json").output)

    assert told["recorded"] == 1 and told["editions"][0]["recordings"] == 1
    assert back == {"number": 2, "recordings": 0}
    assert json.loads(run("editions", "--json").output)["recorded"] == 0
    forgotten = run("forget", take.id)
    assert forgotten.exit_code == 0 and not list(found.prompt_takes.iterdir())
    assert run("forget", "x").exit_code == 1
    unknown = run("restore", "17")
    assert unknown.exit_code == 1 and "expected a number" in unknown.output
