"""What staff do with alerts, and who is told."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from accounts.models import AuditEntry
from monitoring.alert_kinds import AlertState, AlertView, Level, Rule
from monitoring.alert_lists import (
    Wanted,
    alerts,
    alerts_as_of,
    count_alerts,
    current_alerts,
    find_alert,
    history,
)
from monitoring.alerts import acknowledge, close, comment, escalate
from monitoring.errors import AlertChanged, AlertEnded, BadMute, BadWords, UnknownAlert
from monitoring.mutes import active_mutes, end_mute, is_muted, mute, mute_like
from monitoring.saying import said
from monitoring.telling import Duty
from notifications.models import Delivery, MessageStatus, Subscription
from notifications.preview import preview_one
from notifications.webhooks import EVENTS
from storage.database import reading, transaction
from tests.at_once import at_once
from tests.builders import NOON, a_user
from tests.monitoring.alarms import (
    DAY,
    DENGUE,
    DONG_HAI,
    DUTY,
    GANH_HAO,
    HOUR,
    LONG_DIEN,
    an_alert,
    messages,
)
from tests.provinces.packs import bac_lieu

CHI = "c" * 32
NIGHT = datetime.fromisoformat("2026-11-22T23:30:00+07:00")


@pytest.fixture
def engine(sqlite: Engine) -> Engine:
    with transaction(sqlite) as session:
        session.add(a_user(id=CHI))
    return sqlite


def kinds(engine: Engine, alert: AlertView) -> list[str]:
    with reading(engine) as session:
        return [str(each.kind) for each in history(session, alert.id)]


def test_whoever_acknowledges_an_alert_owns_it(engine: Engine) -> None:
    alert = an_alert(engine)

    with transaction(engine) as session:
        seen = acknowledge(session, alert.id, CHI, NOON + HOUR, alert.version)

    assert (seen.state, seen.owner, seen.version) == (AlertState.ACKNOWLEDGED, CHI, 2)
    assert kinds(engine, alert) == ["opened", "told", "acknowledged"]
    with reading(engine) as session:
        actions = session.scalars(select(AuditEntry.action)).all()
    assert actions == ["alert.acknowledged"]


def test_of_two_at_once_the_second_is_told(engine: Engine) -> None:
    alert = an_alert(engine)

    def press() -> None:
        with transaction(engine) as session:
            close(session, alert.id, CHI, None, NOON, alert.version)

    found = at_once(press, press)

    [refused] = [each for each in found if each is not None]
    assert isinstance(refused, AlertChanged) and refused.version == 2
    assert kinds(engine, alert).count("closed") == 1


def test_pressing_twice_acknowledges_once(engine: Engine) -> None:
    alert = an_alert(engine)

    for _ in range(2):
        with transaction(engine) as session:
            acknowledge(session, alert.id, CHI, NOON)

    assert kinds(engine, alert).count("acknowledged") == 1


def test_a_closed_alert_takes_a_comment_and_nothing_else(engine: Engine) -> None:
    alert = an_alert(engine)
    with transaction(engine) as session:
        close(session, alert.id, CHI, "Đã phun thuốc.", NOON)

    with transaction(engine) as session:
        comment(session, alert.id, CHI, "Không có ca mới.", NOON + DAY)
        with pytest.raises(AlertEnded):
            acknowledge(session, alert.id, CHI, NOON + DAY)

    assert kinds(engine, alert)[-2:] == ["closed", "commented"]


@pytest.mark.parametrize("words", ["", "  \n", "a" * 2001])
def test_a_comment_has_words_and_not_too_many(engine: Engine, words: str) -> None:
    alert = an_alert(engine)

    with transaction(engine) as session, pytest.raises(BadWords):
        comment(session, alert.id, CHI, words, NOON)


def test_what_does_not_exist_is_said_so(engine: Engine) -> None:
    with transaction(engine) as session, pytest.raises(UnknownAlert):
        acknowledge(session, "0" * 32, CHI, NOON)


def test_a_watch_found_at_night_is_told_in_the_morning(engine: Engine) -> None:
    an_alert(engine, NIGHT)

    (message,) = messages(engine)

    assert (message.to_number, message.text_key) == (DUTY, "monitoring_watch")
    assert message.next_at == datetime.fromisoformat("2026-11-23T07:00:00+07:00")


def test_an_alert_is_told_at_any_hour(engine: Engine) -> None:
    an_alert(engine, NIGHT, level=Level.ALERT)

    (message,) = messages(engine)

    assert (message.text_key, message.next_at) == ("monitoring_alert", None)


def test_each_level_is_told_once(engine: Engine) -> None:
    an_alert(engine)
    for minute in range(3):
        an_alert(engine, NOON + timedelta(minutes=minute), level=Level.ALERT)

    assert [each.text_key for each in messages(engine)] == ["monitoring_watch", "monitoring_alert"]


def test_what_is_over_before_the_morning_is_told_to_nobody(engine: Engine) -> None:
    alert = an_alert(engine, NIGHT)
    with transaction(engine) as session:
        close(session, alert.id, CHI, None, NIGHT + HOUR)

    assert [each.status for each in messages(engine)] == [MessageStatus.CANCELLED]


def test_an_escalation_is_told_at_night_and_though_it_is_muted(engine: Engine) -> None:
    alert = an_alert(engine)
    with transaction(engine) as session:
        mute(session, bac_lieu(), CHI, "Diễn tập", NIGHT + DAY, NOON, subject=DENGUE)
        escalate(session, bac_lieu(), Duty((DUTY,)), alert.id, CHI, "Xin chỉ đạo", NIGHT)

    *_, told = messages(engine)

    assert (told.text_key, told.next_at) == ("monitoring_escalated", None)


def test_a_muted_alert_is_kept_and_told_to_nobody(engine: Engine) -> None:
    with transaction(engine) as session:
        mute(session, bac_lieu(), CHI, "Đo lại trạm", NOON + DAY, NOON, unit_key=GANH_HAO)

    alert = an_alert(engine)

    assert alert.muted
    assert kinds(engine, alert) == ["opened", "muted"]
    assert messages(engine) == []


def test_alerts_of_a_unit_are_also_those_about_several(database: Engine) -> None:
    members = {"members": [GANH_HAO, DONG_HAI], "count": 4, "expected": 0.3}
    scan = an_alert(database, rule=Rule.SCAN, unit_key=None, why=members)
    own = an_alert(database, unit_key=DONG_HAI)
    an_alert(database, unit_key=None)

    with reading(database) as session:
        found = alerts(session, Wanted(unit_keys=[DONG_HAI]), NOON)
        elsewhere = alerts(session, Wanted(unit_keys=[LONG_DIEN]), NOON)

    assert [each.id for each in found] == [own.id, scan.id] and elsewhere == []


def test_a_mute_made_from_an_alert_is_of_its_place_alone(engine: Engine) -> None:
    members = {"members": [GANH_HAO, DONG_HAI], "count": 4, "expected": 0.3}
    spread = an_alert(engine, rule=Rule.SCAN, unit_key=None, why=members)
    province_wide = an_alert(engine, rule=Rule.BURST, unit_key=None)
    with transaction(engine) as session:
        for each in (spread, province_wide):
            mute_like(session, bac_lieu(), CHI, "Đã biết", NOON + DAY, NOON, each)
        muted = active_mutes(session, NOON)

    def meant(rule: Rule, unit_key: str | None, *members: str) -> bool:
        return is_muted(muted, rule, DENGUE, unit_key, {"members": members})

    assert meant(Rule.SCAN, None, DONG_HAI, LONG_DIEN) and meant(Rule.BURST, None)
    assert not meant(Rule.SCAN, None, LONG_DIEN)
    assert not meant(Rule.BURST, GANH_HAO)


def test_a_mute_ends_by_itself_and_by_hand(engine: Engine) -> None:
    with transaction(engine) as session:
        first = mute(session, bac_lieu(), CHI, "Đo lại", NOON + HOUR, NOON, rule=Rule.SCAN)
        mute(session, bac_lieu(), CHI, "Diễn tập", NOON + DAY, NOON, subject="health")
        end_mute(session, first.id, CHI, NOON + HOUR / 2)

        assert len(active_mutes(session, NOON)) == 2
        assert len(active_mutes(session, NOON + HOUR / 2)) == 1
        assert active_mutes(session, NOON + DAY) == []


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"subject": "nothing"},
        {"unit_key": "2025:00000"},
        {"subject": DENGUE, "until": NOON},
        {"subject": DENGUE, "until": NOON + 91 * DAY},
    ],
)
def test_a_mute_means_something_and_ends(engine: Engine, given: dict[str, Any]) -> None:
    until = given.pop("until", NOON + DAY)

    with transaction(engine) as session, pytest.raises(BadMute):
        mute(session, bac_lieu(), CHI, "Diễn tập", until, NOON, **given)


def test_programs_are_told_of_numbers_and_codes_alone(engine: Engine) -> None:
    with transaction(engine) as session:
        session.add(
            Subscription(
                id="s", url="https://example.vn/hooks", name="", events=" ".join(EVENTS),
                secret="whsec_", created_by=CHI, created_at=NOON,
            )
        )  # fmt: skip
    alert = an_alert(engine)
    with transaction(engine) as session:
        acknowledge(session, alert.id, CHI, NOON)
        close(session, alert.id, CHI, "Bà Lan ở ấp 2 báo", NOON)

    with reading(engine) as session:
        sent = session.scalars(select(Delivery)).all()

    assert {each.event for each in sent} == {
        "alert.opened",
        "alert.acknowledged",
        "alert.closed",
    }
    assert not any("Bà Lan" in each.body or DUTY in each.body for each in sent)


def test_the_board_sees_an_alert_as_it_was_then(engine: Engine) -> None:
    alert = an_alert(engine)
    an_alert(engine, NOON + 2 * HOUR, level=Level.ALERT)
    with transaction(engine) as session:
        close(session, alert.id, CHI, None, NOON + 3 * HOUR)

    with reading(engine) as session:
        levels = [
            [each.level for each in alerts_as_of(session, NOON + hours * HOUR)]
            for hours in (-1, 1, 2, 3)
        ]
        assert current_alerts(session, NOON) == []
        assert find_alert(session, alert.id, NOON).state is AlertState.CLOSED
        assert count_alerts(session, Wanted(states=(AlertState.CLOSED,))) == 1
    assert levels == [[], [Level.WATCH], [Level.ALERT], []]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("key", ["monitoring_watch", "monitoring_alert", "monitoring_escalated"])
def test_an_sms_about_an_alert_takes_two_parts_at_most(key: str, language: str) -> None:
    assert preview_one(bac_lieu(), key, language, False, NOON).parts <= 2


WHYS: dict[Rule, Callable[[], dict[str, Any]]] = {
    Rule.THRESHOLD: lambda: {
        "value": 12.5, "unit": "percent", "bound": 10, "release": 8, "worse": "higher",
        "phenomenon_at": NOON.isoformat(), "source": "so_y_te",
    },
    Rule.CLUSTER: lambda: {
        "count": 3, "expected": 0.1, "p": 0.001, "hours": 2.0, "radius_m": 500.0,
        "first_at": NOON.isoformat(), "last_at": NOON.isoformat(),
    },
    Rule.SCAN: lambda: {
        "count": 9, "expected": 2.5, "dispersion": 1.1, "score": 5.4, "p": 0.001, "draws": 999,
        "days": 3, "first_day": "2026-11-20", "day": "2026-11-22",
        "members": ["2025:31972", "2025:31975"],
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("worse", "value", "vi", "en"),
    [
        ("higher", 12, "vượt ngưỡng 10%; hết cảnh báo khi dưới 8%.",
         "above the bound 10%; over when below 8%."),
        ("higher", 10, "đúng bằng ngưỡng 10%; hết cảnh báo khi dưới 8%.",
         "at the bound 10%; over when below 8%."),
        ("higher", 9, "đã xuống dưới ngưỡng 10% nhưng chưa hết cảnh báo; hết cảnh báo khi dưới 8%.",
         "back below the bound 10%, but not yet over; over when below 8%."),
        ("lower", 9, "dưới ngưỡng 10%; hết cảnh báo khi trên 12%.",
         "below the bound 10%; over when above 12%."),
        ("lower", 10, "đúng bằng ngưỡng 10%; hết cảnh báo khi trên 12%.",
         "at the bound 10%; over when above 12%."),
        ("lower", 12, "đã lên trên ngưỡng 10% nhưng chưa hết cảnh báo; hết cảnh báo khi trên 12%.",
         "back above the bound 10%, but not yet over; over when above 12%."),
    ],
)  # fmt: skip
def test_an_alert_says_truly_how_its_value_lies_to_the_bound(
    engine: Engine, worse: str, value: float, vi: str, en: str
) -> None:
    release = 8 if worse == "higher" else 12
    why = WHYS[Rule.THRESHOLD]() | {"worse": worse, "value": value, "release": release}
    alert = an_alert(engine, rule=Rule.THRESHOLD, why=why, subject="traffic.speed")

    assert [said(bac_lieu(), alert, each).why.split(", ", 1)[1] for each in ("vi", "en")] == [
        vi, en
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "language", "expected"),
    [
        (Rule.THRESHOLD, "vi", "Giá trị 12,5% lúc 12:00 22/11/2026, vượt ngưỡng 10%"),
        (Rule.THRESHOLD, "en", "Value 12.5% at 12:00 22/11/2026, above the bound 10%"),
        (Rule.CLUSTER, "vi", "3 phản ánh cùng loại trong vòng 500 m và 2 giờ"),
        (Rule.SCAN, "vi", "9 phản ánh trong 3 ngày đến 22/11/2026 tại Xã Gành Hào và Xã Đông Hải"),
        (Rule.SCAN, "en", "9 reports in 3 days up to 2026-11-22 in Xã Gành Hào and Xã Đông Hải"),
    ],
)
def test_an_alert_says_why_with_its_numbers(
    engine: Engine, rule: Rule, language: str, expected: str
) -> None:
    unit_key = None if rule is Rule.SCAN else GANH_HAO
    alert = an_alert(engine, rule=rule, why=WHYS[rule](), subject="health", unit_key=unit_key)

    told = said(bac_lieu(), alert, language)

    assert told.why.startswith(expected)
    assert "Gành Hào" in told.headline
