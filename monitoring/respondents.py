"""The officers who answer for a unit when a round asks: who they are, and how they are reached."""

import uuid
from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from monitoring.errors import BadRespondent, UnknownRespondent
from monitoring.round_models import Respondent
from provinces.schema import Province
from storage.crypto import current_box
from understanding.phone_number import read_phone_number

log = structlog.get_logger()

DOMESTIC = "+84"
MOST_LETTERS = 80


def add_respondent(
    session: Session,
    province: Province,
    name: str,
    unit_key: str | None,
    number: str,
    language: str,
    now: datetime,
) -> Respondent:
    """Somebody who answers for a unit of today (None: for the province) from now on.

    Raises:
        BadRespondent: the name, the unit, the number or the language is none; or this number
            answers for this unit already.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= MOST_LETTERS:
        told = f"expected a name of 1 to {MOST_LETTERS} letters, found {len(name)}"
        raise BadRespondent("name", told)
    if not name.isprintable():  # PostgreSQL keeps no NUL, and no page should be turned around
        raise BadRespondent("name", "expected a name of letters, found signs that cannot be seen")
    if unit_key is not None:
        unit = province.unit(unit_key)
        if unit is None or unit.key.edition != province.current_edition:
            told = f"expected a unit of today such as {_an_example(province)}, found {unit_key!r}"
            raise BadRespondent("unit", told)
    if language not in province.wording:
        known = ", ".join(province.wording)
        raise BadRespondent("language", f"expected a language ({known}), found {language!r}")
    read = read_phone_number(number)
    if read is None or not read.ordinary or not read.e164.startswith(DOMESTIC):
        told = "expected an ordinary number within the country, found another one"
        raise BadRespondent("number", told)
    number_hash = current_box().keyed_hash(read.e164)
    twin = select(Respondent.id).where(
        Respondent.number_hash == number_hash, Respondent.active, _of_unit(unit_key)
    )
    if session.scalar(twin) is not None:
        raise BadRespondent("twice", "this number answers for this unit already")
    respondent = Respondent(
        id=uuid.uuid4().hex,
        name=name,
        unit_key=unit_key,
        number=read.e164,
        number_hash=number_hash,
        language=language,
        active=True,
        added_at=now,
    )
    session.add(respondent)
    session.flush()
    log.info("respondent added", respondent=respondent.id, unit=unit_key)
    return respondent


def respondents(session: Session, everybody: bool = False) -> Sequence[Respondent]:
    """Those who are asked, in the order of units and, within one, of being asked."""
    query = select(Respondent).order_by(Respondent.unit_key, Respondent.added_at, Respondent.id)
    if not everybody:
        query = query.where(Respondent.active)
    return session.scalars(query).all()


def find_respondent(session: Session, respondent_id: str) -> Respondent:
    """By the id, or by its beginning where that is nobody else's.

    Raises:
        UnknownRespondent: nobody or more than one has it.
    """
    beginning = Respondent.id.startswith(respondent_id, autoescape=True)
    found = session.scalars(select(Respondent).where(beginning, Respondent.active).limit(2)).all()
    if not respondent_id or len(found) != 1:
        many = "several" if found else "nobody"
        raise UnknownRespondent(f"expected the id of one respondent, found {many} of that id")
    return found[0]


def forget_respondent(respondent: Respondent) -> None:
    """Nobody rings them any more, and the number is wiped. What they answered stays answered."""
    respondent.active = False
    respondent.number = respondent.number_hash = ""
    log.info("respondent removed", respondent=respondent.id)


def those_of(session: Session, unit_key: str | None, but: Sequence[str] = ()) -> Respondent | None:
    """Who is asked for a unit: the first of its respondents who is not among `but`."""
    query = (
        select(Respondent)
        .where(Respondent.active, _of_unit(unit_key), Respondent.id.not_in(but))
        .order_by(Respondent.added_at, Respondent.id)
        .limit(1)
    )
    return session.scalar(query)


def _of_unit(unit_key: str | None) -> ColumnElement[bool]:
    return Respondent.unit_key.is_(None) if unit_key is None else Respondent.unit_key == unit_key


def _an_example(province: Province) -> str:
    area = next((area for area in province.areas if area.units), None)
    return "edition:code" if area is None else f"{area.units[0].edition}:{area.units[0].code}"
