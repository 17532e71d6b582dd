"""A call from the street to the operator's browser: it rings, both hear each other, keys arrive."""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from accounts.models import AuditEntry
from console.assets import find_assets
from hotline.telephony.installation import Installation
from reports.models import Report
from reports.reference import spoken_reference
from storage.database import reading
from tests.asterisk.calling import Person, share_at
from tests.asterisk.carrier import Carrier
from tests.asterisk.phones import (
    ARGUMENTS,
    OPERATOR_TONE_HZ,
    Exchange,
    an_exchange,
    another_console,
    microphone,
)
from tests.asterisk.running import until
from tests.browsers import another, chromium, installed_browser
from tests.networks import own_network

pytestmark = [
    pytest.mark.asterisk,
    pytest.mark.slow,
    pytest.mark.skipif(not find_assets().scripts, reason="the scripts are not bundled: make test"),
]
CALLER_TONE_HZ = 600.0
WAITING_HZ = 425.0
WAIT_MS = 15_000
HEARD_S = 30.0
# What the operator's browser plays, as energy near a tone among all of it.
HEAR = """async (hz) => {
  const sound = document.getElementById("phone-sound").srcObject;
  if (!sound) return 0;
  const context = new AudioContext();
  await context.resume();
  const analyser = context.createAnalyser();
  analyser.fftSize = 8192;
  context.createMediaStreamSource(sound).connect(analyser);
  await new Promise((done) => setTimeout(done, 800));
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  const power = bins.map((db) => 10 ** (db / 10));
  const width = context.sampleRate / analyser.fftSize;
  const near = power.filter((_, at) => Math.abs(at * width - hz) < 30);
  const sum = (values) => values.reduce((all, each) => all + each, 0);
  await context.close();
  return sum(power) < 1e-9 ? 0 : sum(near) / sum(power);
}"""

TAKE_OVER = """async (at) => {
  const body = new FormData();
  body.set("at", at);
  const headers = { "X-Mark": document.body.dataset.mark };
  const answer = await fetch("/phone/take-over", { method: "POST", body, headers });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("#toasts").textContent;
}"""


@pytest.fixture(scope="module")
def exchange(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Exchange]:
    with own_network() as network, Carrier(host="127.0.0.2") as carrier:
        data = tmp_path_factory.mktemp("phones")
        program = network.at_the_neighbour(installed_browser(), data)
        with an_exchange(installation, data, carrier, network) as made:
            yield replace(made, browser=program)


@pytest.fixture(scope="module")
def carrier(exchange: Exchange) -> Carrier:
    return exchange.carrier


@pytest.fixture(scope="module")
def browser(exchange: Exchange, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    heard = microphone(tmp_path_factory.mktemp("microphone"))
    with chromium(*ARGUMENTS, heard, program=exchange.browser) as made:
        yield made


@pytest.fixture(scope="module")
def operator(exchange: Exchange, browser: Browser) -> Page:
    page = exchange.sign_in(browser, exchange.add_user())
    page.set_default_timeout(WAIT_MS)
    return page


@pytest.fixture
def colleague(exchange: Exchange, browser: Browser) -> Iterator[Page]:
    yield from present(exchange, browser, "operator", "colleague")


@pytest.fixture
def supervisor(exchange: Exchange, browser: Browser) -> Iterator[Page]:
    yield from present(exchange, browser, "supervisor", "supervisor")


@pytest.fixture
def second_supervisor(exchange: Exchange, browser: Browser) -> Iterator[Page]:
    yield from present(exchange, browser, "supervisor", "second")


def present(exchange: Exchange, browser: Browser, role: str, name: str) -> Iterator[Page]:
    """At the telephone, and not to be rung by the queue."""
    page = exchange.sign_in(browser, exchange.add_user(role, name))
    page.set_default_timeout(WAIT_MS)
    expect(page.locator("#phone-line")).to_have_text("Đã nối", timeout=WAIT_MS)
    page.keyboard.press("z")
    expect(page.locator("#phone-state")).to_have_attribute("data-duty", "paused")
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def somebody(exchange: Exchange) -> Iterator[Person]:
    with Person(exchange.asterisk) as person:
        yield person


@pytest.fixture
def person(exchange: Exchange, somebody: Person) -> Iterator[Person]:
    """Whatever became of a test, its call does not reach into the next one."""
    yield somebody
    exchange.asterisk.hang_up()
    until(lambda: not exchange.asterisk.channels())


def rings_in(operator: Page, person: Person) -> None:
    """Somebody has rung, pressed their way to a person, and the operator's telephone rings."""
    expect(operator.locator("#phone-line")).to_have_text("Đã nối", timeout=WAIT_MS)
    if operator.locator("#phone-state").get_attribute("data-duty") != "ready":
        operator.keyboard.press("r")
    expect(operator.locator("#phone-state")).to_have_attribute("data-duty", "ready")
    person.ring()
    until(lambda: to_a_person(operator, person), 20)


def talk(operator: Page, person: Person) -> None:
    """Somebody has rung, and the operator has answered."""
    rings_in(operator, person)
    operator.keyboard.press("a")
    expect(operator.locator("#phone-talk")).to_have_text("Đang nói chuyện")


def until_heard(person: Person, hz: float, last_s: float = 1.0) -> None:
    """The person hears that tone, whole: on a busy machine a made-up microphone stutters first."""
    until(lambda: share_at(person.heard(last_s), hz) > 0.8, HEARD_S)


def to_a_person(operator: Page, person: Person) -> bool:
    if operator.locator("#phone").get_attribute("data-talk") == "rings":
        return True
    person.press("0")
    operator.wait_for_timeout(300)
    return False


def kill_pages(page: Page) -> None:
    """As if the machine had lost its power: no process of that browser says good-bye."""
    session = page.context.browser.new_browser_cdp_session()  # type: ignore[union-attr]
    told = session.send("SystemInfo.getProcessInfo")["processInfo"]
    (main,) = [int(one["id"]) for one in told if one["type"] == "browser"]
    for process in [*psutil.Process(main).children(recursive=True), psutil.Process(main)]:
        os.kill(process.pid, signal.SIGKILL)


def test_a_call_rings_in_the_browser_and_both_hear_each_other(
    exchange: Exchange, operator: Page, person: Person
) -> None:
    rings_in(operator, person)
    expect(operator.locator("#phone-talk")).to_have_text("Có cuộc gọi đến")
    expect(operator.locator("#phone-story")).to_contain_text("bấm 0")

    operator.keyboard.press("a")

    expect(operator.locator("#phone-talk")).to_have_text("Đang nói chuyện")
    person.speak(CALLER_TONE_HZ, 12)
    until_heard(person, OPERATOR_TONE_HZ)
    assert operator.evaluate(HEAR, CALLER_TONE_HZ) > 0.5
    operator.locator("[data-digit='5']").click()
    until(lambda: person.keys == ["5"])

    with operator.expect_popup() as opened:
        operator.get_by_role("link", name="Lập phản ánh mới").click()
    opened.value.locator("#words").fill("Đèn đường trước chợ bị hỏng ba ngày nay")
    opened.value.get_by_role("button", name="Ghi nhận phản ánh").click()
    expect(opened.value.locator("#toasts")).to_contain_text("Đã ghi nhận")
    opened.value.close()
    operator.locator("#phone-story textarea").fill("Người dân chờ ở chợ")
    operator.get_by_role("button", name="Ghi", exact=True).click()
    expect(operator.locator("#toasts")).to_contain_text("Đã ghi.")
    operator.keyboard.press("x")
    expect(operator.locator("#phone-talk")).to_have_text("Không có cuộc gọi.")
    expect(operator.locator("#phone-state")).to_have_attribute("data-duty", "after_call")
    person.await_end()
    assert exchange.complaints == []
    with reading(exchange.engine) as session:
        report = session.scalars(select(Report)).one()
        assert report.call_id is not None
        assert [each.internal_text for each in report.updates if each.internal_text]


def test_whoever_reported_is_rung_back_over_the_trunk(
    exchange: Exchange, carrier: Carrier, operator: Page
) -> None:
    """After the test before: the report is the one that was written there."""
    with reading(exchange.engine) as session:
        reference = session.scalars(select(Report.reference)).one()
    operator.locator("#phone-story textarea").focus()
    operator.keyboard.type("Đang viết")
    page = operator.context.new_page()
    page.goto(f"{exchange.address}/reports/{reference}")

    page.get_by_role("button", name="Gọi lại").click()

    expect(page.locator("#toasts")).to_contain_text("sẽ đổ chuông")
    page.close()
    expect(operator.locator("#phone-talk")).to_have_text("Có cuộc gọi đến")
    expect(operator.locator("#phone-report")).to_contain_text(spoken_reference(reference))
    expect(operator.locator("textarea:focus")).to_have_value("Đang viết")
    operator.keyboard.press("a")  # goes into the note
    expect(operator.locator("#phone-talk")).to_have_text("Có cuộc gọi đến")
    operator.get_by_role("button", name="Nghe máy").click()
    until(lambda: carrier.numbers)
    assert carrier.numbers == ["+84912345678"]
    expect(operator.locator("#phone-talk")).to_have_text("Đang nói chuyện")
    carrier.hang_up()
    expect(operator.locator("#phone-talk")).to_have_text("Không có cuộc gọi.")
    assert operator.locator(":focus").count() == 0, "keys are the telephone's again"


def test_who_talks_to_a_page_that_is_closed_rings_again_at_once(
    exchange: Exchange, operator: Page, person: Person
) -> None:
    talk(operator, person)
    expect(operator.locator("#phone-state")).to_have_attribute("data-duty", "after_call")
    operator.keyboard.press("r")  # does not wait for the end to be ready again
    expect(operator.locator("#phone-state")).to_have_attribute("data-duty", "ready")
    operator.once("dialog", lambda dialog: dialog.accept())

    operator.reload()

    expect(operator.locator("#phone-talk")).to_have_text("Có cuộc gọi đến", timeout=20_000)
    assert person.is_connected
    operator.keyboard.press("a")
    expect(operator.locator("#phone-talk")).to_have_text("Đang nói chuyện")
    until_heard(person, OPERATOR_TONE_HZ)
    operator.keyboard.press("x")
    person.await_end()


def test_who_talks_to_a_browser_that_dies_waits_for_the_next_operator(
    exchange: Exchange, browser: Browser, operator: Page, person: Person
) -> None:
    with another(browser, exchange.browser, *ARGUMENTS) as doomed:
        page = exchange.sign_in(doomed, exchange.add_user(name="doomed"))
        page.set_default_timeout(WAIT_MS)
        operator.keyboard.press("z")
        expect(operator.locator("#phone-state")).to_have_attribute("data-duty", "paused")
        talk(page, person)
        operator.keyboard.press("r")
        expect(operator.locator("#phone-state")).to_have_attribute("data-duty", "ready")
        kill_pages(page)
        began = time.monotonic()

        expect(operator.locator("#phone-talk")).to_have_text("Có cuộc gọi đến", timeout=30_000)

    assert time.monotonic() - began < 12
    assert person.is_connected
    operator.keyboard.press("a")
    expect(operator.locator("#phone-talk")).to_have_text("Đang nói chuyện")
    operator.keyboard.press("x")
    person.await_end()


def test_a_talk_goes_on_when_the_web_server_dies_and_ends_well_with_the_next_one(
    exchange: Exchange, browser: Browser, operator: Page, person: Person
) -> None:
    operator.keyboard.press("z")
    expect(operator.locator("#phone-state")).to_have_attribute("data-duty", "paused")
    with another_console(exchange) as console:
        there = replace(exchange, address=console.address)
        page = there.sign_in(browser, exchange.add_user(name="there"))
        page.set_default_timeout(WAIT_MS)
        talk(page, person)
        until_heard(person, OPERATOR_TONE_HZ)

        console.kill()

        person.speak(CALLER_TONE_HZ, 12)
        assert page.evaluate(HEAR, CALLER_TONE_HZ) > 0.5
        until_heard(person, OPERATOR_TONE_HZ)
        console.start()
        expect(page.locator("#phone-talk")).to_have_text("Đang nói chuyện")
        page.keyboard.press("x")
        person.await_end()
        expect(page.locator("#phone-talk")).to_have_text("Không có cuộc gọi.")
        expect(page.locator("#phone-state")).to_have_attribute("data-duty", "after_call")
        page.context.close()


def test_a_caller_is_held_muted_and_handed_on_to_a_colleague(
    exchange: Exchange, operator: Page, colleague: Page, person: Person
) -> None:
    talk(operator, person)
    until_heard(person, OPERATOR_TONE_HZ)

    operator.keyboard.press("h")
    expect(operator.locator("#phone-talk")).to_have_text("Đang giữ máy")
    until_heard(person, WAITING_HZ, 2.5)
    operator.keyboard.press("h")
    until_heard(person, OPERATOR_TONE_HZ)
    operator.keyboard.press("m")
    expect(operator.locator("#phone-talk")).to_have_text("Đã tắt micrô")
    until(lambda: share_at(person.heard(), OPERATOR_TONE_HZ) < 0.1)

    operator.get_by_label("Chuyển cho").select_option(label="colleague@example.vn")
    operator.get_by_role("button", name="Chuyển máy").click()
    expect(operator.locator("#phone-talk")).to_have_text("Không có cuộc gọi.")
    expect(colleague.locator("#phone-talk")).to_have_text("Có cuộc gọi đến")
    expect(colleague.locator("#phone-story")).to_contain_text("bấm 0")
    colleague.keyboard.press("a")
    until_heard(person, OPERATOR_TONE_HZ)
    colleague.keyboard.press("x")
    person.await_end()


def test_a_supervisor_listens_whispers_and_takes_over(
    exchange: Exchange, operator: Page, supervisor: Page, person: Person
) -> None:
    talk(operator, person)
    until_heard(person, OPERATOR_TONE_HZ)
    person.speak(CALLER_TONE_HZ, 25)

    supervisor.get_by_role("button", name="Nghe: operator@example.vn").click()
    expect(supervisor.locator("#phone-talk")).to_have_text("Có cuộc gọi đến")
    supervisor.keyboard.press("a")
    expect(supervisor.locator("#phone-talk")).to_have_text("Đang nói chuyện")
    assert supervisor.evaluate(HEAR, CALLER_TONE_HZ) > 0.2
    # From listening to whispering, and from there to the talk, without hanging up in between.
    supervisor.get_by_role("button", name="Nhắc: operator@example.vn").click()
    expect(supervisor.locator("#phone-talk")).to_have_text("Có cuộc gọi đến")
    supervisor.keyboard.press("a")
    expect(supervisor.locator("#phone-talk")).to_have_text("Đang nói chuyện")
    supervisor.wait_for_timeout(1000)

    supervisor.get_by_role("button", name="Nhận máy: operator@example.vn").click()
    expect(operator.locator("#phone-talk")).to_have_text("Không có cuộc gọi.")
    expect(operator.locator("#phone-story")).to_contain_text("bấm 0")
    expect(supervisor.locator("#phone-talk")).to_have_text("Có cuộc gọi đến")
    supervisor.keyboard.press("a")
    expect(supervisor.locator("#phone-talk")).to_have_text("Đang nói chuyện")
    expect(supervisor.locator("#phone-story")).to_contain_text("bấm 0")
    supervisor.keyboard.press("x")
    person.await_end()

    with reading(exchange.engine) as session:
        done = session.scalars(select(AuditEntry.action)).all()
    by_hand = {"call.listen", "call.whisper", "call.taken_over", "call.handed_on"}
    assert by_hand | {"phone.duty"} <= set(done)


def test_a_supervisor_without_a_telephone_takes_nobody_from_their_operator(
    exchange: Exchange, operator: Page, second_supervisor: Page, person: Person
) -> None:
    supervisor = second_supervisor
    talk(operator, person)
    expect(supervisor.get_by_role("button", name="Nhận máy: operator@example.vn")).to_be_visible()
    seat = str(supervisor.evaluate("document.querySelector('#phone-supervise [name=at]').value"))
    supervisor.goto(f"{exchange.address}/reports")
    supervisor.wait_for_timeout(500)

    said = supervisor.evaluate(TAKE_OVER, seat)

    assert "Máy của bạn chưa mở" in said
    operator.wait_for_timeout(500)
    expect(operator.locator("#phone-talk")).to_have_text("Đang nói chuyện")
    operator.keyboard.press("x")
    person.await_end()


def test_a_switchboard_that_began_anew_has_its_telephones_back(
    exchange: Exchange, operator: Page
) -> None:
    expect(operator.locator("#phone-line")).to_have_text("Đã nối")
    for file in exchange.asterisk.telephony.seats.glob("*.conf"):
        file.unlink()
    exchange.asterisk.rx("module reload res_pjsip.so")

    expect(operator.locator("#phone-line")).not_to_have_text("Đã nối", timeout=20_000)
    expect(operator.locator("#phone-line")).to_have_text("Đã nối", timeout=15_000)
