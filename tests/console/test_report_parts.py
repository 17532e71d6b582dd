"""What a report's page shows of sound, words, call and files, and what is put there."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from accounts.audit import entries
from accounts.roles import Role
from console.reports.words import corrected_words, spoken_words, with_proposals
from ivr.steps import Digits, HungUp, Recorded
from reports.models import Attachment
from speech.sound import write_wav
from storage.database import reading
from tests.builders import NOON, a_call, a_journal, a_recording, a_report, a_transcript
from tests.console.conftest import Browser
from tests.console.filled import FIRST, SECOND, fill_desk
from tests.speech.sounds import a_tone

THIRD = "100000011"
HEARD = [
    {"text": "đường", "start_s": 0.1, "end_s": 0.4, "confidence": 0.9},
    {"text": "ngập", "start_s": 0.4, "end_s": 0.8, "confidence": 0.4},
]


@pytest.fixture
def operator(browser: Browser) -> Browser:
    fill_desk(browser)
    browser.sign_in()
    return browser


def upload(browser: Browser, content: bytes, **form: str) -> TestResponse:
    sent = {"mark": browser.mark("/account"), "file": (io.BytesIO(content), "x.jpg"), **form}
    return browser.client.post(f"/reports/{FIRST}/files", data=sent, buffered=True)


def a_photo() -> bytes:
    out = io.BytesIO()
    picture = Image.new("RGB", (40, 30), "red")
    marks = picture.getexif()
    marks[0x010E] = "nhà của Ba"
    picture.save(out, "JPEG", exif=marks)
    return out.getvalue()


def test_each_word_has_its_place_in_the_sound_and_its_own_doubt() -> None:
    words = spoken_words([{"text": "đường ngập", "start_s": 0, "end_s": 1, "words": HEARD}])

    assert [(w.text, w.at_s, w.end_s, w.doubtful) for w in words] == [
        ("đường", 0.1, 0.4, False),
        ("ngập", 0.4, 0.8, True),
    ]


@pytest.mark.parametrize("kept", [[], HEARD[:1]])
def test_words_without_times_of_their_own_have_those_of_their_stretch(
    kept: list[dict[str, object]],
) -> None:
    segment = {"text": "đường ngập", "start_s": 2.0, "end_s": 3.0, "confidence": 0.5, "words": kept}

    assert [(w.text, w.at_s, w.doubtful) for w in spoken_words([segment])] == [
        ("đường", 2.0, True),
        ("ngập", 2.0, True),
    ]


def test_a_corrected_word_has_no_place_and_the_others_keep_theirs() -> None:
    words = spoken_words([{"text": "đường ngập", "words": HEARD}])

    corrected = corrected_words(words, "con đường gập")

    assert [(word.text, word.at_s) for word in corrected] == [
        ("con", None),
        ("đường", 0.1),
        ("gập", None),
    ]


def test_words_know_the_proposals_that_were_made_from_them() -> None:
    words = corrected_words([], "Đường ngập, ngập nước quá")

    told = [word.told for word in with_proposals(words, ["ngập nước", "duong, quá", ""])]

    assert told == [(2,), (), (1,), (1,), (2,)]


def test_a_page_leads_from_words_to_sound_and_from_proposals_to_words(operator: Browser) -> None:
    page = operator.get(f"/reports/{FIRST}").text

    assert 'data-told="1 2"' in page and 'class="proposal" data-told="2"' in page
    assert f'data-peaks="/reports/{FIRST}/recordings/' in page


def test_a_place_that_is_named_is_proposed_and_taken(operator: Browser) -> None:
    spoken = a_recording(a_transcript(text="đường ngập ở xã Vĩnh Lợi", segments=None))
    operator.add(a_report([spoken], reference=THIRD, category=None, place=None))

    page = operator.get(f"/reports/{THIRD}").text

    assert 'name="place" value="2025:31900"' in page and "Xã Vĩnh Lợi" in page


def test_peaks_are_told_of_a_sound_that_is_there(operator: Browser, tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    recording = a_recording()
    gone = a_recording(call_id="b" * 32, sound_erased_at=NOON)
    names = [recording.name, gone.name]
    folder.mkdir()
    write_wav(folder / f"{names[0]}.wav", a_tone(1.0))
    write_wav(folder / f"{names[1]}.wav", a_tone(1.0))
    operator.add(a_report([recording, gone], reference=THIRD))

    answer = operator.get(f"/reports/{THIRD}/recordings/{names[0]}/peaks")

    assert answer.status_code == 200 and len(answer.data) == 600
    assert operator.get(f"/reports/{THIRD}/recordings/{names[1]}/peaks").status_code == 404
    assert operator.get(f"/reports/{FIRST}/recordings/{names[0]}/peaks").status_code == 404


def test_the_call_is_told_as_a_timeline_without_what_is_private(operator: Browser) -> None:
    call = a_call()
    call_id = call.id
    operator.add(call)
    operator.add(
        *a_journal(
            call,
            ("Gather:main_menu", Digits("1")),
            ("Record:statement", Recorded(f"{call_id}-1", 12.0, 100, "ab" * 32, False)),
            ("Gather:other_number", Digits("0987654321")),
            ("Gather:confirm_report", HungUp()),
        )
    )
    operator.add(a_report(reference=THIRD, call_id=call_id, call_position=1))

    page = operator.get(f"/reports/{THIRD}").text

    assert "Menu chính" in page and "bấm 1" in page and "ghi âm 12 giây" in page
    assert "người gọi gác máy" in page and "0987654321" not in page
    assert "ra phản ánh này" in page and "0:20" in page


def test_an_officer_is_told_nothing_of_the_call(operator: Browser) -> None:
    call = a_call()
    call_id = call.id
    operator.add(call)
    operator.add(a_report(reference=THIRD, call_id=call_id, agency="so_xay_dung"))
    operator.add(*a_journal(call, ("Gather:main_menu", Digits("1"))))
    officer = operator.other()
    officer.become(Role.AGENCY, "so_xay_dung")

    assert 'id="journal"' not in officer.get(f"/reports/{THIRD}").text


def test_a_photo_is_attached_and_loses_what_it_tells_of_its_maker(operator: Browser) -> None:
    assert upload(operator, a_photo(), internal="yes").status_code == 303

    with reading(operator.engine) as session:
        kept = session.query(Attachment).one()
        assert entries(session)[0].action == "file.attached"
    assert kept.internal and kept.media_type == "image/jpeg"
    shown = operator.get(f"/attachments/{kept.id}").data
    assert (
        b"nh\xc3\xa0 c\xe1\xbb\xa7a Ba" not in shown and not Image.open(io.BytesIO(shown)).getexif()
    )


@pytest.mark.parametrize("content", [b"", b"<html>", b"\xff\xd8\xff damaged"])
def test_what_is_no_photo_is_refused_and_leaves_nothing(operator: Browser, content: bytes) -> None:
    answer = upload(operator, content)

    assert answer.status_code == 409 and 'role="alert"' in answer.text
    with reading(operator.engine) as session:
        assert session.query(Attachment).count() == 0


def test_two_hundred_megabytes_are_refused_before_they_are_read(operator: Browser) -> None:
    class Endless:
        asked = 0

        def read(self, size: int = -1) -> bytes:
            self.asked += 1
            return b"x" * max(size, 1)

    body = Endless()
    answer = operator.client.post(
        f"/reports/{FIRST}/files",
        content_type="multipart/form-data; boundary=x",
        headers={"X-Mark": operator.mark("/account"), "Accept": "text/html"},
        environ_overrides={"wsgi.input": body, "CONTENT_LENGTH": "200000000"},
    )

    assert answer.status_code == 413 and body.asked == 0
    assert "quá lớn" in answer.text


def test_two_reports_stand_side_by_side_with_a_way_to_join_them(operator: Browser) -> None:
    page = operator.get(f"/reports/{FIRST}/beside/{SECOND}").text

    assert "đường ngập nước" in page and "Ổ gà lớn" in page
    assert f'name="original" value="{SECOND}"' in page
    assert operator.get(f"/reports/{FIRST}/beside/1").status_code == 404


@pytest.mark.parametrize(("kind", "begins"), [("csv", b"\xef\xbb\xbfreference"), ("xlsx", b"PK")])
def test_the_list_is_downloaded_as_it_is_filtered(
    operator: Browser, kind: str, begins: bytes
) -> None:
    supervisor = operator.other()
    supervisor.become(Role.SUPERVISOR)

    file = supervisor.post("/reports/export", kind=kind, q="o ga")

    assert file.status_code == 200 and file.data.startswith(begins)
    if kind == "csv":
        assert SECOND in file.text and FIRST not in file.text
    with reading(operator.engine) as session:
        assert entries(session)[0].action == "reports.exported"
    assert operator.post("/reports/export", kind=kind).status_code == 403


def test_filters_that_cannot_be_read_export_nothing(operator: Browser) -> None:
    supervisor = operator.other()
    supervisor.become(Role.SUPERVISOR)

    assert supervisor.post("/reports/export", place="nowhere").status_code == 303


def test_a_report_with_ten_thousand_characters_and_marks_of_direction_stays_readable(
    operator: Browser,
) -> None:
    text = "\u202e<script>alert(1)</script> " + "ngập " * 2000
    operator.add(a_report(reference=THIRD, description=text, requested_at=NOON - timedelta(days=1)))

    page = operator.get(f"/reports/{THIRD}").text

    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
