"""What a reporter is told of a report that was filed."""

from reports.models import Report
from reports.reference import spoken_reference

Filed = dict[str, str]
"""`report` (its id), `reference` (as it is spoken) and `pin`."""


def filed(report: Report, pin: str) -> Filed:
    return {
        "report": report.id,
        "reference": spoken_reference(report.reference),
        "pin": pin,
    }
