"""Filing and changing reports through the API, two at once included."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from accounts.roles import Role
from reports.models import Report, Update
from storage.database import reading
from tests.api.conftest import Api
from tests.builders import a_report

AGENCY = "so_xay_dung"
CATEGORY, PLACE = "GT01", "2025:31825"


def filed(api: Api, **more: Any) -> str:
    answer = api.send("POST", "/reports", {"description": "Đường ngập trước chợ", **more})
    assert answer.status_code == 201, answer.json
    return str(answer.json["reference"])


def tag(api: Api, reference: str) -> str:
    return str(api.get(f"/reports/{reference}").headers["ETag"])


def change(api: Api, reference: str, **what: Any) -> Any:
    return api.send("PATCH", f"/reports/{reference}", what, If_Match=tag(api, reference))


@pytest.mark.slow
def test_a_report_in_writing_is_filed_with_reference_and_pin(api: Api) -> None:
    answer = api.send(
        "POST",
        "/reports",
        {
            "description": "Đèn đường hư",
            "category": CATEGORY,
            "place": PLACE,
            "address": "Trước chợ",
            "position": {"latitude": 9.29, "longitude": 105.72},
            "number": "0912 345 678",
            "name": "Chị Tư",
        },
    )

    assert answer.status_code == 201
    assert len(answer.json["pin"]) == 4 and answer.headers["Cache-Control"] == "no-store"
    report = api.get(f"/reports/{answer.json['reference']}").json
    assert answer.headers["Location"].endswith(report["reference"])
    assert (report["source"], report["status"], report["version"]) == ("api", "new", 1)
    assert report["description"] == "Đèn đường hư" and report["place"]["unit"] == PLACE
    assert report["position"] == {"latitude": 9.29, "longitude": 105.72}
    assert report["contact_number_masked"] == "+84•••••5678"
    assert [each["text_key"] for each in report["messages"]] == ["report_received"]
    assert "Chị Tư" not in str(report)


def test_danger_in_the_words_raises_an_alarm(api: Api) -> None:
    report = api.get(f"/reports/{filed(api, description='cháy nhà')}").json

    assert report["urgent"] is True and report["alarm"]["danger"] == "fire"


def test_the_same_client_id_files_once(api: Api) -> None:
    first = filed(api, client_id="0d5a2bd1-62a5-4f56")

    assert filed(api, client_id="0d5a2bd1-62a5-4f56") == first


def test_what_belongs_to_another_office_is_not_filed(api: Api, the_province: Any) -> None:
    code = next(iter(the_province.diverted))

    answer = api.send("POST", "/reports", {"description": "khiếu nại", "category": code})

    assert answer.status_code == 409


def test_a_report_goes_from_filing_to_its_answer(api: Api) -> None:
    reference = filed(api)
    assert (
        change(api, reference, status="triaged", category=CATEGORY, place=PLACE).json["status"]
        == "triaged"
    )
    body = {"agency": AGENCY, "internal_text": "gấp"}
    given = api.send("POST", f"/reports/{reference}/assignment", body, If_Match=tag(api, reference))
    assert (given.json["status"], given.json["agency"]) == ("assigned", AGENCY)

    api.enter(Role.AGENCY, AGENCY)
    assert change(api, reference, status="in_progress").json["status"] == "in_progress"
    done = change(api, reference, status="resolved", text="Đã khơi thông cống")

    assert done.status_code == 200 and done.json["status"] == "resolved"
    assert done.headers["ETag"] == tag(api, reference)
    kinds = [(each["kind"], each["status"], each["version"]) for each in done.json["updates"]]
    assert kinds == [
        ("status", "triaged", 2),
        ("status", "assigned", 3),
        ("status", "in_progress", 4),
        ("status", "resolved", 5),
    ]


def test_who_changes_a_report_says_which_version_they_saw(api: Api) -> None:
    reference = filed(api)
    path = f"/reports/{reference}"

    for given in (None, "*", ""):
        headers = {} if given is None else {"If_Match": given}
        assert api.send("PATCH", path, {"status": "triaged"}, **headers).status_code == 428
    for given in ("1", '"x"', '"0"', '"1', "W/1", '"99999999999"', "é", '"1", "2"'):
        answer = api.send("PATCH", path, {"status": "triaged"}, If_Match=given)
        assert answer.status_code == 422, given
    assert api.get(path).json["version"] == 1
    for given in ('"1"', 'W/"1"'):
        assert api.send("PATCH", path, {}, If_Match=given).status_code == 200


def test_the_second_of_two_is_told_what_the_first_changed(api: Api) -> None:
    reference = filed(api)
    seen = tag(api, reference)
    path = f"/reports/{reference}"
    first = api.send("PATCH", path, {"urgent": True, "internal_text": "gấp"}, If_Match=seen)

    second = api.send("PATCH", path, {"status": "triaged"}, If_Match=seen)

    assert first.status_code == 200 and second.status_code == 412
    assert second.json["version"] == 2 and second.headers["ETag"] == '"2"'
    (since,) = second.json["updates"]
    assert since["changes"] == {"urgent": {"before": False, "after": True}}
    assert since["internal_text"] == "gấp"
    now = api.get(path).json
    assert (now["status"], now["urgent"]) == ("new", True)  # nothing was overwritten
    again = api.send("PATCH", path, {"status": "triaged"}, If_Match=second.headers["ETag"])
    assert again.status_code == 200


@pytest.mark.slow
def test_of_many_at_once_with_one_version_exactly_one_gets_through(api: Api) -> None:
    reference = filed(api)
    seen = tag(api, reference)

    def try_it(number: int) -> int:
        client = api.app.test_client()
        answer = client.patch(
            f"/api/v1/reports/{reference}",
            json={"internal_text": f"ghi chú {number}"},
            headers={**api.headers, "If-Match": seen},
        )
        return int(answer.status_code)

    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(try_it, range(8)))

    assert sorted(codes) == [200] + [412] * 7
    with reading(api.engine) as session:
        assert len(session.scalars(select(Update)).all()) == 1
        assert session.scalars(select(Report)).one().version == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("what", "status"),
    [
        ({"status": "closed"}, 409),  # staff do not close what is new
        ({"status": "resolved"}, 409),  # without an answer
        ({"status": "rejected"}, 409),
        ({"status": "rejected", "reason": "no_such_reason"}, 409),
        ({"status": "assigned", "agency": "no_such_agency"}, 409),
        ({"agency": AGENCY}, 409),  # without the status
        ({"status": "duplicate"}, 422),  # has a route of its own
        ({"status": "gone"}, 422),
        ({"category": "no_such"}, 422),
        ({"place": "31825"}, 422),
        ({"position": {"latitude": 91.0, "longitude": 0.0}}, 422),
        ({"position": {"latitude": 9.0}}, 422),
        ({"urgent": "yes"}, 422),
        ({"officer": "'; DROP TABLE reports; --"}, 422),
        ({"version": 7}, 422),
        ({"requested_at": "1903-01-01T00:00:00Z"}, 422),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    api: Api, what: Mapping[str, Any], status: int
) -> None:
    reference = filed(api)
    before = api.get(f"/reports/{reference}").json

    answer = change(api, reference, **what)

    assert answer.status_code == status, answer.json
    assert api.get(f"/reports/{reference}").json == before


def test_officers_work_and_do_not_sort(api: Api) -> None:
    api.add(a_report(reference="482173908", agency=AGENCY, status="assigned", category=CATEGORY))
    api.enter(Role.AGENCY, AGENCY)

    assert change(api, "482173908", urgent=True).status_code == 409
    assert change(api, "482173908", status="rejected", reason="abuse").status_code == 409
    assert change(api, "482173908", status="triaged").status_code == 409  # handed back without why
    back = change(api, "482173908", status="triaged", reason="not_ours")
    assert back.status_code == 200 and back.json["agency"] is None
    assert api.get("/reports/482173908").status_code == 404  # theirs no more


def test_an_officer_is_one_of_the_agency_or_of_the_staff(api: Api) -> None:
    secret = api.secret
    own, other, auditor = (
        api.enter(Role.AGENCY, AGENCY),
        api.enter(Role.AGENCY, "cong_an_tinh"),
        api.enter(Role.AUDITOR),
    )
    api.secret = secret
    reference = filed(api)

    def give(officer: str) -> Any:
        body = {"agency": AGENCY, "officer": officer}
        where = f"/reports/{reference}/assignment"
        return api.send("POST", where, body, If_Match=tag(api, reference))

    for nobody in ("0" * 32, other, auditor):
        assert give(nobody).status_code == 409
    assert give(own).json["officer"] == own


def test_duplicates_are_proposed_with_reasons_and_joined(api: Api) -> None:
    first, second = (filed(api, category=CATEGORY, place=PLACE) for _ in range(2))

    (candidate,) = api.get(f"/reports/{second}/duplicates").json["candidates"]
    joined = api.send(
        "POST", f"/reports/{second}/duplicate", {"original": first}, If_Match=tag(api, second)
    )

    assert candidate["reference"] == first and candidate["reasons"]
    assert (joined.status_code, joined.json["status"]) == (200, "duplicate")
    assert joined.json["original"] == first
    itself = api.send(
        "POST", f"/reports/{first}/duplicate", {"original": first}, If_Match=tag(api, first)
    )
    assert itself.status_code == 409


def test_notes_are_for_staff_and_answers_for_the_citizen(api: Api) -> None:
    reference = filed(api)

    note = api.send("POST", f"/reports/{reference}/updates", {"internal_text": "đã gọi"})
    told = api.send("POST", f"/reports/{reference}/updates", {"text": "Đang xem xét"})
    nothing = api.send("POST", f"/reports/{reference}/updates", {})

    assert (note.status_code, told.status_code, nothing.status_code) == (201, 201, 409)
    assert (note.json["internal"], told.json["internal"]) == (True, False)
    listed = api.get(f"/reports/{reference}/updates").json
    assert listed["version"] == 3
    assert [each["version"] for each in listed["updates"]] == [2, 3]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("description", ""),
        ("description", "   \n\t"),
        ("description", "x" * 4001),
        ("description", "a\x00b"),
        ("description", 5),
        ("description", None),
        ("description", ["x"]),
        ("category", "GТ01"),  # with a Cyrillic letter
        ("category", "' OR 1=1 --"),
        ("place", "2025:99999"),
        ("number", "không có"),
        ("number", "0" * 31),
        ("number", "12"),
        ("name", "a\nb"),
        ("name", "x" * 81),
        ("language", "fr"),
        ("client_id", "short"),
        ("client_id", "../../etc/passwd"),
        ("position", {"latitude": "9", "longitude": "105"}),
        ("position", {"latitude": 9.0, "longitude": 105.0, "height": 2}),
        ("source", "phone"),
        ("urgent", True),
    ],
)
def test_a_field_that_is_wrong_is_named_and_its_value_not_repeated(
    api: Api, field: str, value: Any
) -> None:
    answer = api.send("POST", "/reports", {"description": "Đèn hư", field: value})

    assert answer.status_code == 422, answer.json
    assert field in str(answer.json["errors"])
    with reading(api.engine) as session:
        assert session.scalars(select(Report)).all() == []


def test_html_and_sql_in_words_are_words(api: Api) -> None:
    words = "<script>alert(1)</script>'; DROP TABLE reports; -- \u202e\ufeff Trа"

    assert api.get(f"/reports/{filed(api, description=words)}").json["description"] == words


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "what", "code"),
    [
        ("assigned", {"status": "in_progress"}, 200),
        ("in_progress", {"status": "resolved", "text": "Đã xong"}, 200),
        ("assigned", {"status": "triaged", "reason": "not_ours"}, 200),
        ("assigned", {"internal_text": "đã gọi"}, 200),
        ("assigned", {"urgent": True}, 403),
        ("assigned", {"category": CATEGORY}, 403),
        ("assigned", {"description": "khác"}, 403),
        ("assigned", {"position": {"latitude": 9.2, "longitude": 105.7}}, 403),
        ("assigned", {"status": "rejected", "reason": "abuse"}, 403),
        ("assigned", {"status": "assigned", "agency": "cong_an_tinh"}, 403),
        ("new", {"status": "triaged"}, 403),
        ("new", {"status": "assigned", "agency": AGENCY}, 403),
        ("resolved", {"status": "reopened"}, 403),
    ],
)
def test_staff_with_the_scope_to_work_may_what_officers_may_and_no_more(
    api: Api, status: str, what: Mapping[str, Any], code: int
) -> None:
    agency = None if status == "new" else AGENCY
    api.add(a_report(reference="482173908", agency=agency, status=status, category="GT02"))
    api.enter(Role.SUPERVISOR, scopes=["reports.read", "reports.work"])
    before = api.get("/reports/482173908").json

    answer = change(api, "482173908", **what)

    assert answer.status_code == code, answer.json
    if code == 403:
        assert "reports.change" in answer.json["detail"]
        assert api.get("/reports/482173908").json == before


@pytest.mark.parametrize(
    "what", [{"urgent": True}, {"status": "rejected", "reason": "abuse"}, {"status": "triaged"}]
)
def test_the_scope_to_change_reports_corrects_and_sorts_without_the_one_to_work(
    api: Api, what: Mapping[str, Any]
) -> None:
    reference = filed(api)
    api.enter(Role.OPERATOR, scopes=["reports.read", "reports.change"])

    assert change(api, reference, **what).status_code == 200
    api.enter(Role.OPERATOR, scopes=["reports.read"])
    assert change(api, reference, **what).status_code == 403


def test_who_only_works_is_told_of_another_version_before_that_the_way_is_not_theirs(
    api: Api,
) -> None:
    api.add(a_report(reference="482173908", agency=AGENCY, status="in_progress", version=2))
    api.enter(Role.OPERATOR, scopes=["reports.read", "reports.work"])

    late = api.send("PATCH", "/reports/482173908", {"status": "in_progress"}, If_Match='"1"')

    assert late.status_code == 412


def test_programs_that_count_on_their_own_do_not_get_each_others_reports(api: Api) -> None:
    first = filed(api, client_id="00000001")
    api.enter(Role.OPERATOR)

    assert filed(api, client_id="00000001") != first


def test_a_client_id_that_was_given_to_another_report_is_refused(api: Api) -> None:
    first = filed(api, client_id="00000001")

    other = api.send("POST", "/reports", {"description": "Đèn hư", "client_id": "00000001"})

    assert other.status_code == 409 and "client_id" in other.json["detail"]
    assert filed(api, client_id="00000001") == first


def test_what_is_noted_when_reports_are_joined_is_kept_at_the_duplicate(api: Api) -> None:
    first, second = filed(api), filed(api)
    body = {"original": first, "internal_text": "cùng một ổ gà"}

    joined = api.send("POST", f"/reports/{second}/duplicate", body, If_Match=tag(api, second))

    assert joined.status_code == 200, joined.json
    assert joined.json["updates"][-1]["internal_text"] == "cùng một ổ gà"


@pytest.mark.slow
def test_another_agency_beside_another_status_is_refused_and_not_ignored(api: Api) -> None:
    reference = filed(api)

    answer = change(api, reference, status="triaged", agency=AGENCY)

    assert answer.status_code == 409 and "assigned" in answer.json["detail"]
    assert api.get(f"/reports/{reference}").json["status"] == "new"


def test_an_officer_is_one_of_the_agency_that_the_report_will_have(api: Api) -> None:
    secret = api.secret
    own = api.enter(Role.AGENCY, AGENCY)
    staff = api.enter(Role.OPERATOR)
    api.secret = secret
    api.add(a_report(reference="482173908", agency=AGENCY, status="assigned"))

    gone = change(api, "482173908", status="triaged", officer=own)  # with the agency it goes
    staying = change(api, "482173908", status="in_progress", officer=own)
    back = change(api, "482173908", status="triaged", officer=staff)

    assert (gone.status_code, staying.json["officer"]) == (409, own)
    assert (back.json["agency"], back.json["officer"]) == (None, staff)


def test_words_in_common_are_told_to_whoever_may_read_words_alone(api: Api) -> None:
    _, second = (filed(api, category=CATEGORY, place=PLACE) for _ in range(2))

    def values() -> list[str | None]:
        (candidate,) = api.get(f"/reports/{second}/duplicates").json["candidates"]
        return [each["value"] for each in candidate["reasons"] if each["why"] == "words"]

    read = values()
    api.enter(Role.OPERATOR, scopes=["reports.read", "reports.change"])

    assert "ngập" in str(read) and values() == [None]
