"""A model's name on the command line."""

import click

from hotline.settings import Settings
from speech.catalogue import find_model, is_placed
from speech.errors import ModelError
from speech.model import Model


def named_model(name: str) -> Model:
    """The catalogue's model; an unknown name is a usage error that lists the known ones."""
    try:
        return find_model(name)
    except ModelError as error:
        raise click.BadParameter(str(error)) from error


def placed_model(name: str, settings: Settings) -> Model:
    """The catalogue's model, which must be here."""
    model = named_model(name)
    if not is_placed(model, settings.models):
        raise click.ClickException(f"{name} is not here: run `hotline models fetch {name}`")
    return model
