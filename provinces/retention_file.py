"""Reads how long data about people is kept."""

from types import MappingProxyType

from provinces.handling import Handling
from provinces.located import Report, read_toml
from provinces.raw import RetentionFile, check_names, shaped
from provinces.retention import Kept, Kind, Retention

RETENTION = "retention.toml"

# A report can be reopened for a while: until then its words, sounds and reporter are needed.
_FOR_REOPENING = (Kind.RECORDINGS, Kind.WORDS, Kind.NUMBERS, Kind.ATTACHMENTS)

# Who did what must be provable for a year, and a backup must outlive a long holiday.
# What is unusual is found by comparing with weeks before.
_LEAST_DAYS = {Kind.AUDIT: 365, Kind.BACKUPS: 7, Kind.OBSERVATIONS: 62}
_UNSAID = Kept(400, MappingProxyType({}))


def read_retention(
    report: Report, languages: tuple[str, ...], handling: Handling | None
) -> Retention | None:
    """The time of every kind of data; None after problems."""
    document = read_toml(report, RETENTION)
    shape = shaped(report, document, RetentionFile)
    if document is None or shape is None:
        return None
    found: dict[Kind, Kept] = {}
    for kind in Kind:
        raw = getattr(shape, kind)
        if raw is None:
            found[kind] = _UNSAID
            continue
        check_names(report, document, (kind,), raw.reason, languages, "reason")
        if handling and kind in _FOR_REOPENING and raw.days < handling.reopen_within_days:
            report.add(
                document.file,
                document.line(kind, "days"),
                f"{kind}: expected at least the {handling.reopen_within_days} days in which a "
                f"report may be reopened, found {raw.days}",
            )
        if raw.days < (least := _LEAST_DAYS.get(kind, 1)):
            report.add(
                document.file,
                document.line(kind, "days"),
                f"{kind}: expected at least {least} days, found {raw.days}",
            )
        found[kind] = Kept(raw.days, MappingProxyType(dict(raw.reason)))
    return MappingProxyType(found)
