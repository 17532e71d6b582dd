"""One alert as its page shows it, also after something about it was refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask import Response
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.permissions import Permission, permissions_of
from console.board.shown import Shown
from console.pages import Pages, page_language, signed_in
from console.reports.access import actor_of
from console.reports.rows import Row, rows_of
from console.reports.rows import Shown as ShownRows
from console.wording import words
from monitoring.alert_kinds import SYSTEM, AlertEventKind, AlertView, EventView, MuteView
from monitoring.alert_lists import find_alert, history, reports_behind
from monitoring.mutes import active_mutes, is_muted
from provinces.errors import UnknownCode
from provinces.schema import Province
from reports.actors import Party
from storage.database import reading

AT_ONCE = 50


@dataclass(frozen=True)
class Happened:
    """A line of the alert's history, told."""

    at: datetime
    kind: AlertEventKind
    who: str
    words: str | None


@dataclass(frozen=True)
class Behind:
    """The reports behind an alert: those that one may see, and how many others there are."""

    rows: Sequence[Row]
    more: int
    hidden: int


def show_alert(
    pages: Pages, alert_id: str, status: int = HTTPStatus.OK, **more: object
) -> Response:
    """The page of the alert.

    Raises:
        UnknownAlert: there is none of that id.
    """
    services = pages.services
    province, user, language, now = (
        services.province,
        signed_in(),
        page_language(),
        services.clock(),
    )
    with reading(services.engine) as session:
        found = find_alert(session, alert_id, now)
        events = history(session, found.id)
        behind = _behind(session, province, found, user, language, now)
        mutes = [each for each in active_mutes(session, now) if _means(each, found)]
    return pages.show(
        "alerts/alert.html",
        status,
        alert=found,
        shown=Shown(province, language, now),
        events=[_told(each, user, language) for each in events],
        behind=behind,
        mutes=mutes,
        has_series=_has_series(province, found.subject),
        numbers=numbers_of(found),
        **{"refused": None, "typed": None, **more},
    )


def numbers_of(alert: AlertView) -> Sequence[tuple[str, object]]:
    """The numbers of why it is there that have a name of their own, by the wording's key."""
    return [
        (f"alert_number_{name}", value)
        for name, value in alert.why.items()
        if name in NUMBERS and value is not None
    ]


NUMBERS = (
    "value",
    "bound",
    "release",
    "count",
    "expected",
    "dispersion",
    "score",
    "p",
    "hours",
    "days",
    "radius_m",
    "baseline_days",
)


def _behind(
    session: Session,
    province: Province,
    alert: AlertView,
    user: User,
    language: str,
    now: datetime,
) -> Behind:
    found = reports_behind(session, alert.id)
    may = permissions_of(user.role)
    actor = actor_of(user)
    seen = [
        each.id
        for each in found
        if Permission.REPORTS_READ in may
        and (actor.party is not Party.AGENCY or each.agency == actor.agency)
    ]
    told = ShownRows(province, user.id, language, Permission.WORDS_READ in may, now)
    rows = rows_of(session, seen[:AT_ONCE], told)
    return Behind(rows, len(seen) - len(rows), len(found) - len(seen))


def _told(event: EventView, user: User, language: str) -> Happened:
    if event.actor == SYSTEM:
        who = "alert_by_system"
    else:
        who = "who_you" if event.actor == user.id else "alert_by_staff"
    return Happened(event.at, event.kind, words(who, language), event.words)


def _means(mute: MuteView, alert: AlertView) -> bool:
    return is_muted([mute], alert.rule, alert.subject, alert.unit_key, alert.why)


def _has_series(province: Province, subject: str) -> bool:
    try:
        province.indicator(subject)
    except UnknownCode:
        return False
    return True
