from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring.alert_kinds import Level
from monitoring.early.threshold import Bounds, Crossing, Move, Standing, Worse, judge

FEW = settings(max_examples=25, deadline=None)
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
BEDS = Bounds(watch=90, alert=95, release=85, quiet=6 * HOUR)
ON_TIME = Bounds(watch=95, alert=90, release=97, worse=Worse.LOWER)
VALUES = st.lists(st.floats(0, 120), max_size=30)


def judged(bounds: Bounds, *values: float, every: timedelta = HOUR) -> list[Crossing]:
    told: list[Crossing] = []
    for number, value in enumerate(values):
        before = told[-1].standing if told else None
        told.append(judge(bounds, value, NOW + number * every, before))
    return told


def moves(told: list[Crossing]) -> list[str]:
    return [str(each.move) for each in told]


def test_a_value_that_dances_around_its_bound_raises_one_alert() -> None:
    told = judged(BEDS, 80, 90, 89, 91, 86, 90, 84)

    assert moves(told) == [
        "none", "opened", "seen_again", "seen_again", "seen_again", "seen_again", "released",
    ]  # fmt: skip
    assert [each.level for each in told[1:3]] == [Level.WATCH, Level.WATCH]
    assert told[-1].level is None
    assert (told[1].bound, told[1].release) == (90, 85)


def test_a_level_rises_at_its_bound_and_comes_down_with_the_same_slack() -> None:
    told = judged(BEDS, 90, 95, 94, 90, 89.9, 95)

    assert moves(told) == ["opened", "raised", "seen_again", "seen_again", "lowered", "raised"]
    assert told[3].level is Level.ALERT  # 90 is five below 95, as 85 is below 90: not yet further
    assert told[4].level is Level.WATCH


def test_lower_may_be_worse() -> None:
    told = judged(ON_TIME, 96, 95, 96.5, 90, 91.5, 92.5, 97, 97.1)

    assert moves(told) == [
        "none", "opened", "seen_again", "raised", "seen_again", "lowered", "seen_again", "released",
    ]  # fmt: skip


def test_within_the_quiet_time_only_what_is_graver_is_raised_anew() -> None:
    told = judged(BEDS, 90, 80, 91, 95)
    late = judged(BEDS, 90, 80, 80, 80, 80, 80, 80, 91)

    assert moves(told) == ["opened", "released", "held_back", "opened"]
    assert told[2].level is None
    assert told[3].level is Level.ALERT
    assert moves(late)[-1] == "opened"


def test_without_a_release_bound_a_level_ends_where_no_bound_is_reached() -> None:
    told = judged(Bounds(watch=None, alert=1), 0, 1, 0.9)

    assert moves(told) == ["none", "opened", "released"]


def test_where_only_alert_has_a_bound_there_is_no_watch_to_come_down_to() -> None:
    told = judged(Bounds(watch=None, alert=10, release=5), 10, 7, 4)

    assert moves(told) == ["opened", "seen_again", "released"]


@pytest.mark.parametrize(
    ("watch", "alert", "release", "worse"),
    [
        (None, None, 3, Worse.HIGHER),
        (95, 90, None, Worse.HIGHER),
        (90, 95, 92, Worse.HIGHER),
        (90, 95, None, Worse.LOWER),
        (float("nan"), None, None, Worse.HIGHER),
    ],
)
def test_bounds_that_contradict_each_other_are_refused(
    watch: float | None, alert: float | None, release: float | None, worse: Worse
) -> None:
    with pytest.raises(ValueError, match="expected"):
        Bounds(watch, alert, release, worse)


def test_what_is_no_number_is_not_judged() -> None:
    with pytest.raises(ValueError, match="finite"):
        judge(BEDS, float("nan"), NOW)


@given(VALUES)
@FEW
def test_an_alert_is_released_before_it_is_opened_again(values: list[float]) -> None:
    standing = False
    for each in judged(BEDS, *values):
        assert (each.move is Move.OPENED) <= (not standing)
        assert (each.move is Move.RELEASED) <= standing
        standing = each.level is not None


@given(VALUES)
@FEW
def test_what_stands_is_never_less_than_what_is_reached_outside_the_quiet_time(
    values: list[float],
) -> None:
    for value, each in zip(values, judged(BEDS, *values), strict=True):
        reached = BEDS.reached(value)
        if reached is not None and each.move is not Move.HELD_BACK:
            assert each.level is not None
            assert each.level.rank >= reached.rank


@given(VALUES)
@FEW
def test_lower_is_worse_is_the_same_upside_down(values: list[float]) -> None:
    mirrored = Bounds(watch=-90, alert=-95, release=-85, worse=Worse.LOWER, quiet=6 * HOUR)

    told = judged(mirrored, *(-value for value in values))

    assert moves(told) == moves(judged(BEDS, *values))


def test_nothing_judged_so_far_is_all_well() -> None:
    assert judge(BEDS, 80, NOW).standing == Standing()
