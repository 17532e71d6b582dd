"""Telephones in the browser, as the settings and the visits have them."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from accounts.visits import begin_visit, end_visits
from console.phone.phones import Phones
from hotline.phones import close_left_seats, reload_wholly
from ivr.errors import AsteriskAway
from ivr.seats import Seats, seat_of
from ivr.switchboard import Switchboard
from storage.database import transaction
from tests.builders import NOON, a_user
from tests.ivr.asked_manager import asked_manager


def test_a_telephone_is_closed_soon_after_its_user_has_signed_out(
    engine: Engine, tmp_path: Path
) -> None:
    users = [a_user(email=f"{name}@example.vn") for name in ("here", "left", "disabled")]
    here, left, disabled = ids = [user.id for user in users]
    with transaction(engine) as session:
        session.add_all(users)
        users[2].disabled_at = NOON
    with transaction(engine) as session:
        for each in ids:
            begin_visit(session, each, "a browser", NOON)
        end_visits(session, left, left, NOON)
    with asked_manager() as asterisk:
        phones = Phones(
            Seats(tmp_path / "seats", lambda: None), Switchboard(asterisk.manager), port=8088
        )
        for each in ids:
            phones.seats.open(each)

        closed = close_left_seats(phones, engine, NOON + timedelta(minutes=1))

    assert closed == 2 and phones.seats.users() == [here]
    assert disabled not in phones.seats.users()


def test_who_has_left_is_rung_no_more_although_asterisk_does_not_read_that_the_seat_is_gone(
    engine: Engine, tmp_path: Path
) -> None:
    user = a_user()
    left, interface = user.id, f"PJSIP/{seat_of(user.id)}"
    with transaction(engine) as session:
        session.add(user)

    def busy() -> None:
        raise AsteriskAway("another reload goes on")

    in_the_queue = f"QueueMember\r\nLocation: {interface}\r\nMembership: dynamic\r\nStatus: 1"
    with asked_manager(lambda asked: [in_the_queue]) as asterisk:
        folder = tmp_path / "seats"
        Seats(folder, lambda: None).open(left)
        phones = Phones(Seats(folder, busy), Switchboard(asterisk.manager), port=8088)

        assert close_left_seats(phones, engine, NOON) == 1

    assert not phones.seats.users()
    (order,) = asterisk.orders()
    assert (order["Action"], order["Interface"]) == ("QueueRemove", interface)


def test_a_reload_that_waits_for_another_is_asked_for_again() -> None:
    busy = "A module reload request is already in progress; please be patient\n"
    says = iter([busy, busy, "Module 'res_pjsip.so' reloaded successfully.\n"])

    reload_wholly(lambda order: next(says))

    assert next(says, None) is None
    with pytest.raises(AsteriskAway, match="already in progress"):
        reload_wholly(lambda order: busy, patience_s=0.05)


@pytest.mark.parametrize(
    ("page", "own_certificate", "address"),
    [
        ("http://127.0.0.1:8000/phone", False, "ws://127.0.0.1:8088/ws"),
        ("http://hotline.example.vn/phone", False, "wss://hotline.example.vn/phone/ws"),
        ("https://hotline.example.vn:8443/phone", False, "wss://hotline.example.vn:8443/phone/ws"),
        ("https://hotline.example.vn:8443/phone", True, "wss://hotline.example.vn:8088/ws"),
    ],
)
def test_a_page_finds_the_switchboard_where_it_was_loaded_from(
    tmp_path: Path, page: str, own_certificate: bool, address: str
) -> None:
    with asked_manager() as asterisk:
        phones = Phones(
            Seats(tmp_path, lambda: None),
            Switchboard(asterisk.manager),
            port=8088,
            own_certificate=own_certificate,
            ice=("stun:stun.example.vn:3478", "turn:turn.example.vn:3478"),
            turn_secret="shared",
        )

    assert phones.address_for(page) == address
    stun, turn = phones.ice_servers("seat-1", NOON)
    assert "credential" not in stun
    assert turn["username"].endswith(":seat-1") and len(turn["credential"]) == 28
