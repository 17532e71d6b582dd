"""Syllables: without accents, and as they are heard in the south."""

import unicodedata

import pytest

from understanding.fold import fold, syllables


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đông Hải", "dong hai"),
        ("Hòa Bình", "hoa binh"),
        ("Hoà Bình", "hoa binh"),
        (unicodedata.normalize("NFD", "Phường Giá Rai"), "phuong gia rai"),
        ("Gành\u200b Hào", "ganh hao"),
        ("QUỐC LỘ 1A", "quoc lo 1a"),
    ],
)
def test_accents_are_folded_away(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("vĩnh", "dỉnh"),  # v and d; hỏi and ngã
        ("vĩnh", "vỉn"),  # nh and n
        ("giá", "dá"),
        ("rai", "gai"),
        ("trạch", "chạt"),
        ("sập", "xập"),
        ("hòa", "quà"),
        ("hoà", "hòa"),
        ("quới", "wới"),
        ("thạnh", "thạn"),
        ("mỹ", "mĩ"),
        ("điều", "đìu"),
        ("kênh", "cênh"),
        ("ngan", "ngang"),
        ("gì", "vì"),
    ],
)
def test_the_south_hears_them_alike(one: str, other: str) -> None:
    assert syllables(one)[0].heard == syllables(other)[0].heard


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cháy", "chạy"),
        ("định", "vịnh"),  # nobody takes "đ" for "v"
        ("lợi", "lộc"),
        ("thới", "thời"),
        ("hưng", "quưng"),
    ],
)
def test_the_south_tells_them_apart(one: str, other: str) -> None:
    assert syllables(one)[0].heard != syllables(other)[0].heard


def test_punctuation_parts_sentences_and_is_not_said() -> None:
    found = syllables("Cháy nhà! Ở phường 7, Bạc Liêu…")

    assert [syllable.text for syllable in found] == [
        "cháy",
        "nhà",
        "ở",
        "phường",
        "7",
        "bạc",
        "liêu",
    ]
    assert [syllable.sentence for syllable in found] == [0, 0, 1, 1, 1, 1, 1]
