"""Tables of monitoring: series, what was observed, alerts, rounds, demonstration marks."""

from datetime import date, datetime

from sqlalchemy import Date, Double, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from monitoring.alert_models import Alert as Alert  # tables of this package too
from monitoring.alert_models import AlertBaseline as AlertBaseline
from monitoring.alert_models import AlertEvent as AlertEvent
from monitoring.alert_models import AlertMute as AlertMute
from monitoring.alert_models import AlertReport as AlertReport
from monitoring.round_models import Respondent as Respondent
from monitoring.round_models import Round as Round
from monitoring.round_models import RoundQuestion as RoundQuestion
from storage.database import Base
from storage.types import UtcDateTime

_PROVINCE = text("unit_key IS NULL")


class Datastream(Base):
    """One series: an indicator, of a unit or the whole province, as one source tells it."""

    __tablename__ = "datastreams"
    __table_args__ = (
        Index("uq_datastreams_unit", "indicator", "unit_key", "source", unique=True),
        # NULLs are all different to a unique index: the whole province needs one of its own.
        Index(
            "uq_datastreams_province",
            "indicator",
            "source",
            unique=True,
            postgresql_where=_PROVINCE,
            sqlite_where=_PROVINCE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator: Mapped[str] = mapped_column(String(80))
    unit_key: Mapped[str | None] = mapped_column(String(40))  # `edition:code`; None: the province
    source: Mapped[str] = mapped_column(String(60))  # an agency's code, `system`, `round`
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Observation(Base):
    """What is known now of one moment of a series. What was known before lies in the versions.

    It has no id of its own: `monitoring.numbering` makes one number of series and moment, which
    stays the same however often the value is corrected. On PostgreSQL months are partitions.
    No foreign keys: a check for each of many millions of rows; `monitoring.observing` looks.
    """

    __tablename__ = "observations"
    __table_args__ = (
        {"postgresql_partition_by": "RANGE (phenomenon_at)", "sqlite_with_rowid": False},
    )

    datastream: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    phenomenon_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    known_at: Mapped[datetime] = mapped_column(UtcDateTime)
    value: Mapped[float] = mapped_column(Double)
    made_by: Mapped[str | None] = mapped_column(String(60))


class ObservationVersion(Base):
    """What was known of a moment of a series from `known_at` until before `superseded_at`."""

    __tablename__ = "observation_versions"
    __table_args__ = ({"sqlite_with_rowid": False},)

    datastream: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    phenomenon_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    known_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    superseded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    value: Mapped[float] = mapped_column(Double)
    made_by: Mapped[str | None] = mapped_column(String(60))


class ObservationDay(Base):
    """The values that are known now of one day of a series, added up; the day is the province's."""

    __tablename__ = "observation_days"
    __table_args__ = ({"sqlite_with_rowid": False},)

    datastream: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    count: Mapped[int]
    sum: Mapped[float] = mapped_column(Double)
    lowest: Mapped[float] = mapped_column(Double)
    highest: Mapped[float] = mapped_column(Double)
    last: Mapped[float] = mapped_column(Double)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MonitoringCursor(Base):
    """How far a task has come: it has seen everything until then."""

    __tablename__ = "monitoring_cursors"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class DemoMark(Base):
    """A row that `hotline demo` made: of the table `kind`, by its key. It goes with its mark."""

    __tablename__ = "demo_marks"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    row_id: Mapped[str] = mapped_column(String(120), primary_key=True)
