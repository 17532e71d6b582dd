"""Prompts with recorded units: a part is recorded whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import structlog

from ivr.errors import MissingPrompts
from ivr.prompt_sounds import read_manifest, render_missing, unrecorded
from ivr.prompts import Prompts
from speech.errors import SynthesisFailed
from speech.level import normalised, trimmed
from speech.sound import Sound, read_wav, write_wav
from speech.voices import AnyVoice, PiperVoice, Voice
from tests.ivr.studio import heights, record, record_all
from tests.speech.sounds import a_tone

VOICE = Voice("vi", 140, 45)
DIGITS = {f"digit_{digit}": word for digit, word in enumerate("0123456789")}
WORDING = {
    "filed": "Mã phản ánh là: {reference}.",
    "readback_place": "Nơi xảy ra: {place}.",
    "number_5": "năm",
    "number_60": "sáu mươi",
    "number_65": "sáu mươi lăm",
    "unit_31900": "xã Vĩnh Lợi",
    "old_unit_31900": "xã Vĩnh Lợi cũ",
    **DIGITS,
}
MACHINE_HZ = 2000


class FakeSpeaker:
    """Speaks as a high tone; keeps the texts and voices, and fails after `bears` texts."""

    def __init__(self, bears: int = 1000) -> None:
        self.texts: list[str] = []
        self.voices: set[AnyVoice] = set()
        self.bears = bears

    @contextmanager
    def __call__(self) -> Iterator["FakeSpeaker"]:
        yield self

    def speak(self, text: str, voice: AnyVoice) -> Sound:
        if len(self.texts) >= self.bears:
            raise SynthesisFailed("Piper ended with exit code 1: out of memory")
        self.texts.append(text)
        self.voices.add(voice)
        return trimmed(normalised(a_tone(0.3, hz=MACHINE_HZ)))


@pytest.fixture
def prompts(tmp_path: Path) -> Prompts:
    return Prompts(WORDING, "vi", tmp_path / "sounds" / "vi")


@pytest.fixture
def units(tmp_path: Path) -> Path:
    return tmp_path / "units"


def sources(prompts: Prompts) -> dict[str, str]:
    return {name: made.source for name, made in read_manifest(prompts.folder).items()}


def test_a_place_is_put_together_of_its_recorded_words(prompts: Prompts, units: Path) -> None:
    high = record_all(units, ["place_word_xa", "place_vinh_loi"])

    render_missing(prompts, [], VOICE, FakeSpeaker(), units=[units])

    sound = read_wav(prompts.folder / "unit_31900.wav")
    assert heights(sound) == [high["place_word_xa"], high["place_vinh_loi"]]
    assert sources(prompts)["unit_31900"] == "units"


def test_a_part_that_lacks_one_unit_is_spoken_by_the_machine_whole(
    prompts: Prompts, units: Path
) -> None:
    record_all(units, ["place_word_xa", "place_vinh_loi"])
    speaker = FakeSpeaker()

    render_missing(prompts, [], VOICE, speaker, units=[units])

    assert heights(read_wav(prompts.folder / "old_unit_31900.wav")) == [MACHINE_HZ]
    assert "xã Vĩnh Lợi cũ." in speaker.texts
    assert "xã Vĩnh Lợi." not in speaker.texts


def test_nine_digits_are_none_and_ten_are_all(prompts: Prompts, units: Path) -> None:
    record_all(units, list(DIGITS)[:9])
    render_missing(prompts, [], VOICE, FakeSpeaker(), units=[units])
    assert {sources(prompts)[name] for name in DIGITS} == {"rendered"}

    record(units / "digit_9.wav")
    made = render_missing(prompts, [], VOICE, FakeSpeaker(), units=[units])

    assert set(made) == set(DIGITS)
    assert {sources(prompts)[name] for name in DIGITS} == {"units"}


def test_nine_digits_recorded_whole_are_none_either(prompts: Prompts, tmp_path: Path) -> None:
    record_all(tmp_path / "studio", [*list(DIGITS)[:9], "number_5"])

    render_missing(prompts, [tmp_path / "studio"], VOICE, FakeSpeaker())

    assert {sources(prompts)[name] for name in DIGITS} == {"rendered"}
    assert sources(prompts)["number_5"] == "studio"


def test_an_amount_is_tens_and_ones_of_one_voice(prompts: Prompts, units: Path) -> None:
    high = record_all(units, ["number_60", "five_after_tens"])

    render_missing(prompts, [], VOICE, FakeSpeaker(), units=[units])

    assert heights(read_wav(prompts.folder / "number_65.wav")) == list(high.values())
    assert sources(prompts)["number_5"] == "rendered"


def test_a_whole_recording_goes_before_units(prompts: Prompts, units: Path, tmp_path: Path) -> None:
    record_all(units, ["place_word_xa", "place_vinh_loi"])
    record(tmp_path / "studio" / "unit_31900.wav", 1200)

    render_missing(prompts, [tmp_path / "studio"], VOICE, FakeSpeaker(), units=[units])

    assert heights(read_wav(prompts.folder / "unit_31900.wav")) == [1200]


def test_only_what_holds_a_changed_unit_is_put_together_again(
    prompts: Prompts, units: Path
) -> None:
    record_all(units, ["place_word_xa", "place_vinh_loi", "place_word_cu", *DIGITS])
    render_missing(prompts, [], VOICE, FakeSpeaker(), units=[units])
    assert render_missing(prompts, [], VOICE, FakeSpeaker(), units=[units]) == ()

    record(units / "place_word_cu.wav", 999)

    assert render_missing(prompts, [], VOICE, FakeSpeaker(), units=[units]) == ("old_unit_31900",)


def test_a_recording_that_was_taken_away_leaves_the_machine(prompts: Prompts, units: Path) -> None:
    record_all(units, list(DIGITS))
    render_missing(prompts, [], VOICE, FakeSpeaker(), units=[units])
    (units / "digit_3.wav").unlink()

    made = render_missing(prompts, [], VOICE, FakeSpeaker(), units=[units])

    assert set(made) == set(DIGITS)
    assert {sources(prompts)[name] for name in DIGITS} == {"rendered"}


def test_a_recording_that_cannot_be_used_stops_nothing_and_is_told(
    prompts: Prompts, units: Path
) -> None:
    record_all(units, list(DIGITS))
    (units / "digit_3.wav").write_text("no sound")

    with structlog.testing.capture_logs() as logs:
        render_missing(prompts, [], VOICE, FakeSpeaker(), units=[units])

    assert {sources(prompts)[name] for name in DIGITS} == {"rendered"}
    assert [(line["event"], line["units"]) for line in logs] == [
        ("recorded units cannot be used", 1)
    ]
    assert logs[0]["first"].startswith("digit_3.wav: ")


def test_without_a_voice_units_count_as_recorded(tmp_path: Path, units: Path) -> None:
    prompts = Prompts({"unit_31900": "ឃុំក", "goodbye": "លា"}, "km", tmp_path / "km")
    record_all(units, ["unit_31900"])

    assert unrecorded(prompts, [], [units]) == ("goodbye",)
    with pytest.raises(MissingPrompts, match="not recorded: goodbye"):
        render_missing(prompts, [], None, FakeSpeaker(), units=[units])


def test_a_voice_that_fails_midway_leaves_all_to_the_spare_one(
    prompts: Prompts, tmp_path: Path
) -> None:
    own, failing, spare = a_voice_file(tmp_path), FakeSpeaker(bears=3), FakeSpeaker()

    with structlog.testing.capture_logs() as logs:
        render_missing(prompts, [], own, failing, spare=VOICE, open_spare=spare)

    assert len(failing.texts) == 3
    assert len(spare.texts) == len(prompts.pieces)
    assert {made.voice for made in read_manifest(prompts.folder).values()} == {"", "espeak-ng vi"}
    assert logs == [
        {
            "event": "prompt voice failed",
            "log_level": "warning",
            "language": "vi",
            "voice": "Piper own",
            "error": "Piper ended with exit code 1: out of memory",
            "spoken_by": "espeak-ng vi",
        }
    ]


def test_a_voice_that_works_again_speaks_again(prompts: Prompts, tmp_path: Path) -> None:
    own, spare = a_voice_file(tmp_path), FakeSpeaker()
    render_missing(prompts, [], own, FakeSpeaker(bears=0), spare=VOICE, open_spare=spare)
    mended = FakeSpeaker()

    render_missing(prompts, [], own, mended, spare=VOICE, open_spare=spare)

    assert len(mended.texts) == len(prompts.pieces)
    assert mended.voices == {own}


def test_a_break_down_midway_leaves_no_sound_of_the_wrong_voice(
    prompts: Prompts, tmp_path: Path
) -> None:
    """Half spoken by Piper, then by the voice of before: its sounds must all be its own."""
    before, own = FakeSpeaker(), a_voice_file(tmp_path)
    render_missing(prompts, [], VOICE, before)

    with pytest.raises(SynthesisFailed):
        render_missing(prompts, [], own, FakeSpeaker(bears=2))
    made = render_missing(prompts, [], VOICE, FakeSpeaker())

    assert {piece.name for piece in prompts.pieces} <= set(made)


def test_another_voice_under_the_same_name_speaks_everything_anew(
    prompts: Prompts, tmp_path: Path
) -> None:
    own = a_voice_file(tmp_path)
    render_missing(prompts, [], own, FakeSpeaker())
    assert render_missing(prompts, [], own, FakeSpeaker()) == ()
    moved = PiperVoice(own.model.rename(tmp_path / "moved.onnx"), "vi")
    (tmp_path / "own.onnx.json").rename(tmp_path / "moved.onnx.json")
    assert render_missing(prompts, [], moved, FakeSpeaker()) == ()

    moved.model.write_bytes(b"\x08\x07another")

    assert len(render_missing(prompts, [], moved, FakeSpeaker())) == len(prompts.pieces)


def test_a_voice_whose_file_is_gone_is_replaced_too(prompts: Prompts, tmp_path: Path) -> None:
    spare = FakeSpeaker()

    with structlog.testing.capture_logs() as logs:
        render_missing(
            prompts,
            [],
            PiperVoice(tmp_path / "gone.onnx", "vi"),
            FakeSpeaker(),
            spare=VOICE,
            open_spare=spare,
        )

    assert len(spare.texts) == len(prompts.pieces)
    assert logs[0]["error"] == "gone.onnx: no such file or directory"


def a_voice_file(folder: Path) -> PiperVoice:
    (folder / "own.onnx").write_bytes(b"\x08\x07own")
    (folder / "own.onnx.json").write_text("{}")
    return PiperVoice(folder / "own.onnx", "vi")


def test_the_beep_can_be_recorded_like_anything_else(prompts: Prompts, tmp_path: Path) -> None:
    write_wav(tmp_path / "beep.wav", a_tone(0.4, hz=800))

    render_missing(prompts, [tmp_path], VOICE, FakeSpeaker())

    assert heights(read_wav(prompts.folder / "beep.wav")) == [800]
