"""The packs that tests load, and copies of one with a mistake in it."""

import shutil
from functools import cache
from pathlib import Path

from provinces.errors import Problem, ProvinceBroken
from provinces.loader import find_province, load_province
from provinces.schema import Province

BAC_LIEU = find_province("bac_lieu")
TINY = Path(__file__).parent / "tiny"


@cache
def bac_lieu() -> Province:
    return load_province(BAC_LIEU)


@cache
def tiny() -> Province:
    return load_province(TINY)


def copied(pack: Path, to: Path) -> Path:
    """A copy of `pack` to do mischief in."""
    shutil.copytree(pack, to)
    return to


def broken_copy(pack: Path, to: Path, file: str, old: str, new: str) -> Path:
    """A copy of `pack` in which the first `old` of `file` reads `new`."""
    path = copied(pack, to) / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file} has no {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return to


def problems_of(folder: Path) -> tuple[Problem, ...]:
    """What loading that pack complains of; nothing when it loads."""
    try:
        load_province(folder)
    except ProvinceBroken as error:
        return error.problems
    return ()
