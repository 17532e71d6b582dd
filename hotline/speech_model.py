"""Which recogniser the worker uses: the best model that set-up could reach."""

from hotline.settings import Settings
from hotline.wiring import LANGUAGE
from speech.catalogue import Model, best_available, find_model
from speech.errors import RecogniserUnavailable
from speech.recogniser import Recogniser, Transcript
from speech.sound import Sound
from speech.whisper import WhisperRecogniser


class NoRecogniser:
    """Stands where no model lies: recordings wait, and are transcribed when one is there."""

    engine = "none"
    model = "none"

    def transcribe(self, sound: Sound, language: str) -> Transcript:
        raise RecogniserUnavailable("no speech model is installed: run `hotline models fetch`")


def chosen_model(settings: Settings) -> Model | None:
    """The configured model, or with `auto` the best one that is installed.

    Raises:
        UnknownModel: the setting names none of the catalogue.
    """
    if settings.speech_model == "auto":
        return best_available(settings.models, LANGUAGE)
    return find_model(settings.speech_model)


def chosen_recogniser(settings: Settings) -> Recogniser:
    model = chosen_model(settings)
    if model is None:
        return NoRecogniser()
    folder = settings.models / model.name
    return WhisperRecogniser(folder, model.name, threads=settings.speech_threads)
