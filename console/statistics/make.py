"""A sheet of figures, made: what is counted, for whom, and what it is compared with."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from console.statistics.calls import call_section
from console.statistics.links import Links
from console.statistics.period import Period
from console.statistics.reports import (
    Names,
    Served,
    report_section,
    satisfaction_section,
    service_section,
    words_section,
)
from console.statistics.sheet import Sheet
from ivr.call_figures import call_figures
from provinces.schema import Province
from reports.actors import Actor, Party
from reports.routing import agency_name
from reports.search_filters import Filters, seen_by
from reports.service_figures import accuracy, agency_figures, satisfaction
from reports.spread import unit_today
from reports.statistics import Counts, statistics
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
    with reading(engine) as session:
        served = _served(session, province, period, asked.actor, now)
        earlier = _served(session, province, before, asked.actor, now)
        sections = [
            report_section(served, earlier, links, names),
            service_section(served, earlier, links, names),
            satisfaction_section(served.satisfaction, earlier.satisfaction, links),
        ]
        since = until = None
        if not own:
            calls = call_figures(session, period.first, period.last)
            compared = call_figures(session, before.first, before.last)
            since, until = calls.read_from, calls.read_until
            sections.insert(0, call_section(calls, compared, links, asked.language))
            sections.append(words_section(served.accuracy, earlier.accuracy, links))
    agency = agency_name(province, asked.actor.agency or "", asked.language) if own else None
    return Sheet(period, before, now, sections, since, until, agency)


def _served(
    session: Session, province: Province, period: Period, actor: Actor, now: datetime
) -> Served:
    begin, end = period.moments(province.timezone)
    filters = seen_by(actor, Filters(received_from=begin, received_to=end))
    found = statistics(session, province, filters, now)
    return Served(
        statistics=found,
        agencies=agency_figures(session, filters, now),
        units=_by_unit_today(province, found.places),
        satisfaction=satisfaction(session, filters, now),
        accuracy=accuracy(session, filters, now),
    )


def _by_unit_today(province: Province, places: Counts) -> Counts:
    """As `reports.spread.counts_of_units`, of what is counted already."""
    found: Counter[str | None] = Counter()
    for place, count in places.items():
        found[unit_today(province, place) if place else None] += count
    return dict(sorted(found.items(), key=lambda row: (-row[1], row[0] or "")))
