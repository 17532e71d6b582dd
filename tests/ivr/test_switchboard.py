"""Orders to Asterisk, as it gets them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.ami import Manager
from ivr.errors import AmiRefused, AsteriskAway, BadSeat, NoSuchTalk, NotFree
from ivr.queue_members import Duty
from ivr.seats import Seats, seat_of, user_of
from ivr.switchboard import Ear, Switchboard
from tests.ivr.asked_manager import AskedManager, Block, asked_manager

USER, COLLEAGUE = "ab" * 16, "cd" * 16
MINE, THEIRS = f"PJSIP/seat-{USER}", f"PJSIP/seat-{COLLEAGUE}"
MEMBER = (
    "QueueMember\r\nLocation: {}\r\nMembership: {}\r\nPaused: {}\r\nPausedReason: {}\r\nStatus: 1"
)
TALK = (
    f"Status\r\nChannel: {MINE}-0000002a\r\nChannelStateDesc: Up\r\nSeconds: 7\r\n"
    "Variable: HOTLINE_CALL=0123abcd\r\nVariable: HOTLINE_CALLER=PJSIP/trunk-00000029\r\n"
    "Variable: HOTLINE_REPORT=(null)"
)
CALLER = (
    "Status\r\nChannel: PJSIP/trunk-00000029\r\nChannelStateDesc: Up\r\n"
    "Variable: HOTLINE_CALL=0123abcd\r\nVariable: HOTLINE_CALLER=(null)"
)


def telling(asked: Block) -> list[str]:
    """One operator is ready and talks, a telephone on a desk is paused."""
    if asked["Action"] == "Status":
        return [CALLER, TALK]
    return [
        "QueueParams\r\nQueue: hotline",
        MEMBER.format(MINE, "dynamic", 0, ""),
        MEMBER.format("PJSIP/101", "static", 1, "paused"),
    ]


@pytest.fixture
def asterisk() -> Iterator[AskedManager]:
    with asked_manager(telling) as made:
        yield made


@pytest.fixture
def switchboard(asterisk: AskedManager) -> Switchboard:
    return Switchboard(asterisk.manager)


def test_a_look_tells_duty_talk_and_who_is_there(switchboard: Switchboard) -> None:
    seen = switchboard.look(MINE)

    assert seen.duty is Duty.READY
    assert seen.talk is not None
    assert (seen.talk.call_id, seen.talk.caller) == ("0123abcd", "PJSIP/trunk-00000029")
    assert (seen.talk.user_id, seen.talk.report, seen.talk.answered) == (USER, "", True)
    assert seen.present == [MINE, "PJSIP/101"]
    assert len(seen.talks) == 1, "the caller's own channel is no telephone of ours"


def test_who_is_not_in_the_queue_is_added_and_who_is_only_changes(
    switchboard: Switchboard, asterisk: AskedManager
) -> None:
    switchboard.set_duty(THEIRS, COLLEAGUE, Duty.READY)
    switchboard.set_duty(MINE, USER, Duty.AFTER_CALL)

    actions = [(each["Action"], each.get("Paused")) for each in asterisk.orders()]
    assert actions == [("QueueAdd", "false"), ("QueuePause", "false"), ("QueuePause", "true")]
    assert asterisk.orders()[-1]["Reason"] == "after_call:0123abcd:"


def test_a_telephone_on_a_desk_leaves_by_pausing(
    switchboard: Switchboard, asterisk: AskedManager
) -> None:
    switchboard.set_duty(MINE, USER, Duty.AWAY)
    switchboard.set_duty("PJSIP/101", USER, Duty.AWAY)

    assert [each["Action"] for each in asterisk.orders()] == ["QueueRemove", "QueuePause"]
    assert asterisk.orders()[-1]["Reason"] == "away"


def test_the_caller_is_handed_on_and_not_the_operator(
    switchboard: Switchboard, asterisk: AskedManager
) -> None:
    switchboard.hand_on(MINE, "PJSIP/101")

    to, redirect = asterisk.orders()
    assert (to["Channel"], to["Value"]) == ("PJSIP/trunk-00000029", "101")
    assert (redirect["Channel"], redirect["Context"]) == ("PJSIP/trunk-00000029", "hotline-hand-on")


def test_what_is_lost_ends_by_another_cause_than_a_hangup(
    switchboard: Switchboard, asterisk: AskedManager
) -> None:
    assert switchboard.drop_lost(MINE)
    switchboard.hang_up(MINE)

    assert [each["Cause"] for each in asterisk.orders()] == ["27", "16"]
    with pytest.raises(NoSuchTalk):
        switchboard.hang_up(THEIRS)


def test_nobody_is_led_to_a_telephone_that_is_not_there(
    switchboard: Switchboard, asterisk: AskedManager
) -> None:
    asterisk.state = lambda telephone: "UNAVAILABLE"
    (talk,) = switchboard.look(MINE).talks

    for order in (
        lambda: switchboard.hand_on(MINE, THEIRS),
        lambda: switchboard.take_over(MINE, THEIRS),
        lambda: switchboard.listen(THEIRS, talk, Ear.LISTEN),
    ):
        with pytest.raises(NotFree):
            order()

    assert asterisk.orders() == []


def test_who_listens_and_takes_over_is_free_before_the_caller_is_led_to_them() -> None:
    states = iter(["INUSE", "INUSE", "INUSE", "NOT_INUSE"])

    def listened_to(asked: Block) -> list[str]:
        spy = (
            f"Status\r\nChannel: {THEIRS}-00000031\r\nChannelStateDesc: Up\r\n"
            f"Variable: HOTLINE_SPIED={MINE}-0000002a"
        )
        return [*telling(asked), spy]

    with asked_manager(listened_to) as asterisk:
        asterisk.state = lambda telephone: next(states)
        Switchboard(asterisk.manager).take_over(MINE, THEIRS)

        ended, to, led = asterisk.orders()
        assert (ended["Action"], ended["Channel"]) == ("Hangup", f"{THEIRS}-00000031")
        assert (to["Value"], led["Action"]) == (THEIRS.removeprefix("PJSIP/"), "Redirect")
        assert next(states, None) is None, "it was asked until the telephone was free"


def test_who_is_in_a_talk_of_their_own_takes_none_over(
    switchboard: Switchboard, asterisk: AskedManager
) -> None:
    asterisk.state = lambda telephone: "INUSE"

    with pytest.raises(NotFree):
        switchboard.take_over(MINE, THEIRS)

    assert asterisk.orders() == []


def test_a_talk_is_told_until_its_operator_is_ready_again() -> None:
    def after(asked: Block) -> list[str]:
        reason = "after_call:0123abcd:482173908"
        return [] if asked["Action"] == "Status" else [MEMBER.format(MINE, "dynamic", 1, reason)]

    with asked_manager(after) as asterisk:
        switchboard = Switchboard(asterisk.manager)
        seen = switchboard.look(MINE)
        switchboard.set_duty(MINE, USER, Duty.PAUSED)
        switchboard.set_duty(MINE, USER, Duty.READY)

        assert (seen.duty, seen.last_call) == (Duty.AFTER_CALL, "0123abcd")
        assert seen.last_report == "482173908"
        kept = [each.get("Reason", "") for each in asterisk.orders()]
        assert kept == ["paused:0123abcd:482173908", ""]


@pytest.mark.parametrize(("announced", "rung"), [(True, "1"), (False, "0")])
def test_a_talk_that_is_listened_to_hears_a_tone_where_that_is_set(
    asterisk: AskedManager, announced: bool, rung: str
) -> None:
    switchboard = Switchboard(asterisk.manager, announced=announced)
    (talk,) = switchboard.look(MINE).talks

    switchboard.listen(THEIRS, talk, Ear.WHISPER)

    (order,) = asterisk.orders()
    assert order["Variable"].splitlines() == [
        f"HOTLINE_SPIED={MINE}-0000002a",
        "HOTLINE_SPY_OPTIONS=qSEw",
        f"HOTLINE_ANNOUNCED={rung}",
    ]


def test_numbers_and_values_cannot_smuggle_orders_in(asterisk: AskedManager) -> None:
    switchboard = Switchboard(asterisk.manager, "192.0.2.1:5060")

    with pytest.raises(AmiRefused):
        switchboard.ring_out(MINE, "0912\r\nAction: Hangup", "482173908")
    with pytest.raises(AmiRefused):
        switchboard.ring_out(MINE, "0912\nACTION=1", "482173908")

    assert asterisk.orders() == []


def test_nobody_rings_out_where_there_is_no_line_out(switchboard: Switchboard) -> None:
    with pytest.raises(AmiRefused):
        switchboard.ring_out(MINE, "0912345678", "482173908")


def test_a_manager_that_refuses_or_is_away_is_told_apart(asterisk: AskedManager) -> None:
    asterisk.refuses = {"QueuePause"}

    with pytest.raises(AmiRefused, match="no"):
        Switchboard(asterisk.manager).set_duty(MINE, USER, Duty.PAUSED)
    with pytest.raises(AsteriskAway):
        Switchboard(Manager("127.0.0.1:1", "x")).look(MINE)
    with pytest.raises(AmiRefused):
        Switchboard(Manager(asterisk.address, "wrong")).look(MINE)


def test_a_seat_is_a_private_file_with_a_new_password_each_time(tmp_path: Path) -> None:
    reloads: list[int] = []
    seats = Seats(tmp_path / "seats", lambda: reloads.append(1))

    first, second = seats.open(USER), seats.open(USER)

    (path,) = (tmp_path / "seats").iterdir()
    assert path.name == f"seat-{USER}.conf" and path.stat().st_mode & 0o777 == 0o600
    assert first.password != second.password and second.password in path.read_text()
    assert len(reloads) == 2
    assert seats.opened_elsewhere(USER, first.opening)
    assert not seats.opened_elsewhere(USER, second.opening)
    seats.close(USER)
    assert not path.exists() and len(reloads) == 3
    assert not seats.opened_elsewhere(USER, first.opening), "forgotten is not taken"


def test_only_ids_are_names_of_seats() -> None:
    assert user_of(f"PJSIP/{seat_of(USER)}") == USER
    assert user_of("PJSIP/101") is None
    for name in ("../x", "ab", "AB" * 8, "ab" * 8 + "\n[global]"):
        with pytest.raises(BadSeat):
            seat_of(name)
