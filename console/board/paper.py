"""The shift briefing as PDF: what the page says, in the same order."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from console.board.shown import Shown
from console.statistics.paper import Grid, Heading, Note, write_paper
from console.wording import words
from monitoring.alert_kinds import AlertView
from monitoring.briefing import Briefing
from monitoring.standing import Standing

Block = Heading | Note | Grid


def write_briefing(briefing: Briefing, shown: Shown, demo: bool = False) -> bytes:
    """The briefing as an A4 document; `demo`: it says that some of it is made up."""
    title = words(
        "briefing_title",
        shown.language,
        since=shown.moment(briefing.since),
        until=shown.moment(briefing.until),
    )
    return write_paper(title, _blocks(briefing, shown, demo), shown.language)


def _blocks(briefing: Briefing, shown: Shown, demo: bool) -> Iterator[Block]:
    language = shown.language

    def say(key: str, **values: object) -> str:
        return words(key, language, **values)

    yield Note(shown.name(shown.province.names))
    made_at = shown.moment(briefing.made_at)
    yield Note(say("briefing_made_at", at=made_at, zone=shown.province.timezone.key))
    if demo:
        yield Note(say("demo_shown"))
    yield Heading(say("briefing_changed"))
    yield Grid(
        [
            [say("briefing_module"), say("briefing_then"), say("briefing_end")],
            *(
                [
                    shown.name(each.module.names),
                    say(f"board_state_{each.before}"),
                    say(f"board_state_{each.after}"),
                ]
                for each in briefing.modules
            ),
        ]
    )
    for key, alerts in (
        ("handed", briefing.handed),
        ("opened", briefing.opened),
        ("closed", briefing.closed),
    ):
        yield Heading(f"{say(f'briefing_{key}')} ({len(alerts)})")
        yield from _alerts(alerts, shown)
    if briefing.reports is not None:
        yield Heading(say("briefing_report_figures"))
        for key, count in (
            ("in", briefing.reports.received),
            ("urgent", briefing.reports.urgent),
            ("overdue", briefing.reports.overdue),
        ):
            yield Note(str(count), f"{say(f'briefing_reports_{key}')}:")
    yield Heading(say("briefing_figures"))
    yield Grid(
        [
            [say("board_indicator"), say("board_value"), say("board_day")],
            *(
                _figure(standing, shown)
                for each in briefing.modules
                for standing in each.indicators
            ),
        ]
    )
    yield Heading(f"{say('briefing_missed')} ({len(briefing.missed)})")
    for standing in briefing.missed:
        target = shown.value(standing.indicator.target, standing.indicator)
        name, value, when = _figure(standing, shown)
        yield Note(f"{value}, {when}. {say('board_target', value=target)}.", f"{name}:")
    yield Heading(f"{say('briefing_silent')} ({len(briefing.silent)})")
    for module, some in groupby(briefing.silent, lambda each: each.indicator.module):
        names = ", ".join(shown.name(each.indicator.names) for each in some)
        yield Note(f"{names}.", f"{shown.module(module)}:")
    if not briefing.silent:
        yield Note(say("briefing_nothing"))


def _alerts(alerts: Sequence[AlertView], shown: Shown) -> Iterator[Block]:
    if not alerts:
        yield Note(words("briefing_nothing", shown.language))
    for alert in alerts:
        said = shown.alert(alert)
        state = words(f"alert_state_{alert.state}", shown.language)
        name = words("alert", shown.language, number=alert.number)
        yield Note(
            f"{said.why} {shown.moment(alert.opened_at)}, {state}.", f"{name}: {said.headline}."
        )


def _figure(standing: Standing, shown: Shown) -> Sequence[str]:
    name = shown.name(standing.indicator.names)
    if standing.now is None:
        return [name, words("board_state_unknown", shown.language), "–"]
    value = shown.value(standing.now.value, standing.indicator)
    return [name, value, shown.when(standing.now.begin, standing.indicator)]
