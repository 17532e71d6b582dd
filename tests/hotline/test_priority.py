"""A conversation server goes ahead of other work where the system lets it."""

import os
import subprocess
import sys

import pytest

from hotline.priority import FIRST

_ASK = "import os; from hotline.priority import come_first; print(come_first(), os.nice(0))"


def _asked(*before: str) -> str:
    """What a process says of itself that was begun by `before`."""
    return subprocess.run(
        [*before, sys.executable, "-c", _ASK], capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may go ahead of others")
def test_root_goes_first() -> None:
    assert _asked() == f"True {FIRST}"


def test_who_may_not_goes_on_all_the_same() -> None:
    # Root without the right, for another user might not be allowed to read this folder.
    drop = ["setpriv", "--bounding-set=-sys_nice", "--inh-caps=-sys_nice"]

    told = _asked(*drop) if os.geteuid() == 0 else _asked()

    assert told.startswith("False")
