"""Which parts are used together: settings in, working services out.

Light on purpose: every process and command starts here. `hotline.calls` adds what calls need.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from hotline.settings import Settings
from provinces.loader import find_province, load_province
from provinces.published.live import Published
from provinces.schema import Province
from storage import crypto
from storage.database import BUSY_TIMEOUT_MS, open_engine

LANGUAGE = "vi"
DATA_KEY = "data.key"
LOOK_WAIT_S = 2.0


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


def pack_on_disk(settings: Settings) -> Province:
    """The configured province as the files of its pack say.

    Raises:
        ProvinceError: there is none, or its files contradict themselves.
    """
    return load_province(find_province(settings.province))


def the_province(settings: Settings) -> Province:
    """The configured province as it was last published, for a command that ends soon.

    Where no database is within reach, it is the files' province.

    Raises:
        ProvinceError: as `pack_on_disk`.
    """
    return look_at_published(settings).now


def look_at_published(settings: Settings) -> Published:
    """What was published, looked at once; what the files say where no database is within reach.

    Raises:
        ProvinceError: as `pack_on_disk`.
    """
    base = pack_on_disk(settings)
    url = make_url(settings.database)
    engine = open_engine(settings.database, LOOK_WAIT_S)
    found = Published(engine, base)
    # Looking must not make an empty file.
    if url.get_backend_name() != "sqlite" or Path(url.database or "").is_file():
        found.look_and_tell()
    engine.dispose()
    return found


def follow_province(settings: Settings, engine: Engine) -> Published:
    """The configured province for a program that runs for long; `start` makes it follow.

    Raises:
        ProvinceError: as `pack_on_disk`.
    """
    return Published(engine, pack_on_disk(settings))
