"""What a flow is told when its call begins."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from hotline.call_facts import prepare_calls
from hotline.settings import Settings
from ivr.engine import Arrival, Prepare, Setting
from ivr.facts import CallFacts
from ivr.flows.registry import INCOMING, OUTGOING
from provinces.loader import find_province, load_province
from provinces.schema import Province
from reports.callbacks import Promise, RingRules, due_callbacks, promise
from reports.models import Callback, CallbackKind
from storage.crypto import current_box
from storage.database import reading, transaction
from tests.builders import CALLER_NUMBER, NOON, a_call, a_report

WEDNESDAY = NOON.replace(day=18)


@pytest.fixture(scope="module")
def province() -> Province:
    return load_province(find_province("bac_lieu"))


@pytest.fixture
def prepare(province: Province, tmp_path: Path) -> Prepare:
    settings = Settings(data=tmp_path, emergency_dial=True, _env_file=None)  # type: ignore[call-arg]
    return prepare_calls(settings, province)


def arriving(number: str | None = CALLER_NUMBER, **given: Any) -> Arrival:
    return Arrival("agi", "1.1", number, "19009120", "s-1", **given)


def prepared(
    engine: Engine, prepare: Prepare, arrival: Arrival | None = None, now: datetime = WEDNESDAY
) -> Setting:
    with transaction(engine) as session:
        return prepare(session, arrival or arriving(), now)


def test_facts_are_plain_data_that_comes_back_as_it_was(database: Engine, prepare: Prepare) -> None:
    setting = prepared(database, prepare)

    assert setting.flow == INCOMING
    stored = json.loads(json.dumps(vars(setting.facts)))
    assert CallFacts(**stored) == setting.facts or stored == json.loads(
        json.dumps(vars(CallFacts(**stored)))
    )
    facts = setting.facts
    assert facts.menu["1"] == "giao_thong" and facts.dangers["1"] == ["police", "113"]
    assert all(":" in unit for units in facts.areas.values() for unit in units)
    assert set(facts.submenu) <= set(facts.menu) and facts.information and facts.diverted
    assert facts.can_connect and facts.language == "vi" and "vi" in facts.languages


@pytest.mark.parametrize(
    ("number", "known", "can_text"),
    [(CALLER_NUMBER, True, True), ("+842913822222", True, False), (None, False, False)],
)
def test_an_sms_is_offered_only_where_one_arrives(
    database: Engine, prepare: Prepare, number: str | None, known: bool, can_text: bool
) -> None:
    facts = prepared(database, prepare, arriving(number)).facts

    assert (facts.number_known, facts.can_text) == (known, can_text)


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (WEDNESDAY, None),
        (WEDNESDAY.replace(hour=16), "closed_hours"),  # 23:00 in Việt Nam
        (NOON.replace(day=24), "closed_holiday"),
    ],
)
def test_opening_hours_are_those_of_the_operators(
    database: Engine, prepare: Prepare, now: datetime, why: str | None
) -> None:
    facts = prepared(database, prepare, now=now).facts

    assert (facts.open_now, facts.closed_why) == (why is None, why)


def test_what_the_number_finds_is_told_and_nothing_for_others(
    database: Engine, prepare: Prepare
) -> None:
    with transaction(database) as session:
        mine = current_box().keyed_hash(CALLER_NUMBER)
        session.add(a_report(id="r1", caller_hash=mine, requested_at=WEDNESDAY - timedelta(1)))
        partial = WEDNESDAY - timedelta(minutes=29)
        session.add(a_report(id="r2", caller_hash=mine, partial=True, requested_at=partial))

    facts = prepared(database, prepare).facts
    assert facts.dropped is not None and facts.dropped["continues"] == "r2"
    assert [row["report"] for row in facts.open_reports] == ["r2", "r1"]

    for number in ("+84987654321", None):
        other = prepared(database, prepare, arriving(number)).facts
        assert (other.dropped, list(other.open_reports)) == (None, [])


def test_a_number_that_floods_is_met_by_degrees(database: Engine, prepare: Prepare) -> None:
    with transaction(database) as session:
        mine = current_box().keyed_hash(CALLER_NUMBER)
        session.add_all(a_call(caller_hash=mine, started_at=WEDNESDAY) for _ in range(6))

    assert prepared(database, prepare).facts.treatment == "warned"
    assert prepared(database, prepare, arriving(None)).facts.treatment == "normal"


def ringing(engine: Engine, province: Province, kind: CallbackKind, waited_s: int = 0) -> str:
    rules = RingRules(
        province.limits.callback_from,
        province.limits.callback_until,
        3,
        timedelta(minutes=1),
        province.timezone,
    )
    with transaction(engine) as session:
        session.add(a_report(id="r1"))
        session.flush()
        promise(session, Promise(kind, "0912000001", "vi", waited_s, "r1"), WEDNESDAY)
        [order] = due_callbacks(session, kind, rules, 1, WEDNESDAY)
    return order.outgoing


def test_a_call_that_we_made_knows_why(
    database: Engine, prepare: Prepare, province: Province
) -> None:
    outgoing = ringing(database, province, CallbackKind.CALLBACK, waited_s=90)

    setting = prepared(database, prepare, arriving(None, outgoing=outgoing))

    assert setting.flow == OUTGOING
    assert setting.facts.purpose == {
        "kind": "callback", "callback": outgoing, "report": "r1", "waited_s": 90,
    }  # fmt: skip
    assert (setting.facts.number_known, setting.facts.can_text) == (True, True)
    with reading(database) as session:
        assert session.scalars(select(Callback)).one().answered_at == WEDNESDAY


def test_a_survey_that_is_answered_is_not_made_again(
    database: Engine, prepare: Prepare, province: Province
) -> None:
    outgoing = ringing(database, province, CallbackKind.SURVEY)

    facts = prepared(database, prepare, arriving(None, outgoing=outgoing)).facts

    assert facts.purpose is not None and facts.purpose["kind"] == "survey"
    with reading(database) as session:
        assert session.scalars(select(Callback)).one().state == "reached"


def test_a_call_whose_reason_is_gone_still_begins(database: Engine, prepare: Prepare) -> None:
    setting = prepared(database, prepare, arriving(None, outgoing="gone-1"))

    assert setting.flow == OUTGOING and setting.facts.purpose is not None


@pytest.mark.parametrize(("number", "most"), [(CALLER_NUMBER, 2), (None, 1)])
def test_a_caller_costs_two_queries_at_most(
    sqlite: Engine, prepare: Prepare, number: str | None, most: int
) -> None:
    asked: list[str] = []
    event.listen(
        sqlite, "before_cursor_execute", lambda *given: asked.append(given[2]), named=False
    )

    prepared(sqlite, prepare, arriving(number))

    assert len([query for query in asked if query.startswith("SELECT")]) == most
