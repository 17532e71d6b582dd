"""Parts are counted and cut as telephones do it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.parts import (
    EXTENSION,
    GSM7,
    GSM7_PART,
    UCS2_PART,
    encoded,
    in_parts,
    is_gsm7,
    places,
)


@pytest.mark.parametrize(
    ("text", "encoding", "parts"),
    [
        ("", "gsm7", 1),
        ("a" * 160, "gsm7", 1),
        ("a" * 161, "gsm7", 2),
        ("a" * 306, "gsm7", 2),
        ("a" * 307, "gsm7", 3),
        ("€" * 80, "gsm7", 1),  # two places each
        ("€" * 81, "gsm7", 2),
        ("ấ" * 70, "ucs2", 1),
        ("ấ" * 71, "ucs2", 2),
        ("ấ" * 134, "ucs2", 2),
        ("ấ" * 135, "ucs2", 3),
        ("🚨" * 35, "ucs2", 1),
        ("🚨" * 36, "ucs2", 2),
        ("ភ" * 70, "ucs2", 1),
        ("a" * 2000, "gsm7", 14),
    ],
)
def test_parts_are_counted(text: str, encoding: str, parts: int) -> None:
    found = in_parts(text)

    assert (found.encoding, len(found)) == (encoding, parts)


def test_the_alphabet_has_128_codes_and_ten_more() -> None:
    assert len(GSM7) == len(set(GSM7)) == 128 and len(EXTENSION) == 10
    assert encoded("@A€", "gsm7") == b"\x00A\x1be"
    assert encoded("ấ🚨", "ucs2").hex() == "1ea5d83ddea8"


@given(st.text(alphabet=st.sampled_from("a€^ấ🚨ភ\n"), max_size=700))
def test_a_text_is_never_changed_and_a_sign_never_cut(text: str) -> None:
    parts = in_parts(text)

    assert "".join(parts.texts) == text
    most = GSM7_PART if parts.encoding == "gsm7" else UCS2_PART
    if len(parts) > 1:
        for part in parts.texts:
            assert sum(places(sign, parts.encoding) for sign in part) <= most
    assert b"".join(encoded(part, parts.encoding) for part in parts.texts) == encoded(
        text, parts.encoding
    )
    assert is_gsm7(text) == (parts.encoding == "gsm7")
