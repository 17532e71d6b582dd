"""How a text goes out: GSM-7 or UCS-2, in how many parts, and where it is cut.

3GPP TS 23.038 gives the alphabet, 23.040 the header of a text in several parts: six bytes of each
part's 140.
"""

from dataclasses import dataclass
from typing import Literal

Encoding = Literal["gsm7", "ucs2"]

# The default alphabet in the order of its codes; 0x1B leads to the extension.
GSM7 = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
ESCAPE = 0x1B
# Each of these takes two places: the escape and its own code.
EXTENSION = {
    "\f": 0x0A,
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}
CODES = {sign: code for code, sign in enumerate(GSM7) if code != ESCAPE}
GSM7_ALONE, GSM7_PART = 160, 153
UCS2_ALONE, UCS2_PART = 70, 67


@dataclass(frozen=True)
class Parts:
    """A text as it goes out; `texts` joined are the text. `length` counts places, not signs."""

    encoding: Encoding
    texts: tuple[str, ...]
    length: int

    def __len__(self) -> int:
        return len(self.texts)


def in_parts(text: str) -> Parts:
    """The text in as few parts as it takes; an empty one has a single empty part."""
    if is_gsm7(text):
        return _cut(text, "gsm7", GSM7_ALONE, GSM7_PART)
    return _cut(text, "ucs2", UCS2_ALONE, UCS2_PART)


def is_gsm7(text: str) -> bool:
    return all(sign in CODES or sign in EXTENSION for sign in text)


def places(sign: str, encoding: Encoding) -> int:
    """How many places of a part one sign takes; two for the euro, two for an emoji."""
    if encoding == "gsm7":
        return 2 if sign in EXTENSION else 1
    return 2 if ord(sign) > 0xFFFF else 1


def encoded(text: str, encoding: Encoding) -> bytes:
    """The text as SMPP carries it: a byte for each septet, or UCS-2 with the high byte first."""
    if encoding == "ucs2":
        return text.encode("utf-16-be")
    codes = bytearray()
    for sign in text:
        codes += bytes((CODES[sign],)) if sign in CODES else bytes((ESCAPE, EXTENSION[sign]))
    return bytes(codes)


def _cut(text: str, encoding: Encoding, alone: int, part: int) -> Parts:
    length = sum(places(sign, encoding) for sign in text)
    if length <= alone:
        return Parts(encoding, (text,), length)
    texts, begin, used = [], 0, 0
    for index, sign in enumerate(text):
        size = places(sign, encoding)
        if used + size > part:  # a sign of two places is never cut in the middle
            texts.append(text[begin:index])
            begin, used = index, 0
        used += size
    return Parts(encoding, (*texts, text[begin:]), length)
