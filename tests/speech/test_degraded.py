"""Bad telephones: as bad as they say, and the same each time."""

import numpy as np
import pytest

from speech.degraded import (
    Coding,
    Concealment,
    coded,
    conditions,
    quieter,
    with_losses,
    with_noise,
)
from speech.level import level
from speech.sound import Sound, telephone
from tests.speech.sounds import a_tone, joined, some_noise, some_silence

FRAME = 160


def lost_frames(sound: Sound) -> list[bool]:
    whole = len(sound.samples) // FRAME * FRAME
    return [not frame.any() for frame in sound.samples[:whole].reshape(-1, FRAME)]


@pytest.mark.parametrize(
    ("coding", "least_db"), [(Coding.ALAW, 30), (Coding.ULAW, 30), (Coding.GSM, 8)]
)
def test_a_coding_keeps_the_length_and_most_of_the_sound(coding: Coding, least_db: float) -> None:
    tone = a_tone(1.003, rate_hz=8000)

    heard = coded(tone, coding)

    error = level(Sound(heard.samples - tone.samples, 8000)).active_dbfs
    assert (len(heard.samples), heard.rate_hz) == (len(tone.samples), 8000)
    assert level(tone).active_dbfs - error > least_db
    assert not np.array_equal(heard.samples, tone.samples)


def test_the_usual_coding_is_what_a_called_party_hears() -> None:
    wide = a_tone(rate_hz=16000)

    assert np.array_equal(coded(wide).samples, telephone(wide).samples)


@pytest.mark.parametrize("share", [0.02, 0.05, 0.10])
def test_about_the_stated_share_is_lost_in_bursts(share: float) -> None:
    sound = some_noise(200)

    lost = lost_frames(with_losses(sound, share, seed=1))

    bursts = sum(1 for before, now in zip([False, *lost], lost, strict=False) if now and not before)
    assert sum(lost) / len(lost) == pytest.approx(share, rel=0.25)
    assert sum(lost) / bursts == pytest.approx(2.0, rel=0.25)


def test_the_same_seed_loses_the_same_frames_and_another_does_not() -> None:
    sound = some_noise(10)

    first, again, other = (with_losses(sound, 0.1, seed) for seed in (3, 3, 4))

    assert np.array_equal(first.samples, again.samples)
    assert not np.array_equal(first.samples, other.samples)


def test_a_repeated_frame_grows_fainter_and_falls_silent() -> None:
    sound = some_noise(60)

    silent = lost_frames(with_losses(sound, 0.2, 5, Concealment.SILENCE, burst_frames=6))
    repeated = lost_frames(with_losses(sound, 0.2, 5, Concealment.REPEAT, burst_frames=6))

    assert 0 < sum(repeated) < sum(silent)
    runs = "".join("x" if lost else "." for lost in silent)
    assert "xxxx" in runs  # the fourth frame of a burst is silent either way
    assert all(first or not second for first, second in zip(silent, repeated, strict=True))


@pytest.mark.parametrize("share", [-0.1, 0.6])
def test_a_share_that_no_line_has_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match=r"expected a share of 0 to 0\.5"):
        with_losses(a_tone(), share, 1)


@pytest.mark.parametrize("ratio_db", [20, 10, 5])
def test_noise_lies_so_far_under_the_speech(ratio_db: int) -> None:
    spoken = joined(a_tone(1.0, dbfs=-20), some_silence(3.0))

    heard = with_noise(spoken, some_noise(2.0, dbfs=-3, rate_hz=16000), ratio_db, seed=2)

    pause = Sound(heard.samples[3 * 8000 :], 8000)
    assert len(heard.samples) == len(spoken.samples)
    assert level(pause).active_dbfs == pytest.approx(-20 - ratio_db, abs=0.5)


def test_noise_without_samples_changes_nothing() -> None:
    nothing = Sound(np.empty(0, np.int16), 8000)

    assert np.array_equal(with_noise(a_tone(), nothing, 5, 1).samples, a_tone().samples)
    assert len(with_noise(nothing, a_tone(), 5, 1).samples) == 0


def test_a_quiet_caller_is_twenty_decibels_down() -> None:
    assert level(quieter(a_tone())).active_dbfs == pytest.approx(-40, abs=0.1)


def test_every_condition_gives_telephone_sound_and_empty_sound_passes() -> None:
    found = conditions({"rain": some_noise()})

    assert [one.name for one in found] == [
        "clean", "mu-law", "gsm", "quiet", "cut-close", "loss-2", "loss-5", "loss-10",
        "rain-20", "rain-10", "rain-5",
    ]  # fmt: skip
    for condition in found:
        heard = condition.heard(a_tone(0.5, rate_hz=16000), 1)
        assert heard.rate_hz == 8000
        assert len(heard.samples) == 4000
        assert len(condition.heard(Sound(np.empty(0, np.int16), 8000), 1).samples) == 0
