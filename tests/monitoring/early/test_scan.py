from collections.abc import Mapping, Sequence
from itertools import combinations
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring.alert_kinds import Level
from monitoring.early.burst import burst
from monitoring.early.scan import SCANS, ScanRule, scan
from monitoring.early.usual import Usual

FEW = settings(max_examples=10, deadline=None)
PLACES = [f"2025:{31800 + number}" for number in range(9)]
# In a row, each next to those beside it.
ROW = {
    place: tuple(sorted(set(PLACES) - {place}, key=lambda p: (abs(int(p[5:]) - int(place[5:])), p)))
    for place in PLACES
}
QUICK = ScanRule(draws=199)
Counts = dict[str, Sequence[int]]


def every(days: int, total: int = 35, ahead: int = 0) -> list[int]:
    """One report every so many days."""
    return [int((day + ahead) % days == 0) for day in range(total)]


def quiet() -> dict[str, list[int]]:
    return {place: every(10, ahead=at) for at, place in enumerate(PLACES)}


def outbreak() -> dict[str, list[int]]:
    """One more a day in three neighbouring places, for three days."""
    counts = quiet()
    for place in PLACES[3:6]:
        for day in (-1, -2, -3):
            counts[place][day] += 1
    return counts


def test_three_places_with_one_more_a_day_are_found_though_none_is_a_burst() -> None:
    counts = outbreak()

    (found,) = scan(counts, ROW, seed=1)

    assert set(found.members) >= set(PLACES[3:6])
    assert len(found.members) <= 4
    assert found.days == 3
    assert found.level is Level.ALERT
    assert found.p == 1 / 1000
    singles = [burst(counts[place][: 35 - back]) for place in PLACES for back in range(3)]
    assert not any(each.level for each in singles if each)


def test_a_quiet_month_shows_nothing() -> None:
    assert scan(quiet(), ROW, seed=1) == ()


def test_the_score_is_the_logarithm_of_how_much_likelier_a_higher_mean_is() -> None:
    alike: Counts = {place: [1] * 28 + [0] * 6 + [1] for place in PLACES}
    alike[PLACES[0]] = [1] * 28 + [0] * 6 + [12]

    found = scan(alike, {}, seed=1)[0]

    # 28 days with one each, and as many again as all places are alike: one a day is usual.
    assert (found.members, found.days, found.count) == ((PLACES[0],), 1, 12)
    assert found.expected == pytest.approx(1.0, abs=0.01)
    assert found.score == pytest.approx(12 * log(12) + 1 - 12, abs=0.15)


def test_the_same_seed_gives_the_same_p_and_another_one_nearly_so() -> None:
    counts = outbreak()

    assert scan(counts, ROW, seed=7) == scan(counts, ROW, seed=7)
    assert {each.p for seed in range(3) for each in scan(counts, ROW, seed)} <= {0.001, 0.002}


def test_two_outbreaks_far_from_each_other_are_two() -> None:
    counts = quiet()
    for place in (*PLACES[:2], *PLACES[7:]):
        for day in (-1, -2):
            counts[place][day] += 3

    found = scan(counts, ROW, seed=1)

    assert len(found) == 2
    for one, other in combinations(found, 2):
        assert not set(one.members) & set(other.members)


def test_days_in_alarm_do_not_raise_what_is_expected() -> None:
    counts = outbreak()
    for place in PLACES[3:6]:
        counts[place][20:25] = [6] * 5
    alarms = {place: [False] * 20 + [True] * 5 + [False] * 10 for place in PLACES[3:6]}

    blind = scan(counts, ROW, seed=1)
    (found,) = scan(counts, ROW, seed=1, in_alarm=alarms)

    assert blind == ()
    assert set(found.members) >= set(PLACES[3:6])


def test_few_days_or_no_places_say_nothing() -> None:
    short: Counts = {place: [0] * 20 + [9] for place in PLACES}

    assert scan({}, {}, seed=1) == ()
    assert scan({place: each[1:] for place, each in short.items()}, ROW, seed=1) == ()
    assert scan(short, ROW, seed=1) != ()


@pytest.mark.parametrize(
    "counts", [{"a": [0] * 35, "b": [0] * 34}, {"a": [0] * 34 + [-1], "b": [0] * 35}]
)
def test_what_are_no_counts_is_told_so(counts: Mapping[str, Sequence[int]]) -> None:
    with pytest.raises(ValueError, match="expected"):
        scan(counts, {}, seed=1)


def test_draws_scatter_as_the_baseline_did() -> None:
    chance = np.random.default_rng(3)
    days = chance.poisson(chance.gamma(0.5, 4.0, (25, 200))).astype(float)  # mean 2, variance 10

    usual = Usual.of(days, np.zeros(days.shape, dtype=bool), 7)
    drawn = usual.drawn(chance, 400)

    assert usual.dispersion.mean() == pytest.approx(5, rel=0.15)
    assert drawn.mean() == pytest.approx(2, rel=0.1)
    assert drawn.var() / drawn.mean() == pytest.approx(5, rel=0.2)


def test_a_busy_place_is_taken_to_scatter_more_than_a_quiet_one() -> None:
    chance = np.random.default_rng(4)
    means = np.repeat([0.2, 5.0], 20)[:, None]
    days = chance.poisson(chance.gamma(1 / 0.4, 0.4 * means, (40, 280))).astype(float)

    usual = Usual.of(days, np.zeros(days.shape, dtype=bool), 7)

    assert usual.dispersion[20:].mean() == pytest.approx(1 + 0.4 * 5, rel=0.15)
    assert usual.dispersion[:20].mean() < usual.dispersion[20:].mean()


def test_what_days_have_in_common_is_told_from_what_places_have_alone() -> None:
    chance = np.random.default_rng(5)
    rain = chance.gamma(1 / 0.5, 0.5, 280)
    none = np.zeros((25, 280), dtype=bool)

    together = Usual.of(chance.poisson(np.tile(rain, (25, 1))).astype(float), none, 7)
    alone = Usual.of(chance.poisson(1.0, (25, 280)).astype(float), none, 7)

    assert together.common == pytest.approx(0.5, rel=0.25)
    assert alone.common < 0.01


def test_rain_everywhere_is_no_cluster_where_it_rains_now_and_then() -> None:
    rainy: Counts = {
        place: [2 if day % 5 == 4 else int((day + at) % 3 == 0) for day in range(35)]
        for at, place in enumerate(PLACES)
    }

    assert scan(rainy, ROW, seed=1) == ()


def test_a_weekday_with_more_is_expected_to_have_more() -> None:
    week = np.array([30.0, 10, 10, 10, 10, 10, 10])
    days = np.tile(week, (3, 4))

    usual = Usual.of(days, np.zeros(days.shape, dtype=bool), 7)

    assert usual.expected[0, 0] > 1.8 * usual.expected[0, 1]
    assert usual.expected.sum() == pytest.approx(3 * week.sum(), rel=0.02)


COUNTED = st.lists(
    st.lists(st.integers(0, 3), min_size=28, max_size=28), min_size=9, max_size=9
).map(lambda rows: dict(zip(PLACES, rows, strict=True)))


@given(COUNTED, st.integers(0, 2**32))
@FEW
def test_what_it_finds_is_always_more_than_expected(
    counts: dict[str, list[int]], seed: int
) -> None:
    for each in scan(counts, ROW, seed, rule=QUICK):
        assert each.count > each.expected > 0
        assert each.count == sum(sum(counts[place][-each.days :]) for place in each.members)
        assert 1 <= each.days <= SCANS.longest_days
        assert each.members[1:] == ROW[each.members[0]][: len(each.members) - 1]
        assert 1 / 200 <= each.p <= SCANS.watch_p


@given(COUNTED, st.permutations(PLACES))
@FEW
def test_the_order_of_places_changes_nothing(
    counts: dict[str, list[int]], order: list[str]
) -> None:
    shuffled = {place: counts[place] for place in order}

    assert scan(shuffled, ROW, 5, rule=QUICK) == scan(counts, ROW, 5, rule=QUICK)
