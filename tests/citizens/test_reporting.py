"""A report over the web: taken whole, refused with a word about each field, and taken once."""

import json
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from notifications.models import Message
from reports.models import Alarm, Attachment, Report
from storage.database import reading
from tests.citizens.conftest import FILLED, Citizen, a_file, codes
from tests.photos import PDF, SECRET, bomb, picture, telling_photo


def reports(citizen: Citizen) -> list[Report]:
    with reading(citizen.engine) as session:
        return list(session.scalars(select(Report)))


def files(citizen: Citizen) -> int:
    return len(list(citizen.attachments.glob("*"))) if citizen.attachments.exists() else 0


def test_a_report_is_filed_with_its_photos_and_answered_with_reference_and_pin(
    citizen: Citizen,
) -> None:
    page = citizen.send(
        category="DT01",
        latitude="9.29410",
        longitude="105.72780",
        photo=[a_file(telling_photo()), a_file(picture("PNG"), "2.png")],
    )

    reference, pin = codes(page)
    [report] = reports(citizen)
    with reading(citizen.engine) as session:
        photos = session.scalars(select(Attachment)).all()
        text = session.scalars(select(Message)).one().text_values
    assert (report.description, report.source, report.language) == (FILLED["words"], "web", "vi")
    assert (report.category, report.place, report.address) == ("DT01", "2025:31825", "12 Trần Phú")
    assert (report.latitude, report.longitude) == (9.2941, 105.7278)
    assert report.clock_since == citizen.now and report.expected_at is not None
    assert text and (text["reference"], text["pin"]) == (reference, pin)
    assert [photo.by for photo in photos] == ["caller", "caller"]
    assert files(citizen) == 2
    kept = b"".join(path.read_bytes() for path in citizen.attachments.glob("*"))
    assert SECRET.encode() not in kept and b"Exif" not in kept


@pytest.mark.slow
def test_what_is_sent_again_is_filed_once_and_answered_the_same(citizen: Citizen) -> None:
    first = citizen.send(photo=a_file(picture()))
    again = citizen.send(photo=a_file(picture()))

    assert codes(first) == codes(again)
    assert len(reports(citizen)) == 1 and files(citizen) == 1


def test_other_words_under_an_id_that_was_used_are_asked_for_once_more(citizen: Citizen) -> None:
    citizen.filed()

    page = citizen.send(words="Cây đổ chắn đường", photo=a_file(picture()))

    assert page.status_code == 409
    assert "Cây đổ chắn đường" in page.text and FILLED["client_id"] not in page.text
    assert len(reports(citizen)) == 1 and files(citizen) == 0


def test_nobody_need_say_who_they_are(citizen: Citizen) -> None:
    citizen.filed(number=None)

    [report] = reports(citizen)
    assert (report.contact, report.caller_hash, report.contact_number) == ("nobody", None, None)


def test_a_former_commune_is_filed_as_that_of_today_and_its_name_is_kept(
    citizen: Citizen,
) -> None:
    citizen.filed(place="pre2025:31813")

    [report] = reports(citizen)
    assert report.place == "2025:31825"
    assert report.address == "12 Trần Phú, (Phường 2, Thành phố Bạc Liêu)"


def test_a_place_that_was_typed_and_not_chosen_is_not_lost(citizen: Citizen) -> None:
    citizen.filed(place=None, place_words="gan cho Ho Phong", address=None)

    [report] = reports(citizen)
    assert (report.place, report.address) == (None, "gan cho Ho Phong")


def test_danger_in_the_words_alarms_staff_and_shows_the_numbers(citizen: Citizen) -> None:
    citizen.dangers = {"cháy": "fire"}

    page = citizen.send(words="Nhà bên cạnh đang cháy")

    with reading(citizen.engine) as session:
        assert session.scalars(select(Alarm)).one().danger == "fire"
    assert 'role="alert"' in page.text and "tel:114" in page.text


def test_what_is_no_report_is_led_to_its_office(visitor: Citizen) -> None:
    page = visitor.send(category="DD01")

    assert page.status_code == 422
    assert "Ủy ban nhân dân" in page.text
    assert reports(visitor) == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("words", None, "Xin kể"),
        ("words", " \n ", "Xin kể"),
        ("words", "x" * 4001, "Dài quá"),
        ("words", "đèn\x00hư", "ký tự không đọc được"),
        ("words", "\ufffd\ufffdn hư", "ký tự không đọc được"),
        ("place", "31825", "Xin chọn trong danh sách"),
        ("place", "2025:99999", "Xin chọn trong danh sách"),
        ("place", "2025:31825' OR 1=1 --", "Xin chọn trong danh sách"),
        ("address", "x" * 501, "Dài quá"),
        ("address", "12\x07", "ký tự không đọc được"),
        ("place_words", "x" * 201, "Dài quá"),
        ("category", "XX99", "Xin chọn trong danh sách"),
        ("category", "'; DROP TABLE reports; --", "Xin chọn trong danh sách"),
        ("number", "113", "Số điện thoại không đúng"),
        ("number", "không có", "Số điện thoại không đúng"),
        ("number", "19001234", "Số điện thoại không đúng"),
        ("number", "0" * 41, "Dài quá"),
        ("latitude", "9.2", "Vị trí không đúng"),
        ("latitude", "nan", "Vị trí không đúng"),
        ("consent", None, "đánh dấu đồng ý"),
        ("client_id", None, "thêm một lần nữa"),
        ("client_id", "short", "thêm một lần nữa"),
        ("client_id", "a" * 65, "thêm một lần nữa"),
        ("photo", a_file(b"MZ\x90\x00", "anh.jpg"), "không phải ảnh"),
        ("photo", a_file(PDF, "anh.jpg"), "không phải ảnh"),
        ("photo", a_file(b"<svg onload=alert(1)>", "anh.svg"), "không phải ảnh"),
        ("photo", a_file(picture()[:200]), "không phải ảnh"),
        ("photo", a_file(bomb()), "không phải ảnh"),
        ("photo", a_file(b""), "không phải ảnh"),
    ],
)
def test_each_wrong_field_is_named_and_nothing_is_filed(
    visitor: Citizen, name: str, value: Any, said: str
) -> None:
    page = visitor.send(**{name: value})

    assert page.status_code == 422
    assert said in page.text
    assert reports(visitor) == [] and files(visitor) == 0


def test_a_point_beyond_the_earth_is_refused(visitor: Citizen) -> None:
    assert visitor.send(latitude="91", longitude="0").status_code == 422
    assert visitor.send(latitude="9", longitude="1e400").status_code == 422


def test_without_any_place_it_is_asked_for(visitor: Citizen) -> None:
    page = visitor.send(place=None, address=None)

    assert page.status_code == 422 and "Xin cho biết nơi xảy ra" in page.text


def test_what_is_about_no_place_needs_none(visitor: Citizen) -> None:
    visitor.filed(place="none", address=None)

    assert reports(visitor)[0].place is None


def test_too_many_photos_and_too_large_ones_are_refused(visitor: Citizen) -> None:
    many = visitor.send(photo=[a_file(picture()) for _ in range(4)])
    large = visitor.send(photo=a_file(b"\xff\xd8\xff" + b"0" * 12_000_001))
    huge = visitor.send(photo=a_file(b"0" * 37_000_000), headers={"Accept": "text/html"})

    assert (many.status_code, large.status_code, huge.status_code) == (422, 422, 413)
    assert "12 MB" in large.text and "12 MB" in huge.text
    assert reports(visitor) == [] and files(visitor) == 0


def test_what_was_typed_comes_back_as_text_and_never_as_html(visitor: Citizen) -> None:
    evil = '</textarea><script>alert("x")</script>'

    page = visitor.send(words=evil, address='"><img src=x>', consent=None)

    assert page.status_code == 422
    assert "<script>alert" not in page.text and "<img src=x>" not in page.text
    assert "&lt;script&gt;alert" in page.text


@pytest.mark.parametrize("encoding", ["cp1258", "utf-16"])
def test_letters_of_another_encoding_are_asked_for_again(visitor: Citizen, encoding: str) -> None:
    page = visitor.send(words="Đường ngập".encode(encoding, "replace"))

    assert page.status_code == 422 and "ký tự không đọc được" in page.text


def test_html_and_sql_in_the_words_are_filed_as_words(citizen: Citizen) -> None:
    words = "<b>'; DROP TABLE reports; --</b> Ạ̣\u0302 𝒟èn"

    citizen.filed(words=words)

    assert reports(citizen)[0].description is not None
    assert "DROP TABLE reports" in (reports(citizen)[0].description or "")


def test_the_script_gets_the_same_as_json(citizen: Citizen) -> None:
    asked = {"Accept": "application/json"}

    good = citizen.send(headers=asked)
    bad = citizen.send(headers=asked, client_id="b" * 32, words="", consent=None)
    used = citizen.send(headers=asked, words="Chuyện khác")

    assert good.status_code == 201
    assert set(good.json or {}) == {"reference", "pin", "urgent", "texted", "due"}
    assert bad.status_code == 422
    assert set((bad.json or {})["errors"]) == {"words", "consent"}
    assert used.status_code == 409 and (used.json or {})["again"] is False


def test_categories_are_suggested_from_words(visitor: Citizen) -> None:
    found = visitor.post("/phan-anh/goi-y", {"words": "Đèn hư"}).json
    nothing = visitor.post("/phan-anh/goi-y", {"words": "hm"}).json
    broken = visitor.post("/phan-anh/goi-y", {"words": "\x00"})

    assert found == {"categories": [{"value": "DT01", "name": FOUND}]}
    assert nothing == {"categories": []}
    assert broken.status_code == 422


FOUND = "Đèn đường, chiếu sáng hư"


def test_without_script_places_and_categories_are_found_by_the_same_form(
    visitor: Citizen,
) -> None:
    places = visitor.post("/phan-anh/gui", FILLED | {"look": "place", "place_words": "phuong 2"})
    none = visitor.post("/phan-anh/gui", FILLED | {"look": "place", "place_words": "ha noi"})
    categories = visitor.post("/phan-anh/gui", FILLED | {"look": "category"})

    assert "Phường 2 → Phường Bạc Liêu" in places.text
    assert 'type="radio" name="place" value="pre2025:31813"' in places.text
    assert FILLED["words"] in places.text
    assert "Không tìm thấy nơi này" in none.text
    assert 'type="radio" name="category" value="DT01"' in categories.text
    assert reports(visitor) == []


def test_everything_that_can_be_chosen_is_told_to_the_script(visitor: Citizen) -> None:
    told = json.loads(visitor.get("/phan-anh/lua-chon.json").text)

    names = [one["name"] for one in told["places"]]
    assert len(names) == 25 + 64
    assert {one["group"] for one in told["places"] if one["name"] == "Phường 1"} == {
        "Thành phố Bạc Liêu",
        "Thị xã Giá Rai",
    }
    assert len(told["categories"]) > 40


def test_the_english_page_files_in_english(citizen: Citizen) -> None:
    page = citizen.send("/en/report/send", words="The street light is out")

    assert "Your report was received" in page.text
    assert reports(citizen)[0].language == "en"


def test_the_same_words_in_two_browsers_are_two_reports(citizen: Citizen) -> None:
    citizen.filed()
    citizen.filed(client_id="c" * 32)

    with reading(citizen.engine) as session:
        assert session.scalar(select(func.count()).select_from(Report)) == 2


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_form_that_was_cut_off_is_told_to_be_sent_again(citizen: Citizen, kind: str) -> None:
    with capture_logs() as logged:
        page = citizen.client.post(
            "/phan-anh/gui",
            environ_overrides={"wsgi.input": BytesIO(b"words=ng"), "CONTENT_LENGTH": "500"},
            content_type=f"{kind}; boundary=x",
            base_url="http://hotline.example",
            headers={"Accept": "text/html", "Origin": "http://hotline.example"},
        )

    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert "Đường truyền bị ngắt: xin gửi lại" in page.text
    [line] = [line for line in logged if line["event"] == "request cut off"]
    assert line["request"] and reports(citizen) == []
