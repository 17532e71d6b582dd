"""The recogniser of the worker, with the chosen model behind it."""

from hotline.settings import Settings
from hotline.speech_model import chosen_model
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


def chosen_recogniser(settings: Settings) -> Recogniser:
    model = chosen_model(settings)
    if model is None:
        return NoRecogniser()
    folder = settings.models / model.name
    return WhisperRecogniser(folder, model.name, threads=settings.speech_threads)
