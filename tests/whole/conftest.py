"""The running hotline that the tests here share."""

from collections.abc import Iterator

import pytest

from hotline.telephony.installation import Installation
from tests.asterisk.conftest import installation  # noqa: F401
from tests.whole.system import System, running_system


@pytest.fixture(scope="session")
def system(
    installation: Installation,  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[System]:
    with running_system(tmp_path_factory.mktemp("hotline")) as running:
        yield running
