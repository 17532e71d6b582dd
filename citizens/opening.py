"""What a reference, with or without its PIN, opens; wrong tries are counted with those by phone."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from citizens.actions import Said
from citizens.services import CitizensServices
from citizens.typed import Typed
from reports.following import Followed, followed
from reports.lookup import find_report, locked_until, open_report
from reports.pins import DIGITS
from reports.tries import Asker

WITH_PIN = "followed.html"


@dataclass(frozen=True)
class Opened:
    """What a look-up showed: nothing but a problem, the state, or the whole report.

    `free_at`: when it may be tried again, after too many wrong tries.
    """

    said: Said | None = None
    report_id: str | None = None
    status: str | None = None
    whole: Followed | None = None
    free_at: datetime | None = None


def look_up(
    session: Session, services: CitizensServices, typed: Typed, asker: Asker, now: datetime
) -> Opened:
    """What is shown. Slips that show by themselves are free: a check digit, a PIN too short."""
    found = find_report(session, typed.reference, asker, services.tries, now)
    if "problem" in found:
        return _closed(session, services, typed, asker, found["problem"], now)
    if not typed.pin:
        return Opened(None, found["report"], found["status"])
    pin = typed.pin.replace(" ", "")
    if len(pin) != DIGITS or not (pin.isascii() and pin.isdigit()):
        return Opened(Said("lookup_pin", wrong=True))
    timezone = services.province.timezone
    told = open_report(session, found["report"], pin, asker, services.tries, timezone, now)
    if "problem" in told:
        return _closed(session, services, typed, asker, told["problem"], now)
    whole = followed(session, services.province, found["report"], now)
    return Opened(None, whole.id, whole.status, whole)


def _closed(
    session: Session,
    services: CitizensServices,
    typed: Typed,
    asker: Asker,
    problem: str,
    now: datetime,
) -> Opened:
    free_at = None
    if problem == "locked":
        free_at = locked_until(session, typed.reference, asker, services.tries, now)
    return Opened(Said(f"lookup_{problem}", wrong=True), free_at=free_at)
