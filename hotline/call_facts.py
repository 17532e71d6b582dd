"""What a new call's flow is told: the province's menus, the hour, and what its number finds."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from hotline.round_facts import round_facts
from hotline.settings import Settings
from hotline.telephony.wanted import NONE
from hotline.voices import spoken_languages
from ivr.engine import Arrival, Prepare, Setting
from ivr.facts import CallFacts
from ivr.flows.registry import INCOMING, OUTGOING
from ivr.treatment import situation
from monitoring.round_calls import is_round, picked_up
from provinces.schema import Province
from reports.callbacks import answered
from reports.models import Callback
from reports.own_reports import NOTHING, own_reports
from storage.crypto import current_box
from understanding.phone_number import mobile_number


def prepare_calls(settings: Settings, province: Province) -> Prepare:
    """Makes the facts of each call that begins; two short queries for a caller whom we know.

    What is the same for every call is put together once, here: nothing of it can be published.
    """
    same = replace(
        province_facts(province, spoken_languages(province), settings.emergency_dial),
        hears_words=settings.speech != NONE and bool(province.spoken),
    )

    def prepare(session: Session, arrival: Arrival, now: datetime) -> Setting:
        closed_why = province.closed_why(now)
        facts = replace(same, open_now=closed_why is None, closed_why=closed_why)
        if arrival.outgoing is not None and is_round(arrival.outgoing):
            asking = picked_up(session, arrival.outgoing, now)
            return Setting(OUTGOING, round_facts(facts, province, asking))
        if arrival.outgoing is not None:
            callback = answered(session, arrival.outgoing, now)
            return Setting(OUTGOING, _outgoing_facts(facts, callback, arrival.outgoing))
        number = arrival.caller_number
        caller_hash = current_box().keyed_hash(number) if number else None
        met = situation(session, caller_hash, province.limits, OUTGOING[0], now)
        resume = timedelta(minutes=province.limits.resume_minutes)
        own = own_reports(session, caller_hash, now - resume) if caller_hash else NOTHING
        facts = replace(
            facts,
            can_text=mobile_number(number) is not None,
            number_known=number is not None,
            treatment=met.treatment,
            busy=met.busy,
            dropped=own.dropped,
            open_reports=own.open_reports,
        )
        return Setting(INCOMING, facts)

    return prepare


def province_facts(
    province: Province, languages: tuple[str, ...], can_connect: bool = False
) -> CallFacts:
    """The facts that every call of a province shares; plain data, for it is stored with each."""
    menu = {choice.key: choice.target.code for choice in province.menu}
    return CallFacts(
        language=languages[0],
        languages=list(languages),
        menu=menu,
        submenu={
            choice.key: {below.key: below.target.code for below in choice.sub}
            for choice in province.menu
            if choice.sub
        },
        areas={
            area.key: [f"{unit.edition}:{unit.code}" for unit in area.units]
            for area in province.areas
        },
        dangers={danger.key: [danger.code, danger.number] for danger in province.dangers},
        information={topic.key: topic.wording_key for topic in province.topics},
        diverted=dict(province.diverted),
        can_connect=can_connect,
    )


def _outgoing_facts(facts: CallFacts, callback: Callback | None, outgoing: str) -> CallFacts:
    """Of a call that we made. One whose reason is gone is greeted like a promised callback."""
    purpose: Mapping[str, Any] = {"kind": "callback", "callback": outgoing, "waited_s": 0}
    if callback is None:
        return replace(facts, purpose=purpose)
    waited = callback.asked_at - callback.queued_since
    purpose = {
        "kind": callback.kind,
        "callback": outgoing,
        "report": callback.report_id,
        "waited_s": int(waited.total_seconds()),
    }
    language = callback.language if callback.language in facts.languages else facts.language
    return replace(
        facts,
        language=language,
        can_text=mobile_number(callback.number) is not None,
        number_known=callback.number is not None,
        purpose=purpose,
    )
