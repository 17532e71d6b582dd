"""A report that staff write down: during a call, or for a visitor."""

import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from accounts.audit import entries
from console.intake.form import category_of, unit_of
from console.places import place_of, unit_label
from console.reports.rows import category_name
from notifications.models import Message
from reports.models import Alarm, Report, Supporter
from reports.recordings import unfiled_recording
from storage.database import reading
from tests.builders import CALLER_NUMBER, a_call, a_recording
from tests.console.conftest import Browser, places, proposals
from tests.console.filled import FIRST, fill_desk
from tests.provinces.packs import bac_lieu

WORDS = "Nước ngập tới đầu gối ở ấp Hai, xã Vĩnh Lợi"


@pytest.fixture
def operator(browser: Browser) -> Browser:
    fill_desk(browser)
    browser.sign_in()
    return browser


def send(browser: Browser, page: str = "/reports/new", **form: str) -> TestResponse:
    made = re.search(r'name="client_id" value="(\w+)"', browser.get(page).text)
    assert made is not None
    sent = {"client_id": made[1], "words": WORDS, **form}
    return browser.post("/reports/new", **sent)


def newest(browser: Browser) -> Report:
    with reading(browser.engine) as session:
        found = session.scalars(select(Report).where(Report.source.in_(("staff", "visitor"))))
        return found.one()


def test_what_somebody_tells_is_filed_and_its_codes_are_shown_to_be_read_out(
    operator: Browser,
) -> None:
    done = send(
        operator, category_typed="o ga", place_typed="vinh loi", address="ấp Hai", urgent="yes"
    )

    report = newest(operator)
    assert done.status_code == 201 and re.search(r"\d{3}-\d{3}-\d{3}", done.text)
    assert (report.place, report.address, report.urgent) == ("2025:31900", "ấp Hai", True)
    assert report.category == "GT01" and (report.source, report.contact) == ("staff", "nobody")
    assert report.client_id is not None and report.reporter is None
    with reading(operator.engine) as session:
        assert entries(session)[0].action == "report.filed"
        assert session.scalar(select(func.count()).select_from(Message)) == 0


def test_of_a_call_it_takes_the_call_and_without_being_shown_its_number(operator: Browser) -> None:
    call = a_call()
    call_id = call.id
    operator.add(call)
    page = f"/reports/new?call={call_id}"
    assert CALLER_NUMBER not in operator.get(page).text

    send(operator, page, call=call_id, calls_number="yes")

    report = newest(operator)
    assert (report.call_id, report.contact_number) == (call_id, CALLER_NUMBER)
    assert report.text_number == CALLER_NUMBER and report.caller_hash is not None
    with reading(operator.engine) as session:
        assert session.scalars(select(Message)).one().to_number == CALLER_NUMBER


@pytest.mark.parametrize("call", ["unknown", "../../x", "x" * 99])
def test_a_call_that_is_not_there_keeps_nobody_from_filing(operator: Browser, call: str) -> None:
    page = operator.get(f"/reports/new?call={call}")
    assert page.status_code == 200 and "Không tìm thấy cuộc gọi" in page.text

    assert send(operator, call=call, source="visitor", calls_number="yes").status_code == 201
    assert (newest(operator).call_id, newest(operator).source) == (None, "visitor")


def test_an_anonymous_callers_number_is_not_taken(operator: Browser) -> None:
    call = a_call(anonymous=True)
    call_id = call.id
    operator.add(call)

    send(operator, call=call_id, calls_number="yes")

    assert (newest(operator).call_id, newest(operator).contact_number) == (call_id, None)


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"words": ""}, "Hãy ghi nội dung"),
        ({"words": "a" * 10_000}, "Quá dài"),
        ({"words": "xin\x00chào"}, "ký tự không đọc được"),
        ({"category_typed": "xyzzy"}, "Không có lĩnh vực này"),
        ({"category_typed": "ngap"}, "Có nhiều lĩnh vực như vậy"),
        ({"place_typed": "xyzzy"}, "Không tìm thấy địa điểm"),
        ({"number": "12"}, "Không phải số điện thoại"),
        ({"client_id": "x"}, "Không đọc được"),
    ],
)
def test_what_cannot_be_filed_comes_back_with_all_that_was_typed(
    operator: Browser, form: dict[str, str], told: str
) -> None:
    answer = send(operator, **{"address": "cạnh chợ <b>", **form})

    assert answer.status_code == 400 and told in answer.text
    assert "cạnh chợ &lt;b&gt;" in answer.text and form.get("words", WORDS)[:50] in answer.text
    with reading(operator.engine) as session:
        assert session.scalar(select(func.count()).select_from(Report)) == 2


def test_what_is_sent_twice_is_filed_once(operator: Browser) -> None:
    form = {"client_id": "ab" * 16, "words": WORDS}

    first, again = (operator.post("/reports/new", **form) for _ in range(2))

    codes = [re.findall(r"<strong>([\d-]+)</strong>", page.text) for page in (first, again)]
    assert codes[0] == codes[1] and len(codes[0]) == 2
    assert operator.post("/reports/new", **{**form, "words": "Khác"}).status_code == 409


def test_words_propose_category_place_and_what_was_reported_before(operator: Browser) -> None:
    found = operator.post("/reports/new/look", words=WORDS, place_typed="Xã Vĩnh Lợi").text

    assert "Lĩnh vực: " in found and f"/reports/{FIRST}" in found
    assert "Địa điểm: Xã Vĩnh Lợi" in operator.post("/reports/new/look", words=WORDS).text
    taken = operator.post("/reports/new", words=WORDS, take="place_typed:Xã Vĩnh Lợi").text
    assert 'name="place_typed" value="Xã Vĩnh Lợi"' in taken


def test_who_tells_what_is_known_is_added_to_that_report(operator: Browser) -> None:
    form = {"client_id": "cd" * 16, "words": "Tôi cũng bị ngập", "number": "0912345678"}

    done = operator.post("/reports/new", support=FIRST, **form)
    again = operator.post("/reports/new", support=FIRST, **form)

    assert done.status_code == 200 and "482-173-908" in done.text
    with reading(operator.engine) as session:
        one = session.scalars(select(Supporter)).one()
        assert one.number == "+84912345678" and "1 người" in again.text
        assert session.scalar(select(func.count()).select_from(Report)) == 2
    assert operator.post("/reports/new", support="1", **form).status_code == 404


def test_who_adds_danger_to_a_known_report_raises_an_alarm_and_nothing_they_said_is_lost(
    operator: Browser,
) -> None:
    form = {
        "client_id": "ef" * 16,
        "words": "Đang cháy nhà, có người kẹt bên trong",
        "urgent": "yes",
        "address": "12 Trần Phú",
        "place_typed": "Xã Vĩnh Lợi",
        "name": "Chị Sáu",
    }

    for _ in range(2):
        assert operator.post("/reports/new", support=FIRST, **form).status_code == 200
    too_long = operator.post("/reports/new", support=FIRST, **{**form, "words": "a" * 4001})

    assert too_long.status_code == 400 and "Quá dài" in too_long.text
    with reading(operator.engine) as session:
        report = session.scalars(select(Report).where(Report.reference == FIRST)).one()
        notes = [each.internal_text for each in report.updates if each.internal_text]
        assert session.scalars(select(Alarm)).one().report_id == report.id
    assert report.urgent and len(notes) == 1
    assert all(form[name] in notes[0] for name in ("words", "address", "place_typed", "name"))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_category_and_place_that_is_offered_can_be_filed(language: str) -> None:
    province, propose, hear = bac_lieu(), proposals(), places()

    for code in (*province.categories, *province.groups):
        name = category_name(province, code, language) or ""
        assert category_of(name, province, propose) == code
    for unit in province.units.values():
        assert unit_of(unit_label(province, unit), province, hear) == place_of(unit)


def test_what_is_looked_up_while_typing_is_no_longer_than_what_may_be_filed(
    operator: Browser,
) -> None:
    began = time.process_time()
    answer = operator.post("/reports/new/look", words=f"{WORDS} " * 2000, address="xã " * 20_000)

    assert answer.status_code == 200 and time.process_time() - began < 5
    assert (
        operator.post("/reports/new/look", words="ngập\x00", place_typed="\x00").status_code == 200
    )


def test_what_the_caller_recorded_before_is_still_to_be_filed(operator: Browser) -> None:
    call = a_call()
    recording = a_recording(call_id=call.id)
    call_id, name = call.id, recording.name
    operator.add(call, recording)

    send(operator, call=call_id)

    with reading(operator.engine) as session:
        assert unfiled_recording(session, call_id) == name


def test_danger_in_the_words_is_told_while_typing_and_raises_an_alarm(operator: Browser) -> None:
    danger = "Cháy nhà, có người kẹt bên trong, cứu với"

    assert "113, 114" in operator.post("/reports/new/look", words=danger).text
    send(operator, words=f"{danger}. Đang cháy")
    with reading(operator.engine) as session:
        assert session.scalars(select(Alarm)).one().report_id == newest(operator).id


@pytest.mark.parametrize(("typed", "name"), [("o ga", "ổ gà"), ("rac thai", "rác"), ("dien", "")])
def test_categories_are_found_as_people_say_them(operator: Browser, typed: str, name: str) -> None:
    found = operator.get(f"/categories?q={typed}").json

    assert found and any(name in one["name"].lower() for one in found)
    assert operator.get("/categories?q=").json == []


def test_places_are_found_as_people_say_them(operator: Browser) -> None:
    found = operator.get("/places?q=bên chợ xã vĩnh lợi").json

    assert found is not None and found[0]["place"] == "2025:31900"


OURS = "http://hotline.example"


@pytest.mark.parametrize(
    ("page", "back"),
    [
        (f"{OURS}/reports/new?call=c1", "/reports/new?call=c1"),
        ("http://elsewhere.example/reports/new", None),
        (f"{OURS}//elsewhere.example", None),
        ("http://[", None),
    ],
)
def test_whoever_was_signed_out_in_the_middle_comes_back_to_the_page_they_were_at(
    operator: Browser, page: str, back: str | None
) -> None:
    stranger = operator.other().client
    script = {"HX-Request": "true", "HX-Current-URL": page}

    sent = stranger.post("/reports/new", base_url=OURS, headers={"Referer": page})
    part = stranger.get("/reports", base_url=OURS, headers=script)
    looked = stranger.post("/reports/new/look", base_url=OURS, headers=script)

    for where in (sent.location, part.headers["HX-Redirect"]):
        assert parse_qs(urlsplit(where).query).get("next") == ([back] if back else None)
    assert looked.status_code == 401 and "HX-Redirect" not in looked.headers
    assert "Phiên làm việc đã hết" in looked.text and "/sign-in" in looked.text
