import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring.alert_kinds import Level
from monitoring.early.cluster import CLUSTERS, Cluster, Sighting, clusters

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
FEW = settings(max_examples=25, deadline=None)
METRE = 1 / 111_195  # degrees of latitude


def seen(
    minute: float,
    unit_key: str | None = "2025:31972",
    kind: str = "GT01",
    north_m: float | None = None,
    reporter: str | None = None,
) -> Sighting:
    latitude, longitude = (None, None) if north_m is None else (9.0 + north_m * METRE, 105.4)
    name = f"{minute:06.1f}{unit_key}{kind}{north_m}{reporter}"
    at = NOW + timedelta(minutes=minute)
    return Sighting(name, kind, at, unit_key, latitude, longitude, reporter)


def only(found: object) -> Cluster:
    assert isinstance(found, tuple)
    (one,) = found
    assert isinstance(one, Cluster)
    return one


def test_three_of_a_kind_in_one_commune_within_two_hours_are_a_cluster() -> None:
    three = [seen(0), seen(60), seen(120)]

    told = only(clusters(three))

    assert told == Cluster(
        Level.WATCH,
        "GT01",
        "2025:31972",
        None,
        3,
        None,
        None,
        tuple(each.id for each in three),
        three[0].at,
        three[2].at,
    )


@pytest.mark.parametrize(
    "apart",
    [
        [seen(0), seen(60), seen(120.1)],
        [seen(0), seen(60), seen(61, unit_key="2025:31993")],
        [seen(0), seen(60), seen(61, kind="GT02")],
        [seen(0), seen(60), seen(61, unit_key=None)],
        [seen(0, reporter="a"), seen(60, reporter="b"), seen(61, reporter="a")],
        [seen(0, "2025:31972", north_m=0), seen(1, "2025:31993", north_m=499)],
    ],
)
def test_too_late_elsewhere_of_another_kind_or_told_by_the_same_person_is_none(
    apart: list[Sighting],
) -> None:
    assert clusters(apart) == ()


def test_close_together_across_a_border_is_a_cluster_of_no_commune() -> None:
    three = [
        seen(0, "2025:31972", north_m=-490),
        seen(5, "2025:31993", north_m=0),
        seen(9, "2025:31993", north_m=490),
    ]

    told = only(clusters(three))

    assert (told.unit_key, told.radius_m, told.count) == (None, CLUSTERS.radius_m, 3)
    assert clusters([three[0], three[1], seen(9, "2025:31993", north_m=510)]) == ()


def test_without_a_commune_a_pin_is_enough() -> None:
    assert only(clusters([seen(at, None, north_m=at) for at in (0, 1, 2)])).radius_m == 500


def test_a_cluster_of_a_commune_says_whether_all_of_it_lies_close_together() -> None:
    close = [seen(at, north_m=at) for at in (0, 1, 2)]

    assert only(clusters(close)).radius_m == CLUSTERS.radius_m
    assert only(clusters([*close, seen(3)])).radius_m is None


def test_a_cluster_grows_while_it_goes_on_and_counts_its_busiest_two_hours() -> None:
    every_half_hour = [seen(minute) for minute in range(0, 600, 30)]

    told = only(clusters(every_half_hour))

    assert len(told.members) == 20
    assert (told.count, told.level) == (5, Level.WATCH)


def test_six_people_alarm() -> None:
    assert only(clusters([seen(minute) for minute in range(6)])).level is Level.ALERT


def test_where_more_are_usual_more_alarm() -> None:
    usual = {("GT01", "2025:31972"): 5.0}  # six are a cluster there

    levels = [
        only(clusters([seen(minute) for minute in range(people)], usual)).level
        for people in (11, 12)
    ]

    assert levels == [Level.WATCH, Level.ALERT]


def test_hours_apart_they_are_two_clusters() -> None:
    found = clusters([seen(minute) for minute in (0, 1, 2, 400, 401, 402)])

    assert [len(each.members) for each in found] == [3, 3]


@pytest.mark.parametrize(("usual_a_day", "needed"), [(0.0, 3), (1.0, 3), (2.0, 4), (6.0, 6)])
def test_where_more_are_usual_more_are_needed(usual_a_day: float, needed: int) -> None:
    usual = {("GT01", "2025:31972"): usual_a_day}
    minutes = range(needed)

    assert clusters([seen(minute) for minute in minutes][1:], usual) == ()
    told = only(clusters([seen(minute) for minute in minutes], usual))
    assert told.expected == pytest.approx(usual_a_day / 6)  # two of the twelve waking hours
    assert told.p is not None
    assert told.p <= CLUSTERS.rarely


def test_close_together_is_a_cluster_even_where_many_a_day_are_usual() -> None:
    usual = {("GT01", "2025:31972"): 10.0}

    told = only(clusters([seen(at, north_m=at) for at in (0, 1, 2)], usual))

    assert (told.unit_key, told.expected, told.count) == ("2025:31972", None, 3)


SIGHTINGS = st.lists(
    st.builds(
        seen,
        st.integers(0, 400).map(float),
        st.sampled_from(["2025:31972", "2025:31993", None]),
        st.sampled_from(["GT01", "GT02"]),
        st.sampled_from([None, 0.0, 300.0, 600.0, 5000.0]),
        st.sampled_from([None, "a", "b"]),
    ),
    max_size=12,
    unique_by=lambda each: each.id,
)


@given(SIGHTINGS, st.randoms(use_true_random=False))
@FEW
def test_the_order_in_which_they_are_told_changes_nothing(
    told: list[Sighting], chance: random.Random
) -> None:
    shuffled = list(told)
    chance.shuffle(shuffled)

    assert clusters(shuffled) == clusters(told)


@given(SIGHTINGS)
@FEW
def test_every_cluster_is_of_one_kind_and_has_enough_people(told: list[Sighting]) -> None:
    kinds = {each.id: each.kind for each in told}

    for each in clusters(told):
        assert {kinds[member] for member in each.members} == {each.kind}
        assert each.count >= CLUSTERS.least
        assert len(each.members) >= each.count
        assert each.first_at <= each.last_at


@given(SIGHTINGS, st.floats(-1000, 1000))
@FEW
def test_the_hour_of_the_day_changes_nothing(told: list[Sighting], minutes: float) -> None:
    later = timedelta(minutes=round(minutes))
    moved = [
        Sighting(s.id, s.kind, s.at + later, s.unit_key, s.latitude, s.longitude, s.reporter)
        for s in told
    ]

    assert [each.members for each in clusters(moved)] == [each.members for each in clusters(told)]
