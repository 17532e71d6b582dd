"""Which speech model is used: the best one that set-up could reach, or the configured one."""

from hotline.settings import Settings
from hotline.wiring import LANGUAGE
from speech.catalogue import Model, best_available, find_model, is_placed


def chosen_model(settings: Settings) -> Model | None:
    """The configured model, or with `auto` the best one that is installed.

    Raises:
        UnknownModel: the setting names none of the catalogue.
    """
    if settings.speech_model == "auto":
        return best_available(settings.models, LANGUAGE)
    return find_model(settings.speech_model)


def installed_model(settings: Settings) -> Model | None:
    """The chosen model if its files are here.

    Raises:
        UnknownModel: the setting names none of the catalogue.
    """
    model = chosen_model(settings)
    return model if model is not None and is_placed(model, settings.models) else None
