"""Which parts are used together: settings in, working services out.

Light on purpose: every process and command starts here. `hotline.calls` adds what calls need.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from hotline.settings import Settings
from provinces.loader import find_province, load_province
from provinces.schema import Province
from storage import crypto
from storage.database import BUSY_TIMEOUT_MS, open_engine

LANGUAGE = "vi"
DATA_KEY = "data.key"


def open_database(settings: Settings, wait_s: float = BUSY_TIMEOUT_MS / 1000) -> Engine:
    """The engine of the configured database, with the key for what lies sealed in it.

    `wait_s`: how long it may be locked or out of reach before that is an error.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    crypto.use_key(crypto.read_or_make_key(settings.secrets / DATA_KEY))
    return open_engine(settings.database, wait_s)


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
