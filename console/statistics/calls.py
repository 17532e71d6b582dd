"""The sheet's part about calls, from `ivr.call_figures`."""

from collections.abc import Iterator, Sequence

from console.statistics.links import Links, day_rows
from console.statistics.sheet import Cell, Figure, Row, Section, Table, Unit, share
from console.wording import words
from console.wording.steps import step_said
from ivr.call_figures import CallFigures, StageCount, StepCount
from ivr.summary_models import CONTAINED, Outcome

MOST_STEPS = 15
C, S, T = Unit.COUNT, Unit.SHARE, Unit.SECONDS
CONTAINED_NAME = "contained"


def call_section(now: CallFigures, before: CallFigures, links: Links, language: str) -> Section:
    """How many rang and when, what their calls came to, and how long they waited."""

    def of(key: str, unit: Unit, value: float | None, was: float | None, **asked: object) -> Figure:
        return Figure(key, Cell(value, unit, links.to_calls(**asked)), was)

    figures = [
        of("calls", C, now.total, before.total),
        Figure(
            "contained",
            Cell(share(now.contained, now.total), S, links.to_calls(outcome=CONTAINED_NAME)),
            share(before.contained, before.total),
            now.contained,
            now.total,
        ),
        Figure(
            "answered",
            Cell(share(now.answered, now.queued), S, links.to_calls(queued=1, answered="yes")),
            share(before.answered, before.queued),
            now.answered,
            now.queued,
        ),
        of("wait", T, now.waits.median_s, before.waits.median_s, queued=1, answered="yes"),
        of(
            "wait_p90",
            T,
            now.waits.p90_s,
            before.waits.p90_s,
            queued=1,
            answered="yes",
            waited_s=now.waits.p90_s or 0,
        ),
        of("talk", T, now.talks.median_s, before.talks.median_s, answered="yes"),
        of("length", T, now.lengths.median_s, before.lengths.median_s),
    ]
    return Section("section_calls", figures, list(_tables(now, links, language)))


def _tables(now: CallFigures, links: Links, language: str) -> Iterator[Table]:
    yield Table(
        "calls_by_hour",
        ("stat_hour", "stat_calls"),
        [
            Row(f"{hour:02d}:00", [Cell(count, href=links.to_calls(hour=hour))])
            for hour, count in now.hours.items()
        ],
        "bars",
    )
    if links.period.days > 1:
        yield Table(
            "calls_by_day",
            ("stat_date", "stat_calls"),
            day_rows(links, now.days, Links.to_calls),
            "line",
        )
    yield Table(
        "outcomes",
        ("stat_outcome", "stat_calls", "stat_of_all"),
        [
            Row(
                words(f"stat_outcome_{outcome}", language),
                [Cell(count, C, links.to_calls(outcome=outcome)), Cell(share(count, now.total), S)],
            )
            for outcome, count in now.outcomes.items()
        ],
    )
    columns = ("stat_stage", "stat_reached", "stat_left", "stat_left_share")
    yield Table("funnel", columns, [_stage(each, links, language) for each in now.funnel], "meter")
    yield Table("stages", columns, [_stage(each, links, language) for each in now.stages])
    yield Table(
        "steps",
        ("stat_step", "stat_left"),
        [
            Row(
                _step(each, language),
                [Cell(each.left, C, links.to_calls(left_at=each.step))],
            )
            for each in now.steps[:MOST_STEPS]
        ],
    )


def _stage(each: StageCount, links: Links, language: str) -> Row:
    left = share(each.left, each.reached)
    return Row(
        words(f"stat_stage_{each.stage}", language),
        [
            Cell(each.reached, C, links.to_calls(stage=each.stage)),
            Cell(each.left, C, links.to_calls(left=each.stage)),
            Cell(left, S),
        ],
    )


def _step(each: StepCount, language: str) -> str:
    stage, step = words(f"stat_stage_{each.stage}", language), step_said(each.step, language)
    return step if step == stage else f"{stage}: {step}"


def outcomes_asked(name: str) -> Sequence[Outcome] | None:
    """What an address asks for by that name; None for everything."""
    if name == CONTAINED_NAME:
        return CONTAINED
    return (Outcome(name),) if name in set(Outcome) else None
