"""A sheet of figures, made: what is counted, for whom, and what it is compared with."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from console.statistics.calls import call_section
from console.statistics.links import Links
from console.statistics.period import Period
from console.statistics.reports import (
    Names,
    report_section,
    satisfaction_section,
    service_section,
    words_section,
)
from console.statistics.sheet import Sheet
from ivr.call_figures import call_figures
from monitoring.demo import any_demo
from provinces.schema import Province
from reports.actors import Actor, Party
from reports.routing import agency_name
from reports.search_filters import Filters, seen_by
from reports.service_figures import accuracy, agency_figures, satisfaction
from reports.spread import by_unit_today
from reports.statistics import statistics
from storage.database import reading


@dataclass(frozen=True)
class Asked:
    """Attributes:
    actor: whose figures: officers see those of their agency's reports, and none of calls.
    links: where lists lie, for a page; without addresses for paper.
    """

    period: Period
    actor: Actor
    language: str
    links: Links


def make_sheet(engine: Engine, province: Province, asked: Asked, now: datetime) -> Sheet:
    """All figures of the period, as they stand now."""
    period, before, links = asked.period, asked.period.before(), asked.links
    names = Names(province, asked.language)
    own = asked.actor.party is Party.AGENCY
    meant, former = (_filters(province, each, asked.actor) for each in (period, before))
    with reading(engine) as session:
        demo = any_demo(session)
        found = statistics(session, province, meant, now)
        earlier = statistics(session, province, former, now)
        units = by_unit_today(province, found.places)
        agencies = agency_figures(session, meant, now)
        rated, was_rated = (satisfaction(session, each, now) for each in (meant, former))
        sections = [
            report_section(found, earlier, units, links, names),
            service_section(found, earlier, agencies, links, names),
            satisfaction_section(rated, was_rated, links),
        ]
        since = until = None
        if not own:
            calls = call_figures(session, period.first, period.last)
            compared = call_figures(session, before.first, before.last)
            since, until = calls.read_from, calls.read_until
            sections.insert(0, call_section(calls, compared, links, asked.language))
            right, was_right = (accuracy(session, each, now) for each in (meant, former))
            sections.append(words_section(right, was_right, links))
    agency = agency_name(province, asked.actor.agency or "", asked.language) if own else None
    return Sheet(period, before, now, sections, since, until, agency, demo)


def _filters(province: Province, period: Period, actor: Actor) -> Filters:
    """The reports of that period that the actor may see."""
    begin, end = period.moments(province.timezone)
    return seen_by(actor, Filters(received_from=begin, received_to=end))
