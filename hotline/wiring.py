"""Which parts are used together: settings in, working services out.

Light on purpose: every process and command starts here. `hotline.calls` adds what calls need.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from hotline.settings import Settings
from ivr.prompts import Prompts
from provinces.loader import find_province, load_province
from provinces.schema import Province
from storage import crypto
from storage.database import open_engine

LANGUAGE = "vi"
DATA_KEY = "data.key"


def open_database(settings: Settings) -> Engine:
    """The engine of the configured database, with the key for what lies sealed in it."""
    settings.data.mkdir(parents=True, exist_ok=True)
    crypto.use_key(crypto.read_or_make_key(settings.secrets / DATA_KEY))
    return open_engine(settings.database)


@contextmanager
def database(settings: Settings) -> Iterator[Engine]:
    """The configured database for the length of a command."""
    engine = open_database(settings)
    try:
        yield engine
    finally:
        engine.dispose()


def the_province(settings: Settings) -> Province:
    return load_province(find_province(settings.province))


def the_prompts(settings: Settings, province: Province) -> Prompts:
    return Prompts(province.wording[LANGUAGE], LANGUAGE, sounds_folder(settings))


def sounds_folder(settings: Settings) -> Path:
    return settings.sounds / LANGUAGE
