"""The recognisers of this installation, with the chosen models behind them."""

from dataclasses import dataclass

import structlog

from hotline.settings import Settings
from hotline.speech_model import AUTO, chosen_model
from hotline.vocabulary import bias_in_use
from speech.bias import NO_BIAS, Bias
from speech.errors import BadVocabulary, ModelError, RecogniserUnavailable
from speech.model import Model
from speech.pool_engines import EngineChoice, load_engine
from speech.recogniser import Recogniser, Transcript
from speech.sound import Sound
from speech.streamed import StreamedRecogniser
from speech.streaming import StreamingRecogniser
from speech.whisper import PADDING_S, WhisperRecogniser

log = structlog.get_logger()


class NoRecogniser:
    """Stands where no model lies: recordings wait, and are transcribed when one is there."""

    engine = "none"
    model = "none"

    def transcribe(self, sound: Sound, language: str) -> Transcript:
        raise RecogniserUnavailable("no speech model is installed: run `hotline models fetch`")


@dataclass(frozen=True)
class Treatment:
    """What is done for a recording before it is read. The default is what callers get."""

    even_level: bool = True
    padding_s: float = PADDING_S
    bias: Bias = NO_BIAS


def chosen_recogniser(settings: Settings) -> Recogniser:
    """The recogniser of whole recordings, told what was measured to help.

    Raises:
        UnknownModel: the setting names none of the catalogue.
    """
    try:
        model = chosen_model(settings)
    except ModelError as error:
        if settings.speech_model != AUTO:
            raise
        # A file of an earlier release is no reason for a worker not to send what is to be sent.
        log.error("no model to transcribe with", problem=str(error))
        return NoRecogniser()
    if model is None:
        return NoRecogniser()
    try:
        bias = bias_in_use(settings)
    except BadVocabulary as error:  # no reason for a worker not to start
        log.warning("vocabulary left out", problem=str(error))
        bias = NO_BIAS
    return recogniser_of(model, settings, Treatment(bias=bias))


def recogniser_of(
    model: Model, settings: Settings, treatment: Treatment = Treatment()
) -> Recogniser:
    """A recogniser of whole recordings with that model. Only Whisper takes the treatment."""
    if model.engine != "whisper":
        return StreamedRecogniser(streaming_of(model, settings))
    return WhisperRecogniser(
        settings.models / model.name,
        model.name,
        threads=settings.speech_threads,
        even_level=treatment.even_level,
        padding_s=treatment.padding_s,
        bias=treatment.bias,
    )


def streaming_of(model: Model, settings: Settings) -> StreamingRecogniser:
    """A recogniser of answers, while the caller talks, with that model in this process.

    Raises:
        RecogniserUnavailable: library or model cannot be loaded, or no engine here reads it.
    """
    folder = settings.models / model.name
    return load_engine(EngineChoice(model.engine, model.name, str(folder), settings.speech_threads))
