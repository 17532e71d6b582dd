"""Who has reference and PIN sees everything and may add, reopen and rate; others see the state."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from reports.actors import Actor, Party
from reports.attachments import attach_file, keep_file
from reports.change import Change
from reports.changes import change_report
from reports.models import Alarm, Attachment, LookupTry, Report, ReportStatus, Supporter, Update
from reports.reference import new_reference
from storage.database import reading, transaction
from tests.citizens.conftest import FILLED, Citizen, a_file
from tests.photos import bomb, picture
from tests.provinces.packs import bac_lieu

STAFF = Actor("u1", Party.STAFF)


def open_it(citizen: Citizen, reference: str, pin: str = "", **more: str) -> str:
    return citizen.post("/phan-anh/theo-doi", {"reference": reference, "pin": pin} | more).text


def changed(citizen: Citizen, change: Change, photo: bool = False) -> None:
    """Staff change the only report; with a photo as evidence."""
    kept = keep_file(citizen.attachments, picture()) if photo else None
    with transaction(citizen.engine) as session:
        report = session.scalars(select(Report)).one()
        update = change_report(session, bac_lieu(), report.id, change, STAFF, citizen.now)
        if kept is not None and update is not None:
            attach_file(session, report, kept, "u1", citizen.now, update_id=update.id)


def resolved(citizen: Citizen) -> None:
    changed(citizen, Change(status=ReportStatus.RESOLVED, text="Đã thay bóng đèn"), photo=True)


def kinds(citizen: Citizen) -> list[str]:
    with reading(citizen.engine) as session:
        return list(session.scalars(select(Update.kind).order_by(Update.id)))


def act(citizen: Citizen, path: str, codes: tuple[str, str], **more: object) -> str:
    reference, pin = codes
    form = {"reference": reference, "pin": pin, "client_id": "d" * 32, "began": citizen.began()}
    return citizen.post(f"/phan-anh/{path}", form | more).text


def test_the_reference_shows_the_state_and_the_pin_the_rest(citizen: Citizen) -> None:
    reference, pin = citizen.filed(photo=a_file(picture()))
    changed(citizen, Change(internal_text="người này hay gọi", text="Ngày mai có thợ đến"))

    state = open_it(citizen, reference.replace("-", " "))
    whole = open_it(citizen, reference, pin)

    assert "đã được tiếp nhận" in state and FILLED["words"] not in state
    assert "đã được tiếp nhận" in whole and FILLED["words"] in whole
    assert "Ngày mai có thợ đến" in whole and "hay gọi" not in whole
    assert FILLED["number"] not in whole and "912345678" not in whole


@pytest.mark.slow
def test_photos_of_the_answer_are_shown_for_an_hour_to_who_opened_it(citizen: Citizen) -> None:
    codes = citizen.filed()
    resolved(citizen)

    page = open_it(citizen, *codes)

    [address] = set(re.findall(r'<img src="([^"]+)"', page))
    assert citizen.get(address).data[:2] == b"\xff\xd8"
    assert citizen.get(address[:-1] + ("0" if address[-1] != "0" else "1")).status_code == 404
    citizen.now += timedelta(hours=1, minutes=1)
    assert citizen.get(address).status_code == 404


def test_photos_that_staff_keep_to_themselves_are_not_shown(citizen: Citizen) -> None:
    codes = citizen.filed()
    kept = keep_file(citizen.attachments, picture())
    with transaction(citizen.engine) as session:
        report = session.scalars(select(Report)).one()
        attach_file(session, report, kept, "u1", citizen.now, internal=True)

    assert kept.id not in open_it(citizen, *codes)


@pytest.mark.parametrize(
    ("reference", "pin", "said"),
    [
        ("", "", "Mã phản ánh không đúng"),
        ("12345678", "", "Mã phản ánh không đúng"),
        ("482-173-9O5", "", "Mã phản ánh không đúng"),
        ("٤٨٢١٧٣٩٠٥", "", "Mã phản ánh không đúng"),
        ("' OR 1=1 --", "", "Mã phản ánh không đúng"),
        ("1" * 5000, "", "Mã phản ánh không đúng"),
        ("\x00" * 9, "", "Mã phản ánh không đúng"),
    ],
)
def test_a_slip_is_told_and_costs_nothing(
    visitor: Citizen, reference: str, pin: str, said: str
) -> None:
    assert said in open_it(visitor, reference, pin)

    with reading(visitor.engine) as session:
        assert session.scalars(select(LookupTry)).all() == []


def test_one_digit_wrong_finds_nothing(visitor: Citizen) -> None:
    reference, pin = visitor.filed()
    digits = reference.replace("-", "")
    for at in range(9):
        wrong = digits[:at] + str((int(digits[at]) + 1) % 10) + digits[at + 1 :]

        assert "Mã phản ánh không đúng" in open_it(visitor, wrong, pin)


@pytest.mark.parametrize("pin", ["12", "12345", "abcd", "١٢٣٤", "' OR", "\x00\x00\x00\x00"])
def test_a_pin_that_is_none_costs_no_try(visitor: Citizen, pin: str) -> None:
    reference, _ = visitor.filed()

    assert "Mã bí mật có bốn chữ số" in open_it(visitor, reference, pin)


def test_wrong_pins_lock_the_report_also_for_the_right_one(citizen: Citizen) -> None:
    reference, pin = citizen.filed()
    wrong = f"{(int(pin) + 1) % 10_000:04}"
    pages = [open_it(citizen, reference, wrong) for _ in range(5)]

    assert "Mã bí mật không đúng" in pages[0] and "Đã thử sai nhiều lần" in pages[-1]
    assert "Đã thử sai nhiều lần" in open_it(citizen, reference, pin)
    citizen.now += timedelta(days=1, minutes=1)
    assert FILLED["words"] in open_it(citizen, reference, pin)


def test_a_browser_that_guesses_references_is_locked_out_and_others_are_not(
    citizen: Citizen,
) -> None:
    reference, _ = citizen.filed()
    for _ in range(10):
        assert "Không có mã" in open_it(citizen, new_reference())

    assert "Đã thử sai nhiều lần" in open_it(citizen, reference)
    citizen.address = "192.0.2.8"
    assert "đã được tiếp nhận" in open_it(citizen, reference)


def test_another_name_of_the_browser_is_no_way_around_and_who_waits_is_told_how_long(
    citizen: Citizen,
) -> None:
    reference, _ = citizen.filed()
    for number in range(50):
        guess = {"reference": new_reference()}
        citizen.post("/phan-anh/theo-doi", guess, user_agent=f"guesser {number}")

    asked = {"user_agent": "somebody else", "accept": "application/json"}
    answer = citizen.post("/phan-anh/theo-doi", {"reference": reference}, **asked)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3600")
    told: Any = answer.json
    assert told["wait_s"] == 3600 and "Đã thử sai" in told["message"]
    citizen.address = "192.0.2.8"
    assert "đã được tiếp nhận" in open_it(citizen, reference)


def test_neither_address_nor_browser_is_kept_with_a_try(visitor: Citizen) -> None:
    open_it(visitor, new_reference())

    with reading(visitor.engine) as session:
        tried = session.scalars(select(LookupTry)).all()
    assert [(each.call_id, len(each.asker)) for each in tried] == [("web", 64)] * 2


def test_words_and_photos_are_added_once(citizen: Citizen) -> None:
    codes = citizen.filed()

    for _ in range(2):
        page = act(citizen, "bo-sung", codes, words="Ở cạnh chợ", photo=a_file(picture()))
        assert "Đã nhận bổ sung" in page and "Ở cạnh chợ" in page

    assert kinds(citizen) == ["addition"]
    with reading(citizen.engine) as session:
        assert session.scalars(select(Attachment.by)).all() == ["caller"]
    assert len(list(citizen.attachments.glob("*"))) == 1


def test_danger_in_what_is_added_alarms_staff(citizen: Citizen) -> None:
    codes = citizen.filed()
    citizen.dangers = {"giật": "medical"}

    act(citizen, "bo-sung", codes, words="Có người bị điện giật")

    with reading(citizen.engine) as session:
        assert session.scalars(select(Alarm)).one().danger == "medical"
        assert session.scalars(select(Report)).one().urgent


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "Xin ghi vài lời hoặc chọn ảnh"),
        ({"words": "x" * 4001}, "Dài quá"),
        ({"words": "a\x00b"}, "Có ký tự không đọc được"),
        ({"words": "a", "client_id": "x"}, "thêm một lần nữa"),
        ({"photo": a_file(bomb())}, "không phải ảnh"),
        ({"words": "a", "photo": [a_file(picture())] * 4}, "tối đa 3 ảnh"),
        ({"words": "a", "pin": ""}, "Mã bí mật có bốn chữ số"),
    ],
)
def test_a_wrong_addition_is_told_and_not_kept(
    visitor: Citizen, more: dict[str, object], said: str
) -> None:
    codes = visitor.filed()

    assert said in act(visitor, "bo-sung", codes, **more)
    assert kinds(visitor) == []
    assert not visitor.attachments.exists() or not list(visitor.attachments.glob("*"))


def test_a_stranger_adds_nothing_and_has_nothing_decoded(visitor: Citizen) -> None:
    reference, pin = visitor.filed()
    wrong = f"{(int(pin) + 1) % 10_000:04}"

    act(visitor, "bo-sung", (reference, wrong), words="x", photo=a_file(picture()))

    assert kinds(visitor) == [] and not visitor.attachments.exists()


def test_what_is_not_solved_is_reopened_once_with_its_words(citizen: Citizen) -> None:
    codes = citizen.filed()
    resolved(citizen)

    for _ in range(2):
        page = act(citizen, "mo-lai", codes, words="Tối qua đèn lại tắt")
        assert "Phản ánh đã được mở lại" in page and "Tối qua đèn lại tắt" in page

    assert kinds(citizen) == ["status", "reopened"]
    with reading(citizen.engine) as session:
        report = session.scalars(select(Report)).one()
    assert (report.status, report.clock_since) == ("reopened", citizen.now)


def test_the_answer_is_rated_once(citizen: Citizen) -> None:
    codes = citizen.filed()
    too_early = act(citizen, "danh-gia", codes, score="5")
    resolved(citizen)

    pages = [act(citizen, "danh-gia", codes, score="4") for _ in range(2)]
    again = act(citizen, "danh-gia", codes, score="1", client_id="e" * 32)

    assert "chưa có trả lời mới" in too_early and "chưa có trả lời mới" in again
    assert all("Cảm ơn quý vị" in page and "4 trên 5" in page for page in pages)
    assert 'id="rate"' not in pages[0]
    assert kinds(citizen) == ["status", "rating"]


@pytest.mark.slow
@pytest.mark.parametrize("score", ["", "0", "6", "-1", "4.5", "５", "x" * 5000])
def test_a_rating_off_the_scale_is_refused(visitor: Citizen, score: str) -> None:
    codes = visitor.filed()
    resolved(visitor)

    assert "Xin chọn từ 1 đến 5" in act(visitor, "danh-gia", codes, score=score)
    assert kinds(visitor) == ["status"]


def test_me_too_counts_each_browser_once_and_needs_no_pin(citizen: Citizen) -> None:
    codes = citizen.filed()[0], ""

    act(citizen, "cung-gap", codes)
    page = act(citizen, "cung-gap", codes)
    citizen.address = "192.0.2.8"
    other = act(citizen, "cung-gap", codes, number="0987654321")

    assert "Hiện có 1 người" in page and "Hiện có 2 người" in other
    with reading(citizen.engine) as session:
        numbers = session.scalars(select(Supporter.number)).all()
    assert sorted(str(number) for number in numbers) == ["+84987654321", "None"]


def test_me_too_is_not_taken_of_what_has_ended_nor_of_programs(visitor: Citizen) -> None:
    codes = visitor.filed()[0], ""

    assert "thêm một lần nữa" in act(visitor, "cung-gap", codes, began="")
    assert "Số điện thoại không đúng" in act(visitor, "cung-gap", codes, number="113")
    resolved(visitor)
    assert "Phản ánh này đã kết thúc" in act(visitor, "cung-gap", codes)
    with reading(visitor.engine) as session:
        assert session.scalars(select(Supporter)).all() == []


def test_the_reporter_of_a_duplicate_does_not_read_the_originals_reporter(
    citizen: Citizen,
) -> None:
    mine = citizen.filed()
    theirs = citizen.filed(client_id="e" * 32, words="Đèn tắt, tôi là chị Tư", number=None)
    with transaction(citizen.engine) as session:
        rows = {row.description: row.id for row in session.scalars(select(Report))}
        original = rows["Đèn tắt, tôi là chị Tư"]
        change = Change(status=ReportStatus.DUPLICATE, original=original)
        change_report(session, bac_lieu(), rows[FILLED["words"]], change, STAFF, citizen.now)
        done = Change(status=ReportStatus.RESOLVED, text="Đã sửa")
        change_report(session, bac_lieu(), original, done, STAFF, citizen.now)

    page = act(citizen, "mo-lai", mine, words="Vẫn tắt, số nhà 12")

    assert "Phản ánh đã được mở lại" in page and "chị Tư" not in page
    assert "số nhà 12" not in open_it(citizen, *theirs)


def test_who_looks_up_too_often_is_put_off(visitor: Citizen) -> None:
    reference, _ = visitor.filed()
    visitor.counter.put_off = {"citizen_tries": 1800}

    assert "Xin gửi lại sau 12:30" in open_it(visitor, reference)


def test_who_adds_too_much_keeps_what_was_typed(visitor: Citizen) -> None:
    codes = visitor.filed()
    visitor.counter.put_off = {"citizen_additions": 600}

    page = act(visitor, "bo-sung", codes, words="Ở cạnh chợ")

    assert "Xin gửi lại sau 12:10" in page and "Ở cạnh chợ" in page
    assert kinds(visitor) == []


def test_the_script_is_answered_in_json(visitor: Citizen) -> None:
    reference, pin = visitor.filed()
    form = {"reference": reference, "pin": pin, "client_id": "f" * 32}

    added = visitor.post(
        "/phan-anh/bo-sung", form | {"photo": a_file(picture())}, Accept="application/json"
    )
    wrong = visitor.post("/phan-anh/bo-sung", form | {"pin": "1"}, Accept="application/json")

    assert added.status_code == 200 and added.json
    assert added.json == {"message": "Đã nhận bổ sung.", "photo": False}
    assert wrong.status_code == 422 and wrong.json and "Mã bí mật" in wrong.json["message"]
    assert wrong.json["photo"] is False  # the photo itself may be sent again
