"""Rounds on the console: who looks, who begins and ends one, who is asked."""

import inspect
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from accounts.audit import entries
from accounts.roles import Role
from console.rounds import form
from console.wording import WORDING
from monitoring import respondents as respondents_of
from monitoring import rounds
from monitoring.asked_moments import NOT_OVER
from monitoring.checking import Reason
from monitoring.respondents import respondents
from monitoring.round_models import QuestionState, Respondent, Round, RoundQuestion
from storage.database import reading
from tests.builders import NOON
from tests.console.conftest import Browser
from tests.console.rounds_filled import GANH_HAO, GOING, OVER, VINH_LOI, fill_rounds
from tests.provinces.packs import bac_lieu

FIRES, HOURLY, SILENT = "security.fires", "traffic.jams", "hotline.reports"
NUMBER, END = "0912345678", "…678"


@pytest.fixture
def desk(browser: Browser) -> Browser:
    """A supervisor, on Sunday 22 November 2026."""
    browser.become(Role.SUPERVISOR)
    return browser


def officer(desk: Browser, unit: str = GANH_HAO, **given: str) -> TestResponse:
    sent = {"name": "Nguyễn Thị Hai", "number": NUMBER, "unit": unit, "spoken": "vi", **given}
    return desk.post("/rounds/respondents", **sent)


def begin(desk: Browser, units: Sequence[str] = (), **given: str) -> TestResponse:
    sent = {"mark": desk.mark("/account"), "indicator": FIRES, **given, "unit": list(units)}
    return desk.client.post("/rounds", data=sent, buffered=True)


def rounds_of(desk: Browser) -> Sequence[Round]:
    with reading(desk.engine) as session:
        return session.scalars(select(Round).order_by(Round.opened_at)).all()


def local(moment: datetime) -> str:
    return moment.astimezone(bac_lieu().timezone).strftime("%Y-%m-%d %H:%M")


def audit(desk: Browser) -> list[tuple[str, str]]:
    with reading(desk.engine) as session:
        found = entries(session)
    return [(e.action, e.details) for e in found if e.object_type in ("round", "respondent")]


def test_a_round_is_begun_and_says_who_cannot_be_asked(desk: Browser) -> None:
    officer(desk)

    begun = begin(desk, [GANH_HAO, VINH_LOI], day="2026-11-20", until="2026-11-24T17:00")

    [made] = rounds_of(desk)
    assert begun.status_code == 201
    assert "1 nơi được hỏi" in begun.text
    assert "1 nơi chưa có ai để hỏi: Xã Vĩnh Lợi" in begun.text
    assert local(made.phenomenon_at) == "2026-11-20 00:00"
    assert local(made.due_at) == "2026-11-24 17:00"
    assert audit(desk)[0] == ("round.opened", '{"indicator":"security.fires"}')
    listed = desk.get("/rounds").text
    assert f"/rounds/{made.id}" in listed and "20/11/2026" in listed and "0 trên 1" in listed


def test_without_a_day_it_asks_all_of_the_last_whole_period(desk: Browser) -> None:
    officer(desk)

    begun = begin(desk)

    [made] = rounds_of(desk)
    assert local(made.phenomenon_at) == "2026-11-21 00:00"
    assert made.due_at == NOON + timedelta(hours=48)
    assert "24 nơi chưa có ai để hỏi" in begun.text


def test_an_hour_is_asked_about_by_its_day_and_time(desk: Browser) -> None:
    officer(desk)

    begun = begin(desk, indicator=HOURLY, day="2026-11-20", time="07:30")

    assert local(rounds_of(desk)[0].phenomenon_at) == "2026-11-20 07:00"
    assert "07:00 20/11/2026" in begun.text


@pytest.mark.parametrize(
    ("typed", "units", "said"),
    [
        ({"indicator": "security.nothing"}, (), "Hãy chọn một chỉ số"),
        ({"indicator": ""}, (), "Hãy chọn một chỉ số"),
        ({"indicator": SILENT}, (), "không có câu hỏi"),
        ({"day": "2126-01-01"}, (), "chưa kết thúc"),
        ({"day": "2026-11-22"}, (), "chưa kết thúc"),
        ({"day": "2026-02-30"}, (), "“2026-02-30” không phải một ngày giờ"),
        ({"time": "14:00"}, (), "không phải một ngày giờ"),
        ({"day": "2026-11-20", "time": "14:00+07:00"}, (), "không phải một ngày giờ"),
        ({"day": "1999-12-31"}, (), "trước năm 2000"),
        ({"day": "0001-01-01"}, (), "trước năm 2000"),
        ({"indicator": HOURLY, "day": "2024-01-01", "time": "07:00"}, (), "quá cũ"),
        ({"until": "<script>"}, (), "“&lt;script&gt;” không phải một thời hạn"),
        ({"until": "2026-11-21T08:00"}, (), "Thời hạn đã qua"),
        ({"until": "0001-01-01T00:00"}, (), "Thời hạn đã qua"),
        ({}, ("2025:1",), "Không có xã, phường này: 2025:1"),
        ({}, ("pre2025:31813",), "Không có xã, phường này"),
        ({}, ("\x00",), "Không có xã, phường này"),
        ({}, (VINH_LOI,), "Chưa có ai trả lời cho những nơi này"),
    ],
)
def test_a_round_that_makes_no_sense_is_refused_in_words(
    desk: Browser, typed: Mapping[str, str], units: Sequence[str], said: str
) -> None:
    officer(desk)

    refused = begin(desk, units, **typed)

    assert (refused.status_code, said in refused.text) == (400, True)
    assert rounds_of(desk) == []
    shown = {each for each in units if f'value="{each}" checked' in refused.text}
    assert shown == set(units) & {VINH_LOI}  # what was typed stays


def test_who_opens_the_same_round_later_is_led_to_the_first(desk: Browser) -> None:
    officer(desk)
    begin(desk)
    colleague = desk.other()
    colleague.become(Role.ADMINISTRATOR)

    for units in ((), (GANH_HAO,)):
        second = begin(colleague, units)

        assert second.status_code == 409
        assert "đang được hỏi trong một đợt khác" in second.text
        assert f'href="/rounds/{rounds_of(desk)[0].id}"' in second.text
    assert len(rounds_of(desk)) == 1


def test_a_round_tells_each_question_in_words(desk: Browser) -> None:
    fill_rounds(desk)

    page = desk.get(f"/rounds/{GOING}").text

    assert "3 vụ" in page and "Nguyễn Thị Hai" in page and 'href="/calls/' in page
    assert "chờ gọi: 1" in page and "không có số liệu" in page and "1 trên 4" in page
    assert "&lt;b&gt;Năm&lt;/b&gt;" in page and "<b>Năm" not in page
    assert "to be rung: 1" in desk.get(f"/rounds/{GOING}?language=en").text
    assert "Kết thúc đợt hỏi" not in desk.get(f"/rounds/{OVER}?language=vi").text


def test_a_round_is_ended_and_ending_it_twice_changes_nothing(desk: Browser) -> None:
    officer(desk)
    begin(desk)
    [made] = rounds_of(desk)

    ended = desk.post(f"/rounds/{made.id}/close")
    desk.now = NOON + timedelta(hours=1)
    desk.post(f"/rounds/{made.id}/close")

    assert ended.location == f"/rounds/{made.id}"
    assert rounds_of(desk)[0].closed_at == NOON
    assert [action for action, _ in audit(desk)].count("round.closed") == 1
    assert "Đợt hỏi đã kết thúc" in desk.get(f"/rounds/{made.id}").text


def test_a_number_is_never_shown_whole(desk: Browser) -> None:
    added = officer(desk)
    begun = begin(desk)

    listed = desk.get("/rounds/respondents")

    assert added.location == "/rounds/respondents"
    assert END in listed.text and "Nguyễn Thị Hai" in listed.text
    pages = listed.text + begun.text + desk.get("/rounds").text
    assert NUMBER[1:] not in re.sub(r"\s", "", pages)
    assert ("respondent.added", '{"unit":"2025:31972"}') in audit(desk)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": " "}, "Cần họ tên"),
        ({"name": "Hai\x00"}, "Cần họ tên"),
        ({"name": "x" * 81}, "Cần họ tên"),
        ({"number": "113"}, "Cần một số điện thoại thường"),
        ({"number": "+14155550100"}, "Cần một số điện thoại thường"),
        ({"unit": ""}, "Hãy chọn một xã, phường"),
        ({"unit": "2025:1"}, "Hãy chọn một xã, phường"),
        ({"unit": "pre2025:31813"}, "Hãy chọn một xã, phường"),
        ({"spoken": "xx"}, "Hãy chọn một ngôn ngữ"),
    ],
)
def test_somebody_who_cannot_be_asked_is_refused_in_words(
    desk: Browser, given: dict[str, str], said: str
) -> None:
    refused = officer(desk, **given)

    assert (refused.status_code, said in refused.text) == (400, True)
    with reading(desk.engine) as session:
        assert respondents(session) == []


def test_the_same_number_is_added_for_a_commune_once(desk: Browser) -> None:
    officer(desk)

    assert "đã được ghi" in officer(desk, number="+84 912 345 678").text
    assert officer(desk, unit="province").status_code == 303


def test_a_name_with_markup_stays_a_name(desk: Browser) -> None:
    officer(desk, name="<img src=x onerror=alert(1)>")

    page = desk.get("/rounds/respondents").text

    assert "&lt;img src=x" in page and "<img" not in page


def test_who_is_removed_is_asked_no_more_and_their_number_is_gone(desk: Browser) -> None:
    officer(desk)
    begin(desk)
    with reading(desk.engine) as session:
        [one] = respondents(session)

    removed = desk.post(f"/rounds/respondents/{one.id}/remove")
    again = desk.post(f"/rounds/respondents/{one.id}/remove")

    assert (removed.location, again.status_code) == ("/rounds/respondents", 404)
    with reading(desk.engine) as session:
        assert session.get_one(Respondent, one.id).number == ""
        assert session.scalars(select(RoundQuestion.state)).all() == [QuestionState.FAILED]
    assert audit(desk)[0] == ("respondent.removed", "{}")
    assert "Nguyễn" not in desk.get("/rounds/respondents").text


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.AUDITOR, Role.AGENCY])
def test_who_only_looks_is_told_nobodys_name(browser: Browser, role: Role) -> None:
    fill_rounds(browser)
    browser.become(role, "so_xay_dung" if role is Role.AGENCY else None)

    page, listed = browser.get(f"/rounds/{GOING}").text, browser.get("/rounds").text

    assert "3 vụ" in page and "Nguyễn" not in page and "/close" not in page
    assert ('href="/calls/' in page) == (role is Role.OPERATOR)
    assert "<form" not in listed.partition("<main")[2] and f"/rounds/{OVER}" in listed
    assert browser.get("/rounds/respondents").status_code == 403
    for path in ("/rounds", f"/rounds/{GOING}/close", "/rounds/respondents"):
        assert browser.post(path, indicator=FIRES).status_code == 403
    assert rounds_of(browser)[0].closed_at is None


@pytest.mark.parametrize("name", ["0" * 32, GOING[:-4], "%00", "x" * 32])
def test_a_round_that_is_not_there_is_not_found(desk: Browser, name: str) -> None:
    fill_rounds(desk)

    assert desk.get(f"/rounds/{name}").status_code == 404
    assert desk.post(f"/rounds/{name}/close").status_code == 404
    assert desk.post(f"/rounds/respondents/{name}/remove").status_code == 404


def test_the_board_and_the_page_of_figures_lead_there(desk: Browser) -> None:
    assert 'href="/rounds"' in desk.get("/board").text
    assert 'href="/rounds"' in desk.get("/observations").text


def test_every_state_and_reason_has_words() -> None:
    reasons = set(
        re.findall(r'BadRound\(\s*"(\w+)"', "".join(map(inspect.getsource, (rounds, form))))
    )
    reasons |= {NOT_OVER, Reason.ANCIENT, Reason.PURGED, Reason.COUNTED}
    of_people = set(re.findall(r'BadRespondent\("(\w+)"', inspect.getsource(respondents_of)))

    assert {"due", "asked", "day"} <= reasons and "twice" in of_people
    assert {f"question_{state}" for state in QuestionState} <= WORDING.keys()
    assert {f"round_bad_{each}" for each in reasons} <= WORDING.keys()
    assert {f"respondent_bad_{each}" for each in of_people} <= WORDING.keys()
