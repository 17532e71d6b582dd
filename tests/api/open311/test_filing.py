"""POST service request: every parameter, right and wrong."""

from typing import Any

import pytest
from sqlalchemy import select

from accounts.models import Token
from accounts.roles import Role
from notifications.models import Message
from reports.models import Alarm, Report
from reports.web_filing import MOST_WORDS
from storage.database import reading
from tests.api.open311.conftest import Open311, check_same, faults

ENGLISH = {"Accept-Language": "en"}


def test_a_report_is_filed_as_everybody_elses_and_its_id_told(open311: Open311) -> None:
    answer = open311.post(
        jurisdiction_id="bac_lieu",
        address_string="12 Trần Phú",
        lat="9.294",
        long="105.7244",
        email="lan@example.vn",
        device_id="d-1",
        account_id="a-7",
        first_name="Lan",
        last_name="Nguyễn",
        phone="0912 345 678",
        description="Ổ gà rất sâu\nxe máy té hoài",
        media_url="https://photos.example/1.jpg",
    )

    report = open311.only_report()
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    (told,) = answer.json
    assert list(told) == ["service_request_id", "service_notice", "account_id"]
    assert told["service_request_id"] == report.reference and told["account_id"] == "a-7"
    assert (report.source, report.status, report.category) == ("open311", "new", "GT01")
    assert (report.place, report.address) == ("2025:31825", "12 Trần Phú")
    assert (report.latitude, report.longitude) == (9.294, 105.7244)
    assert report.reporter == {"name": "Nguyễn Lan", "email": "lan@example.vn"}
    assert report.contact_number == "+84912345678"
    assert report.description == "Ổ gà rất sâu\nxe máy té hoài"
    assert report.expected_at is not None


def test_the_pin_is_told_in_the_notice_and_by_sms(open311: Open311) -> None:
    (told,) = open311.post(language="vi", phone="0912345678").json

    with reading(open311.engine) as session:
        message = session.scalars(select(Message)).one()
    assert f"Mã PIN: {message.text_values['pin']}." in told["service_notice"]
    assert message.text_values["reference"] in told["service_notice"]


def test_xml_is_answered_with_the_same_elements(open311: Open311) -> None:
    answer = open311.post("/requests.xml")

    report = open311.only_report()
    notice = answer.data.decode().split("<service_notice>")[1].split("</service_notice>")[0]
    content = {
        "service_request_id": report.reference,
        "service_notice": notice,
        "account_id": None,
    }
    check_same(answer, "service_requests", [content])


def test_a_reader_of_english_is_told_in_english(open311: Open311) -> None:
    answer = open311.client.post(
        "/open311/v2/requests.json",
        data={"api_key": open311.key, "service_code": "TT01", "address_string": "Gành Hào"},
        headers={"Accept-Language": "en"},
    )

    notice = answer.json[0]["service_notice"]
    assert "was received. PIN: " in notice and "ring 112 at once" in notice
    assert open311.only_report().language == "en"


@pytest.mark.parametrize(
    "location",
    [
        {"lat": "9.294", "long": "105.72", "address_id": None},
        {"address_string": "Chợ Bạc Liêu", "address_id": None},
        {"address_id": "2025:31825"},
        {"address_id": "pre2025:31816"},
        {"lat": "", "long": "", "address_string": "Chợ Bạc Liêu", "address_id": ""},
    ],
)
def test_one_kind_of_location_is_enough(open311: Open311, location: dict[str, Any]) -> None:
    assert open311.post(**location).status_code == 200


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ({"address_id": None}, "expected a location"),
        ({"address_string": "  ", "address_id": ""}, "expected a location"),
        ({"lat": "9.294"}, "lat and long: expected both"),
        ({"long": "105.7"}, "lat and long: expected both"),
        ({"lat": "91", "long": "105.7"}, "lat: expected degrees"),
        ({"lat": "nan", "long": "105.7"}, "lat: expected degrees"),
        ({"lat": "1e1", "long": "105.7"}, "lat: expected degrees"),
        ({"lat": "٩", "long": "105.7"}, "lat: expected degrees"),
        ({"lat": "9", "long": "-180.01"}, "long: expected degrees"),
        ({"address_id": "31825"}, "address_id: expected"),
        ({"address_id": "2025:99999"}, "address_id: expected"),
        ({"address_id": "2025:31825'; DROP TABLE reports"}, "address_id: expected"),
        ({"address_string": "x" * 501}, "address_string: expected at most 500"),
    ],
)
def test_a_location_that_is_none_is_refused(
    open311: Open311, location: dict[str, Any], told: str
) -> None:
    (found,) = faults(open311.post(**location))

    assert found.startswith(told)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"service_code": None}, "service_code: expected one"),
        ({"service_code": ["GT01", "GT02"]}, "service_code: expected one value"),
        ({"email": "nobody"}, "email: expected"),
        ({"email": "a@b.vn" + "n" * 300}, "email: expected at most"),
        ({"phone": "12"}, "phone: expected"),
        ({"phone": "0912345678'--"}, "phone: expected"),
        ({"first_name": "x" * 101}, "first_name: expected at most"),
        ({"last_name": "x" * 101}, "last_name: expected at most"),
        ({"device_id": "x" * 256}, "device_id: expected at most"),
        ({"account_id": "x" * 256}, "account_id: expected at most"),
        ({"description": "x" * (MOST_WORDS + 1)}, "description: expected at most 4000"),
        ({"media_url": "javascript:alert(1)"}, "media_url: expected"),
        ({"media_url": "http://["}, "media_url: expected"),
        ({"media_url": "https://"}, "media_url: expected"),
        ({"attribute[nothing]": "1"}, "attribute: the service definition has no"),
        ({"attribute": "1"}, "attribute: expected attribute[code]"),
        ({"attribute[a][b]": "1"}, "attribute: expected attribute[code]"),
    ],
)
def test_what_is_wrong_is_told_by_its_name(
    open311: Open311, parameters: dict[str, Any], told: str
) -> None:
    (found,) = faults(open311.post(**parameters))

    assert found.startswith(told)


@pytest.mark.parametrize("name", [b"description", b"attribute%5Bpole%5D", b"%F0"])
@pytest.mark.parametrize("wrong", [b"%ff%fe", b"\xff\xfe", b"%ed%a0%80"])
def test_a_form_that_is_no_utf_8_is_refused(open311: Open311, name: bytes, wrong: bytes) -> None:
    answer = open311.client.post(
        "/open311/v2/requests.json",
        data=b"api_key=%s&service_code=DT01&%s=%s" % (open311.key.encode(), name, wrong),
        content_type="application/x-www-form-urlencoded; charset=utf-8",
        headers=ENGLISH,
    )

    assert faults(answer) == ["expected UTF-8 everywhere"]


def test_parts_that_are_no_utf_8_are_refused(open311: Open311) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    parts = {
        b"api_key": open311.key.encode(),
        b"service_code": b"DT01",
        b"address_id": b"2025:31825",
        b"description": b"\xff\xfe",
        b"attribute[pole]": b"\xff",
    }
    body = b"".join(part % each for each in parts.items()) + b"--x--\r\n"

    answer = open311.client.post(
        "/open311/v2/requests.json",
        data=body,
        content_type="multipart/form-data; boundary=x",
        headers=ENGLISH,
    )

    assert faults(answer) == ["description: expected UTF-8", "attribute[pole]: expected UTF-8"]


def test_what_is_wrong_is_told_in_vietnamese_to_who_asks_for_nothing_else(
    open311: Open311,
) -> None:
    answer = open311.post(language="", phone="12", lat="200")

    assert faults(answer) == [
        "lat: cần số độ từ -90 đến 90",
        "phone: cần số điện thoại, ví dụ 0912345678",
    ]


def test_everything_that_is_wrong_is_told_at_once(open311: Open311) -> None:
    answer = open311.post(service_code="XX99", phone="1", lat="200", email="x")

    assert [one["code"] for one in answer.json] == [404, 400, 400, 400]
    assert answer.status_code == 400


@pytest.mark.parametrize("code", ["XX99", "DV02"])
def test_an_unknown_service_is_not_found(open311: Open311, code: str) -> None:
    faults(open311.post(service_code=code), 404)


def test_the_longest_description_is_taken_with_answers_beside_it(open311: Open311) -> None:
    words = "ư" * MOST_WORDS

    answer = open311.post(service_code="NG01", description=words, **{"attribute[depth]": "knee"})

    assert answer.status_code == 200
    assert open311.only_report().description == words


def test_a_report_without_a_description_says_what_it_is_about(open311: Open311) -> None:
    open311.post()

    assert open311.only_report().description == "Đường hư, ổ gà, sụt lún"


def test_answers_and_pictures_are_noted_for_staff(open311: Open311) -> None:
    sent: dict[str, Any] = {
        "attribute[affected][]": ["road", "school", "road"],
        "attribute[depth]": "higher",
        "attribute[since]": "2026-11-22T03:00:00Z",
        "media_url": "https://photos.example/1.jpg?a=b",
    }

    open311.post(service_code="NG02", **sent)

    (note,) = open311.only_report().updates
    assert note.internal and note.text is None
    assert note.internal_text == (
        "Từ lúc nào?: 2026-11-22T03:00:00Z\n"
        "Nước sâu tới đâu?: Cao hơn đầu gối\n"
        "Ngập những nơi nào?: Đường đi, Trường học\n"
        "media_url: https://photos.example/1.jpg?a=b"
    )


def test_text_answers_keep_their_lines_and_required_ones_are_asked(open311: Open311) -> None:
    (told,) = faults(open311.post(service_code="GT03"))
    open311.post(
        service_code="GT03",
        **{"attribute[road]": " Trần \n Phú ", "attribute[story][]": "một\r\nhai"},
    )

    assert told == "attribute[road]: expected an answer, found none"
    assert open311.only_report().updates[0].internal_text == (
        "Đường nào?: Trần Phú\nKể thêm: một\nhai"
    )


@pytest.mark.parametrize(
    ("code", "answer", "told"),
    [
        ("NG01", {"attribute[depth]": "deep"}, "attribute[depth]: expected ankle, knee, higher"),
        ("NG01", {"attribute[depth][]": ["ankle", "knee"]}, "attribute[depth]: expected one value"),
        ("NG01", {"attribute[affected][]": ["road", "x"]}, "attribute[affected]: expected road"),
        ("NG01", {"attribute[since]": "yesterday"}, "attribute[since]: expected a moment"),
        ("NG01", {"attribute[since]": "2026-02-30"}, "attribute[since]: expected a moment"),
        ("DT01", {"attribute[lamps]": "many"}, "attribute[lamps]: expected a number"),
        ("DT01", {"attribute[pole]": "x" * 256}, "attribute[pole]: expected at most 255"),
    ],
)
def test_an_answer_has_the_datatype_of_its_question(
    open311: Open311, code: str, answer: dict[str, Any], told: str
) -> None:
    (found,) = faults(open311.post(service_code=code, **answer))

    assert found.startswith(told)


@pytest.mark.parametrize("key", [None, "", "hl_wrong", "ключ", "x" * 5000])
def test_without_a_valid_key_nothing_is_filed(open311: Open311, key: str | None) -> None:
    (told,) = faults(open311.post(api_key=key), 403)

    assert told.startswith("api_key: ")
    with reading(open311.engine) as session:
        assert session.scalars(select(Report)).all() == []


def test_a_key_in_the_address_is_no_key(open311: Open311) -> None:
    # Addresses are written to logs on the way.
    faults(open311.post(f"/requests.json?api_key={open311.key}", api_key=None), 403)


@pytest.mark.parametrize(
    ("role", "scopes"),
    [(Role.OPERATOR, ["reports.read"]), (Role.AGENCY, None), (Role.AUDITOR, None)],
)
def test_a_key_needs_the_scope_to_file(
    open311: Open311, role: Role, scopes: list[str] | None
) -> None:
    open311.key = open311.a_key(Role.SUPERVISOR if scopes else role, scopes)

    (told,) = faults(open311.post(), 403)

    assert "reports.file" in told


def test_the_use_of_a_key_is_noted(open311: Open311) -> None:
    open311.key = open311.a_key(Role.SUPERVISOR, ["reports.file"])
    open311.post()

    with reading(open311.engine) as session:
        used = session.scalars(select(Token.last_used_at)).all()
    assert open311.now in used


@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
def test_another_body_than_a_form_is_refused(open311: Open311, kind: str) -> None:
    answer = open311.client.post(
        "/open311/v2/requests.json", data=b'{"api_key": "x"}', content_type=kind, headers=ENGLISH
    )

    assert faults(answer) == ["Content-Type: expected application/x-www-form-urlencoded"]


def test_danger_in_the_words_raises_an_alarm(open311: Open311) -> None:
    open311.post(description="nhà đang cháy")

    with reading(open311.engine) as session:
        assert session.scalars(select(Alarm)).one().danger == "fire"
    assert open311.only_report().urgent and open311.ids() == []


def test_hostile_text_is_kept_as_it_came_without_control_characters(open311: Open311) -> None:
    words = "<script>alert('x')</script> Robert'); DROP TABLE reports;-- ]]> &amp; \x00\x08ư\u0309"

    open311.post(description=words, address_string="\x00<b>Chợ</b>\r\n\tBạc Liêu")

    report = open311.only_report()
    assert report.description == words.replace("\x00\x08ư\u0309", "ử")
    assert report.address == "<b>Chợ</b> Bạc Liêu"
