"""What the fields of the reports' pages offer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from provinces.schema import Province
from reports.actors import Actor
from reports.lifecycle import MOVES, may_move
from reports.models import Report, ReportStatus
from reports.routing import AT, agency_name, find_agency, receivers

S = ReportStatus
# Ways that have a form of their own.
_ELSEWHERE = {S.ASSIGNED, S.DUPLICATE}
# What several reports at once may be brought to.
BULK_STATUSES = (
    S.TRIAGED,
    S.IN_PROGRESS,
    S.WAITING_CITIZEN,
    S.RESOLVED,
    S.CLOSED,
    S.REJECTED,
    S.DIVERTED,
)


@dataclass(frozen=True)
class Group:
    """Choices under one heading, as (value, name)."""

    name: str
    choices: Sequence[tuple[str, str]]


def categories(province: Province, language: str) -> Sequence[Group]:
    """Categories by their groups."""

    def named(names: Mapping[str, str], code: str) -> str:
        return names.get(language) or names.get("vi") or code

    return [
        Group(
            named(group.names, group.code),
            [
                (each.code, named(each.names, each.code))
                for each in province.categories.values()
                if each.group == group.code
            ],
        )
        for group in province.groups.values()
    ]


def agencies(
    province: Province, language: str, day: date, report: Report | None = None
) -> Sequence[tuple[str, str]]:
    """Agencies of that day: first those that the report's category and place name."""
    first: list[str] = []
    if report is not None:
        found = receivers(province, report.category, report.place, day)
        first = [each.id for each in found if each.id is not None]
        first += [
            f"{code}{AT}{report.place}"
            for code in province.agencies
            if report.place and find_agency(province, f"{code}{AT}{report.place}", day)
        ]
    others = [code for code in province.agencies if find_agency(province, code, day)]
    ids = dict.fromkeys([*first, *others])
    return [(each, agency_name(province, each, language)) for each in ids]


def ways_on(report: Report, actor: Actor) -> Sequence[ReportStatus]:
    """The states that the actor may bring the report to, by a form that asks for its state."""
    before = S(report.status)
    return [
        after
        for after in MOVES[before]
        if after not in _ELSEWHERE
        and may_move(actor, before, after)
        and (before is not S.WAITING_CITIZEN or _resumes(report, after))
    ]


def may_assign(report: Report, actor: Actor) -> bool:
    """Whether the actor may give the report to an agency, or to another one."""
    before = S(report.status)
    return before is S.ASSIGNED or may_move(actor, before, S.ASSIGNED)


def may_join(report: Report, actor: Actor) -> bool:
    """Whether the actor may make it a duplicate."""
    return may_move(actor, S(report.status), S.DUPLICATE)


def reasons(province: Province, language: str) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Reasons by the state that takes one: rejecting, diverting, handing back."""

    def named(found: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
        return [(code, names.get(language) or code) for code, names in found.items()]

    handling = province.handling
    return {
        S.REJECTED: named(handling.rejected),
        S.TRIAGED: named(handling.handed_back),
        S.DIVERTED: _diverted(province, language),
    }


def _diverted(province: Province, language: str) -> Sequence[tuple[str, str]]:
    """Where it belongs, named by the kinds of matter that belong there."""
    names: dict[str, list[str]] = {}
    for code, wording in province.diverted.items():
        known = province.categories[code].names
        names.setdefault(wording, []).append(known.get(language) or code)
    return [(wording, ", ".join(found)) for wording, found in names.items()]


def _resumes(report: Report, after: ReportStatus) -> bool:
    """A question that was answered leads back to where the report was, or to its end."""
    resumed = {S.NEW, S.TRIAGED, S.ASSIGNED, S.IN_PROGRESS, S.REOPENED}
    return after not in resumed or after == report.paused_from
