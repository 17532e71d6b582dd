"""Vosk: words made into phrases; then the real engine on synthetic Korean."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.settings import read_settings
from speech.errors import BadPhrases, FetchFailed, ModelDamaged, RecogniserUnavailable
from speech.fetching import fetch
from speech.sound import Sound, from_float, telephone
from speech.streaming import NOTHING, Final, HeardWord, Listening, Partial, SpeechBegan
from speech.synthesis import Synthesiser
from speech.voices import Voice
from speech.vosk import VoskRecogniser, confidence_of, phrase_of
from tests.having import cannot_have
from tests.speech.korean import VOSK_KOREAN
from tests.speech.sounds import joined, some_noise, some_silence
from tests.speech.test_streams import played

KOREAN = Voice("ko", 130, 45)
# Of which the model understands the synthesiser: it was taught by people.
ANSWERS = ("네", "아니요", "병원", "오늘", "나무")


def words(*texts: str) -> list[HeardWord]:
    return [HeardWord(text, i * 0.5, i * 0.5 + 0.5, 0.9) for i, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("said", "phrase"),
    [
        (("đúng",), "đúng"),
        (("đúng", "rồi"), "đúng rồi"),
        (("không", "phải"), "không phải"),
        (("không", "không"), "không"),
        (("không", "phải", "không", "phải"), "không phải"),
        (("[unk]", "đúng", "[unk]"), "đúng"),
        (("đúng", "không"), ""),
        (("không", "phải", "không"), ""),
        (("[unk]",), ""),
        ((), ""),
    ],
)
def test_words_make_one_phrase_or_none(said: tuple[str, ...], phrase: str) -> None:
    phrases = ("đúng", "đúng rồi", "không", "không phải", "phải")

    assert phrase_of(words(*said), phrases) == phrase


def test_without_a_list_all_words_count() -> None:
    assert phrase_of(words("đường", "[unk]", "ngập"), ()) == "đường ngập"


def test_a_phrase_amid_other_words_is_doubtful() -> None:
    assert confidence_of(words("đúng")) == pytest.approx(0.9)
    assert confidence_of(words("[unk]", "[unk]", "đúng")) == pytest.approx(0.3)


def test_an_absent_model_is_named_and_never_looked_for_elsewhere(tmp_path: Path) -> None:
    with pytest.raises(RecogniserUnavailable, match=r"found no am/final\.mdl"):
        VoskRecogniser(tmp_path, "vosk-model-none").load()


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        return fetch(VOSK_KOREAN, read_settings().cache, tmp_path_factory.mktemp("models"))
    except FetchFailed as error:
        cannot_have("the Korean model for Vosk", error)


@pytest.fixture(scope="module")
def vosk(model_folder: Path) -> VoskRecogniser:
    recogniser = VoskRecogniser(model_folder, VOSK_KOREAN.name, "ko")
    recogniser.load()
    return recogniser


@pytest.fixture(scope="module")
def synthesiser() -> Iterator[Synthesiser]:
    with Synthesiser() as speaking:
        yield speaking


def called(synthesiser: Synthesiser, text: str, gain: float = 1.0) -> Sound:
    spoken = telephone(synthesiser.speak(text, KOREAN))
    quiet = from_float(spoken.as_float() * gain, spoken.rate_hz)
    return joined(some_silence(0.6), quiet, some_silence(1.4))


@pytest.mark.model
@pytest.mark.parametrize("answer", ANSWERS)
def test_a_word_of_the_list_is_heard_with_its_time_and_confidence(
    vosk: VoskRecogniser, synthesiser: Synthesiser, answer: str
) -> None:
    stream = vosk.open(Listening(8000, "ko-KR", ANSWERS))
    sound = called(synthesiser, answer)

    events = played(stream, sound)

    began, *partials, final = events
    assert isinstance(began, SpeechBegan) and 0.4 <= began.at_s <= 1.0
    assert all(isinstance(partial, Partial) for partial in partials)
    assert isinstance(final, Final)
    assert final.text == answer
    assert 0.5 < final.confidence <= 1
    assert 0.3 < final.words[0].start_s < final.words[-1].end_s < sound.length_s


@pytest.mark.model
def test_a_quiet_caller_is_heard_like_a_loud_one(
    vosk: VoskRecogniser, synthesiser: Synthesiser
) -> None:
    stream = vosk.open(Listening(8000, "ko", ANSWERS))

    final = played(stream, called(synthesiser, "병원", gain=0.03))[-1]

    assert isinstance(final, Final) and final.text == "병원"


@pytest.mark.model
def test_what_is_not_on_the_list_is_no_answer(
    vosk: VoskRecogniser, synthesiser: Synthesiser
) -> None:
    stream = vosk.open(Listening(8000, "ko", ("네", "아니요")))

    final = played(stream, called(synthesiser, "내일 날씨가 어떻게 됩니까"))[-1]

    assert isinstance(final, Final)
    assert final.confidence < 0.7


@pytest.mark.model
def test_streams_of_one_model_do_not_mix(vosk: VoskRecogniser, synthesiser: Synthesiser) -> None:
    listening = Listening(8000, "ko", ANSWERS)
    said = [called(synthesiser, answer).samples.astype("<i2").tobytes() for answer in ANSWERS]
    streams = [vosk.open(listening) for _ in said]

    finals = dict[int, str]()
    for begin in range(0, max(map(len, said)), 320):
        for number, stream in enumerate(streams):
            for event in stream.feed(said[number][begin : begin + 320]):
                if isinstance(event, Final):
                    finals[number] = event.text

    assert [finals[number] for number in range(len(ANSWERS))] == list(ANSWERS)


@pytest.mark.model
@pytest.mark.parametrize(
    "sound",
    [some_silence(0), some_silence(12), some_noise(12, -30)],
    ids=["empty", "silent", "noise"],
)
def test_no_voice_is_no_answer(vosk: VoskRecogniser, sound: Sound) -> None:
    stream = vosk.open(Listening(8000, "ko", ANSWERS))

    assert played(stream, sound) == []
    assert stream.finish() == NOTHING


@pytest.mark.model
def test_clipped_speech_does_no_harm(vosk: VoskRecogniser, synthesiser: Synthesiser) -> None:
    clipped = from_float(called(synthesiser, "아니요").as_float() * 10, 8000)
    stream = vosk.open(Listening(8000, "ko", ANSWERS))

    played(stream, clipped)

    assert stream.finish().text in ("", *ANSWERS)


@pytest.mark.model
def test_phrases_with_unknown_words_are_left_out_and_none_left_is_refused(
    vosk: VoskRecogniser,
) -> None:
    assert vosk.unknown_words("네 sầuriêng") == ("sầuriêng",)
    vosk.open(Listening(8000, "ko", ("네", "sầuriêng"))).close()
    with pytest.raises(BadPhrases, match="knows none of the 1 phrases"):
        vosk.open(Listening(8000, "ko", ("sầuriêng",)))


@pytest.mark.model
def test_another_language_is_refused(vosk: VoskRecogniser) -> None:
    with pytest.raises(RecogniserUnavailable, match="hears ko, not vi"):
        vosk.open(Listening(8000, "vi", ANSWERS))


@pytest.mark.model
def test_a_model_with_one_bit_changed_is_refused(model_folder: Path, tmp_path: Path) -> None:
    place = tmp_path / VOSK_KOREAN.name
    shutil.copytree(model_folder, place)
    weights = place / "am" / "final.mdl"
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 1
    weights.write_bytes(content)
    recogniser = VoskRecogniser(place, VOSK_KOREAN.name, "ko", expected=VOSK_KOREAN)

    with pytest.raises(ModelDamaged, match=r"am/final\.mdl: expected SHA-256 de1a0b3beaad…"):
        recogniser.load()


@pytest.mark.model
def test_a_truncated_model_without_a_known_hash_is_unavailable(
    model_folder: Path, tmp_path: Path
) -> None:
    place = tmp_path / "other"
    shutil.copytree(model_folder, place)
    weights = place / "am" / "final.mdl"
    weights.write_bytes(weights.read_bytes()[:1000])

    with pytest.raises(RecogniserUnavailable, match="cannot be loaded"):
        VoskRecogniser(place, "other").load()
