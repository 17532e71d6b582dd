"""What goes into a submit_sm, and what comes out of a deliver_sm."""

import pytest

from notifications.models import PartState
from notifications.parts import in_parts
from notifications.providers.smpp_parts import Fragment, pdus, read_fragment
from notifications.providers.smpp_receipts import is_receipt, read_receipt

LONG = "Đường ngập nước. " * 8


def test_a_long_text_is_marked_as_the_smsc_wants_it() -> None:
    by_header = list(pdus(in_parts(LONG), 0x1234, "udh"))
    by_parameters = list(pdus(in_parts(LONG), 0x1234, "sar"))
    [whole] = pdus(in_parts(LONG), 0x1234, "payload")

    assert [pdu.short_message[:6].hex() for pdu in by_header] == [
        "050003340301",
        "050003340302",
        "050003340303",
    ]
    assert all(len(pdu.short_message) <= 140 and pdu.esm_class == 0x40 for pdu in by_header)
    assert [pdu.sar for pdu in by_parameters] == [(0x1234, 3, 1), (0x1234, 3, 2), (0x1234, 3, 3)]
    assert whole.payload == LONG.encode("utf-16-be") and whole.short_message == b""
    assert {pdu.data_coding for pdu in (*by_header, *by_parameters, whole)} == {8}


def test_a_short_text_needs_no_mark() -> None:
    [pdu] = pdus(in_parts("Da nhan @ 5€"), 1, "udh")

    assert (pdu.short_message, pdu.data_coding, pdu.esm_class) == (b"Da nhan \x00 5\x1be", 0, 0)


@pytest.mark.parametrize("text", ["Da nhan {5€}", LONG, "ភ្នំពេញ 🚨" * 9])
def test_what_went_in_comes_out(text: str) -> None:
    fragments = [
        read_fragment(pdu.short_message, pdu.data_coding, pdu.esm_class)
        for pdu in pdus(in_parts(text), 9, "udh")
    ]

    assert "".join(fragment.text for fragment in fragments) == text


@pytest.mark.parametrize(
    ("content", "coding", "esm_class", "found"),
    [
        (b"\x06\x08\x04\x01\x02\x03\x02abc", 0, 0x40, Fragment("abc", 0x0102, 3, 2)),
        (b"\xff\x00", 0, 0x40, Fragment("")),  # a header longer than all there is
        (b"\x05\x00\x03\x01", 0, 0x40, Fragment("")),
        (b"", 0, 0x40, Fragment("")),
        (b"\xe4\xff", 3, 0, Fragment("äÿ")),
        (b"\xc3", 8, 0, Fragment("\ufffd")),
        (b"\x1b", 0, 0, Fragment("")),
        (b"\x1b\x01\xff", 0, 0, Fragment(" \ufffd")),
    ],
)
def test_whatever_comes_is_read_as_far_as_it_goes(
    content: bytes, coding: int, esm_class: int, found: Fragment
) -> None:
    assert read_fragment(content, coding, esm_class) == found


@pytest.mark.parametrize(
    ("text", "parameter", "state", "expected"),
    [
        (b"id:7f sub:001 stat:DELIVRD err:000 text:", None, None, ("7f", "delivered", None)),
        (b"id:7f stat:UNDELIV err:012", None, None, ("7f", "failed", "UNDELIV 012")),
        (b"ID: 7f STAT:expired", None, None, ("7f", "failed", "EXPIRED")),
        (b"id:7f stat:ACCEPTD", None, None, ("7f", "accepted", None)),
        (b"", "7f", 2, ("7f", "delivered", None)),
        (b"id:other stat:UNDELIV", "7f", 2, ("7f", "delivered", None)),
        (b"id:7f", None, None, None),
        (b"stat:DELIVRD", None, None, None),
        (b"id:7f stat:WHATEVER", None, None, None),
        (b"\xff\x00 hello", None, 99, None),
    ],
)
def test_receipts_are_read_in_either_form(
    text: bytes, parameter: str | None, state: int | None, expected: tuple[str, str, str] | None
) -> None:
    found = read_receipt("smpp", text, parameter, state)

    told = (found.provider_id, found.state, found.reason) if found else None
    assert told == (
        None if expected is None else (expected[0], PartState(expected[1]), expected[2])
    )


def test_a_receipt_is_told_from_somebodys_sms() -> None:
    assert is_receipt(0x04) and is_receipt(0x44)
    assert not is_receipt(0x00) and not is_receipt(0x40)
    assert not is_receipt(0x20)  # an intermediate notification
