"""Where the reports are listed that belong to a module: all of them, and each category's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from console.reports.rows import category_name
from provinces.modules import Module
from provinces.schema import Province


@dataclass(frozen=True)
class ReportLinks:
    """Addresses of the list of reports, of the days from `since` on."""

    since: date
    every: str
    categories: Sequence[tuple[str, str]]  # name, address


def report_links(
    address: str,
    province: Province,
    module: Module,
    since: date,
    until: date,
    unit: str | None,
    language: str,
) -> ReportLinks | None:
    """Those reports, in whatever state; None where no category belongs to the module."""
    if not module.report_categories:
        return None
    asked = {"status": "any", "since": since.isoformat(), "until": until.isoformat()}
    if unit is not None:
        asked["unit"] = unit

    def to(**more: str) -> str:
        return f"{address}?{urlencode({**asked, **more})}"

    return ReportLinks(
        since,
        to(module=module.code),
        [
            (category_name(province, code, language) or code, to(category=code))
            for code in module.report_categories
        ],
    )
