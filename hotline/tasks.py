"""What the worker does by the clock: rings people, and forgets what is kept no longer."""

from collections.abc import Sequence

from sqlalchemy import Engine

from accounts.checkpoints import write_checkpoint
from api.kept_answers import forget_answers
from hotline.clock import utc_now
from hotline.periodic import Task
from hotline.purge import purge
from hotline.settings import Settings
from hotline.telephony.wanted import wanted_telephony
from ivr.anonymity import erase_expired_hashes
from ivr.drivers.call_files import CallFiles
from ivr.outgoing import Ring, place_calls, plan_surveys
from notifications.destinations import Destinations
from notifications.receipts import forget_strangers
from notifications.webhook_sending import Told, forget_deliveries, send_due
from provinces.schema import Province
from reports.attachments import clear_files
from reports.days import pack_days
from reports.models import CallbackKind
from reports.reminders import close_silent, escalate, remind
from reports.retention import discard_unfiled, erase_orphans
from reports.tries import forget_tries
from storage.database import reading, transaction

PLACE_EVERY_S = 10.0
SEND_EVERY_S = 1.0
MINUTE_S = 60.0
PLAN_EVERY_S = 600.0
HOUR_S = 3600.0
DAY_S = 86_400.0
# Nobody is waiting for a survey; one line is enough.
SURVEYS_AT_ONCE = 1


def tasks(engine: Engine, settings: Settings, province: Province) -> Sequence[Task]:
    """Everything that comes round. Without a trunk nobody can be rung: promises wait for staff."""

    def forget() -> None:
        with transaction(engine) as session:
            erase_expired_hashes(session, utc_now())
            forget_tries(session, utc_now())
            forget_answers(session, utc_now())
            forget_deliveries(session, utc_now())
            forget_strangers(session, utc_now())

    def checkpoint() -> None:
        with reading(engine) as session:
            write_checkpoint(session, settings.checkpoints, utc_now())

    def clear() -> None:
        discard_unfiled(engine, utc_now())
        erase_orphans(engine, settings.recordings, utc_now())
        clear_files(engine, settings.attachments, utc_now())

    def look_at_deadlines() -> None:
        remind(engine, utc_now())
        escalate(engine, province, settings.alert_numbers, utc_now())

    found = [
        Task("forget", MINUTE_S, forget),
        Task("clear", HOUR_S, clear),
        Task("checkpoint", HOUR_S, checkpoint),
        Task("purge", DAY_S, lambda: purge(engine, settings, province, utc_now())),
        Task("plan surveys", PLAN_EVERY_S, lambda: plan_surveys(engine, province, utc_now())),
        Task("deadlines", MINUTE_S, look_at_deadlines),
        Task("pack days", MINUTE_S, lambda: pack_days(engine)),
        Task("close", HOUR_S, lambda: close_silent(engine, province, utc_now())),
    ]
    ring = the_ring(settings, province)
    if ring is not None:
        found += _ringing(engine, settings, province, ring)
    return found


def sending_tasks(engine: Engine, settings: Settings) -> Sequence[Task]:
    """Webhooks, in a thread of their own: another side that hangs keeps nothing else waiting."""
    destinations = Destinations(settings.webhook_networks)
    told = Told(settings.alert_numbers)
    send = lambda: send_due(engine, destinations, utc_now, told)  # noqa: E731
    return [Task("webhooks", SEND_EVERY_S, send)]


def the_ring(settings: Settings, province: Province) -> Ring | None:
    """Has Asterisk ring people over the trunk; None where calls can go nowhere."""
    if settings.trunk_server is None:
        return None
    telephony = wanted_telephony(settings, province.hotline_number)
    files = CallFiles(
        spool=telephony.spool,
        placed=settings.data / "spool" / "placed",
        trunk_server=settings.trunk_server,
        hotline_number=province.hotline_number,
    )
    return files.ring


def _ringing(engine: Engine, settings: Settings, province: Province, ring: Ring) -> Sequence[Task]:
    # Who is rung back is led to an operator at once: never more of them than there are of those.
    operators = max(1, len(settings.operators))

    def place(kind: CallbackKind, at_once: int) -> None:
        place_calls(engine, province, kind, at_once, ring, utc_now())

    return [
        Task("callbacks", PLACE_EVERY_S, lambda: place(CallbackKind.CALLBACK, operators)),
        Task("surveys", MINUTE_S, lambda: place(CallbackKind.SURVEY, SURVEYS_AT_ONCE)),
    ]
