"""The simulator's page: one answer a click, nothing kept by the server."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from werkzeug.test import TestResponse

from console.simulator import MOST_ANSWERS, OFFERS, Simulated, SimulatedCall
from console.wording import has_wording
from ivr.answers import read_answer
from ivr.drivers.simulator import Noted, Shown
from ivr.steps import Dial, Digits, Enqueue, Gather, Hear, LookAtQueue, Record, Wait
from tests.console.conftest import Browser
from tests.console.outline import Outline

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def _shown(step: str = "Gather:main_menu", expects: str | None = "keys", **more: object) -> Shown:
    values = {
        "says": ("Bấm phím một.",),
        "happening": None,
        "step": step,
        "language": "vi",
        "slow": False,
        "expects": expects,
        "noted": (),
        "effects": (),
    }
    return Shown(**(values | more))  # type: ignore[arg-type]


@pytest.fixture
def staff(browser: Browser) -> Browser:
    browser.sign_in()
    browser.simulator.told = Simulated([(None, _shown())])
    return browser


def _send(browser: Browser, **form: str) -> TestResponse:
    sent = {"mark": browser.mark("/simulator"), "number": "0912345678", **form}
    return browser.client.post("/simulator", data=sent)


def test_nobody_simulates_calls_without_signing_in(browser: Browser) -> None:
    assert browser.get("/simulator").status_code == 303
    assert browser.client.post("/simulator", data={"mark": "x"}).status_code == 303
    assert browser.simulator.asked == []


def test_a_form_of_another_site_holds_no_call(staff: Browser) -> None:
    assert staff.client.post("/simulator", data={"number": "113"}).status_code == 400
    assert staff.simulator.asked == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_is_whole_and_works_without_script(staff: Browser, language: str) -> None:
    staff.get(f"/?language={language}")

    empty = Outline(staff.get("/simulator").text)
    begun = Outline(_send(staff).text)

    assert all(each.get("src") for page in (empty, begun) for each in page.all("script"))
    labels = [button.get("value") for button in begun.all("button")]
    assert {"1", "*", "0", "#", "says nothing", "hangs up"} <= set(labels)


def test_an_answer_is_added_to_those_before_it(staff: Browser) -> None:
    _send(staff, answers="1\r\nsays nothing", answer="2")

    assert staff.simulator.asked == [
        SimulatedCall("0912345678", None, {}, ("1", "says nothing", "2"))
    ]


def test_what_is_typed_counts_before_the_button_that_enter_presses(staff: Browser) -> None:
    _send(staff, answers="1", answer="1", typed=' "đường   ngập" ')

    assert staff.simulator.asked[0].answers == ("1", '"đường ngập"')


def test_the_last_answer_can_be_taken_back(staff: Browser) -> None:
    _send(staff, answers="1\n2\n3", back="1")

    assert staff.simulator.asked[0].answers == ("1", "2")


def test_time_number_and_facts_are_those_of_the_form(staff: Browser) -> None:
    _send(staff, withheld="on", moment="2026-11-22T23:30", facts="open_now=no")

    asked = staff.simulator.asked[0]
    assert asked.number is None
    assert asked.begins_at == datetime(2026, 11, 22, 23, 30, tzinfo=ZONE)
    assert asked.unusual == {"open_now": False}


@pytest.mark.parametrize(
    "form",
    [
        {"moment": "yesterday"},
        {"facts": "hour=3"},
        {"typed": "1" * 201},
        {"answers": "1\n" * (MOST_ANSWERS + 1)},
    ],
)
def test_a_form_that_cannot_be_read_is_told_and_holds_no_call(
    staff: Browser, form: dict[str, str]
) -> None:
    page = _send(staff, **form)

    assert page.status_code == 400
    assert "expected" in page.text and 'role="alert"' in page.text
    assert staff.simulator.asked == []


def test_an_answer_that_did_not_fit_is_told_and_forgotten(staff: Browser) -> None:
    staff.simulator.told = Simulated([(None, _shown()), ("1", _shown())], "expected keys")

    page = _send(staff, answers="1", answer="speaks 5 s")

    assert page.status_code == 400 and "expected keys" in page.text
    assert re.search(r'name="answers" value="1">', page.text)


def test_journal_and_words_of_each_turn_are_shown_and_nothing_is_markup(staff: Browser) -> None:
    shown = _shown(says=("<b>Xin chào</b>",), noted=(Noted(0, "Gather:main_menu", Digits("1")),))
    staff.simulator.told = Simulated([(None, _shown()), ("1", shown)])

    page = _send(staff, answer="1").text

    assert "0 Gather:main_menu: caller presses 1" in page
    assert "&lt;b&gt;Xin chào&lt;/b&gt;" in page


def test_a_code_that_was_heard_is_taken_by_its_name(staff: Browser) -> None:
    # The call is held again from its beginning, and then another code is drawn.
    _send(staff, answers="1", reference="431708057", pin="2054", typed="431708057#")
    _send(staff, answers="1", reference="431708057", pin="2054", typed="2054")

    assert [asked.answers[-1] for asked in staff.simulator.asked] == [
        "presses reference",
        "presses pin",
    ]


def test_a_call_that_is_over_takes_no_more_keys(staff: Browser) -> None:
    staff.simulator.told = Simulated([(None, _shown("end", None))])

    labels = [button.get("value") for button in Outline(_send(staff).text).all("button")]

    assert "again" in labels and "1" not in labels


@pytest.mark.parametrize(
    "wait",
    [
        Gather("menu"),
        Record("statement"),
        Hear("words", "call-1"),
        LookAtQueue("seen"),
        Enqueue("queue", 60, leave_keys="12"),
        Dial("connect", "113", 60),
    ],
)
def test_everything_that_is_offered_can_happen(wait: Wait) -> None:
    for name, answer in OFFERS[type(wait).__name__]:
        read_answer(answer, wait)
        assert has_wording(f"sim_{name}")
