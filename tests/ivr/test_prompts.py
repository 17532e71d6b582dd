"""Prompts become sound files: cut, made once, found without the disk, missed at start."""

import json
import wave
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from hotline.commands.prompts import prompts as prompts_command
from ivr.errors import MissingPrompts
from ivr.prompt_sounds import beep, pause, read_manifest, render_missing, unrecorded
from ivr.prompts import Prompts
from speech.level import level, normalised, trimmed
from speech.sound import Sound, from_float, read_wav, write_wav
from speech.voices import Voice
from tests.provinces.packs import TINY

VOICE = Voice("vi", 140, 45)
WORDING = {
    "greeting": "Xin chào.",
    "filed": "Mã phản ánh là: {reference}. Xin cảm ơn.",
    "again": "{reference}",
    "confirm": "Quý vị chọn {category}, đúng không?",
    "menu_choice_2": "Điện, nước, bấm phím hai.",
} | {f"digit_{digit}": word for digit, word in enumerate(["không", "một", "hai", "ba", "bốn"])}


def tone(length_s: float) -> Sound:
    """Something to hear, much too quiet."""
    at = np.arange(round(length_s * 8000)) / 8000
    return from_float(0.01 * np.sin(2 * np.pi * 300 * at), 8000)


class FakeSpeaker:
    """Speaks a second of tone; keeps the texts, and how often it was started."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.starts = 0

    @contextmanager
    def __call__(self) -> Iterator["FakeSpeaker"]:
        self.starts += 1
        yield self

    def speak(self, text: str, voice: Voice) -> Sound:
        self.texts.append(text)
        return trimmed(normalised(tone(1)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "sounds" / "vi"


@pytest.fixture
def studio(tmp_path: Path) -> Path:
    return tmp_path / "studio"


def some_prompts(folder: Path, wording: Mapping[str, str] = WORDING) -> Prompts:
    return Prompts(wording, "vi", folder)


def names_of(sounds: tuple[str, ...]) -> list[str]:
    return [Path(sound).name for sound in sounds]


@pytest.mark.parametrize(
    ("key", "values", "names"),
    [
        ("greeting", {}, ["greeting"]),
        ("filed", {"reference": "12"}, ["filed.1", "digit_1", "digit_2", "filed.2"]),
        ("again", {"reference": "1-2"}, ["digit_1", "pause", "digit_2"]),
        ("again", {"reference": " 1 - 20 "}, ["digit_1", "pause", "digit_2", "digit_0"]),
        ("confirm", {"category": "@menu_choice_2"}, ["confirm.1", "menu_choice_2", "confirm.2"]),
    ],
)
def test_a_prompt_is_its_pieces_in_order(
    folder: Path, key: str, values: Mapping[str, str], names: list[str]
) -> None:
    assert names_of(some_prompts(folder).sounds(key, values)) == names


def test_sounds_are_absolute_paths_without_extension_and_need_no_disk(folder: Path) -> None:
    prompts = some_prompts(folder)

    assert not folder.exists()
    assert prompts.sounds("greeting", {}) == (str(folder / "greeting"),)
    assert (prompts.beep, prompts.pause) == (str(folder / "beep"), str(folder / "pause"))


@pytest.mark.parametrize(
    ("key", "values", "said"),
    [
        ("farewell", {}, "farewell: no wording in 'vi'"),
        ("filed", {}, "filed: no value for {reference}"),
        ("filed", {"reference": "12a"}, "expected digits in groups or @key"),
        ("confirm", {"category": "@menu_choice_9"}, "menu_choice_9: no wording"),
        ("again", {"reference": "9"}, "digit_9: no wording"),
    ],
)
def test_what_cannot_be_spoken_is_named_without_the_value(
    folder: Path, key: str, values: Mapping[str, str], said: str
) -> None:
    with pytest.raises(MissingPrompts) as caught:
        some_prompts(folder).sounds(key, values)

    assert said in str(caught.value)
    assert "12a" not in str(caught.value)


@pytest.mark.parametrize("text", ["{reference", "Mã {0}.", "Mã {a b}.", " . ", ""])
def test_a_wording_that_cannot_be_cut_is_refused_at_once(folder: Path, text: str) -> None:
    with pytest.raises(MissingPrompts, match=r"^filed: "):
        some_prompts(folder, {"filed": text})


def test_placeholders_of_a_prompt_are_known(folder: Path) -> None:
    prompts = some_prompts(folder)

    assert prompts.placeholders("filed") == {"reference"}
    assert prompts.placeholders("greeting") == frozenset()


def test_every_sound_is_made_once_by_one_speaker(folder: Path, studio: Path) -> None:
    prompts, speaker = some_prompts(folder), FakeSpeaker()

    made = render_missing(prompts, [studio], VOICE, speaker)
    again = render_missing(prompts, [studio], VOICE, speaker)

    assert set(made) == set(prompts.names)
    assert again == ()
    assert speaker.starts == 1
    assert "Mã phản ánh là." in speaker.texts
    assert "Xin cảm ơn." in speaker.texts


def test_made_sounds_are_telephone_wav_at_one_level(folder: Path, studio: Path) -> None:
    render_missing(some_prompts(folder), [studio], VOICE, FakeSpeaker())

    with wave.open(str(folder / "greeting.wav")) as made:
        assert (made.getnchannels(), made.getsampwidth(), made.getframerate()) == (1, 2, 8000)
    measured = level(read_wav(folder / "greeting.wav"))
    assert measured.active_dbfs == pytest.approx(-20, abs=1)
    assert measured.peak_dbfs < -3


def test_the_first_folder_with_a_recording_is_taken_and_the_next_stands_in(
    folder: Path, tmp_path: Path
) -> None:
    slow, ordinary = tmp_path / "vi-slow", tmp_path / "vi"
    for studio, length_s, names in ((slow, 2, ["greeting"]), (ordinary, 1, ["greeting", "again"])):
        studio.mkdir()
        for name in names:
            write_wav(studio / f"{name}.wav", tone(length_s))
    wording = {"greeting": "Xin chào.", "again": "Xin nhắc lại."}

    render_missing(some_prompts(folder, wording), [slow, ordinary], None, FakeSpeaker())

    made = read_manifest(folder)
    assert made["greeting"].length_s == pytest.approx(2.2, abs=0.05)
    assert made["again"].length_s == pytest.approx(1.2, abs=0.05)


def test_without_a_voice_everything_has_to_be_recorded(folder: Path, studio: Path) -> None:
    studio.mkdir()
    write_wav(studio / "greeting.wav", tone(1))
    prompts = Prompts({"greeting": "…a", "goodbye": "…b"}, "km", folder)

    assert unrecorded(prompts, [studio]) == ("goodbye",)
    with pytest.raises(MissingPrompts, match=r"no voice speaks 'km', .*: goodbye"):
        render_missing(prompts, [studio], None, FakeSpeaker())


def test_only_a_changed_wording_is_spoken_again(folder: Path, studio: Path) -> None:
    render_missing(some_prompts(folder), [studio], VOICE, FakeSpeaker())
    speaker = FakeSpeaker()
    changed = {**WORDING, "greeting": "Xin chào quý vị."}

    made = render_missing(some_prompts(folder, changed), [studio], VOICE, speaker)

    assert made == ("greeting",)
    assert speaker.texts == ["Xin chào quý vị."]


def test_another_voice_speaks_everything_again_but_makes_no_new_tones(
    folder: Path, studio: Path
) -> None:
    prompts = some_prompts(folder)
    render_missing(prompts, [studio], VOICE, FakeSpeaker())

    made = render_missing(prompts, [studio], Voice("vi-vn-x-south", 140, 45), FakeSpeaker())

    assert set(made) == set(prompts.names) - {"pause", "beep"}


def test_a_lost_sound_and_a_broken_manifest_are_mended(folder: Path, studio: Path) -> None:
    prompts = some_prompts(folder)
    render_missing(prompts, [studio], VOICE, FakeSpeaker())
    (folder / "greeting.wav").write_bytes(b"")
    assert render_missing(prompts, [studio], VOICE, FakeSpeaker()) == ("greeting",)

    (folder / "manifest.json").write_text("{")

    assert set(render_missing(prompts, [studio], VOICE, FakeSpeaker())) == set(prompts.names)
    assert render_missing(prompts, [studio], VOICE, FakeSpeaker()) == ()


def test_a_sound_that_is_no_longer_worded_goes(folder: Path, studio: Path) -> None:
    render_missing(some_prompts(folder), [studio], VOICE, FakeSpeaker())
    fewer = {key: text for key, text in WORDING.items() if key != "greeting"}

    made = render_missing(some_prompts(folder, fewer), [studio], VOICE, FakeSpeaker())

    assert made == ()
    assert not (folder / "greeting.wav").exists()
    assert "greeting" not in read_manifest(folder)


def test_a_studio_recording_comes_before_the_synthetic_voice(folder: Path, studio: Path) -> None:
    studio.mkdir()
    at = np.arange(48000) / 48000
    loud = from_float(0.9 * np.sin(2 * np.pi * 500 * at), 48000)
    silence = Sound(np.zeros(48000, np.int16), 48000)
    write_wav(
        studio / "filed.1.wav",
        Sound(np.concatenate([silence.samples, loud.samples, silence.samples]), 48000),
    )
    speaker = FakeSpeaker()

    render_missing(some_prompts(folder), [studio], VOICE, speaker)

    assert "Mã phản ánh là." not in speaker.texts
    assert read_manifest(folder)["filed.1"].source == "studio"
    found = read_wav(folder / "filed.1.wav")
    assert found.rate_hz == 8000
    assert found.length_s == pytest.approx(1.2, abs=0.05)
    assert level(found).active_dbfs == pytest.approx(-20, abs=0.5)


def test_a_new_studio_recording_replaces_the_synthetic_one(folder: Path, studio: Path) -> None:
    prompts = some_prompts(folder)
    render_missing(prompts, [studio], VOICE, FakeSpeaker())
    studio.mkdir()
    write_wav(studio / "greeting.wav", FakeSpeaker().speak("", VOICE))

    made = render_missing(prompts, [studio], VOICE, FakeSpeaker())

    assert made == ("greeting",)


def test_the_check_names_keys_and_files_that_no_caller_would_hear(
    folder: Path, studio: Path
) -> None:
    wording = WORDING | {f"digit_{digit}": "số" for digit in range(5, 10)}
    prompts = some_prompts(folder, wording)
    render_missing(prompts, [studio], VOICE, FakeSpeaker())
    prompts.check(required=["greeting", "filed"])
    (folder / "filed.1.wav").unlink()
    (folder / "filed.2.wav").write_bytes(b"")
    (folder / "beep.wav").unlink()

    with pytest.raises(MissingPrompts) as caught:
        prompts.check(required=["greeting", "farewell"])

    said = str(caught.value)
    assert "farewell → no wording" in said
    assert "filed → filed.1.wav, filed.2.wav" in said
    assert "beep → beep.wav" in said
    assert "greeting" not in said


def test_digits_without_wording_are_missed_at_start(folder: Path, studio: Path) -> None:
    prompts = some_prompts(folder)
    render_missing(prompts, [studio], VOICE, FakeSpeaker())

    with pytest.raises(MissingPrompts, match="digit_5 → no wording"):
        prompts.check()


def test_the_beep_is_soft_at_its_edges_and_twelve_below_full_scale() -> None:
    tone = beep()

    spectrum = np.abs(np.fft.rfft(tone.as_float()))
    assert np.argmax(spectrum) / tone.length_s == pytest.approx(1000, abs=5)
    assert tone.length_s == pytest.approx(0.3)
    assert level(tone).peak_dbfs == pytest.approx(-12, abs=0.1)
    assert np.abs(tone.samples[[0, 1, -1]]).max() < 100


def test_the_pause_is_four_tenths_of_a_second_of_nothing() -> None:
    assert pause().length_s == pytest.approx(0.4)
    assert not pause().samples.any()


@pytest.mark.slow
def test_the_command_renders_what_is_missing_and_then_finds_nothing_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTLINE_DATA", str(tmp_path))
    monkeypatch.setenv("HOTLINE_PROVINCE", str(TINY))
    run = CliRunner()
    assert run.invoke(prompts_command, ["check", "--language", "vi"]).exit_code == 1

    first = json.loads(run.invoke(prompts_command, ["render", "--language", "vi", "--json"]).output)
    second = json.loads(
        run.invoke(prompts_command, ["render", "--language", "vi", "--json"]).output
    )
    listed = json.loads(run.invoke(prompts_command, ["list", "--json"]).output)["prompts"]

    assert set(first["made"]) == {"vi", "vi-slow"}
    assert all(len(names) > 10 for names in first["made"].values())
    assert second["made"] == {"vi": [], "vi-slow": []}
    assert all(row["source"] == "rendered" and row["length_s"] > 0.3 for row in listed)
    assert (
        json.loads(run.invoke(prompts_command, ["check", "--language", "vi", "--json"]).output)[
            "ok"
        ]
        is True
    )


def test_the_command_refuses_a_language_without_wording() -> None:
    answer = CliRunner().invoke(prompts_command, ["list", "--language", "km"])

    assert answer.exit_code == 2
    assert "expected a worded language (en, vi), found 'km'" in answer.output
