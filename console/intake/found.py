"""What the words of a report that is being written propose: category, place, danger, duplicates."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from console.errors import BadForm
from console.intake.form import Intake, category_of, readable, unit_of
from console.pages import Pages, page_language, signed_in
from console.places import unit_label
from console.reports.rows import category_name
from console.reports.view import View, why_alike
from reports.duplicates import candidates_for
from reports.lifecycle import ENDED
from reports.proposals import Proposal
from reports.reference import spoken_reference
from storage.database import reading

MOST_CATEGORIES = 4
MOST_HEARD = 1000  # characters in which places are looked for: it grows with the square of them


@dataclass(frozen=True)
class Offer:
    """A value for a field, with the words that propose it."""

    field: str
    value: str
    words: str
    score: int | None = None  # per cent


@dataclass(frozen=True)
class Alike:
    """A report that may tell of the same matter."""

    reference: str
    spoken: str
    status: str
    open: bool
    why: Sequence[str]
    words: str | None


@dataclass(frozen=True)
class Found:
    """`danger` are the words that tell of one."""

    offers: Sequence[Offer] = ()
    alike: Sequence[Alike] = ()
    danger: str | None = None
    urgent: bool = False


NOTHING = Found()


def found_in(pages: Pages, intake: Intake) -> Found:
    """What the words propose and the form does not hold yet; nothing for no words."""
    intake = readable(intake)
    words = intake.words
    if not words:
        return NOTHING
    services, language = pages.services, page_language()
    province = services.province
    told = services.propose(words)
    offers = [
        Offer(
            "category_typed",
            category_name(province, one.category, language) or one.category,
            ", ".join(one.words),
            round(100 * one.score),
        )
        for one in told.categories[:MOST_CATEGORIES]
    ]
    heard = f"{intake.address}. {words[:MOST_HEARD]}" if intake.address else words[:MOST_HEARD]
    for one in services.find_places(heard):
        unit = province.unit(one.old or one.unit)
        if unit is not None:
            offers.append(Offer("place_typed", unit_label(province, unit), one.words))
    held = {intake.category_typed, intake.place_typed}
    with reading(services.engine) as session:
        alike = _alike(session, pages, intake, told)
    return Found(
        [offer for offer in offers if offer.value not in held],
        alike,
        told.danger_words or None,
        told.urgent,
    )


def _alike(session: Session, pages: Pages, intake: Intake, told: Proposal) -> Sequence[Alike]:
    services = pages.services
    province, now = services.province, services.clock()
    view = View(province, signed_in(), page_language())
    try:
        place = unit_of(intake.place_typed, province, services.find_places)
    except BadForm:
        place = None
    try:
        category = category_of(intake.category_typed, province, services.propose)
    except BadForm:
        category = None
    if category is None:
        likely = told.categories
        category = likely[0].category if likely and likely[0].score >= 0.5 else None
    return [
        Alike(
            one.report.reference,
            spoken_reference(one.report.reference),
            one.report.status,
            one.report.status not in ENDED,
            why_alike(one, view),
            (one.report.description or None) if view.with_words else None,
        )
        for one in candidates_for(session, province, intake.words, category, place, now)[:5]
    ]
