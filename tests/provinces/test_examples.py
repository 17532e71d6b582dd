"""What a pack's categories are learnt from: complete, and what is wrong is named."""

from pathlib import Path

import pytest

from provinces.errors import ProvinceBroken
from provinces.examples import CUES, EXAMPLES, load_examples
from provinces.loader import load_province
from tests.provinces.packs import TINY, bac_lieu, broken_copy, copied, tiny

LEAST_REPORTS = 45  # of a category: fewer tell too little of how people speak of it


def test_every_category_of_bac_lieu_has_phrases_and_reports_enough() -> None:
    examples = load_examples(bac_lieu())

    for code in bac_lieu().categories:
        ours = [one for one in examples if one.category == code]
        assert sum(one.weight == 1 for one in ours) >= LEAST_REPORTS, code
        assert any(one.weight < 1 for one in ours), code


def test_a_report_counts_more_than_a_phrase() -> None:
    weights = {(one.category, one.said): one.weight for one in load_examples(tiny())}

    assert weights == {
        ("DO01", "đò trễ"): 0.5,
        ("DO01", "đò ... không tới"): 0.5,
        ("DO01", "chờ"): 0.2,
        ("DO02", "góp ý"): 0.5,
        ("DO01", "bến đò sáng nay trễ quá trời"): 1.0,
        ("DO02", "tôi muốn góp ý về giờ chạy"): 1.0,
    }


def test_a_new_pack_may_have_phrases_alone(tmp_path: Path) -> None:
    folder = copied(TINY, tmp_path / "pack")
    (folder / EXAMPLES).unlink()

    assert len(load_examples(load_province(folder))) == 4


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (CUES, 'code = "DO01"', 'code = "DO09"', 'category "DO09" is not in categories.toml'),
        (CUES, 'code = "DO01"', 'code = "DO09"', "category DO01 has no cues"),
        (CUES, 'code = "DO02"', 'code = "DO01"', "category DO01 is there twice"),
        (CUES, 'weak = ["chờ"]', 'weak = ["đò trễ"]', '"đò trễ" is already in strong'),
        (CUES, 'weak = ["chờ"]', 'weaker = ["chờ"]', "Extra inputs are not permitted"),
        (EXAMPLES, "DO02", "DO09", 'category "DO09" is not in categories.toml'),
        (EXAMPLES, '{"said"', '"said"', 'expected {"said": "...", "category": "..."}'),
        (EXAMPLES, '"category"', '"kind"', 'expected {"said": "...", "category": "..."}'),
        (
            EXAMPLES,
            "tôi muốn góp ý về giờ chạy",
            "bến đò sáng nay trễ quá trời",
            "these words are there already",
        ),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, file: str, old: str, new: str, message: str) -> None:
    folder = broken_copy(TINY, tmp_path / "pack", file, old, new)

    with pytest.raises(ProvinceBroken) as broken:
        load_examples(load_province(folder))

    assert any(message in str(one) and one.file == file for one in broken.value.problems)


def test_the_category_of_what_is_unclear_must_exist(tmp_path: Path) -> None:
    folder = broken_copy(
        TINY, tmp_path / "pack", "categories.toml", 'unclear = "DO02"', 'unclear = "DO09"'
    )

    with pytest.raises(ProvinceBroken, match='unclear: category "DO09" is not in this file'):
        load_province(folder)
