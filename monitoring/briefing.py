"""What whoever comes on duty has to know of the shift before: told once, on a page and on paper."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from monitoring.alert_kinds import AlertView, Level
from monitoring.alert_lists import MOST, Wanted, alerts, alerts_as_of
from monitoring.board import Asked, ModuleStanding, known_alerts, module_standing
from monitoring.standing import Standing, State, standings, state_of, worst_by
from provinces.modules import Module
from provinces.schema import Province
from reports.search_filters import Filters
from reports.spread import count_reports


@dataclass(frozen=True)
class ModuleChange:
    """A module at the beginning and at the end of a shift, with its main indicators."""

    module: Module
    before: State
    after: State
    indicators: Sequence[Standing]


@dataclass(frozen=True)
class ReportCounts:
    """Reports of the shift, and the urgent ones of them; `overdue` are those at the moment it was
    made."""

    received: int
    urgent: int
    overdue: int


@dataclass(frozen=True)
class Briefing:
    """A shift, from `since` until before `until`.

    Attributes:
        opened, closed: alerts of the shift; `handed`: those that are open at its end.
        missed: indicators that miss their target; `silent`: those without a figure, or an old one.
        reports: None for whoever may not know of all.
    """

    since: datetime
    until: datetime
    made_at: datetime
    modules: Sequence[ModuleChange]
    opened: Sequence[AlertView]
    closed: Sequence[AlertView]
    handed: Sequence[AlertView]
    missed: Sequence[Standing]
    silent: Sequence[Standing]
    reports: ReportCounts | None


def briefing(
    session: Session,
    province: Province,
    since: datetime,
    until: datetime,
    now: datetime,
    all_reports: bool,
) -> Briefing:
    """The shift as it is known at its end, or now where that is still to come.

    `all_reports`: whoever reads it may know of the reports of all agencies.
    """
    asked = Asked(now, until if until < now else None)
    handed = known_alerts(session, asked)
    before = worst_by(alerts_as_of(session, since), lambda alert: [alert.module])
    then = {each.id: each for each in handed}
    changed = alerts(session, Wanted(since=since, until=until), now, MOST)
    every = [each for module in province.modules for each in module.indicators]
    found = standings(
        session, province, every, asked.today(province), asked.moment(province), handed
    )
    by_code = {each.indicator.code: each for each in found}
    modules = [
        module_standing(each, [by_code[i.code] for i in each.indicators], handed)
        for each in province.modules
    ]
    return Briefing(
        since=since,
        until=until,
        made_at=now,
        modules=[_change(each, before.get(each.module.code)) for each in modules],
        opened=[then.get(each.id, each) for each in changed if since <= each.opened_at < until],
        closed=[each for each in changed if each.closed_at and since <= each.closed_at < until],
        handed=handed,
        missed=[each for each in found if each.met is False],
        silent=[each for each in found if each.now is None or each.stale],
        reports=_counts(session, since, until, now) if all_reports else None,
    )


def _counts(session: Session, since: datetime, until: datetime, now: datetime) -> ReportCounts:
    in_shift = Filters(received_from=since, received_to=until)
    return ReportCounts(
        received=count_reports(session, in_shift, now),
        urgent=count_reports(session, replace(in_shift, urgent=True), now),
        overdue=count_reports(session, Filters(overdue=True), now),
    )


def _change(standing: ModuleStanding, before: Level | None) -> ModuleChange:
    return ModuleChange(
        standing.module,
        state_of(before, standing.state is not State.UNKNOWN),
        standing.state,
        [each for each in standing.indicators if each.indicator in standing.module.headlines],
    )
