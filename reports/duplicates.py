"""Which reports may tell of the same matter, and why: by kind, place, time and words.

Proposed only: what looks alike may be two potholes. The reasons are shown, staff decide.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from provinces.schema import Province
from reports.lifecycle import ENDED
from reports.models import Recording, Report, ReportStatus
from understanding.fold import syllables

WITHIN = timedelta(days=7)
LOOKED_AT = 500  # the newest of a week in one commune; a flood brings hundreds
MOST_FOUND = 10
LEAST_SCORE = 0.5
EARTH_M = 6_371_000

Why = Literal["category", "group", "near", "place", "time", "words"]


@dataclass(frozen=True)
class Reason:
    """`value`: metres for `near`, hours for `time`, the words in common for `words`."""

    why: Why
    score: float
    value: str | float | None = None


@dataclass(frozen=True)
class Candidate:
    """A report that may tell of the same matter; `score` is the sum of its reasons, at most 1."""

    report: Report
    score: float
    reasons: tuple[Reason, ...]


def duplicate_candidates(
    session: Session, province: Province, report: Report
) -> tuple[Candidate, ...]:
    """The likeliest first, at most ten; open ones, and what was solved within the week."""
    words = _words(report)
    found = []
    for other in _others(session, report):
        reasons = tuple(_reasons(province, report, other, words))
        score = min(1.0, sum(reason.score for reason in reasons))
        about = {reason.why for reason in reasons}
        # Two reports of one hour in one commune need not be of one matter.
        if score >= LEAST_SCORE and about & {"category", "words"}:
            found.append(Candidate(other, round(score, 2), reasons))
    found.sort(key=lambda one: (-one.score, one.report.requested_at))
    return tuple(found[:MOST_FOUND])


def candidates_for(
    session: Session,
    province: Province,
    words: str,
    category: str | None,
    place: str | None,
    now: datetime,
) -> tuple[Candidate, ...]:
    """As `duplicate_candidates`, for what is only being written."""
    written = Report(description=words, category=category, place=place, requested_at=now)
    return duplicate_candidates(session, province, written)


def _others(session: Session, report: Report) -> Sequence[Report]:
    since, until = report.requested_at - WITHIN, report.requested_at + WITHIN
    query = (
        select(Report)
        .options(selectinload(Report.recordings).selectinload(Recording.transcript))
        .where(
            Report.id != report.id,
            Report.requested_at.between(since, until),
            Report.status.not_in(ENDED - {ReportStatus.RESOLVED}),
        )
        .order_by(Report.requested_at.desc())
        .limit(LOOKED_AT)
    )
    if report.place is not None:
        query = query.where((Report.place == report.place) | Report.place.is_(None))
    return session.scalars(query).all()


def _reasons(
    province: Province, report: Report, other: Report, words: Mapping[str, str]
) -> Iterator[Reason]:
    if report.category and report.category == other.category:
        yield Reason("category", 0.3)
    elif _group(province, report.category) and (
        _group(province, report.category) == _group(province, other.category)
    ):
        yield Reason("group", 0.15)
    metres = _metres(report, other)
    if metres is not None:
        if metres <= 1000:
            yield Reason("near", 0.35 if metres <= 100 else 0.25 if metres <= 300 else 0.1, metres)
    elif report.place is not None and report.place == other.place:
        yield Reason("place", 0.15)
    hours = abs((report.requested_at - other.requested_at) / timedelta(hours=1))
    if hours <= 24:
        yield Reason("time", 0.15 if hours <= 2 else 0.1, round(hours, 1))
    others = _words(other)
    common = [spelled for folded, spelled in words.items() if folded in others]
    if len(common) >= 2:
        share = len(common) / min(len(words), len(others))
        yield Reason("words", round(min(0.4, 0.6 * share), 2), ", ".join(common))


def _group(province: Province, code: str | None) -> str | None:
    """The group of a category; a group, as the phone's menu chooses it, is its own."""
    if code is None or code in province.groups:
        return code
    category = province.categories.get(code)
    return category.group if category else None


def _metres(one: Report, other: Report) -> float | None:
    if None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return None
    lat1, lat2 = math.radians(one.latitude or 0), math.radians(other.latitude or 0)
    east = math.radians((other.longitude or 0) - (one.longitude or 0)) * math.cos((lat1 + lat2) / 2)
    return round(EARTH_M * math.hypot(lat2 - lat1, east))


# Syllables that every report has.
_EMPTY = frozenset(
    [
        "anh", "ba", "bao", "bi", "cai", "cac", "chi", "cho", "chua", "co", "con", "cua",
        "da", "dang", "day", "den", "di", "do", "duoc", "em", "gi", "giup", "ho", "hoi",
        "khong", "la", "lai", "lam", "len", "luc", "ma", "may", "minh", "moi", "nay", "nen",
        "ngay", "nguoi", "nha", "nhieu", "o", "oi", "qua", "ra", "rat", "roi", "sang", "sau",
        "su", "ta", "tai", "thi", "toi", "trong", "truoc", "tu", "va", "van", "vao", "ve",
        "voi", "vua", "xa", "xin",
    ]
)  # fmt: skip


def _words(report: Report) -> Mapping[str, str]:
    """The syllables that say something, typed or recognised: folded → as it is spelled."""
    texts = [report.description or "", report.address or ""]
    for recording in report.recordings:
        if recording.discarded_at is None and recording.transcript is not None:
            texts.append(recording.transcript.text or "")
    said = (syllable for text in texts for syllable in syllables(text))
    return {each.folded: each.text for each in said if each.folded not in _EMPTY}
