"""Modules, indicators, series, observations and the shift briefing, as programs fetch them."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.roles import Role
from api.cursor import Cursor, write_cursor
from monitoring.streams import streams
from provinces.schema import Province
from storage.database import reading
from tests.api.conftest import Api
from tests.builders import NOON
from tests.monitoring.alarms import an_alert

GANH_HAO, VINH_LOI = "2025:31972", "2025:31900"
CASES = "security.cases"
DAY = timedelta(days=1)


def one(**given: Any) -> dict[str, Any]:
    usual = {
        "indicator": CASES,
        "unit": GANH_HAO,
        "source": "cong_an_tinh",
        "phenomenon_at": "2026-11-20T00:00:00+07:00",
        "value": 3,
    }
    return usual | given


def send(api: Api, *observations: dict[str, Any], **headers: str) -> Any:
    return api.send("POST", "/observations", {"observations": list(observations)}, **headers)


@pytest.fixture
def writer(api: Api) -> Api:
    api.enter(Role.SUPERVISOR)
    return api


def test_all_modules_stand_with_their_main_indicators(writer: Api, the_province: Province) -> None:
    send(writer, one(phenomenon_at="2026-11-22T00:00:00+07:00", value=4))
    alert = an_alert(writer.engine)

    told = writer.get("/modules").json["modules"]

    by_code = {each["code"]: each for each in told}
    cases = next(each for each in by_code["security"]["indicators"] if each["indicator"] == CASES)
    assert list(by_code) == [each.code for each in the_province.modules]
    assert (cases["value"], cases["told"], cases["met"]) == (4, 1, False)
    assert (by_code[alert.module]["state"], by_code[alert.module]["alerts"]) == ("watch", 1)


def test_a_module_has_all_its_indicators_as_they_were_known(
    writer: Api, the_province: Province
) -> None:
    send(writer, one(phenomenon_at="2026-11-22T00:00:00+07:00"))
    before = (NOON - timedelta(hours=1)).isoformat().replace("+00:00", "Z")

    now, then = writer.get("/modules/security").json, writer.get(
        f"/modules/security?known_at={before}"
    ).json  # fmt: skip

    assert [len(each["indicators"]) for each in (now, then)] == [
        len(the_province.modules[0].indicators)
    ] * 2
    assert (now["indicators"][0]["value"], then["indicators"][0]["value"]) == (3, None)
    assert writer.get("/modules/nothing").status_code == 404


def test_indicators_are_told_as_the_province_declares_them(api: Api) -> None:
    told = api.get("/indicators?module=security").json["indicators"]
    alone = api.get(f"/indicators/{CASES}").json

    assert alone in told and {each["module"] for each in told} == {"security"}
    assert (alone["symbol"], alone["thresholds"][0]["alert"]) == ("vụ", 6)
    assert api.get("/indicators/nothing").status_code == 404
    assert api.get("/indicators?module=nothing").status_code == 422


def test_of_a_batch_each_is_answered_by_itself(writer: Api) -> None:
    told = send(
        writer,
        one(),
        one(unit="whole", value=20),
        one(unit="bac_lieu", value=20),
        one(unit=None, value=20),
        one(value=-3, phenomenon_at="2026-11-21T00:00:00+07:00"),
        one(phenomenon_at="2026-11-20T00:00:00"),
        one(phenomenon_at="2027-11-20T00:00:00Z"),
        one(phenomenon_at="yesterday"),
        one(measure="km/h"),
        one(indicator="security.\x00"),
        one(source="system"),
        one(indicator="security.reports"),
        one(unit="2025:0"),
        one(value=1e308),
    ).json

    assert [each["reason"] for each in told["results"]] == [
        None,
        None,
        None,
        "no_unit",
        "too_low",
        "no_zone",
        "future",
        "bad_time",
        "unlike_unit",
        "unknown_indicator",
        "unknown_source",
        "counted_here",
        "unknown_place",
        "too_high",
    ]
    assert (told["new"], told["repeated"], told["refused"]) == (2, 1, 11)
    with reading(writer.engine) as session:  # of what was refused no series was made
        made = {(each.indicator, each.unit_key) for each in streams(session)}
    assert made == {(CASES, GANH_HAO), (CASES, None)}


def test_a_batch_sent_again_under_its_key_is_stored_once(writer: Api) -> None:
    first = send(writer, one(), Idempotency_Key="a")
    again = send(writer, one(), Idempotency_Key="a")
    anew = send(writer, one(), one(value=5, phenomenon_at="2026-11-19T17:00:00Z"))

    assert again.json == first.json and again.headers["Idempotency-Replayed"] == "true"
    assert (anew.json["new"], anew.json["repeated"], anew.json["corrected"]) == (0, 1, 1)


def test_pages_go_through_all_observations_by_key(writer: Api) -> None:
    days = [f"2026-11-{day:02}T00:00:00+07:00" for day in range(1, 8)]
    send(
        writer, *(one(phenomenon_at=day, unit=unit) for day in days for unit in (GANH_HAO, "whole"))
    )
    path = f"/observations?indicator={CASES}&begin=2026-11-02T17:00:00Z&limit=3"

    found, before = [], ""
    while before is not None:
        page = writer.get(path + (f"&before={before}" if before else "")).json
        found += [(each["stream"], each["phenomenon_at"]) for each in page["observations"]]
        before = page["next_before"]

    assert len(found) == 10 and found == sorted(set(found), reverse=True)
    assert len(writer.get("/observations?unit=whole&source=cong_an_tinh").json["observations"]) == 7
    assert writer.get("/observations?source=so_y_te").json["observations"] == []
    assert writer.get("/observations?before=nothing").status_code == 404
    beyond = write_cursor(Cursor(NOON, str(2**31)))
    assert writer.get(f"/observations?before={beyond}").status_code == 404
    assert writer.get("/observations?unit=2025:0").status_code == 422


def test_what_was_corrected_is_told_as_it_was_known(writer: Api) -> None:
    send(writer, one(value=3))
    writer.now = NOON + timedelta(hours=2)
    send(writer, one(value=5), one(unit=VINH_LOI, value=1))

    def values(query: str) -> list[float]:
        return [each["value"] for each in writer.get("/observations" + query).json["observations"]]

    assert values("") == [1, 5]
    assert values("?known_at=2026-11-22T13:00:00Z".replace("2026-11-22T13", _hour(1))) == [3]
    assert values("?known_at=" + _hour(-1) + ":00:00Z") == []


def _hour(after: int) -> str:
    return f"{NOON + timedelta(hours=after):%Y-%m-%dT%H}"


def test_gaps_of_a_series_are_null_and_stand_beside_the_week_before(writer: Api) -> None:
    def day(number: int) -> str:
        return f"2026-11-{number:02}T00:00:00+07:00"

    send(
        writer,
        one(phenomenon_at=day(18), value=3),
        one(phenomenon_at=day(18), value=2, unit=VINH_LOI),
        one(phenomenon_at=day(20), value=1),
        one(phenomenon_at=day(11), value=7),
    )

    path = f"/series?indicator={CASES}&begin=2026-11-17T17:00:00Z&end=2026-11-20T17:00:00Z"
    told = writer.get(path + "&compare=last_week").json
    unit = writer.get(path + f"&unit={VINH_LOI}").json
    weeks = writer.get(path + "&bucket=week&compare=last_year").json
    months = writer.get(path + "&bucket=month&compare=last_week").json
    hours = writer.get(path + "&bucket=hour").json

    assert [(each["value"], each["told"], each["compared"]) for each in told["points"]] == [
        (5, 2, 7),
        (None, 0, None),
        (1, 1, None),
    ]
    assert told["points"][0]["at"] == "2026-11-17T17:00:00.000Z"
    assert [each["value"] for each in unit["points"]] == [2, None, None]
    assert [(each["value"], each["compared"]) for each in weeks["points"]] == [(6, None)]
    assert [each["value"] for each in months["points"]] == [13]
    assert [each["value"] for each in hours["points"]][:2] == [5, None]
    assert len(hours["points"]) == 72


def test_a_long_series_is_told_in_pages_and_never_beyond_now(writer: Api) -> None:
    path = f"/series?indicator={CASES}&bucket=hour&begin=0001-01-01T00:00:00Z"

    first = writer.get(path).json
    last = writer.get(path.replace("0001-01-01T00", _hour(-1)) + "&end=9999-12-31T00:00:00Z").json
    none = writer.get(f"/series?indicator={CASES}&begin=9999-12-31T00:00:00Z").json

    assert len(first["points"]) == 2000 and first["next_begin"] > first["points"][-1]["at"]
    assert (len(last["points"]), last["next_begin"], none["points"]) == (1, None, [])


def test_the_briefing_tells_what_a_shift_hands_on(writer: Api) -> None:
    alert = an_alert(writer.engine)
    writer.now = NOON + timedelta(minutes=5)

    told = writer.get("/briefing?hours=8").json
    before = writer.get("/briefing?hours=8&until=2026-01-01T00:00:00Z").json

    changed = {each["module"]: (each["before"], each["after"]) for each in told["modules"]}
    assert [each["id"] for each in told["opened"]] == [alert.id]
    assert [each["id"] for each in told["handed"]] == [alert.id]
    assert changed[alert.module][1] == "watch"
    assert (before["opened"], before["handed"]) == ([], [])


def test_officers_of_an_agency_are_not_told_of_the_reports_of_all(api: Api) -> None:
    api.enter(Role.AGENCY, agency="so_y_te")
    officer = api.get("/briefing").json
    api.enter(Role.SUPERVISOR)
    leader = api.get("/briefing").json

    assert [officer[key] for key in ("received", "urgent", "overdue")] == [None] * 3
    assert [leader[key] for key in ("received", "urgent", "overdue")] == [0] * 3


def test_a_token_without_the_scope_neither_reads_nor_writes(api: Api) -> None:
    api.enter(Role.SUPERVISOR, scopes=["reports.read"])

    assert api.get("/modules").status_code == api.get("/observations").status_code == 403
    assert send(api, one()).status_code == 403
