"""Which speech model is used: the configured one, the selected one, or the best that is here."""

import json
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from hotline.private_files import write_private
from hotline.settings import Settings
from hotline.wiring import LANGUAGE
from speech.catalogue import best_available, find_model, is_placed
from speech.errors import ModelDamaged
from speech.model import Model

AUTO = "auto"


class Use(StrEnum):
    """What a model listens to."""

    RECORDINGS = "recordings"  # statements, after they were recorded
    ANSWERS = "answers"  # words of a list, while the caller talks


def chosen_model(settings: Settings, use: Use = Use.RECORDINGS) -> Model | None:
    """The configured model; with `auto` the selected one, or else the best that is installed.

    Raises:
        UnknownModel: the setting or the selection names none of the catalogue.
    """
    if settings.speech_model != AUTO:
        return find_model(settings.speech_model)
    if (name := selected(settings).get(use)) is not None:
        return find_model(name)
    return best_available(settings.models, LANGUAGE)


def installed_model(settings: Settings, use: Use = Use.RECORDINGS) -> Model | None:
    """The chosen model if its files are here.

    Raises:
        UnknownModel: the setting or the selection names none of the catalogue.
    """
    model = chosen_model(settings, use)
    return model if model is not None and is_placed(model, settings.models) else None


def why_chosen(settings: Settings, use: Use = Use.RECORDINGS) -> str:
    """What made it the chosen one, in words."""
    if settings.speech_model != AUTO:
        return "as configured"
    return "as selected" if use in selected(settings) else "the best that set-up could reach"


def selected(settings: Settings) -> Mapping[Use, str]:
    """What `hotline models use` selected; nothing where it never ran.

    Raises:
        ModelDamaged: the file is there and cannot be read.
    """
    path = _path(settings)
    if not path.exists():
        return {}
    try:
        return {Use(use): str(name) for use, name in json.loads(path.read_text()).items()}
    except (OSError, ValueError, AttributeError) as error:
        raise ModelDamaged(
            f"{path} does not say which model is selected: select one with `hotline models use`"
        ) from error


def select(settings: Settings, model: Model, uses: tuple[Use, ...]) -> None:
    """Has the model used from the next start of each process on.

    Raises:
        ModelDamaged: its files are not here, or not whole.
    """
    if not is_placed(model, settings.models):
        raise ModelDamaged(f"{model.name} is not here: run `hotline models fetch {model.name}`")
    try:
        before = dict(selected(settings))
    except ModelDamaged:
        before = {}
    content = before | dict.fromkeys(uses, model.name)
    write_private(_path(settings), json.dumps(content, indent=1))


def unselect(settings: Settings, uses: tuple[Use, ...]) -> None:
    """Goes back to the best model that is here."""
    try:
        left = {use: name for use, name in selected(settings).items() if use not in uses}
    except ModelDamaged:
        left = {}
    write_private(_path(settings), json.dumps(left, indent=1))


def _path(settings: Settings) -> Path:
    return settings.models / "selected.json"
