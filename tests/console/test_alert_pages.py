"""Alerts as staff handle them: why, the reports behind, and two at once."""

import re

import pytest
from sqlalchemy import select

from accounts.audit import entries
from monitoring.alert_models import Alert
from storage.database import reading
from tests.console.board_filled import CLUSTER, ENDED, FEVER, FLOOD, GANH_HAO, alert_id, fill_board
from tests.console.conftest import Browser
from tests.console.filled import FIRST
from tests.console.outline import Outline

ADDRESS = f"/alerts/{alert_id(CLUSTER)}"


@pytest.fixture
def operator(browser: Browser) -> Browser:
    fill_board(browser)
    browser.become("operator")
    return browser


def alert(browser: Browser, number: int = CLUSTER) -> Alert:
    with reading(browser.engine) as session:
        return session.scalars(select(Alert).where(Alert.number == number)).one()


def numbers(page: str) -> set[int]:
    return {int(each) for each in re.findall('<tr class="alert" data-alert="([0-9]+)"', page)}


def test_the_list_has_the_alerts_that_are_asked_for(operator: Browser) -> None:
    for asked, found in (
        ("", {CLUSTER, FEVER, FLOOD}),
        ("?state=any", {CLUSTER, FEVER, FLOOD, ENDED}),
        ("?state=closed", {ENDED}),
        ("?level=alert", {FEVER}),
        ("?module=security", {CLUSTER}),
        (f"?unit={GANH_HAO}", {FLOOD}),  # one of several communes
        ("?state=nonsense&level=x&module=y&unit=z&before=abc", {CLUSTER, FEVER, FLOOD}),
    ):
        page = operator.get(f"/alerts{asked}").text

        assert numbers(page) == found, asked
        Outline(page)


def test_an_alert_says_why_in_words_and_numbers_and_names_its_reports(operator: Browser) -> None:
    page = operator.get(ADDRESS).text

    assert "3 phản ánh cùng loại tại một xã, phường trong 2 giờ" in page
    assert f'href="/reports/{FIRST}"' in page and "đường ngập nước" in page
    assert "<dt>Số phản ánh</dt><dd>3</dd>" in page
    assert "Mở cảnh báo" in page
    Outline(page)


def test_an_alert_is_acknowledged_commented_escalated_and_closed(operator: Browser) -> None:
    assert (
        operator.post(f"{ADDRESS}/change", ADDRESS, what="acknowledge", version="1").status_code
        == 303
    )
    assert alert(operator).state == "acknowledged" and alert(operator).owner is not None
    operator.post(f"{ADDRESS}/change", ADDRESS, what="comment", version="2", words="Đã gọi xã")
    operator.post(
        f"{ADDRESS}/change", ADDRESS, what="escalate", version="2", words="Nước lên nhanh"
    )
    answer = operator.post(f"{ADDRESS}/change", ADDRESS, what="close", version="3", words="")

    assert answer.location == ADDRESS
    assert alert(operator).state == "closed"
    page = operator.get(ADDRESS).text
    assert "Đã đóng cảnh báo số 1." in page
    assert "Đã gọi xã" in page and "Nước lên nhanh" in page
    assert 'value="close"' not in page  # nothing more to be done but a comment
    with reading(operator.engine) as session:
        actions = {each.action for each in entries(session)}
    assert {"alert.acknowledged", "alert.commented", "alert.escalated", "alert.closed"} <= actions


def test_who_is_slower_than_a_colleague_is_told_and_keeps_what_they_wrote(
    operator: Browser,
) -> None:
    operator.post(f"{ADDRESS}/change", ADDRESS, what="acknowledge", version="1")
    colleague = operator.other()
    colleague.become("operator")

    answer = colleague.post(
        f"{ADDRESS}/change", ADDRESS, what="close", version="1", words="Hết <b>ngập</b>"
    )

    assert answer.status_code == 409
    assert "Có người vừa thay đổi" in answer.text and "Nhận xử lý" in answer.text
    assert "Hết &lt;b&gt;ngập&lt;/b&gt;" in answer.text
    assert alert(operator).state == "acknowledged"
    Outline(answer.text)
    colleague.post(f"{ADDRESS}/change", ADDRESS, what="close", version="2", words="Hết ngập")
    assert alert(operator).state == "closed"


def test_words_that_are_none_or_too_many_are_refused_and_kept(operator: Browser) -> None:
    for what, words in (("comment", "   "), ("escalate", ""), ("escalate", "x" * 10_000)):
        answer = operator.post(f"{ADDRESS}/change", ADDRESS, what=what, version="1", words=words)

        assert answer.status_code == 400 and "Hãy ghi vài chữ" in answer.text
        assert words.strip() in answer.text
        assert alert(operator).version == 1


def test_a_closed_alert_takes_nothing_but_comments(operator: Browser) -> None:
    address = f"/alerts/{alert_id(ENDED)}"

    answer = operator.post(f"{address}/change", address, what="close", version="1", words="")

    assert answer.status_code == 409 and "đang ở trạng thái khác" in answer.text
    sent = {"what": "comment", "version": "1", "words": "Đã rõ"}
    assert operator.post(f"{address}/change", address, **sent).status_code == 303


def test_what_no_form_sends_is_refused(operator: Browser) -> None:
    for form in ({"what": "delete"}, {}, {"what": "close", "version": "x"}):
        assert operator.post(f"{ADDRESS}/change", ADDRESS, **form).status_code == 400


def test_alerts_of_a_kind_are_muted_for_a_reason_and_a_time_and_told_of_again(
    browser: Browser,
) -> None:
    fill_board(browser)
    browser.become("supervisor")
    assert browser.post(f"{ADDRESS}/mute", ADDRESS, hours="24", words="").status_code == 400
    assert browser.post(f"{ADDRESS}/mute", ADDRESS, hours="9999", words="x").status_code == 400

    assert browser.post(f"{ADDRESS}/mutes/{2**40}/end", ADDRESS).status_code == 404

    browser.post(f"{ADDRESS}/mute", ADDRESS, hours="24", words="Đang diễn tập")

    page = browser.get(ADDRESS).text
    assert "Đã tắt đến 23/11/2026 12:00: Đang diễn tập" in page
    again = re.search(r'action="(/alerts/[^"]+/end)"', page)
    assert again is not None
    assert browser.post(again[1], ADDRESS).status_code == 303
    assert "Đang diễn tập" not in browser.get(ADDRESS).text


def test_an_officer_of_an_agency_sees_no_reports_of_others(browser: Browser) -> None:
    fill_board(browser)
    browser.become("agency", "so_xay_dung")

    page = browser.get(ADDRESS).text

    assert FIRST not in page and "1 phản ánh, bạn không được phép mở" in page
    assert 'name="what"' not in page


def test_an_auditor_reads_alerts_and_changes_none(browser: Browser) -> None:
    fill_board(browser)
    browser.become("auditor")

    page = browser.get(ADDRESS).text

    assert FIRST not in page and 'name="what"' not in page
    assert browser.post(f"{ADDRESS}/change", what="close", version="1").status_code == 403
