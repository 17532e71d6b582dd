"""Whether a pack says what a program is going to say."""

from pathlib import Path

from provinces.errors import Problem
from provinces.loader import load_province
from provinces.wording import check_wording, placeholders
from tests.provinces.packs import TINY, broken_copy, tiny

REQUIRED = {"greeting": frozenset[str](), "filed": frozenset({"reference"})}


def test_a_pack_with_every_key_and_placeholder_is_complete() -> None:
    assert check_wording(tiny(), REQUIRED) == ()


def test_a_missing_key_is_told_for_each_language() -> None:
    problems = check_wording(tiny(), {"goodbye": frozenset()})

    assert problems == (
        Problem("wording/en.toml", None, 'key "goodbye" is missing'),
        Problem("wording/vi.toml", None, 'key "goodbye" is missing'),
    )


def test_a_placeholder_that_is_not_filled_is_told_with_its_line(tmp_path: Path) -> None:
    pack = broken_copy(TINY, tmp_path / "pack", "wording/vi.toml", "{reference}", "{code}")

    problems = check_wording(load_province(pack), REQUIRED)

    assert [str(problem) for problem in problems] == [
        "wording/vi.toml:4: filed: placeholder {code} is unknown here, expected {reference}",
        "wording/vi.toml:4: filed: placeholder {reference} is missing",
    ]


def test_placeholders_are_the_names_in_single_braces() -> None:
    assert placeholders("{a} và {b}, không phải {{c}}") == {"a", "b"}
