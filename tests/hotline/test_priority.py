"""A conversation server goes ahead of other work where the system lets it."""

import os
import subprocess
import sys

import pytest

from hotline.priority import FIRST

_ASK = "import os; from hotline.priority import come_first; print(come_first(), os.nice(0))"


def _asked(**wanted: int) -> str:
    return subprocess.run(
        [sys.executable, "-c", _ASK], capture_output=True, text=True, check=True, **wanted
    ).stdout.strip()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may go ahead of others")
def test_root_goes_first() -> None:
    assert _asked() == f"True {FIRST}"


def test_who_may_not_goes_on_all_the_same() -> None:
    if os.geteuid() == 0:
        # An ordinary user's rights, without another user who may not read this folder.
        ask = f"import resource; resource.setrlimit(resource.RLIMIT_NICE, (0, 0)); {_ASK}"
        drop = ["setpriv", "--bounding-set=-sys_nice", "--inh-caps=-sys_nice", sys.executable]
        told = subprocess.run(
            [*drop, "-c", ask], capture_output=True, text=True, check=True
        ).stdout.strip()
    else:
        told = _asked()

    assert told.split()[0] == "False"
