"""What may be said instead of pressed: read whole, and every mistake is told with its line."""

from pathlib import Path

import pytest

from provinces.loader import find_province, load_province
from provinces.located import Report
from provinces.schema import Province
from provinces.spoken_words import SpokenWords, read_spoken_words

QUESTIONS = {"vi": {"confirm": "Đúng?", "menu": "Gì?"}}


def read(folder: Path, text: str, language: str = "vi") -> tuple[SpokenWords, list[str]]:
    (folder / "spoken").mkdir()
    (folder / "spoken" / f"{language}.toml").write_text(text, encoding="utf-8")
    report = Report(folder)
    words = read_spoken_words(report, QUESTIONS)
    return words, [str(problem) for problem in report.problems]


def test_a_questions_own_words_go_before_those_for_everywhere(tmp_path: Path) -> None:
    words, problems = read(
        tmp_path,
        """
        [everywhere]
        "0" = ["gặp người"]
        "*" = ["nghe lại"]
        [confirm]
        "1" = ["Đúng rồi", "nghe lại"]
        """,
    )

    assert not problems
    assert words["vi"]["confirm"] == {"gặp người": "0", "nghe lại": "1", "đúng rồi": "1"}
    assert "menu" not in words["vi"]  # without a table of its own it takes keys only


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[confrim]\n"1" = ["đúng"]', "spoken/vi.toml:1: confrim: no such question"),
        ('[confirm]\n"A" = ["đúng"]', 'expected a key of the telephone, found "A"'),
        ('[confirm]\n"1" = "đúng"', "confirm, key 1: expected a list of phrases"),
        ('[confirm]\n"1" = ["đúng 1"]', "expected words of letters, found 'đúng 1'"),
        ('[confirm]\n"1" = [" "]', "expected words of letters, found ' '"),
        ('[confirm]\n"1" = ["vâng"]\n"2" = ["Vâng"]', '"Vâng" stands for key 1 already'),
        ('confirm = "đúng"', "confirm: expected a table of keys"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, text: str, told: str) -> None:
    _, problems = read(tmp_path, text)

    assert len(problems) == 1
    assert told in problems[0]


def test_words_in_a_language_that_is_not_worded_are_told(tmp_path: Path) -> None:
    _, problems = read(tmp_path, '[confirm]\n"1" = ["yes"]', language="km")

    assert problems == ['spoken/km.toml: the pack has no wording in "km"']


@pytest.fixture(scope="module")
def bac_lieu() -> Province:
    return load_province(find_province("bac_lieu"))


def test_every_key_that_can_be_said_is_offered_by_its_question(bac_lieu: Province) -> None:
    """`bấm phím hai`: a word for a key that the prompt does not offer would lead nowhere."""
    spelled = dict(zip("0123456789", _NUMBER_WORDS, strict=True))
    shared = set("0*8")
    unnamed = {"main_menu", "danger_menu", "survey"}  # told by other prompts, or from one to five
    for question, phrases in bac_lieu.spoken["vi"].items():
        if question in unnamed:
            continue
        text = bac_lieu.wording["vi"][question]
        for key in set(phrases.values()) - shared:
            assert spelled[key] in text, f"{question} does not offer key {key}"


_NUMBER_WORDS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
