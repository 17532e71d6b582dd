"""Tables from which figures over many reports are added up: docs/decisions/0022."""

from sqlalchemy import DDL, FromClause, LargeBinary, String, event
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base

COUNTED = (
    "status",
    "source",
    "category",
    "partial",
    "urgent",
    "place",
    "agency",
    "requested_at",
    "expected_at",
    "resolved_at",
)
"""What of a report is counted; migration 0009 has the same list."""


class ReportDay(Base):
    """The tallies of all reports that were received on one day of UTC, such as `2026-11-22`."""

    __tablename__ = "report_days"

    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    tallies: Mapped[bytes] = mapped_column(LargeBinary)  # of `reports.tally`, one after the other


class ReportDayMark(Base):
    """Something of that day has changed since it was packed. Triggers alone write this."""

    __tablename__ = "report_day_marks"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[str] = mapped_column(String(10), index=True)


class ReportCode(Base):
    """A status, category, place, agency or source as tallies have it. Numbers begin with 1."""

    __tablename__ = "report_codes"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(40), unique=True)


_CHANGED = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in COUNTED)
_MARK = "INSERT INTO report_day_marks(day) SELECT substr({}.requested_at, 1, 10)"
_TRIGGERS = (
    f"CREATE TRIGGER reports_mark_new AFTER INSERT ON reports BEGIN {_MARK.format('NEW')}; END",
    f"CREATE TRIGGER reports_mark_changed AFTER UPDATE ON reports WHEN {_CHANGED} "
    f"BEGIN {_MARK.format('OLD')}; {_MARK.format('NEW')}; END",
    f"CREATE TRIGGER reports_mark_gone AFTER DELETE ON reports BEGIN {_MARK.format('OLD')}; END",
)


def mark_days_of(reports: FromClause) -> None:
    """Have SQLite databases that are made without migrations (tests' own) mark days, too."""
    for statement in _TRIGGERS:
        on_sqlite = DDL(statement).execute_if(dialect="sqlite")  # type: ignore[no-untyped-call]
        event.listen(reports, "after_create", on_sqlite)
