from math import exp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring.early.poisson import tail

FEW = settings(max_examples=25, deadline=None)
MEANS = st.floats(0.001, 500)
COUNTS = st.integers(0, 600)


@pytest.mark.parametrize(
    ("count", "mean", "chance"),
    [
        (0, 0.5, 1.0),
        (1, 2.0, 1 - exp(-2)),
        (3, 0.5, 1 - exp(-0.5) * (1 + 0.5 + 0.125)),
        (2, 4.0, 1 - exp(-4) * (1 + 4)),
        (1, 0.0, 0.0),
    ],
)
def test_the_chance_of_as_many_or_more_is_one_less_the_chance_of_fewer(
    count: int, mean: float, chance: float
) -> None:
    assert tail(count, mean) == pytest.approx(chance, rel=1e-9)


def test_far_out_no_digits_are_lost() -> None:
    # e^-1 / 20! × (1 + 1/21 + 1/(21·22) + …)
    assert tail(20, 1.0) == pytest.approx(1.5876e-19, rel=1e-3)


@given(COUNTS, MEANS)
@FEW
def test_more_are_rarer_and_a_higher_mean_makes_them_commoner(count: int, mean: float) -> None:
    chance = tail(count, mean)

    assert 0 <= tail(count + 1, mean) <= chance <= 1
    assert tail(count, mean * 1.1) >= chance * (1 - 1e-9)
