"""How many reports came in, hour by hour, as programs fetch it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.roles import Role
from api import report_counts
from tests.api.conftest import Api
from tests.builders import NOON
from tests.monitoring.alarms import DENGUE, GANH_HAO, LONG_DIEN, SCAM, file

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
FORMER = "pre2025:31972"


def written(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.000Z"


def told(api: Api, **given: str) -> Any:
    asked = {"begin": written(NOON - DAY), **given}
    return api.get("/report-counts?" + "&".join(f"{key}={asked[key]}" for key in asked))


def rows(api: Api, **given: str) -> list[tuple[str, str, str, str, int]]:
    names = ("hour_at", "module", "category", "unit", "reports")
    return [tuple(each[name] for name in names) for each in told(api, **given).json["counts"]]


def test_reports_are_counted_by_hour_category_and_commune_of_either_map(api: Api) -> None:
    before, now = NOON - HOUR, NOON - MINUTE
    file(api.engine, 2, place=FORMER, last_at=now, every=MINUTE)
    file(api.engine, 1, place=GANH_HAO, last_at=now)
    file(api.engine, 1, category=SCAM, place=LONG_DIEN, last_at=before)
    file(api.engine, 1, place=GANH_HAO, last_at=now, status="rejected")

    scam = (written(before), "cyberspace", SCAM, LONG_DIEN, 1)
    assert rows(api) == [scam, (written(before), "health", DENGUE, GANH_HAO, 3)]
    assert rows(api, map="told") == [
        scam,
        (written(before), "health", DENGUE, GANH_HAO, 1),
        (written(before), "health", DENGUE, FORMER, 2),
    ]
    assert rows(api, module="cyberspace") == rows(api, category=SCAM) == [scam]
    assert rows(api, unit=LONG_DIEN) == [scam] and rows(api, module="health", category=SCAM) == []
    assert rows(api, end=written(before)) == []


def test_what_is_too_much_is_told_in_whole_hours(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_counts, "MOST_COUNTS", 3)
    for back in range(1, 5):
        file(api.engine, 1, last_at=NOON - back * HOUR)
        file(api.engine, 1, category=SCAM, last_at=NOON - back * HOUR)

    found, begin, pages = [], written(NOON - DAY), 0
    while begin is not None:
        page = told(api, begin=begin).json
        found += page["counts"]
        pages += 1
        begin = page["next_begin"]

    assert (pages, len(found), sum(each["reports"] for each in found)) == (4, 8, 8)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"module": "nothing"}, 422),
        ({"category": "nothing"}, 422),
        ({"unit": "2025:1"}, 422),
        ({"unit": "whole"}, 422),
        ({"map": "old"}, 422),
        ({"end": "1990-01-01T00:00:00Z"}, 200),
    ],
)
def test_what_the_province_has_not_is_refused(api: Api, given: dict[str, str], status: int) -> None:
    assert told(api, **given).status_code == status


def test_officers_of_an_agency_are_led_to_the_figures_of_their_own(api: Api) -> None:
    api.enter(Role.AGENCY, "cong_an_tinh")

    refused = told(api)

    assert refused.status_code == 403 and "/statistics" in refused.json["detail"]
