"""The rate is kept: not exceeded, and not wasted by delays of our own."""

import random

import pytest

from notifications.pace import CATCH_UP_S, Pace


@pytest.mark.parametrize("parts_s", [1.0, 7.0, 100.0])
def test_a_busy_hour_keeps_to_the_rate_within_two_per_cent(parts_s: float) -> None:
    now_s, sent, chance = 0.0, 0, random.Random(1)
    pace = Pace(parts_s, lambda: now_s)

    while now_s < 600:
        now_s += max(0.0, pace.wait_s) + chance.random() * 0.9 * CATCH_UP_S / 10
        if pace.wait_s <= 0:
            parts = chance.choice([1, 1, 2, 3])
            pace.spend(parts)
            sent += parts

    assert sent / now_s == pytest.approx(parts_s, rel=0.02)


def test_a_quiet_hour_saves_nothing_up() -> None:
    now_s = 0.0
    pace = Pace(10.0, lambda: now_s)
    now_s = 3600.0

    sent = 0
    while pace.wait_s <= 0:
        pace.spend(1)
        sent += 1

    assert sent <= 1 + 10 * CATCH_UP_S
