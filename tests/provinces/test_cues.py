"""The cues of a province's categories: complete, and what is wrong is named."""

from pathlib import Path

import pytest

from tests.provinces.packs import TINY, bac_lieu, broken_copy, problems_of, tiny


def test_every_category_of_bac_lieu_has_cues() -> None:
    province = bac_lieu()

    assert {cue.category for cue in province.cues.cues} == set(province.categories)


def test_weights_follow_the_list_and_the_scale() -> None:
    weights = {(cue.category, cue.phrase): cue.weight for cue in tiny().cues.cues}

    assert weights == {
        ("DO01", "đò trễ"): 1.75,
        ("DO01", "đò ... không tới"): 1.75,
        ("DO01", "chờ"): 1.0,
        ("DO02", "góp ý"): 0.875,
        ("DO02", "đò trễ"): -0.5,
    }
    assert tiny().cues.markers["place"] == ("gần",)
    assert tiny().cues.unclear == "DO02"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('code = "DO01"', 'code = "DO09"', 'category "DO09" is not in categories.toml'),
        ('code = "DO01"', 'code = "DO09"', "category DO01 has no cues"),
        ('code = "DO02"', 'code = "DO01"', "category DO01 is there twice"),
        ('unclear = "DO02"', 'unclear = "DO09"', 'unclear: category "DO09" is not in'),
        ('weak = ["chờ"]', 'weak = ["đò trễ"]', '"đò trễ" is already in strong'),
        ('"đò ... không tới"', '"đò ... không ... tới"', "expected one or two parts"),
        ('"đò ... không tới"', '"... không tới"', "expected one or two parts"),
        ('against = ["đò trễ"]', 'against = ["đò ... trễ"]', "expected one part"),
        ("scale = 0.5", "scale = 3", "less than or equal to 2"),
        ('place = ["gần"]', 'places = ["gần"]', "Extra inputs are not permitted"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    folder = broken_copy(TINY, tmp_path / "pack", "cues.toml", old, new)

    problems = problems_of(folder)

    assert any(message in str(one) and one.file == "cues.toml" for one in problems), problems
