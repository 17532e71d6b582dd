"""GET service requests and GET service request: filters, pages, forms."""

import uuid
from datetime import timedelta

import pytest

from reports.models import Supporter
from tests.api.open311.conftest import Open311, check_same, faults
from tests.builders import NOON, a_report


def test_a_request_is_told_with_every_field_in_both_forms(open311: Open311) -> None:
    report = open311.add_report(
        description="Ổ gà <sâu> & rộng",
        address="12 Trần Phú",
        latitude=9.294,
        longitude=105.7244,
        agency="so_xay_dung",
        updated_at=NOON + timedelta(hours=1),
        expected_at=NOON + timedelta(days=5),
    )

    answer = open311.get(f"/requests/{report.reference}.json")

    expected = [
        {
            "service_request_id": report.reference,
            "status": "open",
            "status_notes": "Đã được chuyển đến cơ quan giải quyết.",
            "service_name": "Đường hư, ổ gà, sụt lún",
            "service_code": "GT01",
            "description": "Ổ gà ‹sâu› & rộng",
            "agency_responsible": "Sở Xây dựng",
            "service_notice": None,
            "requested_datetime": "2026-11-22T05:00:00Z",
            "updated_datetime": "2026-11-22T06:00:00Z",
            "expected_datetime": "2026-11-27T05:00:00Z",
            "address": "12 Trần Phú, Phường Bạc Liêu",
            "address_id": "2025:31825",
            "zipcode": None,
            "lat": 9.294,
            "long": 105.7244,
            "media_url": None,
        }
    ]
    assert answer.json == expected
    assert open311.get("/requests.json").json == expected
    for path in (f"/requests/{report.reference}.xml", "/requests.xml"):
        check_same(open311.get(path), "service_requests", expected)


def test_nothing_found_is_an_empty_list(open311: Open311) -> None:
    assert open311.get("/requests.json").json == []
    check_same(open311.get("/requests.xml"), "service_requests", [])


@pytest.mark.parametrize("text", ["482173908", "482173905", "xyz", "%00", "1" * 900])
def test_an_unknown_request_is_not_found(open311: Open311, text: str) -> None:
    (told,) = faults(open311.get(f"/requests/{text}.json"), 404)

    assert told.startswith("service_request_id: ")


def test_a_reference_is_found_as_it_is_printed(open311: Open311) -> None:
    report = open311.add_report(reference="482173908")

    answer = open311.get("/requests/482-173-908.json")

    assert answer.json[0]["service_request_id"] == report.reference


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "shown"),
    [
        ("new", "open"),
        ("triaged", "open"),
        ("assigned", "open"),
        ("in_progress", "open"),
        ("waiting_citizen", "open"),
        ("reopened", "open"),
        ("resolved", "closed"),
        ("closed", "closed"),
        ("rejected", "closed"),
        ("duplicate", "closed"),
    ],
)
def test_a_status_is_open_or_closed_and_may_be_asked_for(
    open311: Open311, status: str, shown: str
) -> None:
    report = open311.add_report(status=status)
    other = {"open": "closed", "closed": "open"}[shown]

    (told,) = open311.get(f"/requests.json?status={shown}").json

    assert told["status"] == shown
    assert open311.ids(f"?status={other}") == []
    assert open311.ids("?status=open,Closed") == [report.reference] == open311.ids("?status=")


def test_a_closed_one_was_last_modified_when_it_was_closed(open311: Open311) -> None:
    resolved, rated = NOON + timedelta(days=1), NOON + timedelta(days=2)
    open311.add_report(status="resolved", resolved_at=resolved, updated_at=rated)

    (told,) = open311.get("/requests.json").json

    assert told["updated_datetime"] == "2026-11-23T05:00:00Z"


def test_a_rejection_tells_its_reason(open311: Open311) -> None:
    open311.add_report(status="rejected", reason="elsewhere")

    (told,) = open311.get("/requests.json").json

    assert told["status_notes"] == "Không được thụ lý. Ngoài địa bàn phụ trách."


def test_services_are_asked_for_with_commas_and_repeated(open311: Open311) -> None:
    pothole = open311.add_report().reference
    lamp = open311.add_report(category="DT01").reference
    noise = open311.add_report(category="MT03").reference

    assert set(open311.ids("?service_code=GT01,DT01")) == {pothole, lamp}
    assert set(open311.ids("?service_code=GT01&service_code=MT03")) == {pothole, noise}
    assert open311.ids("?service_code=GT03") == []
    faults(open311.get("/requests.json?service_code=GT01,XX99"), 404)
    faults(open311.get("/requests.json?service_code=DV01"), 404)


def test_what_nobody_sorted_yet_is_shown_as_unclear(open311: Open311) -> None:
    report = open311.add_report(category=None)

    (told,) = open311.get("/requests.json?service_code=KH99").json

    assert (told["service_request_id"], told["service_code"]) == (report.reference, "KH99")


def test_ids_override_all_else(open311: Open311) -> None:
    old = open311.add_report(requested_at=NOON - timedelta(days=400), status="closed").reference
    new = open311.add_report().reference

    found = open311.ids(f"?service_request_id={new},{old},482173908,nonsense&status=open")

    assert found == [new, old]


def at(days: int) -> str:
    return (NOON + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_the_last_ninety_days_are_told_unless_asked_otherwise(open311: Open311) -> None:
    ages = (0, 89, 91, 170, 200)
    refs = {
        age: open311.add_report(requested_at=NOON - timedelta(days=age)).reference for age in ages
    }

    assert open311.ids() == [refs[0], refs[89]]
    assert open311.ids(f"?start_date={at(-100)}") == [refs[89], refs[91]]
    assert open311.ids(f"?end_date={at(-90)}") == [refs[91], refs[170]]
    assert open311.ids(f"?start_date={at(-180)}&end_date={at(-91)}") == [refs[91], refs[170]]
    assert open311.ids("?start_date=1950-01-01T00:00:00Z") == []


@pytest.mark.parametrize(
    "end",
    [
        "2026-11-22T05:00:00Z",
        "2026-11-22T12:00:00%2B07:00",
        "2026-11-22T12:00:00+07:00",  # the plus reads as a space
        "2026-11-22T05:00Z",
        "2026-11-22T05:00:00.000Z",
        "2026-11-22",
    ],
)
def test_the_end_is_included_in_any_form_of_a_moment(open311: Open311, end: str) -> None:
    report = open311.add_report()

    assert open311.ids(f"?end_date={end}") == [report.reference]


@pytest.mark.parametrize(
    "query",
    [
        "start_date=2026-11-22T05:00:00",
        "start_date=22/11/2026",
        "end_date=2026-13-01T00:00:00Z",
        "end_date=2026-11-22T25:00:00Z",
        "end_date=0001-01-01T00:00:00Z",
        "end_date=9999-12-31T23:59:59Z",
        "start_date=2026-11-22T05:00:00Z&end_date=2026-11-21T05:00:00Z",
        "start_date=2026-01-01T00:00:00Z&end_date=2026-11-21T05:00:00Z",
        "start_date=%F0",
        "status=lost",
        "page=0",
        "page=x",
        "page=999999999999999999",
        "page_size=0",
        "page_size=1001",
        "page_size=-1",
        "extensions=perhaps",
    ],
)
def test_a_parameter_that_is_wrong_is_told(open311: Open311, query: str) -> None:
    (told,) = faults(open311.get(f"/requests.json?{query}", Accept_Language="en"))

    assert ": expected" in told


def test_pages_tell_every_request_once_newest_first(open311: Open311) -> None:
    reports = [a_report(category="GT01", requested_at=NOON - timedelta(n // 3)) for n in range(23)]
    open311.add(*reports)

    pages = [open311.ids(f"?page_size=5&page={number}") for number in range(1, 7)]

    told = [reference for page in pages for reference in page]
    assert [len(page) for page in pages] == [5, 5, 5, 5, 3, 0]
    assert len(set(told)) == 23
    moments = {report.reference: report.requested_at for report in reports}
    assert [moments[each] for each in told] == sorted(moments.values(), reverse=True)


@pytest.mark.slow
def test_a_thousand_are_told_at_most(open311: Open311) -> None:
    open311.add(*(a_report(category="GT01") for _ in range(1001)))

    assert len(open311.ids()) == 1000


def test_finer_states_are_told_to_who_asks(open311: Open311) -> None:
    report = open311.add_report(status="waiting_citizen")
    open311.add(
        *(
            Supporter(
                id=uuid.uuid4().hex,
                report_id=report.id,
                person_hash=str(n),
                language="vi",
                source="web",
                at=NOON,
            )
            for n in range(2)
        )
    )
    finer = {
        "detailed_status": "PENDING",
        "detailed_status_code": "waiting_citizen",
        "votes": 2,
    }

    for path in ("/requests", f"/requests/{report.reference}"):
        answer = open311.get(f"{path}.json?extensions=true")
        assert answer.json[0]["extended_attributes"] == finer
        check_same(open311.get(f"{path}.xml?extensions=1"), "service_requests", answer.json)
        assert "extended_attributes" not in open311.get(f"{path}.json").json[0]
