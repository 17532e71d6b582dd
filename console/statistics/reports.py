"""The sheet's parts about reports: how many, how they were served, ratings, words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from console.places import place_name
from console.reports.rows import category_name
from console.statistics.links import Links, day_rows
from console.statistics.sheet import Cell, Figure, Row, Section, Table, Unit, share
from console.wording import has_wording, words
from provinces.schema import Province
from reports.routing import agency_name
from reports.service_figures import AgencyFigures, ModelAccuracy, Satisfaction
from reports.statistics import Counts, Statistics

MOST_ROWS = 20
SCORES = range(5, 0, -1)
C, S, T = Unit.COUNT, Unit.SHARE, Unit.SPAN


@dataclass(frozen=True)
class Names:
    """What codes are called, in the reader's language."""

    province: Province
    language: str

    def category(self, code: str | None) -> str:
        return category_name(self.province, code, self.language) or self.say("no_category")

    def place(self, code: str | None) -> str:
        return place_name(self.province, code) or self.say("no_place")

    def agency(self, code: str | None) -> str:
        if code is None:
            return self.say("no_agency_yet")
        return agency_name(self.province, code, self.language)

    def source(self, code: str | None) -> str:
        return self.say(f"source_{code}") if has_wording(f"source_{code}") else code or ""

    def status(self, code: str | None) -> str:
        return self.say(f"status_{code}")

    def say(self, key: str) -> str:
        return words(key, self.language)


def report_section(
    one: Statistics, other: Statistics, units: Counts, links: Links, names: Names
) -> Section:
    """How many reports of which kind came in; `units` counts them by the unit of today."""
    figures = [
        Figure("reports", Cell(one.total, C, links.to_reports()), other.total),
        Figure("urgent", Cell(one.urgent, C, links.to_reports(urgent=1)), other.urgent),
        Figure("partial", Cell(one.partial, C, links.to_reports(partial=1)), other.partial),
    ]
    return Section("section_reports", figures, list(_kinds(one, units, links, names)))


def _kinds(one: Statistics, units: Counts, links: Links, names: Names) -> Iterator[Table]:
    if links.period.days > 1:
        rows = day_rows(links, one.days, Links.to_reports)
        yield Table("reports_by_day", ("stat_date", "stat_reports"), rows, "line")
    for key, column, counts, name, asked in (
        ("by_status", "status", one.statuses, names.status, "status"),
        ("by_source", "stat_source", one.sources, names.source, "source"),
        ("by_category", "category", one.categories, names.category, "category"),
        ("by_place", "place", units, names.place, "unit"),
    ):
        columns = (column, "stat_reports", "stat_of_all")
        yield Table(key, columns, _rows(counts, one.total, name, links, asked))


def _rows(
    counts: Mapping[str | None, int],
    total: int,
    name: Callable[[str | None], str],
    links: Links,
    asked: str,
) -> Sequence[Row]:
    """The commonest ones. What has no code is in no list of its own."""
    return [
        Row(
            name(code),
            [
                Cell(count, C, links.to_reports(**{asked: code}) if code else None),
                Cell(share(count, total), S),
            ],
        )
        for code, count in list(counts.items())[:MOST_ROWS]
    ]


def service_section(
    one: Statistics,
    other: Statistics,
    agencies: Sequence[AgencyFigures],
    links: Links,
    names: Names,
) -> Section:
    """How soon reports were answered, and whether in time."""
    kept, missed = one.deadlines.kept, one.deadlines.missed
    figures = [
        Figure(
            "deadlines",
            Cell(share(kept, kept + missed), S, links.to_reports(deadline="kept")),
            share(other.deadlines.kept, other.deadlines.kept + other.deadlines.missed),
            kept,
            kept + missed,
        ),
        Figure(
            "overdue",
            Cell(one.deadlines.overdue, C, links.to_reports(overdue=1)),
            other.deadlines.overdue,
        ),
        Figure(
            "resolve",
            Cell(one.resolve_median_s, T, links.to_reports(deadline="answered")),
            other.resolve_median_s,
        ),
    ]
    columns = (
        "agency",
        "stat_reports",
        "stat_kept",
        "stat_missed",
        "stat_kept_share",
        "stat_overdue_column",
        "stat_resolve_column",
    )
    rows = [_agency(each, links, names) for each in agencies]
    return Section("section_service", figures, [Table("agencies", columns, rows)])


def _agency(each: AgencyFigures, links: Links, names: Names) -> Row:
    def cell(count: int, **asked: object) -> Cell:
        href = links.to_reports(agency=each.agency, **asked) if each.agency else None
        return Cell(count, C, href)

    return Row(
        names.agency(each.agency),
        [
            cell(each.received),
            cell(each.kept, deadline="kept"),
            cell(each.missed, deadline="missed"),
            Cell(share(each.kept, each.kept + each.missed), S),
            cell(each.overdue, overdue=1),
            Cell(each.median_s, T),
        ],
    )


def satisfaction_section(now: Satisfaction, before: Satisfaction, links: Links) -> Section:
    """What those who reported think of the answer."""
    figures = [
        Figure(
            "score", Cell(now.mean, Unit.SCORE, links.to_reports(score="1,2,3,4,5")), before.mean
        ),
        Figure("rated", Cell(now.rated, C, links.to_reports(score="1,2,3,4,5")), before.rated),
    ]
    rows = [
        Row(
            str(score),
            [
                Cell(now.scores.get(score, 0), C, links.to_reports(score=score)),
                Cell(share(now.scores.get(score, 0), now.rated), S),
            ],
        )
        for score in SCORES
    ]
    columns = ("stat_score_column", "stat_reports", "stat_of_all")
    return Section("section_satisfaction", figures, [Table("scores", columns, rows, "meter")])


def words_section(
    now: Sequence[ModelAccuracy], before: Sequence[ModelAccuracy], links: Links
) -> Section:
    """How right the recogniser was, by what staff made of its words."""
    read = links.to_reports(checked=1)
    figures = [
        Figure(
            "word_errors",
            Cell(_errors(now), S, read),
            _errors(before),
            sum(each.wrong for each in now),
            sum(each.words for each in now),
        ),
        Figure(
            "words_read",
            Cell(sum(each.recordings for each in now), C, read),
            sum(each.recordings for each in before),
        ),
    ]
    columns = ("stat_model", "stat_recordings", "stat_words", "stat_wrong", "stat_errors_column")
    rows = [
        Row(
            each.model or "–",
            [
                Cell(each.recordings, C, read),
                Cell(each.words),
                Cell(each.wrong),
                Cell(share(each.wrong, each.words), S),
            ],
        )
        for each in now
    ]
    return Section("section_words", figures, [Table("models", columns, rows)])


def _errors(models: Sequence[ModelAccuracy]) -> float | None:
    return share(sum(each.wrong for each in models), sum(each.words for each in models))
