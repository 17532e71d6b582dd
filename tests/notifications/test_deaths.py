"""Every SMS goes once, though sender and provider are killed in mid-work.

`python -m benchmarks.sms` does the same with 300 messages and 30 deaths.
"""

from pathlib import Path

import pytest

from tests.notifications.deaths import KINDS, Kind, survive

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.mark.parametrize("kind", KINDS)
def test_each_message_goes_once_and_in_order(tmp_path: Path, kind: Kind) -> None:
    outcome = survive(tmp_path, kind, count=60, kills=4, parts_s=20, seed=1, limit_s=200)

    assert outcome.is_right, outcome
