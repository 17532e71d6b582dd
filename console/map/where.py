"""Where a report lies: its point or the middle of its unit, and what each edition calls it."""

from collections.abc import Sequence
from dataclasses import dataclass

from console.map.units import EditionUnits, editions_of, middle_of
from provinces.schema import Province
from reports.area import Point
from reports.models import Report


@dataclass(frozen=True)
class Where:
    """`point` is None where nobody knows; `given`: somebody told it, it is not a unit's middle."""

    place: str | None
    editions: Sequence[EditionUnits]
    point: Point | None
    given: bool


def where_of(province: Province, report: Report, language: str) -> Where:
    """What the report tells of it."""
    given: Point | None = None
    if report.latitude is not None and report.longitude is not None:
        given = (report.latitude, report.longitude)
    return Where(
        report.place,
        editions_of(province, report.place, language),
        given or middle_of(province, report.place),
        given is not None,
    )
