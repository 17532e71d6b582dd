"""What the worker does by the clock: rings people, and forgets what is kept no longer."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import Engine

from accounts.checkpoints import write_checkpoint
from api.kept_answers import forget_answers
from console.phone.phones import Phones
from hotline.backlog import Backlog
from hotline.clock import utc_now
from hotline.early_warning import early_warning_tasks
from hotline.names_spoken import LOOK_EVERY_S, NamesSpoken
from hotline.periodic import Task
from hotline.phones import close_left_seats, the_phones
from hotline.published import LAY_EVERY_S, lay_published
from hotline.purge import purge
from hotline.settings import Settings
from hotline.telephony.wanted import wanted_telephony
from hotline.texting import ARRIVALS
from ivr.anonymity import erase_expired_hashes
from ivr.drivers.call_files import CallFiles
from ivr.outgoing import Ring, place_calls, place_rounds, plan_surveys
from ivr.summing import AT_ONCE, calls_left, sum_up, sum_up_calls
from monitoring.partitions import make_months
from notifications.arrivals import Storing, join_what_is_overdue
from notifications.destinations import Destinations
from notifications.incoming_parts import forget_parts
from notifications.receipts import forget_strangers
from notifications.webhook_sending import Told, forget_deliveries, send_due
from provinces.schema import Province
from reports.attachments import clear_files
from reports.days import pack_days
from reports.models import CallbackKind
from reports.reminders import close_silent, escalate, remind
from reports.retention import discard_unfiled, erase_orphans
from reports.tries import forget_tries
from reports.word_checks import check_earlier_words, unchecked_words
from storage.database import reading, transaction

PLACE_EVERY_S = 10.0
SEATS_EVERY_S = 10.0
SEND_EVERY_S = 1.0
# Of long SMS: their parts wait minutes for the rest.
JOIN_EVERY_S = 15.0
MINUTE_S = 60.0
PLAN_EVERY_S = 600.0
HOUR_S = 3600.0
DAY_S = 86_400.0
# No call is longer; whoever was away longer looks at all calls at its start.
LATELY = timedelta(days=2)
# What was there before this release: little at a time, for everything else waits meanwhile.
EARLIER_EVERY_S = 5.0
WORDS_AT_ONCE = 50
# Nobody is waiting for a survey; one line is enough.
SURVEYS_AT_ONCE = 1
# Officers are rung in office hours, when citizens need the lines too.
ROUNDS_AT_ONCE = 2


def tasks(engine: Engine, settings: Settings, province: Province) -> Sequence[Task]:
    """Everything that comes round. Without a trunk nobody can be rung: promises wait for staff."""

    def forget() -> None:
        with transaction(engine) as session:
            erase_expired_hashes(session, utc_now())
            forget_tries(session, utc_now())
            forget_answers(session, utc_now())
            forget_deliveries(session, utc_now())
            forget_strangers(session, utc_now())
            forget_parts(session, utc_now())

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

    def sum_up_lately() -> None:
        sum_up_calls(engine, province.timezone, utc_now() - LATELY)

    def make_months_ahead() -> None:
        make_months(engine, utc_now(), province.timezone)

    earlier_calls = Backlog(
        lambda: calls_left(engine),
        lambda calls: sum_up(engine, province.timezone, calls),
        AT_ONCE,
        DAY_S,
    )
    earlier_words = Backlog(
        lambda: unchecked_words(engine),
        lambda names: check_earlier_words(engine, names, utc_now()),
        WORDS_AT_ONCE,
        DAY_S,
    )

    found = [
        Task("forget", MINUTE_S, forget),
        Task("clear", HOUR_S, clear),
        Task("checkpoint", HOUR_S, checkpoint),
        Task("purge", DAY_S, lambda: purge(engine, settings, province, utc_now())),
        Task("plan surveys", PLAN_EVERY_S, lambda: plan_surveys(engine, province, utc_now())),
        Task("deadlines", MINUTE_S, look_at_deadlines),
        Task("pack days", MINUTE_S, lambda: pack_days(engine)),
        Task("sum up calls", MINUTE_S, sum_up_lately),
        Task("sum up earlier calls", EARLIER_EVERY_S, earlier_calls.turn),
        Task("check earlier words", EARLIER_EVERY_S, earlier_words.turn),
        Task("close", HOUR_S, lambda: close_silent(engine, province, utc_now())),
        Task("join sms", JOIN_EVERY_S, lambda: join_what_is_overdue(engine, utc_now())),
        Task("months of observations", HOUR_S, make_months_ahead),
    ]
    found += early_warning_tasks(engine, settings, province)
    if settings.sms_provider != "smpp":
        found.append(Task("sms left in files", MINUTE_S, _store_left(engine, settings)))
    phones = the_phones(settings)
    if phones is not None:
        found.append(Task("seats", SEATS_EVERY_S, lambda: _close_seats(engine, phones)))
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


def speaking_tasks(engine: Engine, settings: Settings, province: Province) -> Sequence[Task]:
    """Sounds that are made anew, in a thread of their own: a voice may speak for minutes."""
    return [
        Task("names", LOOK_EVERY_S, NamesSpoken(settings, province).once),
        Task("lay prompts", LAY_EVERY_S, lambda: lay_published(settings, engine, province)),
    ]


def _store_left(engine: Engine, settings: Settings) -> Callable[[], object]:
    """Stores what an SMSC handed over that is the provider no longer, and nobody has stored."""
    folder = settings.spool / ARRIVALS
    made: list[Storing] = []

    def store() -> None:
        if not made and folder.is_dir() and any(folder.iterdir()):
            made.append(Storing(engine, folder, utc_now))
        for storing in made:
            storing.once()

    return store


def _close_seats(engine: Engine, phones: Phones) -> int:
    return close_left_seats(phones, engine, utc_now())


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
        Task(
            "rounds",
            PLACE_EVERY_S,
            lambda: place_rounds(engine, province, ROUNDS_AT_ONCE, ring, utc_now()),
        ),
    ]
