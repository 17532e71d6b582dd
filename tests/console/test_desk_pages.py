"""Several reports at once, and colleagues at the same ones."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from accounts.roles import Role
from console.reports.bulk import Picked, for_each
from reports.desk_models import Presence, SavedList
from reports.models import ReportStatus
from reports.presence import BEAT_S, GONE_AFTER
from reports.telling import UNDONE_WITHIN
from storage.database import reading
from tests.builders import NOON, a_report
from tests.console.conftest import Browser
from tests.console.filled import FIRST, SECOND, fill_desk, report_of

THIRD = "100000011"
AGENCY = "so_xay_dung"


@pytest.fixture
def operator(browser: Browser) -> Browser:
    fill_desk(browser)
    browser.sign_in()
    return browser


def send(browser: Browser, path: str, rows: list[str], **form: str) -> TestResponse:
    sent = {"mark": browser.mark("/account"), "row": rows, **form}
    return browser.client.post(path, data=sent, buffered=True)


@pytest.mark.parametrize(
    ("form", "field", "value"),
    [
        ({"what": "assign", "agency": AGENCY, "category": "GT01"}, "agency", AGENCY),
        ({"what": "category", "category": "MT02", "urgent": "yes"}, "category", "MT02"),
        ({"what": "status", "status": "triaged"}, "status", "triaged"),
        ({"what": "urgent", "urgent": "yes"}, "urgent", True),
    ],
)
def test_all_that_were_picked_are_changed_and_all_go_back(
    operator: Browser, form: dict[str, str], field: str, value: object
) -> None:
    before = [getattr(report_of(operator, each), field) for each in (FIRST, SECOND)]

    done = send(operator, "/reports/bulk", [f"{FIRST}:1", f"{SECOND}:1"], **form)

    assert done.status_code == 200 and "Hoàn tác cả 2" in done.text
    assert [getattr(report_of(operator, each), field) for each in (FIRST, SECOND)] == [value] * 2
    operator.now += UNDONE_WITHIN
    send(operator, "/reports/bulk/undo", [f"{FIRST}:2", f"{SECOND}:2"])
    assert [getattr(report_of(operator, each), field) for each in (FIRST, SECOND)] == before


def test_what_a_colleague_has_changed_meanwhile_is_left_and_told_and_the_rest_is_done(
    operator: Browser,
) -> None:
    colleague = operator.other()
    colleague.become("operator")
    colleague.post(f"/reports/{FIRST}/change", version="1", urgent="yes")
    operator.add(a_report(reference=THIRD, status=ReportStatus.RESOLVED))

    rows = [f"{FIRST}:1", f"{SECOND}:1", f"{THIRD}:1"]
    done = send(operator, "/reports/bulk", rows, what="status", status="triaged")

    assert [report_of(operator, each).status for each in (FIRST, SECOND, THIRD)] == [
        "new",
        "triaged",
        "resolved",
    ]
    assert "1 phản ánh có người vừa thay đổi trước" in done.text and "Không thực hiện" in done.text
    assert "Hoàn tác cả 1" in done.text


def test_of_what_citizens_were_told_nothing_is_offered_to_be_undone(operator: Browser) -> None:
    done = send(
        operator, "/reports/bulk", [f"{FIRST}:1"], what="status", status="resolved", text="Đã sửa"
    )

    assert report_of(operator, FIRST).status == "resolved"
    assert "/reports/bulk/undo" not in done.text


@pytest.mark.parametrize(
    ("rows", "form"),
    [
        ([], {"what": "urgent", "urgent": "yes"}),
        (["nonsense"], {"what": "urgent", "urgent": "yes"}),
        ([f"{FIRST}:x"], {"what": "urgent", "urgent": "yes"}),
        ([f"{FIRST}:1"], {"what": "assign"}),
        ([f"{FIRST}:1"], {"what": "nonsense", "urgent": "yes"}),
        ([f"{FIRST}:1"], {"urgent": "yes"}),
        ([f"{FIRST}:1"], {"what": "status", "status": "nonsense"}),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_changed(
    operator: Browser, rows: list[str], form: dict[str, str]
) -> None:
    answer = send(operator, "/reports/bulk", rows, **form)

    assert answer.status_code == 400 and 'role="alert"' in answer.text
    assert report_of(operator, FIRST).version == 1


def test_an_officer_changes_none_of_another_agency(operator: Browser) -> None:
    operator.add(a_report(reference=THIRD, agency=AGENCY, status=ReportStatus.ASSIGNED))
    officer = operator.other()
    officer.become(Role.AGENCY, AGENCY)

    rows = [f"{SECOND}:1", f"{THIRD}:1"]
    send(officer, "/reports/bulk", rows, what="status", status="in_progress")

    assert report_of(operator, THIRD).status == "in_progress"
    assert report_of(operator, SECOND).version == 1


def test_colleagues_see_who_looks_and_who_changes_until_they_leave_or_fall_silent(
    operator: Browser,
) -> None:
    colleague = operator.other()
    colleague.become("operator")
    where = f"/reports/{FIRST}/presence"

    assert operator.post(where, doing="looking").json == {"there": "", "version": 1}
    told = colleague.post(where, doing="editing").json
    assert told is not None and told["there"] == "chi đang xem"
    there = operator.get("/reports/presence").json
    assert there is not None and there[FIRST].endswith(" đang sửa")
    assert " đang sửa" in operator.get("/reports").text
    assert " đang sửa" in operator.get(f"/reports/{FIRST}").text
    assert "đang" not in operator.get(f"/reports/{SECOND}").text.partition('id="there"')[2][:40]

    colleague.post(where, doing="left")
    assert operator.get("/reports/presence").json == {}
    operator.now += GONE_AFTER + timedelta(seconds=1)
    assert colleague.get("/reports/presence").json == {}


def test_closing_one_tab_leaves_the_other_and_a_beat_writes_only_what_is_new(
    operator: Browser,
) -> None:
    colleague = operator.other()
    colleague.become("operator")
    where = f"/reports/{FIRST}/presence"

    def say(page: str, doing: str) -> None:
        form = {"mark": colleague.mark("/account"), "page": page, "doing": doing}
        assert colleague.client.post(where, data=form).status_code == 200

    say("aa", "looking")
    say("bb", "editing")
    colleague.now = operator.now = NOON + timedelta(seconds=BEAT_S - 1)
    say("bb", "editing")
    say("aa", "left")

    with reading(operator.engine) as session:
        one = session.query(Presence).one()
        assert (one.page, one.seen_at) == ("bb", NOON)
    there = operator.get("/reports/presence").json
    assert there is not None and there[FIRST].endswith(" đang sửa")


def test_filters_that_are_too_long_to_be_kept_are_refused_whole(operator: Browser) -> None:
    corners = " ".join(f"{9 + n / 1000:.5f},{105 + n / 1000:.5f}" for n in range(60))
    form = {"name": "vùng", "area": corners}
    operator.post("/reports/saved", **form, **{name: "a b " * 49 for name in ("q", "category")})

    assert "Bộ lọc quá dài" in operator.get("/reports").text
    with reading(operator.engine) as session:
        assert session.query(SavedList).count() == 0


def test_several_at_once_break_off_with_an_answer_where_the_database_is_locked(
    operator: Browser,
) -> None:
    tried: list[str] = []

    def work(session: Session, one: Picked) -> int:
        tried.append(one.reference)
        if one.reference == SECOND:
            raise OperationalError("locked", None, Exception())
        return 2

    picked = [Picked(reference, 1) for reference in (FIRST, SECOND, THIRD)]
    outcome = for_each(operator.engine, picked, work)

    assert tried == [FIRST, SECOND] and outcome.done == [Picked(FIRST, 2)]
    assert [reference for reference, _ in outcome.refused] == [SECOND, THIRD]


def test_an_officer_hears_of_colleagues_at_their_agencys_reports_alone(operator: Browser) -> None:
    operator.add(a_report(reference=THIRD, agency=AGENCY, status=ReportStatus.ASSIGNED))
    for reference in (FIRST, THIRD):
        operator.post(f"/reports/{reference}/presence", doing="looking")
    officer = operator.other()
    officer.become(Role.AGENCY, AGENCY)

    assert list(officer.get("/reports/presence").json or ()) == [THIRD]
    assert officer.post(f"/reports/{FIRST}/presence").status_code == 404
