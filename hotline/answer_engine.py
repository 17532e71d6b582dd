"""Which engine listens to answers, with which model."""

from hotline.settings import Settings
from hotline.speech_model import Use, installed_model
from hotline.wiring import LANGUAGE
from speech.catalogue import MODELS, is_placed
from speech.errors import RecogniserUnavailable
from speech.model import Model
from speech.pool_engines import SCRIPTED, EngineChoice

AUTO = "auto"


def answer_engine(settings: Settings) -> EngineChoice:
    """What the workers of the speech service load.

    Raises:
        RecogniserUnavailable: its model is not here.
        ModelError: the model that is set or selected is none.
    """
    if settings.speech == SCRIPTED:
        return EngineChoice(SCRIPTED)
    model = _model(settings)
    if model is None:
        wanted = "" if settings.speech == AUTO else f" for {settings.speech}"
        raise RecogniserUnavailable(f"no speech model{wanted} is here: run `hotline models fetch`")
    folder = settings.models / model.name
    return EngineChoice(model.engine, model.name, str(folder), settings.speech_threads)


def _model(settings: Settings) -> Model | None:
    chosen = installed_model(settings, Use.ANSWERS)
    if settings.speech == AUTO or (chosen is not None and chosen.engine == settings.speech):
        return chosen
    fitting = (
        model
        for model in MODELS
        if model.engine == settings.speech
        and LANGUAGE in model.languages
        and is_placed(model, settings.models)
    )
    return next(fitting, None)
