"""Figures over how reports were served: deadlines by agency, ratings, the recogniser's words.

As everywhere, they are about the reports that were *received* in the time that is asked for: the
same reports as in `reports.statistics` and in the list. Each says what it counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reports.days import Span, read_tallies
from reports.models import Report
from reports.ratings import is_last_rating, last_rating
from reports.search_filters import Filters
from reports.search_list import matching
from reports.tallied import are_tallied, chosen_tallies, flagged, median_wait_s
from reports.tally import KEPT, MISSED, Codes, Tallies
from reports.word_models import WordCheck

LOW = (1, 2)
"""Scores of whom the answer did not help."""


@dataclass(frozen=True)
class AgencyFigures:
    """Attributes:
    agency: None: reports that no agency has.
    received: reports.
    kept, missed: of those that were answered and had a deadline: in time, or late.
    overdue: still open after their deadline.
    median_s: in which time half of what was answered had been; None where nothing was.
    """

    agency: str | None
    received: int
    kept: int
    missed: int
    overdue: int
    median_s: float | None


@dataclass(frozen=True)
class Satisfaction:
    """Reports by the last rating that their reporter gave, 1 to 5; `mean` is None without any.

    Reports that nobody rated, most of them, are left out."""

    scores: Mapping[int, int]
    mean: float | None

    @property
    def rated(self) -> int:
        return sum(self.scores.values())


@dataclass(frozen=True)
class ModelAccuracy:
    """Attributes:
    model: which recogniser made the draft; None: not known any more.
    recordings: those whose draft a person has read, corrected or found right.
    words: theirs, as the person left them. `wrong`: words that had to be put in, left out or
        replaced. `wrong / words` is the word error rate. Recordings that nobody has read are left
        out, and so are those of which the recogniser made nothing at all.
    """

    model: str | None
    recordings: int
    words: int
    wrong: int


def agency_figures(session: Session, filters: Filters, now: datetime) -> Sequence[AgencyFigures]:
    """By agency, the one with most reports first.

    `filters` asks for nothing but what tallies tell. `session` sees one moment of the database.
    """
    assert are_tallied(filters)
    overdue = _overdue(session, filters, now)
    found = read_tallies(session, Span(filters.received_from, filters.received_to))
    rows = _by_agency(filters, *found)
    made = [replace(row, overdue=overdue.get(row.agency, 0)) for row in rows]
    return sorted(made, key=lambda row: (-row.received, row.agency is None, row.agency))


def satisfaction(session: Session, filters: Filters, now: datetime) -> Satisfaction:
    """The ratings of those reports."""
    last = last_rating()
    query = (
        select(last.score, func.count())
        .join(Report, Report.id == last.report_id)
        .where(*matching(filters, now, session.get_bind().dialect.name), is_last_rating(last))
        .group_by(last.score)
    )
    scores = {int(score): int(count) for score, count in session.execute(query)}
    rated = sum(scores.values())
    total = sum(score * count for score, count in scores.items())
    return Satisfaction(dict(sorted(scores.items())), total / rated if rated else None)


def accuracy(session: Session, filters: Filters, now: datetime) -> Sequence[ModelAccuracy]:
    """How right each recogniser's words were, the one with most words first."""
    query = (
        select(
            WordCheck.model,
            func.count(),
            func.sum(WordCheck.words),
            func.sum(WordCheck.wrong),
        )
        .join(Report, Report.id == WordCheck.report_id)
        .where(*matching(filters, now, session.get_bind().dialect.name))
        .group_by(WordCheck.model)
    )
    rows = [ModelAccuracy(m, int(n), int(w), int(e)) for m, n, w, e in session.execute(query)]
    return sorted(rows, key=lambda row: (-row.words, row.model or ""))


def _overdue(session: Session, filters: Filters, now: datetime) -> Mapping[str | None, int]:
    """Few are open: an index has them by their deadline."""
    where = matching(replace(filters, overdue=True), now, session.get_bind().dialect.name)
    query = select(Report.agency, func.count()).where(*where).group_by(Report.agency)
    return {agency: int(count) for agency, count in session.execute(query)}


def _by_agency(filters: Filters, tallies: Tallies, codes: Codes) -> list[AgencyFigures]:
    tallies = chosen_tallies(filters, tallies, codes)
    names = codes.names()
    found = [(n, tallies[tallies["agency"] == n]) for n in np.unique(tallies["agency"])]
    return [
        AgencyFigures(
            agency=names[int(number)],
            received=len(theirs),
            kept=flagged(theirs, KEPT),
            missed=flagged(theirs, MISSED),
            overdue=0,
            median_s=median_wait_s(theirs),
        )
        for number, theirs in found
    ]
