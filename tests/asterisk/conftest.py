"""A real Asterisk for the tests that carry the marker `asterisk`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.settings import read_settings
from hotline.telephony.errors import AsteriskMissing
from hotline.telephony.fetch import provide_asterisk
from hotline.telephony.installation import Installation
from tests.asterisk.carrier import Carrier
from tests.asterisk.running import RunningAsterisk, running_asterisk, until
from tests.having import cannot_have


@pytest.fixture(scope="session")
def installation() -> Installation:
    """The Asterisk that the tests run; fetched once into the user's cache folder."""
    settings = read_settings()
    if settings.asterisk == "none":
        pytest.skip("HOTLINE_ASTERISK=none")
    try:
        return provide_asterisk(settings.asterisk, settings.cache)
    except AsteriskMissing as error:
        cannot_have("Asterisk", error)


@pytest.fixture(scope="session")
def shared_asterisk(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningAsterisk]:
    with running_asterisk(installation, tmp_path_factory.mktemp("asterisk")) as asterisk:
        yield asterisk


@pytest.fixture
def asterisk(shared_asterisk: RunningAsterisk) -> Iterator[RunningAsterisk]:
    """The session's Asterisk, without calls and without notes of ended ones before and after."""
    yield shared_asterisk
    shared_asterisk.hang_up()
    until(lambda: not shared_asterisk.channels())
    for name in shared_asterisk.ended:
        (shared_asterisk.telephony.ended_calls / name).unlink()


@pytest.fixture(scope="module")
def carrier() -> Iterator[Carrier]:
    """A stand-in for the carrier at the other end of the trunk."""
    with Carrier() as carrier:
        yield carrier


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder of a test's own."""
    return tmp_path / "data"
