"""The list of reports and a report's own page: what they show, and what is done there."""

import re
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from accounts.audit import entries
from accounts.roles import Role
from reports.desk import MOST_LISTS
from reports.models import Report, ReportStatus
from reports.telling import UNDONE_WITHIN
from storage.database import reading
from tests.builders import CALLER_NUMBER, NOON, a_call, a_report
from tests.console.conftest import Browser
from tests.console.filled import FIRST, SECOND, fill_desk, report_of

THIRD = "100000011"
AGENCY, OTHERS = "so_xay_dung", "cong_an_tinh"


@pytest.fixture
def operator(browser: Browser) -> Browser:
    fill_desk(browser)
    browser.sign_in()
    return browser


def listed(browser: Browser, query: str = "") -> list[str]:
    page = browser.get(f"/reports?{query}")
    assert page.status_code == 200
    return re.findall(r'id="row-(\d+)"', page.text)


def change(browser: Browser, reference: str = FIRST, **form: str) -> TestResponse:
    version = str(report_of(browser, reference).version)
    return browser.post(f"/reports/{reference}/change", **{"version": version, **form})


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [FIRST, SECOND]),
        ("q=ngap+nuoc", [FIRST]),
        ("q=482+173+908", [FIRST]),
        ("q=o+ga", [SECOND]),
        ("status=assigned", []),
        ("status=ended", []),
        ("status=nonsense", []),
        ("category=GT01", [SECOND]),
        ("category=giao_thong", [SECOND]),
        ("place=vinh+loi", [FIRST, SECOND]),
        ("place=VĨNH+LỢI", [FIRST, SECOND]),
        ("place=nowhere", []),
        ("overdue=1", [SECOND]),
        ("urgent=1", []),
        ("mine=1", []),
        ("sort=due", [SECOND, FIRST]),
        ("sort=nonsense&after=nonsense", [FIRST, SECOND]),
    ],
)
def test_the_address_says_what_is_listed(operator: Browser, query: str, found: list[str]) -> None:
    assert listed(operator, query) == found


def test_the_list_goes_on_page_by_page_and_leaves_nothing_out(browser: Browser) -> None:
    browser.sign_in()
    browser.add(*(a_report(requested_at=NOON - timedelta(minutes=n // 3)) for n in range(120)))
    seen: list[str] = []
    query = ""

    while True:
        page = browser.get(f"/reports?{query}").text
        seen += re.findall(r'id="row-(\d+)"', page)
        following = re.search(r'rel="next" href="/reports\?([^"]+)"', page)
        if following is None:
            break
        query = following[1].replace("&amp;", "&").lstrip("&")

    assert len(seen) == len(set(seen)) == 120


def test_an_officer_finds_the_reports_of_their_agency_and_no_others(browser: Browser) -> None:
    browser.add(
        a_report(reference=FIRST, agency=AGENCY, status=ReportStatus.ASSIGNED),
        a_report(reference=SECOND, agency=OTHERS, status=ReportStatus.ASSIGNED),
    )
    browser.become(Role.AGENCY, AGENCY)

    assert listed(browser) == [FIRST]
    assert listed(browser, f"agency={OTHERS}") == []
    assert browser.get(f"/reports/{FIRST}").status_code == 200
    assert browser.get(f"/reports/{SECOND}").status_code == 404
    for path in ("change", "undo", "updates", "sms"):
        sent = browser.post(f"/reports/{SECOND}/{path}", version="1", note="x", sms="x")
        assert sent.status_code == 404, path


def test_filters_are_saved_found_again_and_forgotten_by_their_owner(operator: Browser) -> None:
    operator.post("/reports/saved", name="Ổ gà xã tôi", q="o ga", status="any")
    page = operator.get("/reports").text
    address = re.search(r'href="/reports\?([^"]+)">Ổ gà xã tôi', page)
    assert address is not None
    assert listed(operator, address[1].replace("&amp;", "&")) == [SECOND]
    colleague = operator.other()
    colleague.become("operator")
    forget = re.findall(r'action="(/reports/saved/\w+/forget)"', page)[0]

    assert "Ổ gà xã tôi" not in colleague.get("/reports").text
    colleague.post(forget)
    assert "Ổ gà xã tôi" in operator.get("/reports").text
    operator.post(forget)
    assert "Ổ gà xã tôi" not in operator.get("/reports").text


def test_one_keeps_so_many_lists_and_no_more(operator: Browser) -> None:
    for number in range(MOST_LISTS + 1):
        operator.post("/reports/saved", name=f"list {number}")

    assert operator.get("/reports").text.count("/forget") == MOST_LISTS


def test_what_was_not_opened_yet_or_has_changed_is_marked(operator: Browser) -> None:
    assert operator.get("/reports").text.count("Chưa xem") == 2
    operator.get(f"/reports/{FIRST}")
    assert operator.get("/reports").text.count("Chưa xem") == 1
    colleague = operator.other()
    colleague.become("operator")

    change(colleague, urgent="yes")

    assert "Có thay đổi mới" in operator.get("/reports").text


def test_a_page_shows_words_doubts_proposals_and_history(operator: Browser) -> None:
    page = operator.get(f"/reports/{FIRST}").text

    assert '<span data-at="1.5" data-end="3.0" class="doubtful"' in page
    assert 'data-accept="1"' in page and "từ các từ: ngập nước" in page
    assert "Đã xem ảnh" in operator.get(f"/reports/{SECOND}").text


@pytest.mark.parametrize(
    ("form", "field", "value"),
    [
        ({"category": "GT01"}, "category", "GT01"),
        ({"place": "2025:31825"}, "place", "2025:31825"),
        ({"place_typed": "phuong bac lieu"}, "place", "2025:31825"),
        ({"urgent": "yes"}, "urgent", True),
        ({"status": "triaged"}, "status", "triaged"),
        ({"status": "assigned", "agency": AGENCY}, "agency", AGENCY),
        ({"agency": AGENCY}, "status", "assigned"),
        ({"status": "rejected", "reason": "abuse"}, "reason", "abuse"),
        ({"original": SECOND}, "status", "duplicate"),
    ],
)
def test_a_form_changes_the_report(
    operator: Browser, form: dict[str, str], field: str, value: object
) -> None:
    answer = change(operator, **form)

    assert answer.status_code == 303 and f"/reports/{FIRST}" in (answer.location or "")
    assert getattr(report_of(operator, FIRST), field) == value


@pytest.mark.parametrize(
    "form",
    [
        {"category": "nonsense"},
        {"place": "nonsense"},
        {"place_typed": "nonsense"},
        {"status": "nonsense"},
        {"status": "closed"},
        {"status": "resolved"},  # without a word to the citizen
        {"agency": "nonsense"},
        {"original": "000000000"},
        {"original": FIRST},
        {"internal_text": "x" * 4001},
        {"urgent": "perhaps"},
        {"version": "x"},
    ],
)
def test_what_cannot_be_is_refused_in_words_and_changes_nothing(
    operator: Browser, form: dict[str, str]
) -> None:
    answer = change(operator, **form)

    assert answer.status_code == 409 and 'role="alert"' in answer.text
    assert report_of(operator, FIRST).version == 1


def test_who_was_slower_is_shown_what_happened_and_keeps_what_they_wanted(
    operator: Browser,
) -> None:
    colleague = operator.other()
    colleague.become("operator")
    change(colleague, urgent="yes")

    answer = operator.post(f"/reports/{FIRST}/change", version="1", category="GT01")

    assert answer.status_code == 409
    assert "Có người vừa thay đổi" in answer.text and 'value="GT01"' in answer.text
    assert report_of(operator, FIRST).category is None
    again = re.search(r'name="version" value="(\d+)"', answer.text)
    assert again is not None and again[1] == "2"


def test_a_slip_is_undone_within_thirty_seconds_by_whoever_made_it(operator: Browser) -> None:
    change(operator, category="GT01")
    operator.now += UNDONE_WITHIN
    answer = operator.post(f"/reports/{FIRST}/undo", version="2")

    assert answer.status_code == 303
    undone = report_of(operator, FIRST)
    assert (undone.category, undone.version) == (None, 3)


@pytest.mark.parametrize("how", ["late", "others", "went on", "told"])
def test_what_is_too_late_to_undo_stays(operator: Browser, how: str) -> None:
    change(
        operator,
        **({"status": "resolved", "text": "Đã sửa"} if how == "told" else {"urgent": "yes"}),
    )
    asker = operator
    if how == "late":
        operator.now += UNDONE_WITHIN + timedelta(seconds=1)
    if how == "others":
        asker = operator.other()
        asker.become("operator")
    if how == "went on":
        change(operator, category="GT01")
    before = report_of(operator, FIRST).version

    asker.post(f"/reports/{FIRST}/undo", version="2")

    assert report_of(operator, FIRST).version == before


def test_assigning_can_be_undone_too(operator: Browser) -> None:
    change(operator, agency=AGENCY)
    operator.post(f"/reports/{FIRST}/undo", version="2")

    undone = report_of(operator, FIRST)
    assert (undone.status, undone.agency) == ("new", None)


def test_notes_are_for_staff_or_for_the_citizen(operator: Browser) -> None:
    operator.post(f"/reports/{FIRST}/updates", note="chờ thợ", to="staff")
    operator.post(f"/reports/{FIRST}/updates", note="mai sửa", to="citizen")

    with reading(operator.engine) as session:
        report = session.query(Report).filter_by(reference=FIRST).one()
        told = [(u.internal, u.text, u.internal_text) for u in report.updates]
    assert told == [(True, None, "chờ thợ"), (False, "mai sửa", None)]


def test_words_are_corrected_and_found_by_what_was_really_said(operator: Browser) -> None:
    page = operator.get(f"/reports/{FIRST}").text
    action = re.findall(rf'action="(/reports/{FIRST}/words/[^"]+)"', page)[0]

    operator.post(action, before="đường ngập nước ở ấp hai", after="đường ngập nước ở ấp Vĩnh Hòa")
    stale = operator.post(action, before="đường ngập nước ở ấp hai", after="khác")

    too_long = operator.post(action, before="đường ngập nước ở ấp Vĩnh Hòa", after="a" * 10_001)

    assert stale.status_code == 303
    assert too_long.status_code == 400 and "nhiều nhất 10000 ký tự" in too_long.text
    assert "ấp Vĩnh Hòa" in operator.get(f"/reports/{FIRST}").text
    assert listed(operator, "q=vinh+hoa") == [FIRST]


def test_a_number_is_shown_on_demand_alone_and_the_look_is_noted(operator: Browser) -> None:
    call = a_call()
    operator.add(call)
    operator.add(a_report(reference=THIRD, call_id=call.id, call_position=1))
    assert CALLER_NUMBER not in operator.get(f"/reports/{THIRD}").text

    page = operator.post(f"/reports/{THIRD}/contact")

    assert CALLER_NUMBER in page.text
    with reading(operator.engine) as session:
        assert entries(session)[0].action == "numbers.seen"


def test_an_sms_waits_to_be_sent_where_one_can_be(operator: Browser) -> None:
    operator.add(a_report(reference=THIRD, text_number=CALLER_NUMBER))

    operator.post(f"/reports/{THIRD}/sms", sms="Xin cho biết số nhà")
    operator.post(f"/reports/{FIRST}/sms", sms="Không tới được")

    assert "Xin cho biết số nhà" in operator.get(f"/reports/{THIRD}").text
    assert "Không tới được" not in operator.get(f"/reports/{FIRST}").text


def test_what_is_no_reference_is_no_page(operator: Browser) -> None:
    for wrong in ("1", "482173909", "x" * 300, "%00"):
        assert operator.get(f"/reports/{wrong}").status_code == 404
