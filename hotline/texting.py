"""SMS, put together from the settings: which provider, what is said, and the one that sends.

A provider's library is imported only where that provider was chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from hotline.clock import utc_now
from hotline.errors import BadSetting
from hotline.settings import Settings
from hotline.twilio_trust import the_trust
from hotline.understood import danger_of, places_of
from monitoring.demo import are_demo
from notifications.arrival_files import count_aside, count_late
from notifications.lease import Lease
from notifications.pace import Pace
from notifications.picking import Picker
from notifications.providers.log import LogProvider
from notifications.sending import Sender
from notifications.texts import Texts, check_texts
from notifications.trouble import Told, sms_trouble
from provinces.schema import Province
from reports.alarms import Watch
from reports.inbound_rules import Inbox
from reports.tries import TryLimits
from reports.web_filing import Alert
from storage.database import reading

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from notifications.models import Message
    from notifications.providers.provider import Provider
    from notifications.providers.twilio_client import TwilioAccount

# Where Twilio tells what became of a message; below HOTLINE_PUBLIC_URL.
RECEIPTS_PATH = "/webhooks/twilio/receipts"
# Where Twilio hands over what people write to our number.
MESSAGES_PATH = "/webhooks/twilio/messages"
TAKEN = "sms.taken"
ARRIVALS = "sms"
# A thread looks each second; with the database away nothing is stored.
STORED_WITHIN = timedelta(minutes=1)


def the_texts(settings: Settings, province: Province) -> Texts:
    """What SMS say.

    Raises:
        BadTexts: the pack lacks a text.
    """
    check_texts(province)
    return Texts(province, settings.sms_accents)


def the_sender(
    engine: Engine,
    settings: Settings,
    province: Province,
    holder: str,
    clock: Callable[[], datetime] = utc_now,
) -> Sender:
    """The one that sends over the configured provider; it connects at once.

    Raises:
        BadTexts, BadProvider, BadSetting: the pack or the settings lack something.
    """
    provider = the_provider(engine, settings, clock)
    return Sender(
        engine=engine,
        provider=provider,
        picker=Picker(the_texts(settings, province), province.timezone, _is_made_up),
        pace=Pace(settings.sms_parts_s),
        clock=clock,
        lease=Lease(engine, provider.name, holder),
        told=Told(settings.alert_numbers, province.languages[0]),
    )


def _is_made_up(session: Session, message: Message) -> bool:
    """What `hotline demo` made, and whoever has handled it since, sends nobody anything."""
    about = (("reports", message.report_id), ("calls", message.call_id))
    return any(row is not None and are_demo(session, kind, [row]) for kind, row in about)


def the_provider(
    engine: Engine, settings: Settings, clock: Callable[[], datetime] = utc_now
) -> Provider:
    """The configured provider, with its receipts led into the database.

    Raises:
        BadProvider, BadSetting: the settings lack something.
    """
    match settings.sms_provider:
        case "twilio":
            return _twilio(settings)
        case "smpp":
            return _smpp(engine, settings, clock)
        case "log":
            return LogProvider(settings.data / "logs" / TAKEN)


def serve_twilio_sms(app: Flask, engine: Engine, settings: Settings) -> None:
    """Serve Twilio's status callbacks of our SMS, and SMS that people send us."""
    from webhooks.services import SmsServices
    from webhooks.twilio_messages import register_twilio_messages
    from webhooks.twilio_receipts import register_twilio_receipts

    services = SmsServices(engine, the_trust(settings), utc_now)
    register_twilio_receipts(app, services, RECEIPTS_PATH)
    register_twilio_messages(app, services, MESSAGES_PATH)


def sms_health(engine: Engine, spool: Path, now: datetime) -> tuple[str, str]:
    """Whether SMS go, for /readyz: `ready` or `away`, and a line for the operator."""
    unread = _unread(spool / ARRIVALS, now)
    with reading(engine) as session:
        found = sms_trouble(session, now)
    if found is None:
        return "ready", "; ".join(["SMS go out", *unread])
    told = []
    if found.failing_since is not None:
        since = _moment(found.failing_since)
        told.append(f"the provider fails since {since}, it says {found.problem}")
    if found.late_since is not None:
        told.append(
            f"{found.late} about danger wait since {_moment(found.late_since)}"
            + ("" if found.failing_since else ": is a worker running?")
        )
    if found.lost:
        told.append(f"{found.lost} about danger of the last hour did not arrive")
    told.append(f"{found.waiting} wait in all")
    return "away" if found.stands_still else "ready", "SMS: " + "; ".join([*told, *unread])


def _unread(folder: Path, now: datetime) -> list[str]:
    """What came over SMPP and has not got into the database."""
    told = []
    if late := count_late(folder, now - STORED_WITHIN):
        told.append(f"{late} that came over SMPP are not stored yet")
    if aside := count_aside(folder):
        told.append(f"{aside} that came over SMPP cannot be read: *.bad in spool/sms")
    return told


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def the_inbox(settings: Settings, province: Province) -> Inbox:
    """What makes sense of SMS that people send us. Made once: it reads the whole gazetteer."""
    find_places = places_of(province)
    return Inbox(
        province=province,
        alert=Alert(danger_of(province), Watch(settings.alert_numbers)),
        find_units=lambda words: [place.unit for place in find_places(words)],
        limits=try_limits(province),
    )


def try_limits(province: Province) -> TryLimits:
    """How often codes may be tried, as it holds at this moment."""
    limits = province.limits
    return TryLimits(limits.pin_tries_per_report_day, limits.tries_per_caller_hour)


def twilio_account(settings: Settings) -> TwilioAccount:
    """How Twilio knows us, for SMS and calls alike."""
    from notifications.providers.twilio_client import TwilioAccount

    return TwilioAccount(
        settings.twilio_account_sid,
        settings.twilio_auth_token.get_secret_value(),
        settings.twilio_api_url,
    )


def _twilio(settings: Settings) -> Provider:
    from notifications.providers.twilio import TwilioProvider
    from notifications.providers.twilio_client import twilio_client

    callback = f"{settings.public_url}{RECEIPTS_PATH}" if settings.twilio_calls else None
    return TwilioProvider(twilio_client(twilio_account(settings)), settings.sms_sender, callback)


def _smpp(engine: Engine, settings: Settings, clock: Callable[[], datetime]) -> Provider:
    from notifications.arrivals import Arrivals
    from notifications.providers.smpp import SmppProvider
    from notifications.providers.smpp_link import SmscAccount

    if settings.smpp_server is None:
        raise BadSetting("HOTLINE_SMPP_SERVER: expected HOST:PORT of the SMSC, found nothing")
    host, _, port = settings.smpp_server.rpartition(":")

    return SmppProvider(
        SmscAccount(
            host,
            int(port),
            settings.smpp_system_id,
            settings.smpp_password.get_secret_value(),
            settings.smpp_tls,
            settings.smpp_window,
        ),
        settings.sms_sender,
        Arrivals(engine, settings.spool / ARRIVALS, clock),
        settings.smpp_long,
    )
