"""Discovery, GET services and GET service definition."""

from datetime import datetime

import pytest

from tests.api.open311.conftest import Open311, check_same, faults
from tests.builders import NOON


def test_discovery_tells_where_what_and_in_which_forms(open311: Open311) -> None:
    answer = open311.get("/discovery.json", Host="hotline.example.vn")

    told = answer.json
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert set(told) == {"changeset", "contact", "key_service", "endpoints"}
    assert told["endpoints"] == [
        {
            "specification": "http://wiki.open311.org/GeoReport_v2",
            "url": "http://hotline.example.vn/open311/v2",
            "changeset": told["changeset"],
            "type": "production",
            "formats": ["text/xml", "application/json"],
        }
    ]
    assert datetime.fromisoformat(told["changeset"]) <= NOON
    assert "19009120" in told["contact"] and "19009120" in told["key_service"]
    check_same(open311.get("/discovery.xml", Host="hotline.example.vn"), "discovery", told)


def test_the_list_has_every_category_that_is_filed_and_every_group(open311: Open311) -> None:
    answer = open311.get("/services.json")

    told = {one["service_code"]: one for one in answer.json}
    assert told["GT01"] == {
        "service_code": "GT01",
        "service_name": "Đường hư, ổ gà, sụt lún",
        "description": "Đường sá, cầu cống, giao thông: Đường hư, ổ gà, sụt lún",
        "metadata": False,
        "type": "realtime",
        "keywords": "ổ gà, đường hư, đường xấu, sụt lún, lún, bể đường",
        "group": "Đường sá, cầu cống, giao thông",
    }
    assert told["giao_thong"]["type"] == "batch"
    assert told["NG01"]["metadata"] is True
    assert "DV01" not in told and len(told) == len(answer.json) == 45 + 16
    check_same(open311.get("/services.xml"), "services", answer.json)


def test_names_come_in_the_language_that_is_asked_for(open311: Open311) -> None:
    answer = open311.get("/services.json", Accept_Language="en-GB, vi;q=0.5")

    assert answer.json[0]["service_name"] == "Damaged road, potholes, subsidence"
    assert "Accept-Language" in answer.headers["Vary"]


def test_a_definition_asks_in_order_with_the_values_of_its_lists(open311: Open311) -> None:
    answer = open311.get("/services/NG01.json")

    told = answer.json
    assert told["service_code"] == "NG01"
    assert [one["code"] for one in told["attributes"]] == ["since", "depth", "affected"]
    assert [one["order"] for one in told["attributes"]] == [1, 2, 3]
    assert told["attributes"][1] == {
        "variable": True,
        "code": "depth",
        "datatype": "singlevaluelist",
        "required": False,
        "datatype_description": None,
        "order": 2,
        "description": "Nước sâu tới đâu?",
        "values": [
            {"key": "ankle", "name": "Tới mắt cá chân"},
            {"key": "knee", "name": "Tới đầu gối"},
            {"key": "higher", "name": "Cao hơn đầu gối"},
        ],
    }
    check_same(open311.get("/services/NG01.xml"), "service_definition", told)


def test_a_notice_has_no_variable(open311: Open311) -> None:
    told = open311.get("/services/DI01.json").json["attributes"]

    assert [one["code"] for one in told if not one["variable"]] == ["danger"]


def test_a_service_without_questions_has_an_empty_definition(open311: Open311) -> None:
    assert open311.get("/services/GT01.json").json == {"service_code": "GT01", "attributes": []}
    check_same(
        open311.get("/services/GT01.xml"),
        "service_definition",
        {"service_code": "GT01", "attributes": []},
    )


@pytest.mark.parametrize("code", ["XX99", "gt01", "2025:31825", "%00", "DV01", "a" * 500])
def test_an_unknown_service_is_not_found(open311: Open311, code: str) -> None:
    found = faults(open311.get(f"/services/{code}.json"), 404)

    assert found[0].startswith("service_code: ")


def test_a_matter_of_another_office_is_told_where_it_belongs(open311: Open311) -> None:
    (told,) = faults(open311.get("/services/DD01.json"), 404)

    wording = open311.province.wording["vi"][open311.province.diverted["DD01"]]
    assert wording in told


@pytest.mark.parametrize(
    "path",
    ["/discovery", "/services", "/services/GT01", "/requests", "/tokens/" + "0" * 32],
)
@pytest.mark.parametrize("form", ["json", "xml"])
def test_the_jurisdiction_may_be_named_and_must_be_ours(
    open311: Open311, path: str, form: str
) -> None:
    ours = open311.get(f"{path}.{form}?jurisdiction_id=bac_lieu")
    none = open311.get(f"{path}.{form}?jurisdiction_id=")
    other = open311.get(f"{path}.{form}?jurisdiction_id=hanoi.vn")

    assert ours.data == none.data and ours.status_code == none.status_code
    assert other.status_code == 404 and b"jurisdiction_id" in other.data
