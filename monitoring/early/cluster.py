"""Three of a kind in one commune, or close together, within two hours.

This needs no weeks of counts: it sees within a minute what a day's figures show in the evening.
Where several a day are usual, three within two hours are nothing: there it takes as many as chance
hardly ever brings together.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from monitoring.alert_kinds import Level
from monitoring.early.burst import scaled_p
from monitoring.early.neighbours import EARTH_M


@dataclass(frozen=True)
class ClusterRule:
    """When reports that came together are a cluster.

    Attributes:
        least: people.
        alert_times: alert from so many times the people on that a cluster needs there.
        rarely: the chance, for such a span of a usual day, above which as many are no cluster.
        waking_h: hours over which most of a day's reports come.
        scatter: by how much more than chance a span with one usual report varies; one with two by
            twice that: days differ.
    """

    least: int = 3
    alert_times: int = 2
    within: timedelta = timedelta(hours=2)
    radius_m: float = 500.0
    rarely: float = 0.001
    waking_h: float = 12.0
    scatter: float = 0.4


CLUSTERS = ClusterRule()
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Sighting:
    """A report, as far as this looks at it.

    `reporter` is anything that is the same for the same person (never a number): one who tells the
    same thing three times is no cluster. None: nobody knows, and it counts by itself.
    """

    id: str
    kind: str
    at: datetime
    unit_key: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    reporter: Hashable = None


@dataclass(frozen=True)
class Cluster:
    """Reports of one kind that came together.

    Attributes:
        level: watch, or alert where twice as many came as a cluster needs.
        kind: what all of them are about.
        unit_key: the commune; None: they lie close together in more than one, or in none.
        radius_m: they lie so close around one of them; None: the commune is all they share.
        count: how many people told of it, `members` by how many reports, the first one first.
        expected: how many the same span has on a usual day; None: it was not said.
        p: the chance of `count` or more then; None: `expected` was not said.
        first_at, last_at: when the first and the last one came.
    """

    level: Level
    kind: str
    unit_key: str | None
    radius_m: float | None
    count: int
    expected: float | None
    p: float | None
    members: Sequence[str]
    first_at: datetime
    last_at: datetime


def clusters(
    sightings: Iterable[Sighting],
    usual_a_day: Mapping[tuple[str, str], float] | None = None,
    rule: ClusterRule = CLUSTERS,
) -> Sequence[Cluster]:
    """What came together among `sightings`, in any order; the earliest first.

    Hand over those of the last hours: twice `rule.within` shows a cluster of now whole. Groups that
    have a report in common are one cluster, which so grows while it goes on. `usual_a_day` has, by
    kind and commune, how many a day are usual there; where it says nothing `rule.least` are enough.
    So they are within `rule.radius_m`, which is a small part of a commune.
    """
    kinds: dict[str, list[Sighting]] = {}
    for each in sightings:
        kinds.setdefault(each.kind, []).append(each)
    found: list[Cluster] = []
    for kind in sorted(kinds):
        ordered = sorted(kinds[kind], key=lambda each: (each.at, each.id))
        found += _of_one_kind(ordered, usual_a_day or {}, rule)
    return tuple(sorted(found, key=lambda each: (each.first_at, each.kind, each.members)))


@dataclass(frozen=True)
class _Group:
    """Indices of reports, the most people within one span, how many are a cluster, and what is
    usual there."""

    indices: frozenset[int]
    people: int
    needed: int
    expected: float | None = None


def _of_one_kind(
    ordered: Sequence[Sighting], usual_a_day: Mapping[tuple[str, str], float], rule: ClusterRule
) -> list[Cluster]:
    communes: dict[str, list[int]] = {}
    for index, each in enumerate(ordered):
        if each.unit_key is not None:
            communes.setdefault(each.unit_key, []).append(index)
    together: list[_Group] = []
    for unit_key, indices in communes.items():
        usual = usual_a_day.get((ordered[indices[0]].kind, unit_key))
        expected = _in_a_span(usual, rule)
        needed = _needed(expected, rule)
        for run, people in _in_a_row(ordered, indices, rule, needed):
            together.append(_Group(frozenset(run), people, needed, expected))
    close = _close_together(ordered, rule)
    found = []
    for group in together:
        all_close = any(group.indices <= other.indices for other in close)
        found.append(_cluster(ordered, group, rule, all_close))
    for group in close:
        if not any(group.indices <= other.indices for other in together):
            found.append(_cluster(ordered, group, rule, True))
    return found


def _in_a_span(usual_a_day: float | None, rule: ClusterRule) -> float | None:
    if usual_a_day is None:
        return None
    return usual_a_day * (rule.within / timedelta(hours=rule.waking_h))


def _needed(expected: float | None, rule: ClusterRule) -> int:
    needed = rule.least
    while expected is not None and _chance(needed, expected, rule) > rule.rarely:
        needed += 1
    return needed


def _chance(count: int, expected: float, rule: ClusterRule) -> float:
    return scaled_p(count, expected, 1 + rule.scatter * expected)


def _spans(
    ordered: Sequence[Sighting], indices: Sequence[int], rule: ClusterRule, needed: int
) -> Iterator[tuple[range, int]]:
    """Where in `indices` each longest run within the span lies that has enough people, and how
    many they are."""
    first = 0
    people: Counter[Hashable] = Counter()
    for last, index in enumerate(indices):
        people[_who(ordered[index])] += 1
        while ordered[index].at - ordered[indices[first]].at > rule.within:
            gone = _who(ordered[indices[first]])
            people[gone] -= 1
            if not people[gone]:
                del people[gone]
            first += 1
        goes_on = last + 1 < len(indices) and (
            ordered[indices[last + 1]].at - ordered[indices[first]].at <= rule.within
        )
        if not goes_on and len(people) >= needed:
            yield range(first, last + 1), len(people)


def _who(sighting: Sighting) -> Hashable:
    known = sighting.reporter is not None
    return known, sighting.reporter if known else sighting.id


def _in_a_row(
    ordered: Sequence[Sighting], indices: Sequence[int], rule: ClusterRule, needed: int
) -> Iterator[tuple[Sequence[int], int]]:
    """Runs that have a report in common made one, and the most people in any of them."""
    joined: list[tuple[range, int]] = []
    for run, people in _spans(ordered, indices, rule, needed):
        if joined and run.start < joined[-1][0].stop:
            before, most = joined.pop()
            run, people = range(before.start, run.stop), max(people, most)
        joined.append((run, people))
    for run, people in joined:
        yield indices[run.start : run.stop], people


def _close_together(ordered: Sequence[Sighting], rule: ClusterRule) -> Sequence[_Group]:
    """Reports of enough people within the radius around one of them."""
    placed = [
        index
        for index, each in enumerate(ordered)
        if each.latitude is not None and each.longitude is not None
    ]
    if len(placed) < rule.least:
        return ()
    latitudes = np.radians([ordered[index].latitude or 0.0 for index in placed])
    longitudes = np.radians([ordered[index].longitude or 0.0 for index in placed])
    begin = ordered[0].at
    moments = np.array([(ordered[index].at - begin) // _MICROSECOND for index in placed])
    found = []
    for centre, index in enumerate(placed):
        north = latitudes - latitudes[centre]
        east = (longitudes - longitudes[centre]) * np.cos(latitudes[centre])
        near = EARTH_M * np.hypot(north, east) <= rule.radius_m
        near &= np.abs(moments - moments[centre]) <= rule.within / _MICROSECOND
        if near.sum() < rule.least:
            continue
        beside = [placed[other] for other in np.flatnonzero(near)]
        at = beside.index(index)
        runs = [told for told in _spans(ordered, beside, rule, rule.least) if at in told[0]]
        if runs:  # all of them have the centre in common
            members = beside[runs[0][0].start : runs[-1][0].stop]
            found.append((members, max(people for _, people in runs)))
    return _joined(found, rule.least)


def _joined(groups: Sequence[tuple[Sequence[int], int]], needed: int) -> Sequence[_Group]:
    """Groups with a member in common made one."""
    root: dict[int, int] = {}

    def root_of(index: int) -> int:
        while root.setdefault(index, index) != index:
            root[index] = root[root[index]]
            index = root[index]
        return index

    for members, _ in groups:
        top = root_of(members[0])
        for member in members[1:]:
            root[root_of(member)] = top
    all_of: dict[int, set[int]] = {}
    most: dict[int, int] = {}
    for members, people in groups:
        top = root_of(members[0])
        all_of.setdefault(top, set()).update(members)
        most[top] = max(people, most.get(top, 0))
    return [_Group(frozenset(all_of[top]), most[top], needed) for top in all_of]


def _cluster(ordered: Sequence[Sighting], group: _Group, rule: ClusterRule, close: bool) -> Cluster:
    members = [ordered[index] for index in sorted(group.indices)]
    units = {each.unit_key for each in members}
    return Cluster(
        Level.ALERT if group.people >= rule.alert_times * group.needed else Level.WATCH,
        members[0].kind,
        members[0].unit_key if len(units) == 1 else None,
        rule.radius_m if close else None,
        group.people,
        group.expected,
        None if group.expected is None else _chance(group.people, group.expected, rule),
        tuple(each.id for each in members),
        members[0].at,
        members[-1].at,
    )
