"""Early warning over reports, as the worker runs it."""

import pytest
from sqlalchemy import Engine, select, update

from monitoring.alert_kinds import AlertState, AlertView, Level, Rule
from monitoring.alert_lists import history, reports_behind
from monitoring.alert_models import AlertBaseline
from monitoring.alerts import close
from monitoring.counts import daily_counts, hour_counts
from monitoring.detecting import detect
from reports.models import Report
from storage.database import reading, transaction
from tests.at_once import at_once
from tests.builders import NOON, a_user
from tests.monitoring.alarms import (
    DAY,
    DENGUE,
    DONG_HAI,
    GANH_HAO,
    HOUR,
    LONG_DIEN,
    MINUTE,
    SCAM,
    all_alerts,
    an_alert,
    file,
    look,
    messages,
    watcher,
)
from tests.provinces.packs import bac_lieu

CHI = "c" * 32
SPREAD = 3 * HOUR  # too far apart for three within two hours


def ids_behind(engine: Engine, alert: AlertView) -> set[str]:
    with reading(engine) as session:
        return {each.id for each in reports_behind(session, alert.id)}


def test_more_than_usual_in_a_day_is_an_alert_with_its_reports(sqlite: Engine) -> None:
    reports = file(sqlite, 4, every=SPREAD)

    (alert,) = look(sqlite)

    assert (alert.rule, alert.subject, alert.unit_key) == (Rule.BURST, DENGUE, GANH_HAO)
    assert (alert.module, alert.level) == ("health", Level.ALERT)
    assert alert.why["count"] == 4
    assert ids_behind(sqlite, alert) == set(reports)


def test_looking_again_changes_and_tells_nothing(sqlite: Engine) -> None:
    file(sqlite, 4, every=SPREAD)
    before = look(sqlite)

    after = look(sqlite, NOON + MINUTE)

    assert after == before
    assert len(messages(sqlite)) == 1


def test_workers_that_look_at_once_open_one_alert(database: Engine) -> None:
    file(database, 4, every=SPREAD)

    found = at_once(*[lambda: detect(database, watcher(), NOON, scan=False)] * 3)

    assert not [each for each in found if isinstance(each, Exception)]
    assert len(all_alerts(database)) == 1
    assert len(messages(database)) == 1


def test_what_is_usual_is_no_alert(sqlite: Engine) -> None:
    file(sqlite, 3 * 40, every=DAY / 3)

    assert look(sqlite) == []


def test_a_former_commune_counts_for_what_became_of_it(sqlite: Engine) -> None:
    file(sqlite, 2, place="pre2025:31972", every=SPREAD)
    file(sqlite, 2, place=GANH_HAO, last_at=NOON - HOUR, every=SPREAD)

    (alert,) = look(sqlite)

    assert (alert.unit_key, alert.why["count"]) == (GANH_HAO, 4)
    with reading(sqlite) as session:
        told = hour_counts(session, bac_lieu(), NOON - DAY, NOON + HOUR, as_today=False)
    assert {each.unit_key for each in told} == {"pre2025:31972", GANH_HAO}


def test_a_burst_is_over_two_days_after_its_last_report(sqlite: Engine) -> None:
    file(sqlite, 4, every=SPREAD)
    look(sqlite)

    (still,) = look(sqlite, NOON + DAY)
    (over,) = look(sqlite, NOON + 2 * DAY + MINUTE)

    assert (still.state, over.state) == (AlertState.OPEN, AlertState.CLOSED)


def test_what_somebody_closed_is_not_opened_again_by_the_same(sqlite: Engine) -> None:
    file(sqlite, 3, every=SPREAD, last_at=NOON - HOUR)
    (alert,) = look(sqlite)
    with transaction(sqlite) as session:
        session.add(a_user(id=CHI))
        session.flush()
        close(session, alert.id, CHI, None, NOON)

    again = look(sqlite, NOON + MINUTE)
    file(sqlite, 1, last_at=NOON + HOUR)
    one_more = look(sqlite, NOON + HOUR)

    assert len(again) == len(one_more) == 1


def test_days_in_alarm_are_noted_so_that_they_are_no_measure(sqlite: Engine) -> None:
    file(sqlite, 4, every=SPREAD)
    look(sqlite)

    with reading(sqlite) as session:
        (row,) = session.scalars(select(AlertBaseline)).all()

    assert (row.subject, row.unit_key, f"{row.day}") == (DENGUE, GANH_HAO, "2026-11-22")


def test_three_of_a_kind_in_one_commune_within_two_hours_are_a_cluster(sqlite: Engine) -> None:
    reports = file(sqlite, 3, caller_hash=None)

    found = {each.rule: each for each in look(sqlite)}

    assert found[Rule.CLUSTER].level is Level.WATCH
    assert ids_behind(sqlite, found[Rule.CLUSTER]) == set(reports)


def test_one_cause_found_by_two_rules_is_one_sms(sqlite: Engine) -> None:
    file(sqlite, 3)

    assert {each.rule for each in look(sqlite)} == {Rule.BURST, Rule.CLUSTER}

    assert len(messages(sqlite)) == 1


def test_one_person_who_calls_three_times_is_no_cluster(sqlite: Engine) -> None:
    file(sqlite, 3, caller_hash="a" * 64)

    assert Rule.CLUSTER not in {each.rule for each in look(sqlite)}


def test_different_kinds_in_one_commune_are_an_alert_of_their_module(sqlite: Engine) -> None:
    for hours, category in enumerate(("YT01", "YT02", "YT03", "YT01")):
        file(sqlite, 1, category, last_at=NOON - 2.5 * hours * HOUR)

    (alert,) = look(sqlite)

    assert (alert.rule, alert.subject, alert.why["count"]) == (Rule.BURST, "health", 4)


def test_neighbours_that_alone_show_nothing_are_found_together(sqlite: Engine) -> None:
    for place in (GANH_HAO, DONG_HAI, LONG_DIEN):
        file(sqlite, 5, SCAM, place, NOON - 6 * DAY, 6 * DAY)
        file(sqlite, 8, SCAM, place, NOON, DAY / 2)

    (alert,) = look(sqlite, scan=True)

    assert alert.rule is Rule.SCAN
    assert {GANH_HAO, DONG_HAI, LONG_DIEN} <= set(alert.why["members"])
    assert (alert.subject, alert.unit_key) == ("cyberspace", None)
    (message,) = messages(sqlite)
    assert message.text_values["units"].startswith(alert.why["members"][0] + "+")


def test_neighbours_are_looked_at_once_an_hour(sqlite: Engine) -> None:
    detect(sqlite, watcher(), NOON)
    for place in (GANH_HAO, DONG_HAI, LONG_DIEN):
        file(sqlite, 5, SCAM, place, NOON - 6 * DAY, 6 * DAY)
        file(sqlite, 8, SCAM, place, NOON, DAY / 2)

    found = [detect(sqlite, watcher(), NOON + minutes * MINUTE) for minutes in (59, 60)]

    assert [[each.rule for each in alerts] for alerts in found] == [[], [Rule.SCAN]]


def test_in_its_first_weeks_a_hotline_does_not_know_what_is_usual(sqlite: Engine) -> None:
    file(sqlite, 4, every=SPREAD, begun=False)

    assert look(sqlite) == []


def test_what_begins_where_a_wandering_alert_began_goes_on_with_it(sqlite: Engine) -> None:
    def scan(*members: str) -> str:
        why = {"members": list(members), "count": 9, "expected": 1.0, "days": 3, "p": 0.001}
        return an_alert(sqlite, rule=Rule.SCAN, subject="health", unit_key=None, why=why).id

    first = scan(GANH_HAO, DONG_HAI)
    wandered = scan(DONG_HAI, LONG_DIEN)

    assert [wandered, scan(GANH_HAO)] == [first, first]


def test_a_report_whose_person_was_erased_stands_behind_nothing(sqlite: Engine) -> None:
    reports = file(sqlite, 4, every=SPREAD)
    (alert,) = look(sqlite)
    with transaction(sqlite) as session:
        session.execute(update(Report).where(Report.id == reports[0]).values(erased_at=NOON))

    assert ids_behind(sqlite, alert) == set(reports[1:])


def test_turned_down_reports_do_not_count(sqlite: Engine) -> None:
    file(sqlite, 5, status="rejected")

    assert look(sqlite) == []
    with reading(sqlite) as session:
        assert daily_counts(session, bac_lieu(), NOON.date(), 3).counts == {}


def test_of_made_up_reports_nobody_is_told(sqlite: Engine) -> None:
    file(sqlite, 4, every=SPREAD, source="demo")
    file(sqlite, 1, last_at=NOON - 99 * DAY, source="demo")

    (alert,) = look(sqlite)

    assert alert.demo
    assert messages(sqlite) == []


def test_what_is_real_is_told_though_it_lies_among_made_up_reports(sqlite: Engine) -> None:
    file(sqlite, 4, every=SPREAD, source="demo")
    file(sqlite, 1, last_at=NOON - 99 * DAY, source="demo")
    look(sqlite)
    file(sqlite, 2, every=SPREAD)
    few = look(sqlite)
    real = file(sqlite, 2, last_at=NOON - HOUR, every=SPREAD)

    alert, _ = look(sqlite)

    assert [each.demo for each in few] == [True]
    assert (alert.demo, alert.why["count"]) == (False, 4)
    assert set(real) < ids_behind(sqlite, alert)
    assert len(messages(sqlite)) == 1


def test_a_cluster_that_grows_is_raised(sqlite: Engine) -> None:
    file(sqlite, 3)
    look(sqlite)
    file(sqlite, 3, last_at=NOON + HOUR)

    found = {each.rule: each for each in look(sqlite, NOON + HOUR)}

    cluster = found[Rule.CLUSTER]
    assert (cluster.level, cluster.why["count"]) == (Level.ALERT, 6)
    with reading(sqlite) as session:
        kinds = [each.kind for each in history(session, cluster.id)]
    assert "raised" in kinds


@pytest.mark.parametrize("category", ["giao_thong", None])
def test_reports_without_a_category_are_left_out(sqlite: Engine, category: str | None) -> None:
    file(sqlite, 6, category or "")

    assert look(sqlite) == []
