"""Tables of alerts: what was found, what became of it, who wants to hear no more of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import UtcDateTime


class Alert(Base):
    """Something that somebody should look at. `why`: numbers, keys of words, nobody's data."""

    __tablename__ = "alerts"
    __table_args__ = (
        Index("ix_alerts_state", "state", "opened_at"),
        Index("ix_alerts_module", "module", "opened_at"),
        Index("ix_alerts_subject", "rule", "subject", "unit_key", "opened_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)  # what people call it by
    module: Mapped[str] = mapped_column(String(40))
    rule: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(80))  # code of an indicator, category or module
    unit_key: Mapped[str | None] = mapped_column(String(40))  # None: the province, or several units
    level: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(16))
    # `rule|subject|unit_key` until it is closed: what is found by two workers at once is one alert.
    open_key: Mapped[str | None] = mapped_column(String(180), unique=True)
    why: Mapped[dict[str, Any]] = mapped_column(JSON)
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)  # of what was observed
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    owner: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    demo: Mapped[bool] = mapped_column(default=False, server_default=false())


class AlertEvent(Base):
    """One thing that happened to an alert, in order. Never changed."""

    __tablename__ = "alert_events"
    __table_args__ = (Index("ix_alert_events_alert", "alert_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[str] = mapped_column(ForeignKey("alerts.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(60))  # a user's id, or `system`
    kind: Mapped[str] = mapped_column(String(16))
    level: Mapped[str | None] = mapped_column(String(10))  # which it had afterwards
    words: Mapped[str | None] = mapped_column(Text)  # a member of staff's own
    details: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class AlertReport(Base):
    """A report that is behind an alert. No foreign key: reports may be wiped before alerts."""

    __tablename__ = "alert_reports"

    alert_id: Mapped[str] = mapped_column(ForeignKey("alerts.id"), primary_key=True)
    report_id: Mapped[str] = mapped_column(String(32), primary_key=True, index=True)


class AlertMute(Base):
    """What nobody is told of for a while. None in `rule`, `subject` or `unit_key`: of any.

    `places`: made from an alert of no single unit. Empty: of the whole province alone; else of any
    of these units.
    """

    __tablename__ = "alert_mutes"

    id: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[str | None] = mapped_column(String(16))
    subject: Mapped[str | None] = mapped_column(String(80))
    unit_key: Mapped[str | None] = mapped_column(String(40))
    places: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(String(60))
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # before `until_at`, by somebody
    ended_by: Mapped[str | None] = mapped_column(String(60))


class AlertBaseline(Base):
    """A day that was in alarm: no measure of what is usual. `unit_key` `""`: the province."""

    __tablename__ = "alert_baseline"

    rule: Mapped[str] = mapped_column(String(16), primary_key=True)
    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    unit_key: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
