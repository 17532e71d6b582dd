"""Strangers get nothing from the SIP port: no call in, no call out, no registration, no hint."""

import re
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from hotline.telephony.installation import Installation
from tests.asterisk.fake_agi import FakeAgi, Visit
from tests.asterisk.forged_sip import NAMES, Answers, Attempt, attempts, options, send
from tests.asterisk.running import RunningAsterisk, running_asterisk, until

pytestmark = pytest.mark.asterisk

CARRIER = "127.0.0.2"
ACCEPTED = 200


def finishes(visit: Visit) -> None:
    visit.done()


def calls_so_far(asterisk: RunningAsterisk) -> int:
    found = re.search(r"(\d+) calls? processed", asterisk.rx("core show channels"))
    assert found
    return int(found[1])


def try_once(
    asterisk: RunningAsterisk,
    attempt: Attempt,
    bound_to: str = "127.0.0.1",
    while_up: Callable[[], object] = lambda: None,
) -> Answers:
    return send(("127.0.0.1", asterisk.sip_port), attempt, bound_to, while_up)


def local_phone(
    asterisk: RunningAsterisk, to: str = "19009120", sender: str = "0912345678"
) -> Attempt:
    return Attempt("the local phone", to=to, sender=sender, login="phone", password=asterisk.secret)


def reached(software: FakeAgi) -> Callable[[], object]:
    """Waits until a call has come through to the software."""
    return lambda: until(lambda: software.visits)


def without_ids(answers: Answers) -> str:
    """The answers with everything that differs between any two requests taken out."""
    text = "\n".join(answers.texts)
    for name in ("Via", "Call-ID", "From", "To"):
        text = re.sub(rf"^{name}: .*$", name, text, flags=re.MULTILINE)
    return re.sub(r'(nonce|opaque)="[^"]*"', r"\1", text)


def test_every_forged_attempt_is_refused_and_makes_no_call(asterisk: RunningAsterisk) -> None:
    before = calls_so_far(asterisk)
    tried = [*attempts(), *options()]
    assert len(tried) >= 43

    with FakeAgi(asterisk.agi_port, finishes) as software:
        accepted = [one.name for one in tried if try_once(asterisk, one).accepted]

        assert accepted == []
        assert calls_so_far(asterisk) == before
        assert asterisk.channels() == []
        assert software.visits == []

        # The flood and the nonsense left it able to serve.
        answers = try_once(asterisk, local_phone(asterisk), while_up=reached(software))
        assert answers.final == ACCEPTED


def test_a_stranger_cannot_tell_known_names_from_unknown_ones(asterisk: RunningAsterisk) -> None:
    for method in ("INVITE", "REGISTER", "OPTIONS"):
        for with_login in (False, True):
            answers = {
                without_ids(
                    try_once(
                        asterisk,
                        Attempt(
                            name,
                            method,
                            to=name if method == "REGISTER" else "19009120",
                            sender=name,
                            login=name if with_login else None,
                            password="wrong",
                        ),
                    )
                )
                for name in NAMES
            }

            assert len(answers) == 1, answers
            assert "401 Unauthorized" in answers.pop()


def test_an_answer_names_neither_the_program_nor_its_version(asterisk: RunningAsterisk) -> None:
    refused = try_once(asterisk, Attempt("stranger", "OPTIONS", body=""))
    accepted = try_once(asterisk, local_phone(asterisk))

    assert accepted.final == ACCEPTED
    for text in refused.texts + accepted.texts:
        assert "asterisk" not in text.lower()
        assert asterisk.installation.version not in text


def test_nobody_can_register_even_with_the_phones_secret(asterisk: RunningAsterisk) -> None:
    right = Attempt(
        "REGISTER", "REGISTER", to="phone", sender="phone", login="phone",
        password=asterisk.secret, body="",
    )  # fmt: skip

    assert not try_once(asterisk, right).accepted


def test_the_local_phone_calls_from_any_number(asterisk: RunningAsterisk) -> None:
    with FakeAgi(asterisk.agi_port, finishes) as software:
        phone = local_phone(asterisk, sender="0987654321")
        answers = try_once(asterisk, phone, while_up=reached(software))

    assert answers.final == ACCEPTED
    assert software.visits[0].environment["agi_callerid"] == "0987654321"
    assert software.visits[0].environment["agi_extension"] == "19009120"


@pytest.mark.parametrize("number", ["113", "0084912345678", "+12025550123", "0912345678"])
def test_even_a_known_phone_reaches_only_the_hotline(
    asterisk: RunningAsterisk, number: str
) -> None:
    most = 0

    def watches(visit: Visit) -> None:
        nonlocal most
        most = len(asterisk.channels())
        visit.done()

    with FakeAgi(asterisk.agi_port, watches) as software:
        phone = local_phone(asterisk, to=number)
        answers = try_once(asterisk, phone, while_up=reached(software))
        assert answers.final == ACCEPTED
        until(lambda: not asterisk.channels())

    assert most == 1, "a second channel would be a call out"


def test_no_callers_number_is_in_the_log(asterisk: RunningAsterisk) -> None:
    with FakeAgi(asterisk.agi_port, finishes) as software:
        phone = local_phone(asterisk, sender="0977123123")
        try_once(asterisk, phone, while_up=reached(software))
    try_once(asterisk, Attempt("stranger", sender="0977123123"))

    assert "0977123123" not in asterisk.log.read_text()


def test_a_carrier_is_known_by_its_address_and_by_nothing_else(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = tmp_path_factory.mktemp("trunk")
    with running_asterisk(installation, data, trunk_addresses=(CARRIER,)) as asterisk:
        with FakeAgi(asterisk.agi_port, finishes) as software:
            pretender = Attempt("From says trunk", sender="trunk")
            assert try_once(asterisk, pretender).final == 401
            with_login = Attempt("login says trunk", sender="trunk", login="trunk", password="x")
            assert try_once(asterisk, with_login).final == 401
            assert [one.name for one in attempts() if try_once(asterisk, one).accepted] == []
            assert software.visits == []

            carrier = Attempt(
                "carrier",
                sender="0911111111",
                headers=("P-Asserted-Identity: <sip:+84922222222@127.0.0.2>",),
            )
            answers = try_once(asterisk, carrier, CARRIER, reached(software))
            assert answers.final == ACCEPTED

        environment = software.visits[0].environment
        assert environment["agi_context"] == "hotline-call"
        assert environment["agi_callerid"] == "+84922222222"


def test_these_attempts_do_find_a_weak_configuration(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> None:
    def believe_names(etc: Path) -> None:
        path = etc / "pjsip_trunk.conf"
        path.write_text(path.read_text().replace("identify_by = ip", "identify_by = username,ip"))
        path = etc / "pjsip.conf"
        path.write_text(path.read_text().replace("ip,auth_username", "ip,username,auth_username"))

    data = tmp_path_factory.mktemp("weak")
    with running_asterisk(
        installation, data, trunk_addresses=(CARRIER,), weaken=believe_names
    ) as asterisk:
        accepted = [one.name for one in attempts() if try_once(asterisk, one).accepted]

    assert "INVITE as trunk" in accepted


def test_an_address_that_is_not_allowed_is_refused_alike_for_every_name(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = own_address()
    data = tmp_path_factory.mktemp("outside")
    with running_asterisk(
        installation, data, sip_host="0.0.0.0", trunk_addresses=(CARRIER,)
    ) as asterisk:
        target = (outside, asterisk.sip_port)
        names = [Attempt(name, sender=name, login=name, password="x") for name in NAMES]
        right = Attempt("right", login="phone", password=asterisk.secret)

        answers = {without_ids(send(target, one, outside)) for one in [*names, right]}

    assert len(answers) == 1
    assert "403 Forbidden" in answers.pop()


def own_address() -> str:
    """An address of this machine other than the loopback's; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no address but the loopback's")
        return str(probe.getsockname()[0])
