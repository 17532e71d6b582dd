"""Rounds with something in them: one that goes on with a question at each state, one that is over,
and those who are asked."""

import uuid
from datetime import timedelta

from monitoring.respondents import add_respondent
from monitoring.round_models import Round, RoundQuestion
from storage.database import transaction
from tests.builders import NOON, a_call
from tests.console.conftest import Browser
from tests.provinces.packs import bac_lieu

GOING, OVER = uuid.UUID(int=0xA1).hex, uuid.UUID(int=0xA2).hex
GANH_HAO, VINH_LOI, BAC_LIEU, PHUOC_LONG = "2025:31972", "2025:31900", "2025:31825", "2025:31867"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Unit, name, number, state of the question, tries, value.
ASKED = (
    (GANH_HAO, "Nguyễn Thị Hai", "0912000001", "answered", 1, 3.0),
    (VINH_LOI, "Trần Văn Ba", "0912000002", "waiting", 2, None),
    (BAC_LIEU, "Lê Thị Tư", "0912000003", "calling", 1, None),
    (PHUOC_LONG, "<b>Năm</b>", "0912000004", "refused", 1, None),
)


def fill_rounds(visitor: Browser) -> None:
    """Four officers, two rounds, and the call in which one of them answered."""
    province = bac_lieu()
    midnight = NOON.astimezone(province.timezone).replace(hour=0)  # of a Sunday
    call = a_call(started_at=NOON - HOUR)
    with transaction(visitor.engine) as session:
        session.add(call)
        for id, indicator, about, closed_at in (
            (GOING, "security.fires", midnight - DAY, None),
            (OVER, "health.dengue", midnight - 13 * DAY, NOON - HOUR),
        ):
            session.add(
                Round(
                    id=id,
                    indicator=indicator,
                    asked_by="cli",
                    phenomenon_at=about,
                    due_at=NOON + DAY,
                    opened_at=NOON - 2 * HOUR,
                    closed_at=closed_at,
                )
            )
        session.flush()
        for unit, name, number, state, tries, value in ASKED:
            made = add_respondent(session, province, name, unit, number, "vi", NOON - DAY)
            session.add(
                RoundQuestion(
                    id=uuid.uuid4().hex,
                    round_id=GOING,
                    unit_key=unit,
                    respondent_id=made.id,
                    state=state,
                    tries=tries,
                    next_at=NOON + HOUR if state == "waiting" else None,
                    call_id=call.id if value is not None else None,
                    value=value,
                    answered_at=NOON - HOUR if value is not None else None,
                )
            )
            session.add(
                RoundQuestion(
                    id=uuid.uuid4().hex,
                    round_id=OVER,
                    unit_key=unit,
                    respondent_id=made.id,
                    state="unreached",
                    tries=4,
                )
            )
