"""The live view in a real browser: told at once, cut off and back, and gone with the session."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect
from sqlalchemy import Engine, update

from accounts.visits import end_visits, open_visits
from console.assets import find_assets
from console.live.hub import MOST_OF_ONE
from console.live.routes import HUB
from ivr.codec import encode
from ivr.models import Call, CallStatus, JournalEntry
from ivr.steps import Digits
from provinces.schema import Province
from storage.database import transaction
from tests.browsers import chromium
from tests.builders import NOON
from tests.console.conftest import Browser, a_browser
from tests.console.desk import Desk, desk
from tests.console.live_calls import REPORTS, a_live_call, live_services
from tests.console.relay import Relay

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not find_assets().scripts, reason="the scripts are not bundled: make test"),
]


@pytest.fixture(scope="module")
def engine_of_pages() -> Iterator[Chromium]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def visitor(engine: Engine, province: Province, tmp_path: Path) -> Browser:
    return a_browser(engine, province, tmp_path, live_services(stream_s=60.0))


@pytest.fixture
def operator(engine_of_pages: Chromium, visitor: Browser) -> Iterator[tuple[Desk, Relay]]:
    with desk(engine_of_pages, visitor) as made:
        relay = Relay(int(made.address.rpartition(":")[2]))
        made.address = relay.address
        made.sign_in()
        yield made, relay
        made.page.close()
        visitor.app.extensions[HUB].close()
        relay.close()
        assert made.complaints == []


def move_on(visitor: Browser, call: Call, position: int, step: str, keys: str) -> None:
    entry = JournalEntry(
        call_id=call.id,
        position=position,
        step=step,
        result=encode(Digits(keys)),
        entered_at=NOON,
    )
    with transaction(visitor.engine) as session:
        session.add(entry)
        moved = {"advanced_at": call.advanced_at + timedelta(seconds=position)}
        session.execute(update(Call).where(Call.id == call.id).values(**moved))


def end(visitor: Browser, call: Call) -> None:
    with transaction(visitor.engine) as session:
        ended = {"status": CallStatus.COMPLETED, "ended_at": NOON}
        session.execute(update(Call).where(Call.id == call.id).values(**ended))


def test_a_call_is_followed_through_a_lost_connection_until_the_session_ends(
    operator: tuple[Desk, Relay], visitor: Browser
) -> None:
    made, relay = operator
    page, rows = made.page, made.page.locator("#live-calls tr")
    state = page.locator("#live-state")
    first, second = a_live_call(REPORTS), a_live_call(REPORTS)
    calls = [each for each in (first[0], second[0]) if isinstance(each, Call)]
    made.go("/now")
    expect(state).to_have_text("Trực tiếp")
    expect(page.get_by_text("Không có cuộc gọi nào.")).to_be_visible()

    visitor.add(*first)
    expect(rows).to_contain_text(["Chọn lĩnh vực"])
    move_on(visitor, calls[0], 1, "Gather:category", "1")
    expect(rows).to_contain_text(["Chọn việc cụ thể"])
    expect(rows).to_contain_text(["bấm 1 → bấm 1"])
    assert made.violations() == []

    relay.cut()
    expect(state).to_have_text("Mất kết nối, đang nối lại. Nội dung có thể đã cũ.")
    visitor.add(*second)
    end(visitor, calls[0])
    relay.mend()
    expect(state).to_have_text("Đã nối lại.")
    expect(rows).to_have_count(1)
    expect(page.locator(f"#live-call-{calls[1].id}")).to_contain_text("Chọn lĩnh vực")

    end(visitor, calls[1])
    expect(rows).to_have_count(0)
    with transaction(visitor.engine) as session:
        for visit in open_visits(session, None, NOON):
            end_visits(session, visit.user_id, "somebody", NOON)
    page.wait_for_url("**/sign-in**")


def test_the_wallboard_follows_without_anybodys_hand(
    operator: tuple[Desk, Relay], visitor: Browser
) -> None:
    made, relay = operator
    made.go("/wall")
    figures = made.page.locator(".wall-figures")
    expect(figures).to_contain_text("Đang gọi0")

    visitor.add(*a_live_call(REPORTS))
    expect(figures).to_contain_text("Đang gọi1")
    relay.cut()
    expect(made.page.locator("#live-state")).to_contain_text("Mất kết nối")
    visitor.add(*a_live_call(REPORTS))
    relay.mend()

    expect(figures).to_contain_text("Đang gọi2")
    state, hub = made.page.locator("#live-state"), visitor.app.extensions[HUB]
    with transaction(visitor.engine) as session:
        (visit,) = open_visits(session, None, NOON)
    with ExitStack() as newer:
        for _ in range(MOST_OF_ONE):
            newer.enter_context(hub.listening(visit.id))
        expect(state).to_contain_text("Một cửa sổ mới hơn")
        made.page.keyboard.press("Shift")
        expect(state).to_have_text("Đã nối lại.")
    assert made.violations() == [] and not made.scrolls_sideways
