from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest

from hotline.caller.hearing import FRAME_S, Hearing
from speech.sound import Samples, Sound, read_wav, resampled
from tests.caller.sounds import beep, joined, packets, quiet, voice

AUDIO = Path(__file__).parents[3] / "shared" / "audio" / "vi"


class Listener:
    """Feeds an ear on a clock of its own, and notes when it first made something out."""

    def __init__(self) -> None:
        self.ear = Hearing()
        self.now_s = 0.0
        self.prompt_over_at_s: float | None = None
        self.beep_over_at_s: float | None = None

    def hears(self, arriving: Iterable[Samples | None]) -> "Listener":
        """One packet, or none, every 20 ms."""
        for packet in arriving:
            self.now_s += FRAME_S
            self.ear.listen(np.empty(0, np.int16) if packet is None else packet, self.now_s)
            if self.prompt_over_at_s is None and self.ear.prompt_is_over(self.now_s):
                self.prompt_over_at_s = self.now_s
            if self.beep_over_at_s is None and self.ear.beep_is_over():
                self.beep_over_at_s = self.now_s
        return self

    def hears_sound(self, *sounds: Sound) -> "Listener":
        return self.hears(packets(joined(*sounds)))

    def hears_nothing(self, length_s: float) -> "Listener":
        return self.hears([None] * round(length_s / FRAME_S))


def test_a_prompt_is_over_one_second_after_its_last_sound() -> None:
    listener = Listener().hears_sound(voice(3.0)).hears_nothing(3.0)

    assert listener.prompt_over_at_s == pytest.approx(4.0, abs=0.1)


@pytest.mark.parametrize("noise_dbfs", [None, -70.0, -55.0])
def test_a_prompt_that_ends_in_silence_with_line_noise_is_over_all_the_same(
    noise_dbfs: float | None,
) -> None:
    listener = Listener().hears_sound(voice(2.0), quiet(3.0, noise_dbfs))

    assert listener.prompt_over_at_s == pytest.approx(3.0, abs=0.15)


@pytest.mark.parametrize("level_dbfs", [-35.0, -20.0, -10.0])
def test_pauses_inside_a_prompt_do_not_end_it(level_dbfs: float) -> None:
    said = [voice(0.6, level_dbfs, seed) for seed in range(5)]
    with_pauses = [part for each in said for part in (each, quiet(0.78, -60.0))][:-1]

    listener = Listener().hears_sound(*with_pauses).hears_nothing(2.0)

    assert listener.prompt_over_at_s == pytest.approx(5 * 0.6 + 4 * 0.78 + 1.0, abs=0.15)
    assert len(listener.ear.prompts) == 1


def test_pauses_in_which_nothing_is_sent_do_not_end_a_prompt() -> None:
    listener = Listener()
    for _ in range(3):
        listener.hears_sound(voice(1.0)).hears_nothing(0.76)

    assert listener.prompt_over_at_s is None
    listener.hears_nothing(1.0)
    assert listener.prompt_over_at_s is not None


def test_silence_before_the_first_prompt_is_not_its_end() -> None:
    assert Listener().hears_nothing(10.0).prompt_over_at_s is None
    assert Listener().hears_sound(quiet(10.0, -60.0)).prompt_over_at_s is None


def test_a_click_of_the_line_is_no_prompt() -> None:
    click = voice(0.04, -6.0)

    listener = Listener().hears_sound(quiet(0.5), click, quiet(3.0))

    assert listener.prompt_over_at_s is None


def test_only_what_sounds_after_the_caller_acted_counts() -> None:
    listener = Listener().hears_sound(voice(2.0)).hears_nothing(1.5)
    listener.ear.attend(listener.now_s)

    assert not listener.ear.prompt_is_over(listener.now_s)
    listener.hears_nothing(5.0)
    assert not listener.ear.prompt_is_over(listener.now_s)
    assert listener.ear.quiet_s(listener.now_s) == pytest.approx(5.0, abs=0.05)
    listener.hears_sound(voice(1.0)).hears_nothing(1.1)
    assert listener.ear.prompt_is_over(listener.now_s)


def test_each_prompt_is_kept_with_its_seconds() -> None:
    listener = Listener().hears_sound(voice(2.0), quiet(2.0), voice(1.0))
    listener.ear.finish(listener.now_s)

    spans = [(round(span.from_s, 1), round(span.until_s, 1)) for span in listener.ear.prompts]
    assert spans == [(0.0, 2.0), (4.0, 5.0)]


@pytest.mark.parametrize("shift", [0, 7, 80, 121, 159])
def test_the_beep_is_known_to_be_over_within_40_ms_when_nothing_follows(shift: int) -> None:
    before = Sound(voice(1.0).samples[: 8000 - shift], 8000)
    sound = joined(before, beep())
    end_s = len(sound.samples) / 8000

    listener = Listener().hears(packets(sound)).hears_nothing(0.5)

    assert listener.beep_over_at_s == pytest.approx(end_s, abs=0.041)


@pytest.mark.parametrize("shift", [0, 7, 80, 121, 159])
def test_the_beep_is_known_to_be_over_within_40_ms_when_silence_follows(shift: int) -> None:
    before = quiet(0.5 + shift / 8000, -55.0)

    listener = Listener().hears_sound(before, beep(), quiet(0.5, -55.0))

    assert listener.beep_over_at_s == pytest.approx(0.8 + shift / 8000, abs=0.041)


def test_a_beep_that_is_held_up_on_the_way_is_not_cut_short() -> None:
    tone = packets(joined(beep()))
    listener = Listener().hears(tone[:9]).hears_nothing(0.06)

    assert listener.beep_over_at_s is None
    listener.hears([np.concatenate(tone[9:12]), *tone[12:]]).hears_nothing(0.2)
    assert listener.beep_over_at_s == pytest.approx(0.06 + 0.3, abs=0.06)
    assert len(listener.ear.beeps) == 1


@pytest.mark.parametrize("level_dbfs", [-20.0, -12.0, -3.0])
def test_the_beep_is_heard_at_any_usual_loudness(level_dbfs: float) -> None:
    listener = Listener().hears_sound(voice(1.0), beep(level_dbfs=level_dbfs)).hears_nothing(0.5)

    assert listener.beep_over_at_s is not None


@pytest.mark.parametrize(
    "sound",
    [voice(20.0), beep(tone_hz=697.0), beep(tone_hz=1209.0), beep(0.1), quiet(2.0, -20.0)],
    ids=["voice", "low key tone", "high key tone", "short pip", "noise"],
)
def test_what_is_not_the_beep_is_not_taken_for_it(sound: Sound) -> None:
    assert Listener().hears_sound(sound).hears_nothing(0.5).beep_over_at_s is None


@pytest.mark.slow
def test_no_recorded_voice_is_taken_for_the_beep() -> None:
    files: Sequence[Path] = sorted(AUDIO.glob("*.wav"))
    if not files:
        pytest.skip("the voices of ../shared/audio are not here")
    for file in files:
        listener = Listener().hears_sound(resampled(read_wav(file), 8000)).hears_nothing(0.5)

        assert listener.beep_over_at_s is None, file.name


def test_a_beep_is_kept_with_its_seconds() -> None:
    listener = Listener().hears_nothing(1.0).hears_sound(beep()).hears_nothing(0.2)

    (span,) = listener.ear.beeps
    assert (span.from_s, span.until_s) == pytest.approx((1.0, 1.3), abs=0.03)
