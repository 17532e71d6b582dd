"""The running hotline that the tests here share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.telephony.installation import Installation
from tests.asterisk.conftest import installation  # noqa: F401
from tests.whole.system import System, running_system


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the hotlines of one test run share their prompts, whichever worker starts them."""
    return tmp_path_factory.getbasetemp().parent / "spoken"


@pytest.fixture(scope="package")
def system(
    installation: Installation,  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
    spoken: Path,
) -> Iterator[System]:
    with running_system(tmp_path_factory.mktemp("hotline"), spoken) as running:
        yield running
