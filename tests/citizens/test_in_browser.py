"""In a real browser, 360 pixels wide: report, the network goes and comes, follow, rate."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine, select
from werkzeug.serving import BaseWSGIServer, make_server

from reports.actors import Actor, Party
from reports.change import Change
from reports.changes import change_report
from reports.models import Attachment, Report, ReportStatus, Update
from storage.database import reading, transaction
from tests.browsers import chromium
from tests.builders import NOON
from tests.citizens.conftest import Citizen, Counter, make_app
from tests.citizens.phone import WIDTH, Page, telephone
from tests.photos import picture
from tests.provinces.packs import bac_lieu

pytestmark = pytest.mark.slow

STAFF = Actor("u1", Party.STAFF)
WORDS = "Đèn đường trước chợ bị hư ba ngày rồi"


@dataclass
class Site:
    """The pages on a port of this machine; `away` is what a dead line looks like."""

    citizen: Citizen
    port: int
    server: BaseWSGIServer | None = None
    folder: Path = Path()

    def here(self) -> None:
        app = make_app(self.citizen.engine, self.folder, lambda: self.citizen)
        self.server = make_server("127.0.0.1", self.port, app, threaded=True)
        self.port = self.server.port
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def away(self) -> None:
        assert self.server is not None
        self.server.shutdown()
        self.server.server_close()
        self.server = None

    def url(self, path: str = "/phan-anh") -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@pytest.fixture
def site(sqlite: Engine, tmp_path: Path) -> Iterator[Site]:
    citizen = Citizen(sqlite, None, tmp_path / "attachments", Counter())  # type: ignore[arg-type]
    made = Site(citizen, 0, folder=tmp_path)
    made.here()
    yield made
    if made.server is not None:
        made.away()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with telephone(browser) as opened:
        yield opened


def the_report(site: Site) -> Report | None:
    with reading(site.citizen.engine) as session:
        return session.scalars(select(Report)).one_or_none()


def write(page: Page, photo: Path | None = None) -> None:
    page.fill("#words", WORDS)
    page.fill("#place_words", "gia rai")
    page.wait("document.querySelector('#place-found button')")
    page.press("#place-found button")
    page.fill("#number", "0912345678")
    page.press("#consent")
    if photo is not None:
        page.choose_files("#photo", photo)
        page.wait("document.querySelector('#photos canvas')")


def ready(page: Page, site: Site) -> None:
    """The page has been kept for when there is no network."""
    page.open(site.url())
    page.run("navigator.serviceWorker.ready.then(() => true)")
    page.wait("navigator.serviceWorker.controller !== null")


def wait_for(what: str, page: Page) -> str:
    return str(page.wait(f"document.querySelector({what!r})?.textContent"))


def let_pass(site: Site, seconds: float) -> None:
    """The server's clock goes on: nobody writes within three seconds."""
    site.citizen.now += timedelta(seconds=seconds)


def test_report_follow_add_and_rate(site: Site, page: Page, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(picture(size=(3000, 2000)))
    ready(page, site)
    let_pass(site, 60)

    write(page, photo)
    page.press("#send")

    reference = wait_for("#unsent .reference", page)
    pin = wait_for("#unsent .pin", page)
    page.wait("document.querySelector('#unsent section.sent')")
    report = the_report(site)
    assert report is not None and report.description == WORDS
    assert report.place == "2025:31942"
    with reading(site.citizen.engine) as session:
        [kept] = session.scalars(select(Attachment)).all()
    assert kept.size_bytes < 100_000 and kept.media_type == "image/jpeg"

    with transaction(site.citizen.engine) as session:
        done = Change(status=ReportStatus.RESOLVED, text="Đã thay bóng đèn mới")
        change_report(session, bac_lieu(), report.id, done, STAFF, NOON)
    page.open(site.url("/phan-anh/theo-doi"))
    page.fill("#reference", reference)
    page.fill("#pin", pin)
    page.press("main form button")
    page.wait("document.querySelector('#rate')")
    assert "Đã thay bóng đèn mới" in page.text
    page.press("#rate input[value='5']")
    page.press("#rate button")
    assert "Cảm ơn" in wait_for("#said", page)

    with reading(site.citizen.engine) as session:
        ratings = session.scalars(select(Update.score).where(Update.kind == "rating")).all()
    assert ratings == [5]
    assert page.complaints == []


def test_what_is_written_without_a_network_is_sent_when_there_is_one(
    site: Site, page: Page, tmp_path: Path
) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(picture(size=(800, 600)))
    ready(page, site)
    let_pass(site, 60)
    site.away()

    page.open(site.url())  # opens all the same
    write(page, photo)
    page.wait("document.querySelector('#draft').textContent")
    page.open(site.url())  # closed and opened again: the draft is there
    page.wait(f"document.querySelector('#words').value === {WORDS!r}")
    page.wait("document.querySelector('#photos canvas')")
    page.press("#consent")
    page.press("#send")
    page.wait("document.querySelector('#unsent section.waiting button')")
    assert "Sẽ tự gửi khi có mạng" in page.text

    site.here()
    page.run("self.dispatchEvent(new Event('online'))")

    reference = wait_for("#unsent .reference", page)
    page.wait("document.querySelector('#unsent section.sent')")
    report = the_report(site)
    assert report is not None and reference.replace("-", "") == report.reference
    with reading(site.citizen.engine) as session:
        assert len(session.scalars(select(Attachment)).all()) == 1
    page.press("#unsent section button")  # noted down: nothing stays on the device
    page.wait("document.querySelector('#unsent').hidden")
    assert page.run("Unsent.all()") == []
    assert page.complaints == []


def test_a_lost_answer_files_nothing_twice(site: Site, page: Page) -> None:
    ready(page, site)
    let_pass(site, 60)
    write(page)
    # The answer to the first try never arrives.
    page.run(
        """
        self.real = self.fetch;
        self.fetch = async (url, options) => {
          await self.real(url, options);
          self.fetch = self.real;
          throw new TypeError("the line is dead");
        };
        0;  // a function as the value would be called
        """
    )

    page.press("#send")  # and the browser tries once more by itself

    reference = wait_for("#unsent .reference", page)
    report = the_report(site)
    assert report is not None and reference.replace("-", "") == report.reference


def test_where_nothing_can_be_kept_it_is_sent_as_without_script(
    site: Site, page: Page, tmp_path: Path
) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(picture())
    ready(page, site)
    let_pass(site, 60)
    page.run("Unsent.put = async () => { throw new Error('full'); }; 0")
    write(page, photo)

    page.press("#send")

    reference = wait_for("dd#reference", page)
    report = the_report(site)
    assert report is not None and reference.replace("-", "") == report.reference
    with reading(site.citizen.engine) as session:
        assert len(session.scalars(select(Attachment)).all()) == 1


def test_what_the_server_refuses_can_be_mended(site: Site, page: Page) -> None:
    ready(page, site)
    let_pass(site, 60)
    write(page)
    page.run("document.querySelector('#number').value = '113'")

    page.press("#send")
    page.wait("document.querySelector('#unsent section.refused button')")
    assert "Số điện thoại không đúng" in page.text
    page.press("#unsent section.refused button")

    page.wait(f"document.querySelector('#words').value === {WORDS!r}")
    page.wait("document.querySelector('#number').getAttribute('aria-invalid') === 'true'")


def test_a_page_that_was_kept_for_long_is_sent_with_a_new_mark(site: Site, page: Page) -> None:
    ready(page, site)
    let_pass(site, 9 * 24 * 3600)
    write(page)
    page.press("#send")
    time.sleep(0.5)
    let_pass(site, 60)  # while the script waits for the three seconds of people

    wait_for("#unsent .reference", page)


@pytest.mark.parametrize("path", ["/phan-anh", "/phan-anh/theo-doi", "/en/report"])
def test_pages_fit_a_small_telephone_and_name_everything(site: Site, page: Page, path: str) -> None:
    page.open(site.url(path))
    page.wait("document.readyState === 'complete'")

    assert page.run("document.documentElement.scrollWidth") <= WIDTH
    controls = {"textbox", "button", "combobox", "checkbox", "link", "radio"}
    unnamed = [
        node
        for node in page.accessible()
        if node["role"]["value"] in controls and not node.get("name", {}).get("value")
    ]
    assert unnamed == []
    small = page.run(
        """
        [...document.querySelectorAll("button, input, select, textarea, nav a")]
          .filter((one) => one.offsetParent && !one.closest(".trap") && one.type !== "hidden")
          .filter((one) => (one.closest("label") || one).getBoundingClientRect().height < 44)
          .map((one) => one.outerHTML)
        """
    )
    assert small == []
    assert page.complaints == []
