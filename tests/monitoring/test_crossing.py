"""Values against thresholds, as the worker judges them."""

from datetime import datetime

import pytest
from sqlalchemy import Engine

from monitoring.alert_kinds import AlertState, Level
from monitoring.alert_lists import history
from monitoring.alerts import close
from monitoring.checking import Reading
from monitoring.models import DemoMark
from monitoring.observing import store
from monitoring.streams import stream_of
from storage.database import reading, transaction
from tests.builders import NOON, a_user
from tests.monitoring.alarms import DAY, GANH_HAO, HOUR, look, messages
from tests.provinces.packs import bac_lieu

SPEED = "traffic.speed"  # watch 15, alert 8, well again above 20; lower is worse
CHI = "c" * 32


def tell(
    engine: Engine, value: float, at: datetime, now: datetime | None = None, source: str = "csgt"
) -> int:
    with transaction(engine) as session:
        stream = stream_of(session, SPEED, GANH_HAO, source, NOON)
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


def test_of_several_sources_the_one_that_told_last_counts(slow: Engine) -> None:
    tell(slow, 30, NOON + HOUR, source="round")

    (alert,) = look(slow, NOON + HOUR)

    assert alert.state is AlertState.CLOSED
