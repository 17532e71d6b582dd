"""Alerts and mutes as the API shows them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from accounts.permissions import Permission
from api import alert_schemas as told
from api.auth import current_visitor
from api.found import known_to_asker
from monitoring.alert_kinds import AlertView, EventView, MuteView
from monitoring.alert_lists import history, reports_behind
from monitoring.saying import said
from monitoring.subjects import units_of
from provinces.schema import Province
from reports.models import Report

VI, EN = "vi", "en"


def show_alert(province: Province, alert: AlertView) -> told.Alert:
    """The alert with what it says in words."""
    return told.Alert.model_validate(_fields(province, alert))


def show_whole(session: Session, province: Province, alert: AlertView) -> told.AlertDetail:
    """The alert with its history, and the reports behind it that the asker may know of."""
    behind = reports_behind(session, alert.id)
    may = current_visitor().may(Permission.REPORTS_READ)
    shown = [each for each in behind if may and known_to_asker(each)]
    return told.AlertDetail.model_validate(
        {
            **_fields(province, alert),
            "events": [_event(each) for each in history(session, alert.id)],
            "reports": [_report(each) for each in shown],
            "reports_hidden": len(behind) - len(shown),
        }
    )


def show_mutes(mutes: Sequence[MuteView]) -> told.MuteList:
    return told.MuteList(mutes=[show_mute(each) for each in mutes])


def show_mute(mute: MuteView) -> told.Mute:
    return told.Mute.model_validate(
        {
            "id": mute.id,
            "rule": mute.rule.value if mute.rule else None,
            "subject": mute.subject,
            "unit": mute.unit_key,
            "units": None if mute.places is None else list(mute.places),
            "reason": mute.reason,
            "by": mute.by,
            "from_at": mute.from_at,
            "until_at": mute.until_at,
            "ended_at": mute.ended_at,
        }
    )


def _fields(province: Province, alert: AlertView) -> Mapping[str, Any]:
    vietnamese, english = said(province, alert, VI), said(province, alert, EN)
    return {
        "id": alert.id,
        "number": alert.number,
        "version": alert.version,
        "module": alert.module,
        "rule": alert.rule.value,
        "subject": alert.subject,
        "subject_name": vietnamese.subject,
        "unit": alert.unit_key,
        "units": list(units_of(alert.unit_key, alert.why)),
        "level": alert.level.value,
        "state": alert.state.value,
        "headline": vietnamese.headline,
        "headline_en": english.headline,
        "reason": vietnamese.why,
        "reason_en": english.why,
        "why": dict(alert.why),
        "first_at": alert.first_at,
        "last_at": alert.last_at,
        "opened_at": alert.opened_at,
        "changed_at": alert.changed_at,
        "closed_at": alert.closed_at,
        "owner": alert.owner,
        "muted": alert.muted,
        "demo": alert.demo,
    }


def _event(event: EventView) -> Mapping[str, Any]:
    return {
        "id": event.id,
        "at": event.at,
        "actor": event.actor,
        "kind": event.kind.value,
        "level": event.level.value if event.level else None,
        "words": event.words,
    }


def _report(report: Report) -> told.ReportBehind:
    return told.ReportBehind(
        reference=report.reference,
        status=report.status,
        category=report.category,
        place=report.place,
        requested_at=report.requested_at,
    )
