"""Which reports anybody may read, and how much of each. The rule stands in docs/open311.md.

What nobody has read yet is not shown; what a person might be found by is never shown.
"""

import re

from sqlalchemy import ColumnElement, and_, func, or_

from monitoring.demo import MADE_UP_SOURCE
from provinces.schema import Priority, Province
from reports.models import Report, ReportStatus

S = ReportStatus
# A call for help, or another office's matter by law.
_NEVER = frozenset({Priority.EMERGENCY, Priority.DIVERTED})

_HIDDEN = "•••"
_ADDRESS = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,255}")
_NUMBER = re.compile(r"\+?\d(?:[ .()-]{0,2}\d){7,}")
_DIGIT = "không|một|mốt|hai|ba|bốn|tư|năm|lăm|sáu|bảy|bẩy|tám|chín"
_SPOKEN = re.compile(rf"\b(?:{_DIGIT})(?:[\s,.-]{{1,3}}(?:{_DIGIT})\b){{6,}}", re.IGNORECASE)
# The specification allows no markup in a description.
_NO_MARKUP = str.maketrans({"<": "‹", ">": "›"})


def public_codes(province: Province) -> frozenset[str]:
    """The categories, and groups of them, whose reports anybody may read."""
    hidden = province.open311.hidden
    categories = {
        each.code
        for each in province.categories.values()
        if each.priority not in _NEVER and not hidden & {each.code, each.group}
    }
    return frozenset(categories | (province.groups.keys() - hidden))


def code_of(province: Province, report: Report) -> str:
    """The service that a report is shown under."""
    return report.category or province.unclear or ""


def is_public(province: Province) -> ColumnElement[bool]:
    """Whether a report may be read by anybody at all; what `hotline demo` made up may not."""
    # Wrapped in a function, the column leads neither database to an index of another order.
    code = func.coalesce(Report.category, province.unclear or "")
    abused = and_(
        Report.status == S.REJECTED, Report.reason.in_(sorted(province.open311.hidden_reasons))
    )
    return and_(
        code.in_(sorted(public_codes(province))),
        Report.source != MADE_UP_SOURCE,
        Report.partial.is_(False),
        Report.urgent.is_(False),
        Report.erased_at.is_(None),
        Report.status != S.DIVERTED,
        or_(Report.reason.is_(None), ~abused),
    )


def details_are_public(province: Province, report: Report) -> bool:
    """Whether more than kind, commune, times and state may be shown of a public report."""
    code = code_of(province, report)
    category = province.categories.get(code)
    withheld = province.open311.without_words & {code, category.group if category else code}
    return not report.anonymous and not withheld


def was_read(report: Report) -> bool:
    """Whether staff have seen what was typed: they sort a report by reading it."""
    withdrawn = report.status == S.CLOSED and report.resolved_at is None
    return report.status != S.NEW and not withdrawn


def without_contacts(text: str) -> str:
    """The text without telephone and other long numbers, said or written, without e-mail
    addresses and markup. Names it cannot know: who sorts a report sees to them."""
    text = _ADDRESS.sub(_HIDDEN, text)
    text = _NUMBER.sub(_HIDDEN, text)
    return _SPOKEN.sub(_HIDDEN, text).translate(_NO_MARKUP)
