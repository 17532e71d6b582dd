"""The pages of prompts: who may what, what is refused, two people at once."""

import io
import re
from pathlib import Path
from typing import Any, get_args

import pytest
import soundfile
from sqlalchemy import select
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

from accounts.roles import Role
from console.prompts.limits import MOST_UPLOAD_BYTES
from console.simulator import Simulated
from console.visit import COOKIE
from console.wording import has_wording
from ivr.drivers.simulator import Shown
from ivr.prompt_groups import Group, group_of
from ivr.prompt_models import PromptEdition, PromptTake
from ivr.spoken import Prompt
from ivr.take_sound import Fault, Remark
from provinces.schema import Province
from speech.sound import read_wav
from storage.database import reading
from tests.console.conftest import Browser, made_voices
from tests.console.filled_prompts import fill_prompts
from tests.console.outline import Outline
from tests.ivr.studio import heights, record

MULTIPART = "multipart/form-data; boundary=x"
GREETING = "/prompts/vi/sounds/greeting"


@pytest.fixture
def staff(browser: Browser) -> Browser:
    browser.become(Role.SUPERVISOR)
    return browser


def sound(folder: Path, hz: float = 620.0) -> bytes:
    path = folder / "spoken.wav"
    record(path, hz, rate_hz=48_000, said_s=3.0)
    return path.read_bytes()


def send(browser: Browser, content: bytes, page: str = GREETING, **headers: str) -> TestResponse:
    return browser.client.post(
        f"{page}/takes",
        data={"mark": browser.mark("/account"), "sound": (io.BytesIO(content), "lời chào.wav")},
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def takes(browser: Browser) -> list[PromptTake]:
    with reading(browser.engine) as session:
        return list(session.scalars(select(PromptTake).order_by(PromptTake.taken_at)))


def publish(browser: Browser, take: str, seen: str = "0") -> TestResponse:
    return browser.post("/prompts/vi/publish", **{"take[]": take}, seen=seen, name="greeting")


def test_a_file_is_taken_heard_published_and_taken_back(staff: Browser, tmp_path: Path) -> None:
    assert send(staff, sound(tmp_path)).location == GREETING
    (take,) = takes(staff)
    assert "Đã lưu bản thu" in staff.get(GREETING).text

    heard = staff.get(f"/prompts/takes/{take.id}.wav")
    _, rate_hz = soundfile.read(io.BytesIO(heard.data), dtype="int16")
    assert rate_hz == 8000 and heard.mimetype == "audio/wav"
    assert staff.get("/prompts/spoken.wav?sound=vi|greeting").status_code == 404
    assert publish(staff, take.id).location == GREETING
    now = staff.get("/prompts/spoken.wav?say=vi|greeting|")
    assert now.status_code == 200 and len(now.data) == len(heard.data)
    assert "lần công bố 1" in staff.get("/prompts").text

    staff.post("/prompts/vi/restore", number="0", seen="1")

    assert staff.get("/prompts/spoken.wav?say=vi|greeting|").status_code == 404


def test_a_draft_is_heard_only_by_who_asks_for_drafts(staff: Browser, tmp_path: Path) -> None:
    send(staff, sound(tmp_path, 740.0))

    assert staff.get("/prompts/spoken.wav?say=vi|greeting|").status_code == 404
    heard = staff.get("/prompts/spoken.wav?say=vi|greeting|&drafts=1")
    path = tmp_path / "heard.wav"
    path.write_bytes(heard.data)
    assert heights(read_wav(path)) == [740]


def test_a_draft_for_other_words_hides_nothing_from_who_asks_for_drafts(
    staff: Browser, tmp_path: Path
) -> None:
    send(staff, sound(tmp_path))
    publish(staff, takes(staff)[0].id)
    staff.client.post(
        f"{GREETING}/takes",
        data={
            "mark": staff.mark("/account"),
            "words": "Lời của năm ngoái.",
            "sound": (io.BytesIO(sound(tmp_path, 740.0)), "x.wav"),
        },
    )
    assert [take.words for take in takes(staff)][1] == "Lời của năm ngoái."

    heard = staff.get("/prompts/spoken.wav?say=vi|greeting|&drafts=1")

    path = tmp_path / "heard.wav"
    path.write_bytes(heard.data)
    assert heights(read_wav(path)) == [620]


def test_a_recording_that_cannot_be_written_is_told_so_and_leaves_no_trace(
    staff: Browser, tmp_path: Path
) -> None:
    (tmp_path / "takes").write_text("a file where the folder belongs")

    answer = send(staff, sound(tmp_path))

    assert answer.status_code == 507 and "đĩa đầy" in answer.text
    assert takes(staff) == []


def test_the_simulator_plays_a_turn_with_drafts_where_asked(staff: Browser, tmp_path: Path) -> None:
    send(staff, sound(tmp_path, 740.0))
    said: tuple[Prompt, ...] = (("greeting", {}, "vi"),)
    shown = Shown(("Xin nghe.",), None, "Gather:menu", "vi", False, "keys", (), (), said)
    staff.simulator.told = Simulated([(None, shown)])

    pages = [
        Outline(staff.post("/simulator", number="0912345678", **more).text)
        for more in ({}, {"drafts": "on", "aloud": "on"})
    ]

    plain, drafts = ([audio.get("src") or "" for audio in page.all("audio")] for page in pages)
    assert staff.get(plain[0]).status_code == 404  # nothing was made in this test
    assert staff.get(drafts[0]).status_code == 200
    assert "data-aloud" in pages[1].all("audio")[0]


def test_a_script_is_told_where_to_go_on(staff: Browser, tmp_path: Path) -> None:
    answer = send(staff, sound(tmp_path), HX_Request="true")

    assert answer.status_code == 201 and answer.headers["Location"] == GREETING


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Tệp trống"),
        (b"<script>alert(1)</script>" * 50, "Không đọc được tệp"),
        (b"RIFF\x24\x00\x00\x00WAVE" + b"PK\x03\x04" * 300, "Không đọc được tệp"),
    ],
)
def test_what_is_no_recording_is_refused_in_words(
    staff: Browser, content: bytes, words: str
) -> None:
    answer = send(staff, content)

    assert answer.status_code == 422 and words in answer.text
    assert takes(staff) == []


class Tripwire(io.RawIOBase):
    """A body without end, which counts what was read of it."""

    def __init__(self) -> None:
        self.read_bytes = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.read_bytes += len(buffer)
        return len(buffer)


def pour(browser: Browser, body: Tripwire, **environ: Any) -> int:
    """Send a body as it is, with nothing that would look into it before; the answer's status."""
    cookie = browser.client.get_cookie(COOKIE)
    assert cookie is not None
    sent = EnvironBuilder(f"{GREETING}/takes", method="POST", content_type=MULTIPART).get_environ()
    del sent["CONTENT_LENGTH"]
    sent |= {"HTTP_COOKIE": f"{COOKIE}={cookie.value}", "wsgi.input": io.BufferedReader(body)}
    _, status, _ = run_wsgi_app(browser.app, {**sent, **environ}, buffered=True)
    return int(status.partition(" ")[0])


def test_200_mb_are_refused_before_they_are_read(staff: Browser) -> None:
    body = Tripwire()

    status = pour(staff, body, CONTENT_LENGTH="200000000")

    assert status == 413 and body.read_bytes == 0


def test_a_body_that_hides_its_length_is_counted(staff: Browser) -> None:
    body = Tripwire()

    status = pour(staff, body, **{"wsgi.input_terminated": True})

    assert status in (400, 413)
    assert body.read_bytes <= MOST_UPLOAD_BYTES + 1_000_000


def test_who_only_listens_may_not_send_much_either(browser: Browser, tmp_path: Path) -> None:
    browser.become(Role.OPERATOR)
    page = browser.get(GREETING).text
    assert "data-recorder" not in page and "/publish" not in page

    assert send(browser, sound(tmp_path)).status_code == 403
    browser.app.config["MAX_CONTENT_LENGTH"] = 1_000_000
    large = browser.client.post(f"{GREETING}/takes", data=b"0" * 2_000_000, content_type=MULTIPART)
    assert large.status_code == 413
    assert takes(browser) == []


def test_of_two_who_publish_the_second_is_shown_what_the_first_did(
    staff: Browser, tmp_path: Path
) -> None:
    send(staff, sound(tmp_path))
    send(staff, sound(tmp_path, 500.0))
    first, second = takes(staff)
    publish(staff, first.id)

    late = publish(staff, second.id)

    assert late.status_code == 409 and "Có người vừa công bố" in late.text
    with reading(staff.engine) as session:
        assert len(session.scalars(select(PromptEdition)).all()) == 1


def test_a_recording_for_other_words_is_shown_as_such(staff: Browser, tmp_path: Path) -> None:
    mark = staff.mark("/account")
    words = "<b>Lời cũ</b>\u202e"
    staff.client.post(
        f"{GREETING}/takes",
        data={"mark": mark, "words": words, "sound": (io.BytesIO(sound(tmp_path)), "x.wav")},
    )
    (take,) = takes(staff)
    assert "Công bố bản này" not in staff.get(GREETING).text
    publish(staff, take.id)

    page = staff.get(GREETING).text

    assert "không còn đúng lời" in page and "&lt;b&gt;Lời cũ" in page
    staff.post(
        f"/prompts/takes/{take.id}/confirm", voice="vi", name="greeting", words=_to_read(page)
    )
    assert "Công bố bản này" in staff.get(GREETING).text


def _to_read(page: str) -> str:
    found = re.search(r'class="to-read"[^>]*>([^<]+)<', page)
    assert found is not None
    return found[1]


def test_what_is_not_there_is_not_found(staff: Browser) -> None:
    for path in (
        "/prompts/xx/sounds/greeting",
        "/prompts/vi/sounds/nothing",
        "/prompts/takes/nothing.wav",
        "/prompts/spoken.wav?say=vi|nothing|",
        "/prompts/spoken.wav?say=xx|greeting|",
        "/prompts/spoken.wav?sound=vi|../../etc/passwd",
        "/prompts/spoken.wav?" + "say=vi|greeting|&" * 41,
    ):
        assert staff.get(path).status_code == 404, path


def test_a_form_that_cannot_be_read_publishes_nothing(staff: Browser) -> None:
    for seen in ("", "x", "9" * 5000):
        assert publish(staff, "x", seen).status_code in (400, 409)


def test_the_pages_are_whole_in_both_languages(staff: Browser, tmp_path: Path) -> None:
    fill_prompts(staff, tmp_path)
    told = {"vi": "không còn đúng lời", "en": "recorded for other words"}
    for language, words in told.items():
        staff.get(f"/?language={language}")

        for path in ("/prompts", "/prompts?state=draft", "/prompts?q=khong+co", GREETING):
            page = Outline(staff.get(path).text)
            assert all(audio.get("aria-label") for audio in page.all("audio")), path
        assert 'name="number"' in staff.get("/prompts/vi/editions").text
        assert words in staff.get("/prompts").text


def test_each_prompt_of_the_province_belongs_to_a_part_of_the_call(province: Province) -> None:
    keys = {key for wording in province.wording.values() for key in wording}

    assert [key for key in keys if group_of(key) is Group.OTHER] == []


def test_whatever_is_told_by_a_code_has_its_words(province: Province, tmp_path: Path) -> None:
    assert all(has_wording(f"take_fault_{fault}") for fault in get_args(Fault))
    assert all(has_wording(f"take_remark_{remark}") for remark in get_args(Remark))
    assert all(has_wording(f"prompt_group_{group}") for group in Group)
    assert list(made_voices(province, tmp_path).languages) == ["vi", "en"]
