"""Callers are connected to the province's emergency numbers, to no others, and come back."""

from collections.abc import Iterator

import pytest

from hotline.telephony.installation import Installation
from tests.asterisk.carrier import Answer, Carrier
from tests.asterisk.fake_agi import FakeAgi, Visit
from tests.asterisk.running import RunningAsterisk, running_asterisk, until

pytestmark = pytest.mark.asterisk


@pytest.fixture(scope="module")
def trunked(
    installation: Installation, carrier: Carrier, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningAsterisk]:
    with running_asterisk(
        installation,
        tmp_path_factory.mktemp("emergency"),
        agi_servers=1,
        trunk_addresses=("127.0.0.1",),
        trunk_server=carrier.address,
        emergency_numbers=("113", "115"),
    ) as asterisk:
        yield asterisk


class DialsOnce:
    """Has the dialplan dial `number`, and keeps what it came back with."""

    def __init__(self, number: str, limit_s: int = 60) -> None:
        self.outcomes: list[str] = []
        self._number = number
        self._limit_s = limit_s

    def __call__(self, visit: Visit) -> None:
        if told := visit.environment["agi_arg_2"]:
            self.outcomes.append(told)
            visit.done()
            return
        visit.command("SET VARIABLE HOTLINE_AT 7")
        visit.command(f'SET VARIABLE HOTLINE_DIAL "{self._number}"')
        visit.command(f"SET VARIABLE HOTLINE_LIMIT_S {self._limit_s}")
        visit.command("SET VARIABLE HOTLINE_NEXT dial")


@pytest.fixture(autouse=True)
def fresh(carrier: Carrier, trunked: RunningAsterisk) -> Iterator[None]:
    carrier.invited.clear()
    carrier.ended.clear()
    carrier.answer = "answers"
    yield
    trunked.hang_up()
    until(lambda: not trunked.channels())
    for name in trunked.ended:
        (trunked.telephony.ended_calls / name).unlink()


def talking(trunked: RunningAsterisk) -> bool:
    """Whether the number that was dialled has answered and is joined to the caller."""
    called = [line.split("!") for line in trunked.channels() if line.startswith("PJSIP/")]
    return any(fields[4] == "Up" and fields[-2] for fields in called)


def test_a_caller_talks_to_an_emergency_number_and_comes_back(
    trunked: RunningAsterisk, carrier: Carrier
) -> None:
    dials = DialsOnce("115")
    with FakeAgi(trunked.agi_port, dials):
        trunked.call()
        until(lambda: talking(trunked))
        carrier.hang_up()
        until(lambda: dials.outcomes)

    assert carrier.numbers == ["115"]
    assert dials.outcomes[0].startswith("7:ANSWER:")
    assert "sip:19009120@" in carrier.invited[0].split("From:")[1].split("\r\n")[0]


def test_a_connection_ends_when_what_was_set_aside_is_used_up(
    trunked: RunningAsterisk, carrier: Carrier
) -> None:
    dials = DialsOnce("113", limit_s=1)
    with FakeAgi(trunked.agi_port, dials):
        trunked.call()
        until(lambda: dials.outcomes)

    assert dials.outcomes == ["7:ANSWER:1:"]
    until(carrier.ended.is_set)


@pytest.mark.parametrize(("answer", "told"), [("busy", "7:BUSY::"), ("refuses", "7:CONGESTION::")])
def test_a_call_that_is_not_taken_comes_back_with_the_reason(
    trunked: RunningAsterisk, carrier: Carrier, answer: Answer, told: str
) -> None:
    carrier.answer = answer
    dials = DialsOnce("113")
    with FakeAgi(trunked.agi_port, dials):
        trunked.call()
        until(lambda: dials.outcomes)

    assert dials.outcomes == [told]


@pytest.mark.parametrize("number", ["0912345678", "114", "1130", "", "113@elsewhere", "113&115"])
def test_no_other_number_is_dialled_whatever_the_software_says(
    trunked: RunningAsterisk, carrier: Carrier, number: str
) -> None:
    dials = DialsOnce(number)
    with FakeAgi(trunked.agi_port, dials):
        trunked.call()
        until(lambda: dials.outcomes)

    assert dials.outcomes == ["7:CHANUNAVAIL:0:"]
    assert carrier.invited == []


def test_who_hangs_up_after_the_talk_is_known_to_have_had_it(
    trunked: RunningAsterisk, carrier: Carrier
) -> None:
    with FakeAgi(trunked.agi_port, DialsOnce("113")):
        trunked.call()
        until(lambda: talking(trunked))
        trunked.hang_up()
        until(lambda: trunked.ended)

    (note,) = trunked.ended
    told = (trunked.telephony.ended_calls / note).read_text()
    assert told.startswith("7:ANSWER:")
