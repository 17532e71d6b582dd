"""With operators, a trunk that calls go out by and emergency dialling, strangers still get nothing.

What can be loaded is loaded here: registrar, Dial, Queue and call files.
"""

from collections.abc import Iterator
from functools import partial

import pytest

from hotline.telephony.installation import Installation
from hotline.telephony.kept_secrets import operator_secret
from tests.asterisk.carrier import Carrier
from tests.asterisk.fake_agi import FakeAgi, Visit
from tests.asterisk.forged_sip import NAMES, OUTSIDE, PASSWORDS, Attempt, attempts
from tests.asterisk.running import RunningAsterisk, running_asterisk, until
from tests.asterisk.test_forged_sip import calls_so_far, try_once, without_ids

pytestmark = pytest.mark.asterisk

CARRIER = "127.0.0.2"
OPERATOR = "101"


@pytest.fixture(scope="module")
def full(
    installation: Installation, carrier: Carrier, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningAsterisk]:
    with running_asterisk(
        installation,
        tmp_path_factory.mktemp("full"),
        agi_servers=1,
        trunk_addresses=(CARRIER,),
        trunk_server=carrier.address,
        emergency_numbers=("113", "114", "115"),
        operators=(OPERATOR, "102"),
    ) as asterisk:
        yield asterisk


def until_visited(software: FakeAgi, times: int) -> None:
    until(lambda: len(software.visits) == times)


def test_every_forged_attempt_is_refused_and_nothing_is_dialled(
    full: RunningAsterisk, carrier: Carrier
) -> None:
    before = calls_so_far(full)
    guesses = [
        Attempt(
            f"REGISTER as {OPERATOR} guessing {password!r}",
            "REGISTER", to=OPERATOR, sender=OPERATOR, login=OPERATOR, password=password, body="",
        )
        for password in (*PASSWORDS, OPERATOR)
    ]  # fmt: skip
    invites = [
        Attempt(f"INVITE {number} as {OPERATOR}", to=number, sender=OPERATOR, login=OPERATOR)
        for number in OUTSIDE
    ]

    accepted = [
        one.name for one in [*attempts(), *guesses, *invites] if try_once(full, one).accepted
    ]

    assert accepted == []
    assert calls_so_far(full) == before
    assert carrier.invited == []


def test_a_stranger_cannot_tell_an_operators_name_from_any_other(full: RunningAsterisk) -> None:
    for method in ("INVITE", "REGISTER"):
        answers = {
            without_ids(
                try_once(
                    full,
                    Attempt(
                        name,
                        method,
                        to=name if method == "REGISTER" else "19009120",
                        sender=name,
                        login=name,
                        password="wrong",
                    ),
                )
            )
            for name in (*NAMES, OPERATOR)
        }

        assert len(answers) == 1, answers


def test_an_operators_own_telephone_cannot_dial(full: RunningAsterisk, carrier: Carrier) -> None:
    secret = operator_secret(full.data, OPERATOR)

    for number in ("113", "0912345678", "19009120", "102", "s", "hotline"):
        own = Attempt(number, to=number, sender=OPERATOR, login=OPERATOR, password=secret)
        assert not try_once(full, own).accepted, number

    assert carrier.invited == []


def test_an_operator_can_register_as_nobody_else(full: RunningAsterisk) -> None:
    secret = operator_secret(full.data, OPERATOR)

    for name in ("102", "phone", "trunk"):
        # Asterisk takes it for the one whose secret was given, whatever name it wears.
        other = Attempt(
            f"REGISTER as {name}", "REGISTER", to=name, sender=name, login=OPERATOR,
            password=secret, body="",
        )  # fmt: skip
        try_once(full, other)

    contacts = full.rx("pjsip show contacts")
    assert "102/sip:" not in contacts and "phone/sip:" not in contacts
    assert "trunk/sip:" not in contacts


def test_what_the_carrier_lets_in_only_ever_reaches_our_software(
    full: RunningAsterisk, carrier: Carrier
) -> None:
    def finishes(visit: Visit) -> None:
        visit.done()

    with FakeAgi(full.agi_port, finishes) as software:
        for calls, number in enumerate(("113", "0912345678", "0084912345678"), start=1):
            arrives = Attempt(number, to=number, sender="trunk")
            try_once(full, arrives, CARRIER, partial(until_visited, software, calls))

    assert [visit.environment["agi_extension"] for visit in software.visits] == [
        "113", "0912345678", "0084912345678",
    ]  # fmt: skip
    assert carrier.invited == []
