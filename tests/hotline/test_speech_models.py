"""Which model and which vocabulary the worker gets."""

from pathlib import Path

import pytest

from hotline.recogniser import NoRecogniser, chosen_recogniser, streaming_of
from hotline.settings import Settings
from hotline.setup import explain_model
from hotline.speech_model import Use, chosen_model, installed_model, select, selected, unselect
from hotline.vocabulary import bias_in_use, keep, kept, place_names
from hotline.wiring import the_province
from speech.bias import NO_BIAS, Bias
from speech.catalogue import VOSK_VN, WHISPER_BASE
from speech.errors import BadVocabulary, ModelDamaged, RecogniserUnavailable, UnknownModel
from speech.installed import write_list
from speech.model import ModelFile
from speech.vocabulary import Effect, vocabulary


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "var", cache=tmp_path / "cache", speech_model="auto")


def place_whisper(settings: Settings) -> None:
    place = settings.models / WHISPER_BASE.name
    place.mkdir(parents=True)
    for file in WHISPER_BASE.files:
        with (place / file.name).open("wb") as stream:
            stream.truncate(file.size_bytes)


def place_vosk(settings: Settings) -> None:
    place = settings.models / VOSK_VN.name
    place.mkdir(parents=True)
    (place / "final.mdl").write_bytes(b"model")
    write_list(place, "a" * 64, (ModelFile("final.mdl", 5, "b" * 64),))


def test_without_a_model_recordings_wait(settings: Settings) -> None:
    assert chosen_model(settings) is None
    assert isinstance(chosen_recogniser(settings), NoRecogniser)


def test_an_unmeasured_model_is_used_only_when_selected(settings: Settings) -> None:
    place_vosk(settings)
    assert chosen_model(settings) is None
    place_whisper(settings)

    select(settings, VOSK_VN, (Use.ANSWERS,))

    assert chosen_model(settings, Use.ANSWERS) == VOSK_VN
    assert installed_model(settings, Use.RECORDINGS) == WHISPER_BASE


def test_a_second_selection_leaves_the_other_use_alone(settings: Settings) -> None:
    place_whisper(settings)
    place_vosk(settings)
    select(settings, VOSK_VN, tuple(Use))

    select(settings, WHISPER_BASE, (Use.RECORDINGS,))
    assert selected(settings) == {
        Use.RECORDINGS: WHISPER_BASE.name,
        Use.ANSWERS: VOSK_VN.name,
    }
    unselect(settings, (Use.ANSWERS,))
    assert selected(settings) == {Use.RECORDINGS: WHISPER_BASE.name}


def test_a_selected_model_that_was_deleted_is_not_replaced_silently(settings: Settings) -> None:
    place_whisper(settings)
    place_vosk(settings)
    select(settings, VOSK_VN, tuple(Use))
    (settings.models / VOSK_VN.name / "final.mdl").unlink()

    assert chosen_model(settings) == VOSK_VN
    assert installed_model(settings) is None


def test_a_model_that_is_not_here_cannot_be_selected(settings: Settings) -> None:
    with pytest.raises(ModelDamaged, match="hotline models fetch whisper-base"):
        select(settings, WHISPER_BASE, tuple(Use))


def test_the_setting_decides_over_the_selection(settings: Settings) -> None:
    place_vosk(settings)
    select(settings, VOSK_VN, tuple(Use))

    assert chosen_model(settings.model_copy(update={"speech_model": "whisper-base"})) == (
        WHISPER_BASE
    )
    with pytest.raises(UnknownModel):
        chosen_model(settings.model_copy(update={"speech_model": "whisper-huge"}))


def test_why_a_model_listens_is_told(settings: Settings) -> None:
    place_whisper(settings)
    assert "the best that set-up could reach; 4" in explain_model(settings)

    place_vosk(settings)
    select(settings, VOSK_VN, tuple(Use))

    assert "as selected; never measured by us" in explain_model(settings)


def test_an_engine_that_nobody_has_is_named(settings: Settings) -> None:
    from speech.catalogue import ZIPFORMER_VI

    with pytest.raises(RecogniserUnavailable, match="found 'sherpa'"):
        streaming_of(ZIPFORMER_VI, settings)


def test_places_are_named_as_callers_say_them_todays_communes_first(settings: Settings) -> None:
    province = the_province(settings)

    names = list(place_names(province))

    today = [u.name for u in province.units.values() if u.key.edition == province.current_edition]
    assert set(today) <= set(names)
    assert names[0] in today


def test_a_vocabulary_works_once_it_was_measured_to_help(settings: Settings) -> None:
    made = vocabulary(("Vĩnh Trạch",), ())
    assert (kept(settings), bias_in_use(settings)) == (None, NO_BIAS)

    keep(settings, made)
    assert bias_in_use(settings) == NO_BIAS
    keep(settings, made.measured(Effect(50, 0.5, 0.4, 0.5, 0.5), in_use=True))

    assert bias_in_use(settings) == Bias(prompt="Vĩnh Trạch.")
    assert (settings.data / "vocabulary.json").stat().st_mode & 0o077 == 0


def test_a_broken_vocabulary_does_not_keep_the_worker_from_starting(settings: Settings) -> None:
    place_whisper(settings)
    settings.data.mkdir(exist_ok=True)
    (settings.data / "vocabulary.json").write_text("{")

    with pytest.raises(BadVocabulary, match="hotline models vocabulary"):
        bias_in_use(settings)
    assert chosen_recogniser(settings).model == "whisper-base"


@pytest.mark.parametrize("content", ["{", '{"recordings": "vosk-model-of-yesterday"}'])
def test_a_selection_of_an_earlier_release_lets_the_worker_start_and_recordings_wait(
    settings: Settings, content: str
) -> None:
    place_whisper(settings)
    (settings.models / "selected.json").write_text(content)

    assert isinstance(chosen_recogniser(settings), NoRecogniser)
    with pytest.raises(UnknownModel):
        chosen_recogniser(settings.model_copy(update={"speech_model": "whisper-huge"}))
