"""What the system tells of itself, each hour."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from ivr.call_numbers import CallNumbers, call_numbers
from ivr.summary_models import CallSummary, Outcome
from monitoring.figures import figures, store_figures
from monitoring.models import Observation
from monitoring.periods import midnight
from monitoring.streams import streams
from monitoring.subjects import communes
from reports.models import Update, UpdateKind
from storage.database import reading, transaction
from tests.builders import NOON, a_report
from tests.monitoring.alarms import GANH_HAO, HOUR, MINUTE, file
from tests.monitoring.numbers import QUIET, no_calls
from tests.provinces.packs import bac_lieu

BUSY = CallNumbers(total=20, queued=8, answered=6, abandoned=1, wait_s=31.5, talk_s=180.0)
FEW = replace(BUSY, queued=2, answered=0)
SOON_AFTER = NOON + 5 * MINUTE


def told(
    engine: Engine, now: datetime = SOON_AFTER
) -> dict[tuple[str, str | None, datetime], float]:
    def calls(session: Session, begin: datetime, end: datetime) -> CallNumbers:
        if end - begin > HOUR:
            return BUSY
        return {NOON - HOUR: BUSY, NOON - 3 * HOUR: FEW}.get(begin, QUIET)

    with reading(engine) as session:
        found = figures(session, bac_lieu(), calls, now)
        return {(each.indicator, each.unit_key, each.at): each.value for each in found}


def test_calls_are_told_of_each_hour_that_is_over(sqlite: Engine) -> None:
    values = told(sqlite)

    hour = NOON - HOUR
    assert values["hotline.calls_in", None, hour] == 20
    assert values["hotline.answered_hour", None, hour] == 75
    assert values["hotline.abandoned_hour", None, hour] == 12.5
    assert values["hotline.wait_hour", None, hour] == 31.5
    assert values["hotline.calls_in", None, hour - HOUR] == 0
    assert ("hotline.answered_hour", None, hour - HOUR) not in values  # nobody waited
    assert ("hotline.answered_hour", None, hour - 2 * HOUR) not in values  # but two
    assert ("hotline.calls_in", None, NOON) not in values


def test_a_share_of_a_day_is_of_all_its_calls_and_no_mean_of_hours(sqlite: Engine) -> None:
    values = told(sqlite)

    today = midnight(SOON_AFTER.astimezone(bac_lieu().timezone).date(), bac_lieu().timezone)
    assert values["hotline.answered", None, today] == 75
    assert values["hotline.handling", None, today] == 180


def test_reports_are_counted_by_module_commune_and_hour(sqlite: Engine) -> None:
    file(sqlite, 2, "YT01", last_at=NOON - 10 * MINUTE)
    file(sqlite, 1, "YT01", place="", last_at=NOON - 10 * MINUTE)

    values = told(sqlite)

    hour = NOON - HOUR
    health = next(
        each.code for each in bac_lieu().indicators.values()
        if each.module == "health" and each.from_system == "reports_new"
    )  # fmt: skip
    assert values[health, GANH_HAO, hour] == 2
    assert values[health, None, hour] == 3
    assert values["hotline.reports", GANH_HAO, hour] == 2
    assert sum(values[health, unit, hour] for unit in communes(bac_lieu())) == 2


def test_open_overdue_and_satisfied_are_told(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        report = a_report(expected_at=NOON - HOUR)
        session.add_all([report, a_report(status="closed")])
        session.flush()
        for score in (5, 4, 2, 1):
            session.add(
                Update(report_id=report.id, kind=UpdateKind.RATING, at=NOON, author="caller",
                       score=score)
            )  # fmt: skip

    values = told(sqlite)

    assert values["hotline.open", None, NOON] == 1
    assert values["hotline.overdue", None, NOON] == 1
    satisfied = [value for key, value in values.items() if key[0] == "hotline.satisfied"]
    assert satisfied == [50]


def test_an_hour_is_told_once_and_what_changed_later_is_corrected(sqlite: Engine) -> None:
    file(sqlite, 2, last_at=NOON - 10 * MINUTE)

    first = store_figures(sqlite, bac_lieu(), no_calls, SOON_AFTER, hours=1)
    again = store_figures(sqlite, bac_lieu(), no_calls, SOON_AFTER + MINUTE)
    file(sqlite, 1, last_at=NOON - 10 * MINUTE)
    anew = store_figures(sqlite, bac_lieu(), no_calls, SOON_AFTER + 2 * MINUTE, True, hours=1)

    assert first > 0 and again == 0
    with reading(sqlite) as session:
        assert session.query(Observation).count() == first
    assert 0 < anew < 10


def test_a_worker_that_was_away_for_days_leaves_no_holes(sqlite: Engine) -> None:
    store_figures(sqlite, bac_lieu(), no_calls, SOON_AFTER, hours=1)
    back_at = SOON_AFTER + 60 * HOUR

    with pytest.raises(RuntimeError):
        store_figures(sqlite, bac_lieu(), _broken, back_at)
    at_once = store_figures(sqlite, bac_lieu(), no_calls, back_at + MINUTE)
    store_figures(sqlite, bac_lieu(), no_calls, back_at + 11 * MINUTE)

    assert at_once == 0  # somebody is at it, for all that is known
    with reading(sqlite) as session:
        (calls,) = [each for each in streams(session) if each.indicator == "hotline.calls_in"]
        (still_open,) = [each for each in streams(session) if each.indicator == "hotline.open"]
        hours = session.scalars(
            select(Observation.phenomenon_at)
            .where(Observation.datastream == calls.id)
            .order_by(Observation.phenomenon_at)
        ).all()
        stock = session.query(Observation).filter_by(datastream=still_open.id).count()
    assert hours == [NOON + back * HOUR for back in range(-1, 60)]
    assert stock == 2


def _broken(session: Session, begin: datetime, end: datetime) -> CallNumbers:
    raise RuntimeError("the database went away")


def a_summary(call: str, **given: object) -> CallSummary:
    values: dict[str, object] = {
        "call_id": call, "started_at": NOON, "day": "2026-11-22", "hour": 12, "outgoing": False,
        "outcome": Outcome.PERSON, "left_at": None, "stages": 0, "queued": True, "answered": True,
        "waited_s": 20, "talked_s": 100, "length_s": 130,
    }  # fmt: skip
    return CallSummary(**(values | given))


def test_calls_of_an_hour_are_those_that_began_in_it(sqlite: Engine) -> None:
    gone = {"outcome": Outcome.NOTHING, "answered": False, "talked_s": 0, "waited_s": 90}
    with transaction(sqlite) as session:
        session.add_all(
            [
                a_summary("a"),
                a_summary("b", waited_s=40, talked_s=200),
                a_summary("c", **gone),
                a_summary("d", **gone | {"outcome": Outcome.CALLBACK}),
                a_summary("e", **gone | {"queued": False, "outcome": Outcome.REPORT}),
                a_summary("f", outgoing=True),
                a_summary("g", started_at=NOON + HOUR),
            ]
        )

    with reading(sqlite) as session:
        found = call_numbers(session, NOON, NOON + HOUR)
        nothing = call_numbers(session, NOON - HOUR, NOON)

    assert found == CallNumbers(5, 4, 2, 1, 30.0, 150.0)
    assert nothing == QUIET
