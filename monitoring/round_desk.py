"""What staff do about rounds, by command or on a page: each of it is in the audit log."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.audit import record
from monitoring.asked_moments import asked_moment
from monitoring.respondents import add_respondent, find_respondent, forget_respondent
from monitoring.round_calls import leave_questions
from monitoring.round_models import Respondent, Round
from monitoring.rounds import Opened, close_round, find_round, open_round
from provinces.modules import Indicator
from provinces.schema import Province


def ask_round(
    session: Session,
    province: Province,
    indicator: Indicator,
    by: str,
    now: datetime,
    *,
    within: datetime | None = None,
    until: datetime | None = None,
    units: Sequence[str] = (),
) -> Opened:
    """Begin a round of the period that has the local moment `within`; without it, of the last
    whole one. Nobody is rung after the local moment `until`.

    Raises:
        BadRound: that period is not over; or as `monitoring.rounds.open_round`.
    """
    zone = province.timezone
    about = asked_moment(indicator.period, within, now, zone)
    due_at = None if until is None else until.replace(tzinfo=zone)
    opened = open_round(session, province, indicator, about, by, now, units, due_at)
    record(session, by, "round.opened", "round", opened.round_id, now, indicator=indicator.code)
    return opened


def end_round(session: Session, round_id: str, by: str, now: datetime) -> Round:
    """Ring nobody any more for it; of one that is over nothing changes.

    Raises:
        UnknownRound: as `monitoring.rounds.find_round`.
    """
    found = find_round(session, round_id)
    if found.closed_at is None:
        close_round(session, found.id, now)
        record(session, by, "round.closed", "round", found.id, now)
    return found


def take_respondent(
    session: Session,
    province: Province,
    name: str,
    unit_key: str | None,
    number: str,
    language: str,
    by: str,
    now: datetime,
) -> Respondent:
    """Somebody who answers for a unit from now on.

    Raises:
        BadRespondent: as `monitoring.respondents.add_respondent`.
    """
    made = add_respondent(session, province, name, unit_key, number, language, now)
    record(session, by, "respondent.added", "respondent", made.id, now, unit=unit_key)
    return made


def drop_respondent(session: Session, respondent_id: str, by: str, now: datetime) -> Respondent:
    """Ring somebody no more and wipe their number; who is next is asked in their place.

    Raises:
        UnknownRespondent: as `monitoring.respondents.find_respondent`.
    """
    found = find_respondent(session, respondent_id)
    forget_respondent(found)
    leave_questions(session, found, now)
    record(session, by, "respondent.removed", "respondent", found.id, now)
    return found
