"""Mutes: for a while, and for a reason, nobody is told of some alerts. They are still kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.audit import record
from monitoring.alert_kinds import AlertView, MuteView, Rule
from monitoring.alert_models import AlertMute
from monitoring.errors import BadMute, UnknownMute
from monitoring.subjects import units_of
from monitoring.words import checked_words
from provinces.schema import Province
from provinces.subjects import subject_names

LONGEST = timedelta(days=90)
"""What nobody wants to hear of for longer is a rule that should be changed."""


def mute(
    session: Session,
    province: Province,
    by: str,
    reason: str,
    until: datetime,
    now: datetime,
    rule: Rule | None = None,
    subject: str | None = None,
    unit_key: str | None = None,
    places: Sequence[str] | None = None,
) -> MuteView:
    """From now on nobody is told of such alerts, until then. None: of any rule, subject or unit.

    `places`, instead of a unit: of what is about the whole province alone (none), or about any of
    these units.

    Raises:
        BadMute: it would mute everything, names what the province has not, or its end lies in
            the past or too far away.
        BadWords: nothing says why, or too much.
    """
    if subject is None and unit_key is None and rule is None:
        raise BadMute("subject", "expected a rule, a subject or a unit: not all alerts at once")
    if subject is not None and not subject_names(province, subject):
        raise BadMute("subject", "the province has no such indicator, category or module")
    if unit_key is not None and province.unit(unit_key) is None:
        raise BadMute("unit", "expected a unit such as 2025:31825")
    if not now < until <= now + LONGEST:
        raise BadMute("until", f"expected a moment within {LONGEST.days} days from now")
    row = AlertMute(
        rule=rule,
        subject=subject,
        unit_key=unit_key,
        places=None if places is None else list(places),
        reason=checked_words(reason),
        made_by=by,
        from_at=now,
        until_at=until,
    )
    session.add(row)
    session.flush()
    record(session, by, "alert.muted", "alert_mute", str(row.id), now, subject=subject or "*")
    return _view(row)


def mute_like(
    session: Session,
    province: Province,
    by: str,
    reason: str,
    until: datetime,
    now: datetime,
    alert: AlertView,
) -> MuteView:
    """From now on nobody is told of alerts of its rule and subject where it is, until then.

    Raises:
        BadMute, BadWords: as `mute` does.
    """
    places = None if alert.unit_key is not None else units_of(None, alert.why)
    of = (alert.rule, alert.subject, alert.unit_key, places)
    return mute(session, province, by, reason, until, now, *of)


def end_mute(session: Session, mute_id: int, by: str, now: datetime) -> MuteView:
    """The mute, over from now on; one that is over already stays as it is.

    Raises:
        UnknownMute: there is none of that id.
    """
    row = session.scalar(select(AlertMute).where(AlertMute.id == mute_id).with_for_update())
    if row is None:
        raise UnknownMute("no such mute")
    if row.ended_at is None and now < row.until_at:
        row.ended_at, row.ended_by = now, by
        record(session, by, "alert.unmuted", "alert_mute", str(row.id), now)
        session.flush()
    return _view(row)


def active_mutes(session: Session, now: datetime) -> Sequence[MuteView]:
    """The mutes that hold at that moment."""
    query = select(AlertMute).where(AlertMute.from_at <= now, AlertMute.until_at > now)
    rows = session.scalars(query.order_by(AlertMute.id))
    return [_view(row) for row in rows if row.ended_at is None or row.ended_at > now]


def is_muted(
    mutes: Sequence[MuteView],
    rule: Rule,
    subject: str,
    unit_key: str | None,
    why: Mapping[str, Any],
) -> bool:
    """Whether one of them means such an alert."""
    units = units_of(unit_key, why)
    return any(
        (each.rule is None or each.rule is rule)
        and (each.subject is None or each.subject == subject)
        and (each.unit_key is None or each.unit_key == unit_key)
        and (each.places is None or _meet(each.places, units))
        for each in mutes
    )


def _meet(places: Sequence[str], units: Sequence[str]) -> bool:
    """No unit: the whole province."""
    return bool(set(places) & set(units)) or not (places or units)


def _view(row: AlertMute) -> MuteView:
    return MuteView(
        id=row.id,
        rule=Rule(row.rule) if row.rule else None,
        subject=row.subject,
        unit_key=row.unit_key,
        places=row.places,
        reason=row.reason,
        by=row.made_by,
        from_at=row.from_at,
        until_at=row.until_at,
        ended_at=row.ended_at,
    )
