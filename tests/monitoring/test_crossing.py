"""Values against thresholds, as the worker judges them."""

from datetime import date, datetime

import pytest
from sqlalchemy import Engine

from monitoring.alert_kinds import AlertState, Level, Rule
from monitoring.alert_lists import history
from monitoring.alerts import close
from monitoring.checking import Reading
from monitoring.models import DemoMark
from monitoring.observing import store
from monitoring.periods import midnight
from monitoring.raising import Found, keep
from monitoring.streams import stream_of
from monitoring.telling import Duty
from storage.database import reading, transaction
from tests.builders import NOON, a_user
from tests.monitoring.alarms import DAY, GANH_HAO, HOUR, look, messages
from tests.provinces.packs import bac_lieu

SPEED = "traffic.speed"  # watch 15, alert 8, well again above 20; lower is worse
DROPOUT = "education.dropouts"  # of a month
ZONE = bac_lieu().timezone
CHI = "c" * 32


def tell(
    engine: Engine,
    value: float,
    at: datetime,
    now: datetime | None = None,
    source: str = "csgt",
    indicator: str = SPEED,
    unit_key: str | None = GANH_HAO,
) -> int:
    with transaction(engine) as session:
        stream = stream_of(session, indicator, unit_key, source, NOON)
        stored = store(session, bac_lieu(), [Reading(stream.id, at, value)], now or at)
    assert not stored.refused
    return stream.id


@pytest.fixture
def slow(sqlite: Engine) -> Engine:
    """Somewhere traffic creeps."""
    tell(sqlite, 12, NOON)
    look(sqlite)
    return sqlite


def kinds(engine: Engine, alert_id: str) -> list[str]:
    with reading(engine) as session:
        return [str(each.kind) for each in history(session, alert_id)]


def test_a_value_beyond_its_bound_opens_an_alert(slow: Engine) -> None:
    (alert,) = look(slow)

    assert (alert.subject, alert.unit_key, alert.level) == (SPEED, GANH_HAO, Level.WATCH)
    assert (alert.why["value"], alert.why["bound"], alert.why["release"]) == (12, 15, 20)


def test_a_value_that_dances_around_its_bound_stays_one_alert(slow: Engine) -> None:
    for hours, value in enumerate((16, 14, 19, 13), start=1):
        tell(slow, value, NOON + hours * HOUR)
        look(slow, NOON + hours * HOUR)

    (alert,) = look(slow, NOON + 4 * HOUR)

    assert alert.state is AlertState.OPEN
    assert len(messages(slow)) == 1


def test_a_value_past_its_release_ends_the_alert(slow: Engine) -> None:
    tell(slow, 21, NOON + HOUR)

    (alert,) = look(slow, NOON + HOUR)

    assert alert.state is AlertState.CLOSED
    assert kinds(slow, alert.id) == ["opened", "told", "closed"]


def test_worse_raises_and_better_lowers(slow: Engine) -> None:
    tell(slow, 5, NOON + HOUR)
    (raised,) = look(slow, NOON + HOUR)
    tell(slow, 14, NOON + 2 * HOUR)
    (lowered,) = look(slow, NOON + 2 * HOUR)

    assert (raised.level, lowered.level) == (Level.ALERT, Level.WATCH)
    assert [each.text_key for each in messages(slow)] == ["monitoring_watch", "monitoring_alert"]


def test_a_corrected_value_ends_the_alert_that_it_caused(slow: Engine) -> None:
    tell(slow, 42, NOON, NOON + HOUR)

    (alert,) = look(slow, NOON + HOUR)

    assert alert.state is AlertState.CLOSED


def test_a_closed_alert_is_not_opened_by_the_same_value(slow: Engine) -> None:
    (alert,) = look(slow)
    with transaction(slow) as session:
        session.add(a_user(id=CHI))
        session.flush()
        close(session, alert.id, CHI, None, NOON)

    assert len(look(slow, NOON + HOUR)) == 1


def test_in_the_quiet_time_only_what_is_graver_is_told(slow: Engine) -> None:
    tell(slow, 21, NOON + HOUR)
    look(slow, NOON + HOUR)
    tell(slow, 12, NOON + 2 * HOUR)
    same = look(slow, NOON + 2 * HOUR)
    tell(slow, 5, NOON + 3 * HOUR)
    graver = look(slow, NOON + 3 * HOUR)

    assert (len(same), len(graver)) == (1, 2)


def test_a_month_told_weeks_later_is_not_swallowed_by_the_quiet_time(sqlite: Engine) -> None:
    october, november = (midnight(date(2026, month, 1), ZONE) for month in (10, 11))
    told_at = november + 7 * DAY
    tell(sqlite, 12, october, told_at, indicator=DROPOUT)  # watch 10, over below 7
    look(sqlite, told_at)
    tell(sqlite, 5, october, told_at + DAY, indicator=DROPOUT)
    look(sqlite, told_at + DAY)
    later = told_at + 30 * DAY
    tell(sqlite, 12, november, later, indicator=DROPOUT)

    early = look(sqlite, later)
    after = look(sqlite, told_at + 31 * DAY)

    assert [[each.state for each in alerts] for alerts in (early, after)] == [
        [AlertState.CLOSED],
        [AlertState.OPEN, AlertState.CLOSED],
    ]


def test_a_graver_correction_of_a_value_whose_alert_was_closed_alarms(slow: Engine) -> None:
    (alert,) = look(slow)
    with transaction(slow) as session:
        session.add(a_user(id=CHI))
        session.flush()
        close(session, alert.id, CHI, None, NOON)
    tell(slow, 5, NOON, NOON + HOUR)

    newest, _ = look(slow, NOON + HOUR)

    assert (newest.level, newest.state) == (Level.ALERT, AlertState.OPEN)


def test_a_day_is_judged_once_it_is_over(sqlite: Engine) -> None:
    today = midnight(NOON.date(), ZONE)
    tell(sqlite, 0, today, NOON, source="system", indicator="hotline.satisfied", unit_key=None)

    running, over = look(sqlite), look(sqlite, today + DAY)

    assert (len(running), len(over)) == (0, 1)


def test_a_level_raised_again_is_told_again_after_the_quiet_time(slow: Engine) -> None:
    levels = []
    for hours, value in ((1, 5), (2, 14), (3, 5), (4, 14), (12, 5)):
        tell(slow, value, NOON + hours * HOUR)
        (alert,) = look(slow, NOON + hours * HOUR)
        levels.append(alert.level)

    assert [each.value for each in levels] == ["alert", "watch", "alert", "watch", "alert"]
    texts = [each.text_key for each in messages(slow)]
    assert texts == ["monitoring_watch", "monitoring_alert", "monitoring_alert"]
    assert kinds(slow, alert.id)[-2:] == ["raised", "told"]
    assert kinds(slow, alert.id).count("told") == 3


def test_an_alert_whose_source_falls_silent_ends(slow: Engine) -> None:
    (still,) = look(slow, NOON + DAY)
    (over,) = look(slow, NOON + 2 * DAY)

    assert (still.state, over.state) == (AlertState.OPEN, AlertState.CLOSED)


def test_a_look_that_is_older_than_what_is_known_changes_nothing(slow: Engine) -> None:
    (alert,) = look(slow)
    found = Found(
        module="traffic", rule=Rule.THRESHOLD, subject=SPEED, unit_key=GANH_HAO,
        level=Level.ALERT, at=NOON - HOUR, why=dict(alert.why) | {"value": 3}, falls=True,
    )  # fmt: skip
    with transaction(slow) as session:
        view = keep(session, bac_lieu(), Duty(), found, NOON)

    assert view is not None and (view.level, view.why["value"]) == (Level.WATCH, 12)


def test_a_real_value_beside_a_made_up_one_is_told(sqlite: Engine) -> None:
    stream = tell(sqlite, 3, NOON, source="demo")
    with transaction(sqlite) as session:
        session.add(DemoMark(kind="datastreams", row_id=str(stream)))
    look(sqlite)
    tell(sqlite, 5, NOON - HOUR, NOON)

    alerts = look(sqlite)

    assert [each.demo for each in alerts] == [False, True]
    assert len(messages(sqlite)) == 1


def test_what_a_file_tells_of_last_month_is_no_alert(sqlite: Engine) -> None:
    tell(sqlite, 3, NOON - 30 * DAY, NOON)

    assert look(sqlite) == []


def test_made_up_values_are_told_to_nobody(sqlite: Engine) -> None:
    stream = tell(sqlite, 3, NOON)
    with transaction(sqlite) as session:
        session.add(DemoMark(kind="datastreams", row_id=str(stream)))

    (alert,) = look(sqlite)

    assert alert.demo
    assert messages(sqlite) == []


def test_of_several_sources_the_one_that_the_board_shows_counts(slow: Engine) -> None:
    tell(slow, 30, NOON + HOUR, source="round")
    (same_day,) = look(slow, NOON + HOUR)
    tell(slow, 30, NOON + DAY, source="round")
    (later,) = look(slow, NOON + DAY)

    assert same_day.state is AlertState.OPEN
    assert later.state is AlertState.CLOSED
