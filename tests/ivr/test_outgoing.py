"""We ring whom we owe a call, while somebody is there to talk, and ask whether it is solved."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from ivr.outgoing import not_reached, place_calls, plan_surveys
from provinces.loader import find_province, load_province
from provinces.schema import Province
from reports.callbacks import Promise, promise
from reports.models import Callback, CallbackKind
from storage.database import reading, transaction
from tests.builders import CALLER_NUMBER, NOON, a_call, a_report

CALLBACK, SURVEY = CallbackKind.CALLBACK, CallbackKind.SURVEY
MONDAY = NOON.replace(day=23)


@pytest.fixture(scope="module")
def province() -> Province:
    return load_province(find_province("bac_lieu"))


class FakeTelephone:
    """Keeps what it was told to ring; `away` makes it fail."""

    def __init__(self) -> None:
        self.rung: list[tuple[str, str]] = []
        self.away = False

    def __call__(self, outgoing: str, number: str) -> bool:
        if self.away:
            raise OSError("no such folder")
        self.rung.append((outgoing, number))
        return True


def callbacks(engine: Engine) -> list[Callback]:
    with reading(engine) as session:
        return list(session.scalars(select(Callback).order_by(Callback.queued_since)))


def owe(engine: Engine, number: str = "0912000001") -> None:
    with transaction(engine) as session:
        promise(session, Promise(CALLBACK, number, "vi"), MONDAY)


def test_a_promised_call_is_made_and_nobody_rung_twice(
    database: Engine, province: Province
) -> None:
    owe(database)
    telephone = FakeTelephone()

    for _ in range(3):
        place_calls(database, province, CALLBACK, 2, telephone, MONDAY)

    [callback] = callbacks(database)
    assert telephone.rung == [(f"{callback.id}-1", "+84912000001")]
    assert callback.state == "ringing"


def test_nobody_is_rung_while_nobody_is_on_duty(database: Engine, province: Province) -> None:
    owe(database)
    telephone = FakeTelephone()
    holiday = NOON.replace(day=24)
    assert province.closed_why(holiday) == "closed_holiday"

    place_calls(database, province, CALLBACK, 2, telephone, holiday)

    assert telephone.rung == [] and callbacks(database)[0].state == "waiting"


def test_a_telephone_that_is_away_costs_a_try_and_nothing_else(
    database: Engine, province: Province
) -> None:
    owe(database)
    telephone = FakeTelephone()
    telephone.away = True

    place_calls(database, province, CALLBACK, 2, telephone, MONDAY)

    [callback] = callbacks(database)
    assert (callback.state, callback.tries) == ("waiting", 1)
    telephone.away = False
    place_calls(database, province, CALLBACK, 2, telephone, MONDAY + timedelta(minutes=20))
    assert [outgoing for outgoing, _ in telephone.rung] == [f"{callback.id}-2"]


def test_who_was_not_reached_is_rung_again_later(database: Engine, province: Province) -> None:
    owe(database)
    telephone = FakeTelephone()
    place_calls(database, province, CALLBACK, 2, telephone, MONDAY)

    for _ in range(2):
        not_reached(database, province, telephone.rung[0][0], MONDAY)
    not_reached(database, province, "unknown-1", MONDAY)

    [callback] = callbacks(database)
    assert (callback.state, callback.due_at) == ("waiting", MONDAY + timedelta(minutes=20))


def closed(**given: Any) -> Any:
    values: dict[str, Any] = {"status": "closed", "closed_at": MONDAY - timedelta(days=2)}
    return a_report(**(values | given))


def test_who_reported_what_is_closed_is_asked_once(database: Engine, province: Province) -> None:
    with transaction(database) as session:
        session.add(a_call(id="c1"))
        session.add(closed(id="r1", call_id="c1"))
        session.add(closed(id="r2", contact="other", contact_number="+84987654321"))

    assert [plan_surveys(database, province, MONDAY) for _ in range(2)] == [2, 0]

    assert {(each.report_id, each.number, each.kind) for each in callbacks(database)} == {
        ("r1", CALLER_NUMBER, "survey"),
        ("r2", "+84987654321", "survey"),
    }


@pytest.mark.parametrize(
    "given",
    [
        {"status": "resolved", "closed_at": None},
        {"closed_at": MONDAY - timedelta(hours=23)},
        {"closed_at": MONDAY - timedelta(days=8)},
        {"contact": "nobody"},
        {"anonymous": True},
        {"partial": True},
        {"call_id": None},
    ],
)
def test_nobody_else_is_asked(database: Engine, province: Province, given: dict[str, Any]) -> None:
    with transaction(database) as session:
        session.add(a_call(id="c1"))
        session.add(closed(**({"call_id": "c1"} | given)))

    assert plan_surveys(database, province, MONDAY) == 0 and callbacks(database) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("hour_utc", "rings"),
    [(0, 0), (1, 1), (9, 1), (10, 0)],  # 07:00, 08:00, 16:00 and 17:00 in Việt Nam
)
def test_surveys_keep_hours_of_their_own(
    database: Engine, province: Province, hour_utc: int, rings: int
) -> None:
    with transaction(database) as session:
        session.add(a_call(id="c1"))
        session.add(closed(id="r1", call_id="c1"))
    plan_surveys(database, province, MONDAY)
    telephone = FakeTelephone()

    now = MONDAY.replace(day=24, hour=hour_utc)
    place_calls(database, province, SURVEY, 5, telephone, now)

    assert len(telephone.rung) == rings
