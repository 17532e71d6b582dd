"""SMS over SMPP to a real SMSC, a process of its own on the loopback."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from notifications.errors import OutcomeUnknown, TryLater
from notifications.models import PartState
from notifications.parts import in_parts
from notifications.providers.provider import Outgoing
from notifications.providers.smpp import SmppProvider
from notifications.providers.smpp_link import SmscAccount
from notifications.providers.smpp_parts import Delivered
from notifications.providers.smpp_receipts import is_receipt, read_receipt
from notifications.receipts import Receipt
from tests.asterisk.running import free_ports
from tests.notifications.outboxes import until
from tests.notifications.smsc import running_smsc, start, taken

LONG = "Đã nhận phản ánh của quý vị. " * 6


class Told:
    """What the provider was told by the SMSC."""

    def __init__(self) -> None:
        self.receipts: list[Receipt] = []
        self.incoming: list[Delivered] = []

    def take(self, delivered: Delivered) -> None:
        if not is_receipt(delivered.esm_class):
            self.incoming.append(delivered)
            return
        receipt = read_receipt(
            "smpp", delivered.content, delivered.receipted_id, delivered.message_state
        )
        assert receipt is not None
        self.receipts.append(receipt)

    def close(self) -> None:
        pass


@contextmanager
def bound(port: int, **given: Any) -> Iterator[tuple[SmppProvider, Told]]:
    told = Told()
    long = given.pop("long", "udh")
    within_s = given.pop("bound_within_s", 5.0)
    account = SmscAccount("127.0.0.1", port, "hotline", "secret", **given)
    provider = SmppProvider(account, "19009120", told, long, within_s)
    try:
        yield provider, told
    finally:
        provider.close()


def outgoing(text: str, number: str = "+84912345678") -> Outgoing:
    return Outgoing("0" * 28 + "abcd", "test", number, text, in_parts(text))


@pytest.mark.slow
@pytest.mark.parametrize("option", ["plain", "with parameters"])
def test_parts_go_out_and_their_receipts_come_back(tmp_path: Path, option: str) -> None:
    (port,) = free_ports(1)
    with running_smsc(tmp_path, port, option), bound(port) as (provider, told):
        ids = provider.send(outgoing(LONG))
        short = provider.send(outgoing("Ma 482-173-905"))
        until(lambda: len(told.receipts) == len(ids) + 1)

    parts = taken(tmp_path)
    assert [part["id"] for part in parts] == [*ids, *short]
    assert "".join(part["text"] for part in parts[:-1]) == LONG
    assert [(p["reference"], p["total"], p["number"]) for p in parts[:-1]] == [
        (0xCD, len(ids), number) for number in range(1, len(ids) + 1)
    ]
    assert {part["to"] for part in parts} == {"84912345678"}
    assert (parts[-1]["coding"], parts[-1]["receipt"], parts[-1]["from"]) == (0, 1, "19009120")
    assert {(each.provider_id, each.state) for each in told.receipts} == {
        (each, PartState.DELIVERED) for each in (*ids, *short)
    }


@pytest.mark.slow
def test_a_text_that_the_smsc_cuts_goes_whole(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    with running_smsc(tmp_path, port), bound(port, long="payload") as (provider, _):
        [_] = provider.send(outgoing(LONG))

    [part] = taken(tmp_path)
    assert part["tlvs"]["0x0424"] == LONG.encode("utf-16-be").hex()


@pytest.mark.slow
def test_too_much_at_once_is_tried_later_and_the_rest_of_a_text_at_once(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    with running_smsc(tmp_path, port, "throttles=3"), bound(port) as (provider, _):
        ids = provider.send(outgoing(LONG))  # the third part is refused, and handed over again
        with pytest.raises(TryLater) as caught:
            for _ in range(3):
                provider.send(outgoing("kurz"))

    assert len(ids) == 3 and (caught.value.code, caught.value.after_s) == ("0x58", 1.0)
    assert "".join(part["text"] for part in taken(tmp_path)[:3]) == LONG


@pytest.mark.slow
def test_an_smsc_that_takes_and_says_nothing_leaves_the_outcome_open(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    with (
        running_smsc(tmp_path, port, "quiet"),
        bound(port, answer_s=0.5) as (provider, _),
        pytest.raises(OutcomeUnknown),
    ):
        provider.send(outgoing("hallo"))

    assert len(taken(tmp_path)) == 1


@pytest.mark.slow
def test_the_connection_comes_back_by_itself(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    with start(tmp_path, port) as first, bound(port) as (provider, told):
        provider.send(outgoing("eins"))
        until(lambda: len(told.receipts) == 1)
        first.kill()
        first.wait()
        with pytest.raises((TryLater, OutcomeUnknown)):
            end = time.monotonic() + 3
            while time.monotonic() < end:
                provider.send(outgoing("zwei"))
        with running_smsc(tmp_path, port):
            assert provider._link.wait_bound(10)
            provider.send(outgoing("drei"))
            until(lambda: len(told.receipts) >= 2)

    texts = [part["text"] for part in taken(tmp_path)]
    assert (texts[0], texts[-1]) == ("eins", "drei")


def test_without_an_smsc_nothing_was_sent() -> None:
    with (
        bound(free_ports(1)[0], bound_within_s=0.2) as (provider, _),
        pytest.raises(TryLater) as caught,
    ):
        provider.send(outgoing("hallo"))

    assert caught.value.code == "not_bound"
