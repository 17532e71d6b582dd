"""Urgent or ordinary, by danger, by category and by what the caller says of it."""

import pytest

from understanding.categories import CategoryFound
from understanding.danger import DangerFound
from understanding.urgency import Urgency, urgency_of

FIRE = DangerFound("fire", "cháy nhà")


def found(category: str, score: float = 0.6) -> tuple[CategoryFound, ...]:
    return (CategoryFound(category, score, ("lở",)),)


@pytest.mark.parametrize(
    ("text", "category", "danger", "urgent"),
    [
        ("cháy nhà", "roads", FIRE, True),
        ("lở bờ sông", "landslide", None, True),
        ("cây sắp ngã", "trees", None, True),
        ("cây ngã", "trees", None, False),
        ("đường hư", "roads", None, False),
        ("đường hư, nguy hiểm", "roads", None, False),
        ("đường hư, nguy hiểm lắm, làm gấp giùm", "roads", None, True),
    ],
)
def test_what_makes_a_report_urgent(
    text: str, category: str, danger: DangerFound | None, urgent: bool
) -> None:
    told = urgency_of(text, found(category), danger, {"landslide"}, {"trees"})

    assert told.urgent is urgent


def test_a_category_that_is_hardly_believed_hurries_nobody() -> None:
    told = urgency_of("lở", found("landslide", 0.1), None, {"landslide"}, {"trees"})

    assert told == Urgency(False, 0.0, ())


def test_the_words_that_said_so_are_given() -> None:
    told = urgency_of("cháy nhà, lẹ lên", found("roads"), FIRE, set(), set())

    assert told == Urgency(True, 1.0, ("cháy nhà", "lẹ lên"))
