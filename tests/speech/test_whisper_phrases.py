"""Short answers rated by the real Whisper: rendered voices, and people's own sentences."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.settings import read_settings
from speech.catalogue import WHISPER_BASE
from speech.errors import (
    BadListening,
    BadPhrases,
    FetchFailed,
    ModelDamaged,
    RecogniserUnavailable,
)
from speech.fetching import fetch
from speech.scripted_stream import LoudnessDetector
from speech.sound import Sound, from_float, padded, read_wav, telephone
from speech.streaming import NOTHING, Final, Listening, SpeechBegan, Stream
from speech.synthesis import Synthesiser
from speech.voices import Voice
from speech.whisper_phrases import WhisperPhrases
from tests.having import cannot_have
from tests.speech.sounds import joined, some_noise, some_silence
from tests.speech.test_streams import played

RECORDED = Path(__file__).parents[3] / "shared" / "audio"
SOUTHERN = Voice("vi-vn-x-south", 130, 40)
YES_NO = Listening(
    8000, "vi-VN", ("đúng", "đúng rồi", "không", "không phải"), meanings=("1", "1", "2", "2")
)


def test_an_absent_model_is_named_and_never_looked_for_elsewhere(tmp_path: Path) -> None:
    with pytest.raises(RecogniserUnavailable, match=r"found no model\.bin there"):
        WhisperPhrases(tmp_path / "absent").load()


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        return fetch(WHISPER_BASE, read_settings().cache, tmp_path_factory.mktemp("models"))
    except FetchFailed as error:
        cannot_have("the speech model", error)


@pytest.fixture(scope="module")
def whisper(model_folder: Path) -> WhisperPhrases:
    return WhisperPhrases(model_folder)


@pytest.fixture(scope="module")
def synthesiser() -> Iterator[Synthesiser]:
    with Synthesiser() as speaking:
        yield speaking


def called(sound: Sound, gain: float = 1.0) -> Sound:
    heard = telephone(from_float(sound.as_float() * gain, sound.rate_hz))
    return padded(heard, 1.0, 1.4)


def final_of(stream: Stream, sound: Sound) -> Final:
    events = played(stream, sound)
    return events[-1] if events and isinstance(events[-1], Final) else stream.finish()


@pytest.mark.model
@pytest.mark.parametrize(("said", "key"), [("đúng rồi", "1"), ("không phải", "2"), ("không", "2")])
@pytest.mark.parametrize("gain", [1.0, 0.1], ids=["usual", "20 dB quieter"])
def test_yes_and_no_are_told_apart(
    whisper: WhisperPhrases, synthesiser: Synthesiser, said: str, key: str, gain: float
) -> None:
    sound = called(synthesiser.speak(said, SOUTHERN), gain)

    began, final = played(whisper.open(YES_NO), sound)

    assert isinstance(began, SpeechBegan) and 0.9 <= began.at_s <= 1.4
    assert isinstance(final, Final)
    assert YES_NO.meanings[YES_NO.phrases.index(final.text)] == key
    assert 0.35 <= final.confidence <= 1
    assert [word.text for word in final.words] == final.text.split(" ")
    assert all(0.5 <= word.start_s <= word.end_s <= sound.length_s for word in final.words)


@pytest.mark.model
def test_peoples_sentences_are_found_in_a_list_and_not_in_a_list_without_them(
    whisper: WhisperPhrases,
) -> None:
    if not RECORDED.is_dir():
        pytest.skip(f"no recorded speech in {RECORDED}")
    lines = (RECORDED / "vi" / "manifest.jsonl").read_text().splitlines()
    entries = [json.loads(line) for line in lines]
    said = {e["text"].lower(): e["file"] for e in entries if 3 <= len(e["text"].split()) <= 5}
    phrases = tuple(sorted(said))[:10]

    found, astray = 0, 0
    for phrase in phrases:
        sound = called(read_wav(RECORDED / "vi" / said[phrase]))
        others = tuple(other for other in phrases if other != phrase)
        found += final_of(whisper.open(Listening(8000, "vi", phrases)), sound).text == phrase
        astray += final_of(whisper.open(Listening(8000, "vi", others)), sound).confidence >= 0.7

    assert found >= 9
    assert astray == 0


@pytest.mark.model
@pytest.mark.parametrize(
    "sound",
    [some_silence(0), some_silence(4), some_noise(6, -30)],
    ids=["empty", "silent", "noise"],
)
def test_without_a_voice_nothing_is_rated(whisper: WhisperPhrases, sound: Sound) -> None:
    stream = whisper.open(YES_NO)

    assert played(stream, sound) == []
    assert stream.finish() == NOTHING


@pytest.mark.model
def test_loud_noise_taken_for_a_voice_is_no_sure_answer(model_folder: Path) -> None:
    deceived = WhisperPhrases(model_folder, detector=LoudnessDetector())
    noise = some_noise(1.2, -20)

    final = final_of(deceived.open(YES_NO), joined(some_silence(0.5), noise, some_silence(1.2)))

    assert final.confidence < 0.7


@pytest.mark.model
def test_clipped_speech_does_no_harm(whisper: WhisperPhrases, synthesiser: Synthesiser) -> None:
    final = final_of(whisper.open(YES_NO), called(synthesiser.speak("đúng", SOUTHERN), 20))

    assert final.text in ("", *YES_NO.phrases)


@pytest.mark.model
def test_a_list_there_must_be_and_a_language_that_whisper_knows(whisper: WhisperPhrases) -> None:
    with pytest.raises(BadPhrases, match="found 0"):
        whisper.open(Listening(8000, "vi", ()))
    with pytest.raises(BadListening, match="does not know the language 'xx'"):
        whisper.open(Listening(8000, "xx", ("đúng",)))


@pytest.mark.model
def test_a_model_with_one_bit_changed_is_refused(model_folder: Path, tmp_path: Path) -> None:
    place = tmp_path / WHISPER_BASE.name
    shutil.copytree(model_folder, place)
    weights = bytearray((place / "model.bin").read_bytes())
    weights[len(weights) // 2] ^= 1
    (place / "model.bin").unlink()
    (place / "model.bin").write_bytes(weights)

    with pytest.raises(ModelDamaged, match=r"model\.bin: expected SHA-256 d01c3014881c…"):
        WhisperPhrases(place, expected=WHISPER_BASE).load()
