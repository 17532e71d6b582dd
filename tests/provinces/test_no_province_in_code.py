"""Guard: the code knows no province; names and numbers live in packs only.

Looks at the string literals of the program's own packages. Docstrings and comments may name the
project's first province, and so may tests; the name of the installed package holds its number.
"""

import ast
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from provinces.loader import load_province
from provinces.schema import Province
from tests.provinces.packs import TINY, bac_lieu, tiny

ROOT = Path(__file__).parents[2]
NOT_THE_PROGRAM = {"tests", "benchmarks"}
DISTRIBUTION = "hotline-19009120"


def program_files() -> list[Path]:
    packages = [
        folder.parent
        for folder in ROOT.glob("*/__init__.py")
        if folder.parent.name not in NOT_THE_PROGRAM
    ]
    return sorted(file for package in packages for file in package.rglob("*.py"))


def names_of(province: Province) -> "Names":
    """What may be said of `province` in its pack only."""
    words = {province.hotline_number, *province.names.values()}
    for unit in province.units.values():
        # "Phường 1" is a ward of any town.
        if not unit.full_name.split()[-1].isdigit():
            words |= {unit.name, unit.full_name}
    codes = {edition.province_code for edition in province.editions.values()}
    return Names(frozenset(words), frozenset(codes))


class Names:
    """Words that may stand nowhere in a text, and codes that may not be a text by themselves."""

    def __init__(self, words: frozenset[str], codes: frozenset[str]) -> None:
        longest_first = sorted(map(folded, words), key=len, reverse=True)
        self._plain = tuple(longest_first)
        self._words = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
        self._codes = codes

    def found_in(self, source: str) -> list[tuple[int, str]]:
        """Line and text of each string literal of `source` that names the province."""
        whole = folded(source)
        # Most files hold no name at all, which is seen sooner than by looking word for word.
        named = any(word in whole for word in self._plain) or "\\" in source
        return [
            (line, text)
            for line, text in literals(source)
            if text != DISTRIBUTION
            and (text in self._codes or (named and self._words.search(folded(text)) is not None))
        ]


def folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def literals(source: str) -> Iterator[tuple[int, str]]:
    """Line and value of every string literal that is not a docstring."""
    tree = ast.parse(source)
    docstrings = {
        id(statement.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        for statement in node.body[:1]
        if isinstance(statement, ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in docstrings:
            if isinstance(node.value, str):
                yield node.lineno, node.value
            elif isinstance(node.value, bytes):
                yield node.lineno, node.value.decode(errors="replace")


@pytest.mark.parametrize("province", [bac_lieu, tiny], ids=["bac_lieu", "tiny"])
def test_no_code_names_a_province(province: Callable[[], Province]) -> None:
    names = names_of(province())

    found = [
        f"{file.relative_to(ROOT)}:{line}: {text!r}"
        for file in program_files()
        for line, text in names.found_in(file.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_the_guard_looks_at_the_program() -> None:
    folders = {file.relative_to(ROOT).parts[0] for file in program_files()}

    assert {"hotline", "ivr", "provinces", "reports"} <= folders
    assert not folders & NOT_THE_PROGRAM


@pytest.mark.parametrize(
    "source",
    [
        'greeting = "Tổng đài tỉnh Bạc Liêu xin nghe"',
        'number = "19009120"',
        'uri = f"sip:19009120@{host}"',
        'new_province = "Cà Mau"',
        'code = "95"',
        "place = 'xã vĩnh lợi'",
        "place = 'Gành Hào'",
        'name = b"19009120"',
        'def f() -> str:\n    """Fine: Bạc Liêu."""\n    return "Bạc Liêu"',
    ],
)
def test_the_guard_sees_a_province_named_in_code(source: str) -> None:
    assert len(names_of(bac_lieu()).found_in(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        '"""The hotline 19009120 of Bạc Liêu."""',
        "limit = 95  # Bạc Liêu's 19009120",
        'percentile = "p95"',
        'distribution = "hotline-19009120"',
        'key = "bac_lieu"',
        'ward = "Phường 1"',
    ],
)
def test_the_guard_leaves_alone_what_names_no_province(source: str) -> None:
    assert names_of(bac_lieu()).found_in(source) == []


def test_the_made_up_province_shares_no_name_with_the_first() -> None:
    texts = [
        file.read_text(encoding="utf-8")
        for file in TINY.rglob("*")
        if file.is_file() and file.suffix in {".toml", ".csv"}
    ]

    names = names_of(bac_lieu())

    assert load_province(TINY).key != bac_lieu().key
    assert [text for text in texts if names.found_in(repr(text))] == []
