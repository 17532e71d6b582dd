"""Reads how reports are worked on."""

from collections.abc import Mapping
from types import MappingProxyType

from provinces.handling import Handling, Reasons
from provinces.located import Report, read_toml
from provinces.raw import HandlingFile, RawReason, check_names, shaped

HANDLING = "handling.toml"


def read_handling(report: Report, languages: tuple[str, ...]) -> Handling | None:
    """The rules of handling; None after problems."""
    document = read_toml(report, HANDLING)
    shape = shaped(report, document, HandlingFile)
    if document is None or shape is None:
        return None
    for table in ("rejected", "handed_back"):
        for code, reason in getattr(shape, table).items():
            check_names(report, document, (table, code), reason.name, languages)
    return Handling(
        remind_at=shape.remind_at,
        close_resolved_after_days=shape.close_resolved_after_days,
        close_waiting_after_days=shape.close_waiting_after_days,
        reopen_within_days=shape.reopen_within_days,
        rejected=_frozen(shape.rejected),
        handed_back=_frozen(shape.handed_back),
    )


def _frozen(reasons: Mapping[str, RawReason]) -> Reasons:
    return MappingProxyType(
        {code: MappingProxyType(dict(reason.name)) for code, reason in reasons.items()}
    )
