"""The pages of rounds, also after something was refused or begun."""

import re
from collections.abc import Sequence
from http import HTTPStatus

from flask import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.permissions import Permission, permissions_of
from console.pages import Pages, page_language, signed_in
from console.rounds.form import askable
from console.rounds.shown import Sayer
from ivr.models import Call
from monitoring.errors import UnknownRound
from monitoring.respondents import respondents
from monitoring.round_views import QuestionView, question_views, round_views, view_of
from monitoring.rounds import find_round
from monitoring.subjects import communes
from storage.database import reading

_ID = re.compile(r"[0-9a-f]{32}")


def show_rounds(pages: Pages, status: int = HTTPStatus.OK, **more: object) -> Response:
    """Those that go on, the latest that are over, and the form of a new one."""
    services, language = pages.services, page_language()
    province = services.province
    said = Sayer(province, language, services.clock())
    with reading(services.engine) as session:
        going = round_views(session, only_open=True)
        over = [view for view in round_views(session) if view.closed_at is not None]
        answering = {each.unit_key for each in respondents(session)}
    return pages.show(
        "rounds/rounds.html",
        status,
        tables=(
            ("round_going", "rounds_none_going", [said.round(view) for view in going]),
            ("round_over", "rounds_none_over", [said.round(view) for view in over]),
        ),
        indicators=askable(province, language),
        units=[(key, said.unit(key), key in answering) for key in communes(province)],
        no_line=services.phones is not None and not services.phones.rings_out,
        within_hours=province.limits.round_within_hours,
        **{"problem": None, "typed": {}, "picked": (), **more},
    )


def show_round(
    pages: Pages, round_id: str, status: int = HTTPStatus.OK, **more: object
) -> Response:
    """One round with its questions; who was asked is told only to those who may know it.

    Raises:
        UnknownRound: there is none of that id.
    """
    services, now = pages.services, pages.services.clock()
    said = Sayer(services.province, page_language(), now)
    may = permissions_of(signed_in().role)
    with reading(services.engine) as session:
        found = find_round(session, known_id(round_id))
        view, questions = view_of(session, found), question_views(session, found.id)
        calls = _calls_of(session, questions) if Permission.CALLS_READ in may else ()
    return pages.show(
        "rounds/round.html",
        status,
        round=said.round(view),
        questions=[said.question(view, each, calls) for each in questions],
        **{"opened": None, **more},
    )


def known_id(round_id: str) -> str:
    """The id as an address has it: whole, other than on the command line.

    Raises:
        UnknownRound: it is none.
    """
    if _ID.fullmatch(round_id) is None:
        raise UnknownRound("expected the id of a round, found something else")
    return round_id


def _calls_of(session: Session, questions: Sequence[QuestionView]) -> Sequence[str]:
    """Calls that are still there: old ones are cleared away before the figures."""
    named = {each.call_id for each in questions if each.call_id is not None}
    return session.scalars(select(Call.id).where(Call.id.in_(named))).all()
