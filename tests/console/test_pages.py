import re
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter

import pytest

import console
from console.wording import LANGUAGES, WORDING
from reports.models import Recording, ReportStatus
from reports.reference import spoken_reference
from tests.builders import NOON, a_recording, a_report, a_transcript
from tests.console.conftest import Browser

TEMPLATES = Path(console.__file__).parent / "templates"
VOID = {"meta", "link", "input", "br"}


class Outline(HTMLParser):
    """Checks that every element is closed in order, and keeps each with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def signed_in(browser: Browser) -> Browser:
    browser.sign_in()
    return browser


def test_a_report_shows_what_staff_need_to_see(signed_in: Browser) -> None:
    recording = a_recording(a_transcript())
    report = a_report([recording], partial=True)
    signed_in.add(report)

    page = signed_in.get()

    for shown in (
        spoken_reference(report.reference),
        "22/11/2026 12:00",
        "Giao thông",
        "Mới",
        "Chưa đầy đủ",
        "đường ngập nước",
        "Bản nháp",
    ):
        assert shown in page.text
    (player,) = Outline(page.text).all("audio")
    assert player["src"] == f"/sound/{recording.name}" and player["preload"] == "none"
    assert spoken_reference(report.reference) in (player["aria-label"] or "")


@pytest.mark.parametrize(
    ("recordings", "said"),
    [
        ([], "Không có ghi âm"),
        ([a_recording(a_transcript(status="pending", text=None))], "Đang chép lời…"),
        ([a_recording(a_transcript(status="failed", text=None))], "Máy không chép được"),
        ([a_recording(a_transcript(text=""))], "Không nghe thấy lời nào."),
        ([a_recording(None)], "Không có ghi âm"),
    ],
)
def test_where_there_are_no_words_the_page_says_why(
    signed_in: Browser, recordings: list[Recording], said: str
) -> None:
    signed_in.add(a_report(recordings))

    assert said in signed_in.get().text


def test_what_a_caller_took_back_is_not_shown(signed_in: Browser) -> None:
    withdrawn = a_recording(a_transcript(text="lời rút lại"), discarded_at=NOON)
    signed_in.add(a_report([withdrawn]))

    page = signed_in.get()

    assert "lời rút lại" not in page.text and withdrawn.name not in page.text


def test_words_are_shown_as_words_whatever_they_hold(signed_in: Browser) -> None:
    bad = "<script>alert('x')</script>\" onload=\"x"
    signed_in.add(a_report([a_recording(a_transcript(text=bad))], category='<b onclick="x">'))

    page = signed_in.get()

    outline = Outline(page.text)
    assert outline.all("script") == [] and outline.all("b") == []
    assert "&lt;script&gt;" in page.text


def test_no_page_runs_a_script_or_fetches_from_elsewhere(signed_in: Browser) -> None:
    signed_in.add(a_report([a_recording(a_transcript())]))

    for page in (signed_in.get(), signed_in.get("/sign-in")):
        outline = Outline(page.text)
        assert outline.all("script") == [] and outline.all("style") == []
        for _, attributes in outline.elements:
            assert not any(name.startswith("on") or name == "style" for name in attributes)
            for name in ("src", "href", "action"):
                assert not re.match(r"(\w+:|//)", attributes.get(name) or "")
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert page.headers["Cache-Control"] == "no-store"


def test_pages_can_be_used_without_seeing_them(signed_in: Browser) -> None:
    signed_in.add(a_report([a_recording(a_transcript())]))

    for path, language in (("/", "vi"), ("/sign-in", "vi"), ("/?language=en", "en")):
        outline = Outline(signed_in.get(path).text)
        assert outline.all("html")[0]["lang"] == language
        assert len(outline.all("h1")) == len(outline.all("main")) == 1
        labelled = {label["for"] for label in outline.all("label")}
        for field in outline.all("input"):
            assert field["type"] == "hidden" or field["id"] in labelled
        assert all(cell.get("scope") for cell in outline.all("th"))
        identifiers = [a["id"] for _, a in outline.elements if "id" in a]
        assert len(set(identifiers)) == len(identifiers)


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("", "vi"), ("vi", "vi"), ("en-GB,en;q=0.9", "en"), ("fr", "vi"), ("fr, en;q=0.5", "en")],
)
def test_a_page_speaks_the_browsers_language_vietnamese_first(
    browser: Browser, accepted: str, language: str
) -> None:
    page = browser.get("/sign-in", Accept_Language=accepted)

    assert f'<html lang="{language}">' in page.text


def test_a_chosen_language_stays_through_the_sign_in(browser: Browser) -> None:
    browser.get("/sign-in?language=en", Accept_Language="vi")
    browser.sign_in()

    assert "Latest reports" in browser.get(Accept_Language="vi").text
    assert "Phản ánh mới nhất" in browser.get("/?language=vi").text
    assert "Phản ánh mới nhất" in browser.get("/?language=xx").text


def test_the_fifty_latest_reports_are_shown(signed_in: Browser) -> None:
    signed_in.add(*(a_report() for _ in range(51)))

    assert len(Outline(signed_in.get().text).all("time")) == 50


def test_every_wording_is_there_in_each_language_with_the_same_placeholders() -> None:
    for key, texts in WORDING.items():
        assert tuple(texts) == LANGUAGES, key
        fields = {frozenset(f for _, f, _, _ in Formatter().parse(t) if f) for t in texts.values()}
        assert len(fields) == 1, key


def test_every_wording_that_a_template_names_is_there_and_every_status_has_one() -> None:
    named = {
        key
        for template in TEMPLATES.glob("*.html")
        for key in re.findall(r"""say\(["'](\w+)["'][,)]""", template.read_text())
    }

    assert named and named <= WORDING.keys()
    assert {f"status_{status}" for status in ReportStatus} <= WORDING.keys()
