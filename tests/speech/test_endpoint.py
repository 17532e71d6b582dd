"""When speech begins and ends: with a made-up detector, then with the real one on real sound."""

import json
from pathlib import Path

import numpy as np
import pytest

from speech.endpoint import ABOVE_NOISE_DB, Began, Ended, Endpoint, Piece, Spoken
from speech.level import level
from speech.sound import Samples, Sound, from_float, read_wav, telephone
from speech.voice_activity import FRAME_S, Floats, SileroDetector, frame_length

RECORDED = Path(__file__).parents[3] / "shared" / "audio"
FRAME = frame_length(8000)
SPEECH_DBFS = -20.0


class ScriptedVoice:
    """Is as sure of a voice as it was told, frame by frame; then sure of none."""

    def __init__(self, *sure: float) -> None:
        self._sure = list(sure)

    def __call__(self, frame: Floats) -> float:
        return self._sure.pop(0) if self._sure else 0.0


def frames(count: int, dbfs: float = SPEECH_DBFS) -> Samples:
    """Noise of that loudness; what it holds does not matter to a scripted voice."""
    values = np.random.default_rng(7).standard_normal(count * FRAME) * 10 ** (dbfs / 20)
    return from_float(values, 8000).samples


def heard(endpoint: Endpoint, samples: Samples, at_once: int = 160) -> list[Piece]:
    return [
        piece
        for begin in range(0, len(samples), at_once)
        for piece in endpoint.feed(samples[begin : begin + at_once])
    ]


def turns(pieces: list[Piece]) -> list[Began | Ended]:
    return [piece for piece in pieces if not isinstance(piece, Spoken)]


def test_speech_begins_where_its_first_frame_was_and_ends_after_the_pause() -> None:
    endpoint = Endpoint(ScriptedVoice(*[0.0] * 50, *[0.95] * 20), 8000, pause_s=0.8)
    silence, speech = frames(50, -70), frames(20)

    found = heard(endpoint, np.concatenate([silence, speech, frames(40, -70)]))

    assert turns(found) == [Began(50 * FRAME_S), Ended(70 * FRAME_S)]


def test_what_came_before_the_beginning_is_handed_on_without_a_gap() -> None:
    endpoint = Endpoint(ScriptedVoice(*[0.0] * 50, *[0.95] * 20), 8000, pause_s=0.8)
    sound = np.concatenate([frames(50, -70), frames(20), frames(40, -70)])

    spoken = [piece for piece in heard(endpoint, sound) if isinstance(piece, Spoken)]

    whole = np.concatenate([piece.samples for piece in spoken])
    begin = round(spoken[0].at_s * 8000)
    assert 0.4 <= 50 * FRAME_S - spoken[0].at_s <= 0.6
    assert np.array_equal(whole, sound[begin : begin + len(whole)])


@pytest.mark.parametrize("at_once", [1, 37, 160, 256, 4000, 10**6])
def test_how_the_sound_is_cut_into_pieces_changes_nothing(at_once: int) -> None:
    sound = np.concatenate([frames(20, -70), frames(10), frames(40, -70)])

    endpoint = Endpoint(ScriptedVoice(*[0.0] * 20, *[0.95] * 10), 8000, pause_s=0.8)

    assert turns(heard(endpoint, sound, at_once)) == [Began(20 * FRAME_S), Ended(30 * FRAME_S)]


def test_two_sure_frames_are_a_click_and_no_speech() -> None:
    endpoint = Endpoint(ScriptedVoice(0.0, 0.0, 0.99, 0.99), 8000, pause_s=0.8)

    assert heard(endpoint, frames(60)) == []


def test_an_unsure_detector_begins_speech_on_a_still_line_only() -> None:
    street = Endpoint(ScriptedVoice(*[0.0] * 20, *[0.75] * 200), 8000, pause_s=0.8)
    still = Endpoint(ScriptedVoice(*[0.0] * 20, *[0.75] * 20), 8000, pause_s=0.8)

    assert heard(street, np.concatenate([frames(20, -35), frames(200)])) == []
    assert turns(heard(still, np.concatenate([frames(20, -60), frames(20)]))) != []


def test_a_voice_no_louder_than_the_line_before_it_is_somebody_else() -> None:
    quiet = Endpoint(ScriptedVoice(*[0.0] * 60, *[0.95] * 20), 8000, pause_s=0.8)
    loud = Endpoint(ScriptedVoice(*[0.0] * 60, *[0.95] * 20), 8000, pause_s=0.8)
    room = frames(60, -30)

    assert heard(quiet, np.concatenate([room, frames(20, -30 + ABOVE_NOISE_DB - 2)])) == []
    assert heard(loud, np.concatenate([room, frames(20, -30 + ABOVE_NOISE_DB + 2)])) != []


def test_voices_far_below_the_callers_own_count_as_pause() -> None:
    endpoint = Endpoint(ScriptedVoice(*[0.95] * 100), 8000, pause_s=0.8)

    found = heard(endpoint, np.concatenate([frames(20, -20), frames(80, -38)]))

    assert turns(found) == [Began(0.0), Ended(20 * FRAME_S)]


def test_a_short_pause_does_not_end_the_speech() -> None:
    sure = [*[0.95] * 10, *[0.0] * 20, *[0.95] * 10]
    endpoint = Endpoint(ScriptedVoice(*sure), 8000, pause_s=0.8)

    assert turns(heard(endpoint, frames(80))) == [Began(0.0), Ended(40 * FRAME_S)]


def test_who_never_stops_is_stopped() -> None:
    endpoint = Endpoint(ScriptedVoice(*[0.95] * 1000), 8000, pause_s=0.8, longest_s=3.2)

    assert turns(heard(endpoint, frames(300))) == [Began(0.0), Ended(100 * FRAME_S)]


def test_nothing_comes_after_the_end() -> None:
    endpoint = Endpoint(ScriptedVoice(*[0.95] * 10, *[0.0] * 30, *[0.95] * 50), 8000, 0.8)
    heard(endpoint, frames(45))

    assert heard(endpoint, frames(50)) == []


@pytest.fixture(scope="module")
def detector() -> SileroDetector:
    if not RECORDED.is_dir():
        pytest.skip(f"no recorded sound in {RECORDED}")
    return SileroDetector()


def at_level(sound: Sound, dbfs: float) -> Sound:
    gain = 10 ** ((dbfs - level(sound).active_dbfs) / 20)
    return from_float(sound.as_float() * gain, sound.rate_hz)


@pytest.mark.model
@pytest.mark.parametrize("noise", ["rain", "city", "coffee-shop"])
def test_noise_ten_db_under_speech_does_not_begin_speech(
    detector: SileroDetector, noise: str
) -> None:
    found = telephone(read_wav(RECORDED / "noise" / f"{noise}.wav"))
    endpoint = Endpoint(detector.voice(8000), 8000, pause_s=0.8)

    assert turns(heard(endpoint, at_level(found, SPEECH_DBFS - 10).samples)) == []


@pytest.mark.model
@pytest.mark.parametrize("dbfs", [-20.0, -45.0])
def test_recorded_speakers_begin_and_end_loud_or_quiet(
    detector: SileroDetector, dbfs: float
) -> None:
    lines = (RECORDED / "vi" / "manifest.jsonl").read_text().splitlines()[:8]
    for entry in map(json.loads, lines):
        spoken = at_level(telephone(read_wav(RECORDED / "vi" / entry["file"])), dbfs)
        sound = np.concatenate([spoken.samples, np.zeros(3 * 8000, np.int16)])

        found = turns(heard(Endpoint(detector.voice(8000), 8000, pause_s=1.5), sound))

        assert [type(turn) for turn in found] == [Began, Ended], entry["file"]
        assert found[1].at_s <= spoken.length_s + 0.2
