"""The hotline rings somebody: through a call file, over the trunk, once."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from hotline.telephony.installation import Installation
from ivr.drivers.call_files import CallFiles, tell_unreached
from tests.asterisk.carrier import Answer, Carrier
from tests.asterisk.fake_agi import FakeAgi
from tests.asterisk.running import RunningAsterisk, running_asterisk, until

pytestmark = pytest.mark.asterisk

NUMBER = "0912345678"


@pytest.fixture(scope="module")
def trunked(
    installation: Installation, carrier: Carrier, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningAsterisk]:
    with running_asterisk(
        installation,
        tmp_path_factory.mktemp("outgoing"),
        agi_servers=1,
        trunk_addresses=("127.0.0.1",),
        trunk_server=carrier.address,
    ) as asterisk:
        yield asterisk


@pytest.fixture
def files(trunked: RunningAsterisk, carrier: Carrier) -> Iterator[CallFiles]:
    carrier.invited.clear()
    carrier.answer = "answers"
    yield CallFiles(
        spool=trunked.telephony.spool,
        placed=trunked.data / "spool" / "placed",
        trunk_server=carrier.address,
        hotline_number="19009120",
    )
    trunked.hang_up()
    until(lambda: not trunked.channels())


def test_who_answers_is_in_a_call_that_knows_what_it_is_for(
    trunked: RunningAsterisk, carrier: Carrier, files: CallFiles
) -> None:
    with FakeAgi(trunked.agi_port, lambda visit: visit.done()) as server:
        assert files.ring("c0ffee-1", NUMBER)
        until(lambda: server.visits)

    (visit,) = server.visits
    assert visit.environment["agi_arg_1"] == "c0ffee-1"
    assert visit.environment["agi_callerid"] == NUMBER
    assert visit.environment["agi_extension"] == "19009120"
    assert carrier.numbers == [NUMBER]
    assert "sip:19009120@" in carrier.invited[0].split("From:")[1].split("\r\n")[0]
    assert list((trunked.telephony.spool / "outgoing").iterdir()) == []


def test_ringing_twice_for_one_purpose_rings_once(
    trunked: RunningAsterisk, carrier: Carrier, files: CallFiles
) -> None:
    with FakeAgi(trunked.agi_port, lambda visit: visit.done()) as server:
        assert files.ring("twice-1", NUMBER)
        assert not files.ring("twice-1", NUMBER)
        until(lambda: server.visits)
        assert not files.ring("twice-1", NUMBER)
        until(lambda: not trunked.channels())

    assert len(carrier.numbers) == 1


@pytest.mark.parametrize(
    # Of an engaged line Asterisk only says that it was not answered.
    ("answer", "outcome"),
    [("busy", "failed"), ("refuses", "failed"), ("rings", "no_answer")],
)
def test_a_call_that_nobody_takes_is_told(
    trunked: RunningAsterisk, carrier: Carrier, files: CallFiles, answer: Answer, outcome: str
) -> None:
    carrier.answer = answer
    told: list[tuple[str, str]] = []

    replace(files, ring_s=1).ring(f"told-{answer}", NUMBER)
    unreached = trunked.telephony.unreached
    until(lambda: tell_unreached(unreached, lambda *note: told.append(note)))

    assert told == [(f"told-{answer}", outcome)]
    assert list(unreached.iterdir()) == []
