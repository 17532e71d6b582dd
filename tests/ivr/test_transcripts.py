"""Whole conversations, readable by people who do not program."""

from pathlib import Path

import pytest

from provinces.loader import find_province, load_province
from tests.ivr.golden import hold, read_script

FOLDER = Path(__file__).parents[1] / "transcripts"
FILES = sorted(FOLDER.rglob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_call_goes_as_its_transcript_tells(path: Path, request: pytest.FixtureRequest) -> None:
    wording = dict(load_province(find_province("bac_lieu")).wording["vi"])

    held = hold(read_script(path), wording)

    if request.config.getoption("--update-transcripts"):
        path.write_text(held)
    assert held == path.read_text()


def test_there_is_a_transcript_for_a_hangup_at_each_step() -> None:
    names = {path.stem for path in FILES}

    for step in ("menu", "statement", "confirmation", "declined_menu", "declined_confirmation"):
        assert f"hangs_up_at_{step}" in names
