import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring.alert_kinds import Level
from monitoring.early.burst import BURSTS, Burst, burst, scaled_p
from monitoring.early.poisson import tail

FEW = settings(max_examples=15, deadline=None)
HALF_A_DAY = [0, 1] * 14  # four weeks; mean 0.5, variance 28 × 0.25 / 27
GUARD = [0, 0]
HISTORIES = st.lists(st.integers(0, 4), min_size=30, max_size=40)


def found(counts: list[int], in_alarm: list[bool] | None = None) -> Burst:
    told = burst(counts, in_alarm or ())
    assert told is not None
    return told


def test_four_where_every_second_day_has_one_are_to_be_watched_and_five_alarm() -> None:
    four, five = found([*HALF_A_DAY, *GUARD, 4]), found([*HALF_A_DAY, *GUARD, 5])

    assert four.expected == pytest.approx(14.5 / 28.5)
    assert four.dispersion == 1.0  # 0.26 / 0.5 is less than chance alone
    assert four.p == pytest.approx(tail(4, 14.5 / 28.5))
    assert (four.level, five.level) == (Level.WATCH, Level.ALERT)
    assert (four.count, four.baseline_days, four.weekday) == (4, 28, False)


def test_a_scattered_baseline_makes_the_same_count_usual() -> None:
    seven_twice = [7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] * 2  # the same 14 reports in two days

    told = found([*seven_twice, *GUARD, 4])

    variance = (2 * 6.5**2 + 26 * 0.5**2) / 27
    assert told.dispersion == pytest.approx(variance / 0.5)
    assert told.p == scaled_p(4, 14.5 / 28.5, variance / 0.5)
    assert told.level is None


def test_two_are_never_a_burst_and_three_in_a_silent_month_are() -> None:
    assert found([0] * 30 + [2]).level is None
    assert found([0] * 30 + [3]).level is Level.ALERT


def test_the_two_days_before_do_not_raise_what_is_expected() -> None:
    slow = found([*HALF_A_DAY, 5, 6, 7])

    assert slow.expected == pytest.approx(14.5 / 28.5)
    assert slow.level is Level.ALERT


def test_days_in_alarm_are_left_out_of_the_baseline() -> None:
    outbreak = [*HALF_A_DAY[:-4], 9, 9, 9, 9, *GUARD, 5]
    in_alarm = [count == 9 for count in outbreak]

    assert found(outbreak).level is None
    told = found(outbreak, in_alarm)

    assert told.baseline_days == 24
    assert told.expected == pytest.approx(12.5 / 24.5)
    assert told.level is Level.ALERT


@pytest.mark.parametrize(("days", "level"), [(17, Level.ALERT), (18, None)])
def test_after_two_weeks_in_alarm_the_new_level_is_the_usual_one(
    days: int, level: Level | None
) -> None:
    counts = [0] * (31 - days) + [5] * days  # three of them are guard days and the judged one

    assert found(counts, [count == 5 for count in counts]).level is level


def test_fewer_than_two_weeks_say_nothing() -> None:
    assert burst([]) is None
    assert burst([0] * 15 + [9]) is None
    assert burst([0] * 16 + [9]) is not None


def test_a_busy_series_is_held_against_the_same_weekday() -> None:
    week = [2, 10, 10, 10, 10, 10, 2]  # the judged day is the first one again
    told = found([*week * 8, 10])

    assert told.weekday
    assert told.baseline_days == BURSTS.weeks
    assert told.expected == pytest.approx(16.5 / 8.5)
    assert told.dispersion == pytest.approx(1 + 1 / 8)  # each weekday is the same each week
    assert told.level is Level.ALERT
    assert found([*week * 8, 2, 10]).level is None


def test_a_busy_series_of_few_weeks_is_held_against_all_days() -> None:
    told = found([*[2, 10, 10, 10, 10, 10, 2] * 3, 10])

    assert not told.weekday
    assert told.level is None


def test_where_many_are_usual_a_count_must_be_rarer() -> None:
    two_a_day = [2] * 28

    seven = found([*two_a_day, *GUARD, 7])

    assert BURSTS.often_watch_p < seven.p < BURSTS.watch_p
    assert seven.level is None
    assert found([*two_a_day, *GUARD, 8]).level is Level.WATCH


@pytest.mark.parametrize(("counts", "in_alarm"), [([0, -1, 3], ()), ([0] * 31, [False] * 30)])
def test_what_is_no_series_is_told_so(counts: list[int], in_alarm: list[bool]) -> None:
    with pytest.raises(ValueError, match="expected"):
        burst(counts, in_alarm)


@given(HISTORIES, st.integers(0, 20))
@FEW
def test_one_more_is_never_less_of_a_burst(history: list[int], count: int) -> None:
    fewer, more = found([*history, count]), found([*history, count + 1])

    assert more.p <= fewer.p
    assert (more.level.rank if more.level else 0) >= (fewer.level.rank if fewer.level else 0)
    assert more.expected == fewer.expected


@given(HISTORIES, st.data())
@FEW
def test_what_it_says_is_always_possible(history: list[int], data: st.DataObject) -> None:
    alarms = data.draw(st.lists(st.booleans(), min_size=len(history), max_size=len(history)))

    told = found(history, alarms)

    assert told.expected > 0
    assert told.dispersion >= 1
    assert 0 <= told.p <= 1
    assert 14 <= told.baseline_days <= 28
    assert told.level is None or told.count >= BURSTS.least


@given(HISTORIES)
@FEW
def test_older_days_than_are_looked_at_change_nothing(history: list[int]) -> None:
    recent = [0] * BURSTS.history_days

    assert burst([*history, *recent, 3]) == burst([*recent, 3])
