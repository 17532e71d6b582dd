"""The live view: what is seen, by whom, and how a browser is told of it."""

import gc
import json
import re
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, update

from accounts.roles import Role
from accounts.visits import WALL_LIFETIME
from console.live.board import Board
from console.live.facts import Health, LiveServices, PartHealth, Standing
from console.live.hub import MOST_OF_ONE, Hub
from console.live.looking import Queue, Today, parts_of
from console.live.routes import HUB
from console.live.stream import Stream
from console.visit import COOKIE, visitor
from console.wording import WORDING, steps
from ivr.drivers import agi_server, twiml_calls
from ivr.live_calls import Did, LiveCall
from ivr.models import Call, CallStatus
from ivr.queue_watch import ITS_DRIVER, Agent, AgentState, QueueState, Waiting
from ivr.stages import STAGES
from ivr.steps import Digits, Recorded
from provinces.schema import Province
from storage.database import transaction
from tests.builders import NOON, a_recording, a_report, a_transcript, a_user
from tests.console.conftest import Browser, a_browser
from tests.console.live_calls import IN_QUEUE, REPORTS, Told, a_live_call
from tests.console.outline import Outline

SPOKEN = (
    REPORTS,
    ("Gather:category", Digits("1")),
    ("Gather:subcategory", Digits("1")),
    ("Record:statement", Recorded("x", 5.0, 1, "", False)),
)
QUEUE = QueueState(
    NOON,
    waiting=(Waiting("asterisk-1", 1, NOON - timedelta(seconds=75)),),
    agents=(
        Agent("lan", AgentState.READY),
        Agent("minh", AgentState.PAUSED, NOON - timedelta(minutes=4), 3),
    ),
)
FINE = (PartHealth("disk", Health.READY, {"free_gb": 12}),)


def events(browser: Browser, path: str = "/now/events", after: str = "") -> list[dict[str, Any]]:
    """What a stream tells that ends at once."""
    answer = browser.get(path, Last_Event_ID=after)
    assert answer.status_code == 200, answer.status_code
    assert answer.content_type.startswith("text/event-stream")
    found = []
    for block in answer.text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines())
        if "event" in fields:
            data = json.loads(fields["data"])
            found.append({"event": fields["event"], "id": fields["id"], **data})
    return found


@pytest.fixture
def live(engine: Engine, province: Province, tmp_path: Path) -> Callable[..., Browser]:
    """Makes the browser of an operator at a console whose live view is as given."""

    def make(**given: Any) -> Browser:
        services = LiveServices(**{"stream_s": 0.0, "health": lambda: FINE, **given})
        made = a_browser(engine, province, tmp_path, services)
        made.become(Role.OPERATOR)
        return made

    return make


def test_calls_are_shown_with_their_step_what_callers_did_and_their_words(
    browser: Browser,
) -> None:
    browser.become(Role.OPERATOR)
    rows = a_live_call(*SPOKEN)
    call = rows[0]
    assert isinstance(call, Call)
    recording = a_recording(a_transcript(), call_id=call.id, position=3)
    browser.add(*rows, recording)
    browser.add(a_report(reference="482173908", call_id=call.id, call_position=5))

    page = browser.get("/now").text

    Outline(page)
    assert "Nói địa điểm" in page and "đang nói" in page
    assert "bấm 1" in page and "nói 5 giây" in page
    assert "đường ngập nước" in page and "482-173-908" in page and "…678" in page
    assert 'href="/calls"' in page, "an operator reads ended calls, too"
    assert "91234567" not in page


def test_keys_that_are_nobodys_business_are_counted_alone(browser: Browser) -> None:
    browser.become(Role.OPERATOR)
    browser.add(*a_live_call(("Gather:enter_pin", Digits("4711")), flow_version=99))

    page = browser.get("/now").text

    assert "4711" not in page and "không rõ" in page


def test_who_may_not_see_numbers_or_words_sees_none_and_the_wall_shows_nobody(
    browser: Browser,
) -> None:
    rows = a_live_call(*SPOKEN)
    call = rows[0]
    assert isinstance(call, Call)
    browser.add(*rows, a_recording(a_transcript(), call_id=call.id, position=3))
    browser.become(Role.SUPERVISOR)

    wall = browser.get("/wall").text + str(events(browser, "/wall/events"))

    Outline(browser.get("/wall").text)
    assert "Đang gọi" in wall
    assert "ngập" not in wall and "678" not in wall and call.id not in wall


@pytest.mark.parametrize("role", [Role.AGENCY, Role.AUDITOR])
def test_others_see_nothing_of_calls(browser: Browser, role: Role) -> None:
    browser.become(role, "so_xay_dung" if role is Role.AGENCY else None)

    assert browser.get("/now/events").status_code == 403
    assert 'href="/now"' not in browser.get("/account").text


def test_the_queue_and_its_agents_are_as_asterisk_tells_and_old_where_it_is_away(
    live: Callable[..., Browser],
) -> None:
    told = Told(QUEUE, lambda: NOON)
    desk = live(queue=told)
    desk.add(*a_live_call(*IN_QUEUE, driver_call_id="asterisk-1"))
    desk.add(*a_live_call(*IN_QUEUE, driver_call_id="asterisk-2"))

    page = desk.get("/now").text
    told.tell(None)
    later = desk.get("/now").text

    assert "1:15" in page and "đang chờ người trực" in page
    assert "đang gặp người trực" in page  # who is in the dialplan's queue and no longer in line
    assert "lan" in page and "tạm nghỉ" in page and "4:00" in page
    assert "Không rõ từ 12:00" in later and "lan" in later
    assert "đang gặp người trực" not in later


def figures(page: str) -> str:
    """The wall's figures as they are read."""
    shown = page.partition('class="wall-figures"')[2].partition("live-state")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", shown))


@pytest.mark.parametrize("away", [True, False])
def test_the_wall_tells_no_figure_that_asterisk_has_not_told(
    live: Callable[..., Browser], away: bool
) -> None:
    told = Told(QUEUE, lambda: NOON)
    desk = live(queue=told if away else None)
    desk.add(*a_live_call(*IN_QUEUE, driver_call_id="asterisk-1"))

    before = figures(desk.get("/wall").text)
    told.tell(None)
    later = figures(desk.get("/wall").text)

    assert ("Đang chờ1 Chờ lâu nhất1:15" in before) is away
    assert "Đang chờkhông rõ Chờ lâu nhấtkhông rõ" in later and "Sẵn sàngkhông rõ" in later


def test_asterisk_is_not_asked_about_calls_that_another_carries(
    live: Callable[..., Browser],
) -> None:
    desk = live(queue=Told(QUEUE, lambda: NOON))
    desk.add(*a_live_call(*IN_QUEUE, driver=twiml_calls.DRIVER, driver_call_id="CA1"))

    page = desk.get("/now").text

    assert ITS_DRIVER == agi_server.DRIVER
    assert "live-unknown" in page and "đang gặp người trực" not in page


def test_a_database_that_does_not_answer_is_a_trouble() -> None:
    known = parts_of({}, Queue(), FINE, Today(), NOON)["figures"]

    assert getattr(known, "troubles", None) == 1


def test_a_page_tells_times_as_they_are_though_others_have_looked(
    live: Callable[..., Browser],
) -> None:
    desk = live(queue=Told(QUEUE, lambda: NOON))
    desk.add(*a_live_call(*IN_QUEUE, driver_call_id="asterisk-1"))
    with desk.app.extensions[HUB].listening("another"):
        first = desk.get("/now").text
        events(desk)
        desk.now += timedelta(minutes=10)
        later = desk.get("/now").text

    assert ">1:15<" in first and ">11:15<" in later and ">1:15<" not in later


def test_nothing_of_callers_is_kept_when_nobody_looks(live: Callable[..., Browser]) -> None:
    desk = live()
    rows = a_live_call(*SPOKEN)
    call_id = rows[0].id if isinstance(rows[0], Call) else ""
    desk.add(*rows)

    assert call_id in str(events(desk)) and call_id in desk.get("/now").text

    gc.collect()
    assert not [
        each for each in gc.get_objects() if isinstance(each, LiveCall) and each.id == call_id
    ]


def test_a_browser_that_comes_back_is_told_what_it_missed_and_no_more(browser: Browser) -> None:
    browser.become(Role.OPERATOR)
    first, second = a_live_call(REPORTS), a_live_call(REPORTS)
    ids = [call.id for call in (first[0], second[0]) if isinstance(call, Call)]
    browser.add(*first)
    hub: Hub = browser.app.extensions[HUB]
    with hub.listening("another") as another:
        whole, _ = events(browser)
        browser.add(*second)
        with transaction(browser.engine) as session:
            ended = {"status": CallStatus.COMPLETED, "ended_at": NOON}
            session.execute(update(Call).where(Call.id == ids[0]).values(**ended))
        at = whole["id"]
        while (news := hub.news(another, at, 5.0)) and f"call-{ids[0]}" not in news.gone:
            at = news.position

        change, again = events(browser, after=whole["id"])
        strange, _ = events(browser, after="nonsense-7")
    after_all, _ = events(browser, after=change["id"])

    assert whole["event"] == strange["event"] == "state" and change["event"] == "change"
    assert again["event"] == "again" and again["id"] == change["id"]
    assert change["gone"] == [f"call-{ids[0]}"]
    put = [key for key, _ in change["put"]]
    assert f"call-{ids[1]}" in put and "services" not in put
    assert after_all["event"] == "state"  # nobody looked meanwhile: nothing was kept


def test_streams_are_bounded_and_one_persons_windows_are_too(live: Callable[..., Browser]) -> None:
    desk = live(streams=MOST_OF_ONE + 1)
    hub: Hub = desk.app.extensions[HUB]
    with ExitStack() as windows:
        own = [windows.enter_context(hub.listening("one")) for _ in range(MOST_OF_ONE + 1)]
        allowed = desk.get("/now/events")
        windows.enter_context(hub.listening("another"))
        full = desk.get("/now/events")

    assert [each.over.is_set() for each in own] == [True] + [False] * MOST_OF_ONE
    assert allowed.status_code == 200
    assert (full.status_code, full.text, full.headers["Retry-After"]) == (503, "full", "10")
    assert not hub.open


def test_a_window_that_a_newer_one_takes_the_place_of_is_told(
    live: Callable[..., Browser],
) -> None:
    hub: Hub = live().app.extensions[HUB]
    with ExitStack() as windows:
        oldest, *_ = [windows.enter_context(hub.listening("one")) for _ in range(MOST_OF_ONE)]
        stream = Stream(hub, lambda news: [], lambda: True, 60.0, 60.0, lambda: NOON)
        told = stream.events(oldest, ExitStack(), None)
        next(told), next(told)

        windows.enter_context(hub.listening("one"))

        assert "event: displaced" in "".join(told)


def test_a_stream_ends_soon_after_its_visit_does(live: Callable[..., Browser]) -> None:
    desk = live(stream_s=60.0, check_s=0.1)
    answer = desk.client.get("/now/events", buffered=False)
    lines = answer.iter_encoded()
    next(lines), next(lines)

    desk.post("/sign-out")

    assert b"event: over" in b"".join(lines)
    answer.close()


def test_a_server_that_ends_sends_everybody_away_at_once(live: Callable[..., Browser]) -> None:
    desk = live(stream_s=60.0)
    answer = desk.client.get("/now/events", buffered=False)
    lines = answer.iter_encoded()
    next(lines), next(lines)

    desk.app.extensions[HUB].close()

    assert b"event: again" in b"".join(lines)
    answer.close()


def test_a_board_forgets_old_changes_but_never_lies_about_them() -> None:
    board = Board()
    board.put({"a": 1, "b": 1})
    first = board.position
    assert not board.put({"a": 1, "b": 1})
    for number in range(1200):
        board.put({"a": 1, f"call-{number}": 1})

    news = board.since(first)

    assert news.whole and [part.key for part in news.put] == ["a", "call-1199"]
    assert board.since(board.position).put == []


def test_a_screen_on_the_wall_stays_for_months_and_opens_nothing_else(browser: Browser) -> None:
    browser.become(Role.SUPERVISOR)
    assert browser.post("/wall/keep", "/wall", keep="wall").location == "/wall"

    browser.now += WALL_LIFETIME - timedelta(hours=1)

    assert browser.get("/wall").status_code == 200
    assert "/wall/keep" not in browser.get("/wall").text
    assert events(browser, "/wall/events")[0]["event"] == "state"
    for path in ("/now", "/now/events", "/reports", "/account", "/"):
        assert browser.get(path).location == "/wall", path
    cookie = browser.client.get_cookie(COOKIE)
    assert cookie is not None
    with browser.app.test_request_context(headers={"Cookie": f"{COOKIE}={cookie.value}"}):
        assert visitor(browser.engine, browser.now) is None  # the API knows it not
    browser.now += timedelta(hours=2)
    assert (browser.get("/wall").location or "").startswith("/sign-in")


def test_a_screen_hung_on_the_wall_sees_no_more_of_anybody_in_windows_open_before(
    live: Callable[..., Browser],
) -> None:
    desk = live(stream_s=2.0, check_s=0.1)
    answer = desk.client.get("/now/events", buffered=False)
    lines = answer.iter_encoded()
    next(lines), next(lines)

    desk.post("/wall/keep", "/wall", keep="wall")

    assert b"event: over" in b"".join(lines)
    answer.close()


def test_a_screen_on_the_wall_is_taken_down_by_whoever_hung_it(browser: Browser) -> None:
    browser.add(a_user(email="lan@example.vn", role=Role.SUPERVISOR))
    desk = browser.other()
    for each in (browser, desk):
        each.sign_in("lan@example.vn")
    browser.post("/wall/keep", "/wall", keep="wall")
    page = desk.get("/account").text
    (line,) = [part for part in page.split("<tr>") if "(bảng lớn)" in part]
    (address,) = re.findall(r'action="([^"]+)"', line)

    desk.post(address)

    assert (browser.get("/wall").location or "").startswith("/sign-in")
    assert desk.get("/account").status_code == 200


def test_every_step_of_the_conversation_has_a_name_for_who_watches() -> None:
    silent = {"file_report"}

    assert {f"step_{key}" for key in STAGES.keys() - silent} <= steps.WORDING.keys()


def test_whatever_is_told_by_its_value_has_its_words() -> None:
    named = {f"live_standing_{each}" for each in Standing} | {f"live_did_{each}" for each in Did}
    named |= {f"live_agent_{each}" for each in AgentState} | {f"live_health_{e}" for e in Health}

    assert named <= WORDING.keys()
