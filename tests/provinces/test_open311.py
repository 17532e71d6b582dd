"""What is told and asked over Open311: every mistake in the file is told with its line."""

from pathlib import Path

import pytest

from provinces.open311 import LISTS, Datatype
from tests.provinces.packs import BAC_LIEU, bac_lieu, broken_copy, problems_of, tiny


def test_a_category_is_asked_its_own_questions_in_order() -> None:
    questions = bac_lieu().open311.questions["NG01"]

    assert [(each.code, each.datatype) for each in questions] == [
        ("since", Datatype.DATETIME),
        ("depth", Datatype.CHOICE),
        ("affected", Datatype.CHOICES),
    ]
    assert questions[1].choices["knee"] == {"vi": "Tới đầu gối", "en": "Up to the knees"}


def test_lists_have_choices_and_nothing_else_has() -> None:
    asked = [each for some in bac_lieu().open311.questions.values() for each in some]

    assert all(bool(each.choices) == (each.datatype in LISTS) for each in asked)


def test_a_pack_may_ask_and_hide_nothing() -> None:
    told = tiny().open311

    assert not (told.questions or told.hidden or told.without_words or told.hidden_reasons)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('hidden = ["an_ninh"', 'hidden = ["an_nin"', 'hidden: "an_nin" is not in this pack'),
        ('"y_te"', '"YT99"', 'without_words: "YT99" is not in this pack'),
        ('"abuse"', '"abused"', 'hidden_reasons: "abused" is not in this pack'),
        (
            'categories = ["DT01"]',
            'categories = ["DT11"]',
            'question pole: no category or group "DT11"',
        ),
        ('code = "lamps"', 'code = "pole"', "question pole is asked twice of DT01"),
        ('key = "street"', 'key = "house"', "question extent: choice house is there twice"),
        (
            'datatype = "number"',
            'datatype = "multivaluelist"',
            "question lamps: a multivaluelist with no choices",
        ),
        (
            'datatype = "singlevaluelist"',
            'datatype = "text"',
            "question extent: a text with choices",
        ),
        (
            "notice = true",
            "notice = true\nrequired = true",
            "question danger: a notice has no answer to require",
        ),
        ('name.en = "How many lamps', 'name.fr = "How many lamps', 'question: name has no "en"'),
        ('hint.en = "Mostly', 'hint.fr = "Mostly', 'question: hint has no "en"'),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    folder = broken_copy(BAC_LIEU, tmp_path / "pack", "open311.toml", old, new)

    told = [each for each in problems_of(folder) if each.message == message]

    assert told and told[0].file == "open311.toml" and (told[0].line or 0) > 1
