"""Guard: `.env.example` shows every setting, and nothing but what is true of it."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from hotline.settings import Settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"
_LINE = re.compile(r"#(HOTLINE_[A-Z_]+)=(.*)")


def shown() -> dict[str, str]:
    """Name and value of each commented-out setting."""
    lines = EXAMPLE.read_text().splitlines()
    return {found[1]: found[2] for line in lines if (found := _LINE.fullmatch(line))}


def test_every_setting_is_in_the_example_and_every_example_is_a_setting() -> None:
    settings = {f"HOTLINE_{name.upper()}" for name in Settings.model_fields}

    assert set(shown()) == settings


def test_each_is_shown_once() -> None:
    names = _LINE.findall(EXAMPLE.read_text())

    assert len(names) == len(shown())


def test_taking_every_comment_sign_off_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (*shown(), "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    defaults = Settings().model_dump()

    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in shown().items()))

    # Where there is no default, the example shows nothing after the sign.
    assert Settings().model_dump() == defaults


def test_each_is_explained_right_above_it() -> None:
    lines = EXAMPLE.read_text().splitlines()

    for above, line in pairwise(lines):
        if _LINE.fullmatch(line):
            assert above.startswith("# "), line


def test_the_file_as_it_lies_there_sets_nothing() -> None:
    lines = EXAMPLE.read_text().splitlines()

    assert [line for line in lines if line and not line.startswith("#")] == []
