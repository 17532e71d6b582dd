"""The telephones of the console, as the settings want them."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import structlog
from sqlalchemy import Engine

from accounts.models import User
from accounts.permissions import Permission, permissions_of
from accounts.users import may_enter
from accounts.visits import open_visits
from console.phone.phones import Phones
from hotline.errors import HotlineError
from hotline.settings import Settings
from hotline.telephony.installation import find_asterisk
from hotline.telephony.process import asterisk_rx
from hotline.telephony.wanted import the_manager, wanted_telephony
from ivr.errors import AmiRefused, AsteriskAway
from ivr.queue_members import Duty
from ivr.seats import Seats, seat_of
from ivr.switchboard import Switchboard
from storage.database import reading

log = structlog.get_logger()

RELOAD = "module reload res_pjsip.so"
_RELOADED = "reloaded successfully"
_RELOAD_TAKES_S, _ASKS_EVERY_S = 5.0, 0.1


def reload_wholly(rx: Callable[[str], str], patience_s: float = _RELOAD_TAKES_S) -> None:
    """Have Asterisk read its configuration from now; `rx` asks its console.

    Asterisk does one reload at a time and only says so, without an error, where another goes on.

    Raises:
        AsteriskAway: it has not within `patience_s` seconds.
    """
    until = time.monotonic() + patience_s
    while _RELOADED not in (said := rx(RELOAD)):
        if time.monotonic() >= until:
            first = (said.strip().splitlines() or ["nothing"])[0]
            raise AsteriskAway(f"expected Asterisk to read its telephones, it said: {first}")
        time.sleep(_ASKS_EVERY_S)


def close_left_seats(phones: Phones, engine: Engine, now: datetime) -> int:
    """Close the telephones of who has signed out, was disabled or takes calls no more; how many.

    A page notices by itself; this is for what is no page of ours.
    """
    left: list[str] = []
    with reading(engine) as session:
        for user_id in phones.seats.users():
            user = session.get(User, user_id)
            takes = user is not None and Permission.CALLS_TAKE in permissions_of(user.role)
            if not (takes and user and may_enter(user, now) and open_visits(session, user_id, now)):
                left.append(user_id)
    for user_id in left:
        # The file is gone in any case: an Asterisk that is away reads the rest when it is back.
        with _told_of(user_id):
            phones.seats.close(user_id)
        # Not left out where that failed: the seat is seen no more, so this turn is the only one.
        with _told_of(user_id):
            phones.switchboard.set_duty(f"PJSIP/{seat_of(user_id)}", user_id, Duty.AWAY)
    return len(left)


@contextmanager
def _told_of(user_id: str) -> Iterator[None]:
    """What Asterisk does not do is in the log, and keeps nothing else from being done."""
    try:
        yield
    except (AsteriskAway, AmiRefused) as error:
        log.warning("telephone not closed", user=user_id, error=type(error).__name__)


def the_phones(settings: Settings) -> Phones | None:
    """None where there is no Asterisk of ours, or nobody is to be rung by it."""
    if not settings.queued:
        return None
    telephony = wanted_telephony(settings)

    def reload() -> None:
        """Have Asterisk read the seats anew; over its own socket, for its manager may not."""
        try:
            installation = find_asterisk(settings.asterisk, settings.cache)
            if installation is None:
                raise AsteriskAway("no Asterisk is installed")
            reload_wholly(lambda order: asterisk_rx(installation, telephony.etc, order))
        except HotlineError as error:
            raise AsteriskAway(str(error)) from error

    return Phones(
        seats=Seats(telephony.seats, reload),
        switchboard=Switchboard(
            the_manager(settings), settings.trunk_server, settings.listening_tone
        ),
        port=int(settings.phone_bind.rpartition(":")[2]),
        address=settings.phone_url,
        own_certificate=settings.tls_certificate is not None,
        ice=settings.phone_ice,
        turn_secret=settings.phone_turn_secret.get_secret_value(),
        desks=settings.operators,
    )
