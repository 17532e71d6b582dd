"""How an SMS of several parts is put into submit_sm, and how one comes out of deliver_sm.

Three customs: a header in each part (`udh`), parameters beside it (`sar`), or all in one parameter
that the SMSC cuts itself (`payload`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from notifications.parts import ESCAPE, EXTENSION, GSM7, Encoding, Parts, encoded

Long = Literal["udh", "sar", "payload"]

UDH_PRESENT = 0x40
_CONCATENATED, _CONCATENATED_16 = 0x00, 0x08
_CODINGS: dict[Encoding, int] = {"gsm7": 0, "ucs2": 8}
_LATIN1, _ASCII, _UCS2 = 3, 1, 8
_EXTENDED = {code: sign for sign, code in EXTENSION.items()}


@dataclass(frozen=True)
class Pdu:
    """What of a submit_sm depends on the text. `sar` is reference, total and number of the part."""

    short_message: bytes
    data_coding: int
    esm_class: int = 0
    sar: tuple[int, int, int] | None = None
    payload: bytes | None = None


@dataclass(frozen=True)
class Delivered:
    """A deliver_sm: a receipt, or an SMS of somebody."""

    sender: str = field(repr=False)
    content: bytes = field(repr=False)
    data_coding: int
    esm_class: int
    receipted_id: str | None
    message_state: int | None
    sar: tuple[int, int, int] | None


@dataclass(frozen=True)
class Fragment:
    """A text, or a part of one: `number` of `total` under `reference`."""

    text: str
    reference: int = 0
    total: int = 1
    number: int = 1


def pdus(parts: Parts, reference: int, long: Long) -> Iterator[Pdu]:
    """The text's submit_sm, in order. The same message has the same `reference`, sent again too."""
    coding, total = _CODINGS[parts.encoding], len(parts)
    if total > 1 and long == "payload":
        yield Pdu(b"", coding, payload=encoded("".join(parts.texts), parts.encoding))
        return
    for number, text in enumerate(parts.texts, 1):
        content = encoded(text, parts.encoding)
        if total == 1:
            yield Pdu(content, coding)
        elif long == "sar":
            yield Pdu(content, coding, sar=(reference & 0xFFFF, total, number))
        else:
            header = bytes((5, _CONCATENATED, 3, reference & 0xFF, total, number))
            yield Pdu(header + content, coding, esm_class=UDH_PRESENT)


def read_fragment(
    content: bytes, data_coding: int, esm_class: int, sar: tuple[int, int, int] | None = None
) -> Fragment:
    """The words of a deliver_sm; what cannot be read becomes U+FFFD."""
    where = sar or (0, 1, 1)
    if esm_class & UDH_PRESENT and content:
        header, content = content[1 : content[0] + 1], content[content[0] + 1 :]
        where = _concatenation(header) or where
    return Fragment(_decoded(content, data_coding), *where)


def _concatenation(header: bytes) -> tuple[int, int, int] | None:
    at = 0
    while at + 1 < len(header):
        kind, length = header[at], header[at + 1]
        value = header[at + 2 : at + 2 + length]
        if kind == _CONCATENATED and len(value) == 3:
            return value[0], value[1], value[2]
        if kind == _CONCATENATED_16 and len(value) == 4:
            return int.from_bytes(value[:2], "big"), value[2], value[3]
        at += 2 + length
    return None


def _decoded(content: bytes, data_coding: int) -> str:
    if data_coding == _UCS2:
        return content.decode("utf-16-be", "replace")
    if data_coding == _LATIN1:
        return content.decode("latin-1")
    if data_coding == _ASCII:
        return content.decode("ascii", "replace")
    signs, escaped = [], False
    for code in content:
        if escaped:
            signs.append(_EXTENDED.get(code, " "))
            escaped = False
        elif code == ESCAPE:
            escaped = True
        else:
            signs.append(GSM7[code] if code < len(GSM7) else "\ufffd")
    return "".join(signs)
