"""Every value of a TOML file is traced to the line it stands on."""

import tomllib
from pathlib import Path

from provinces.located import Location, Report, read_csv, read_toml
from tests.provinces.packs import BAC_LIEU

TRICKY = '''# a comment with = and [brackets]
title = "a # b [c] = d"

[box] # the sides
north.most = 1
"quoted key" = 'x'

[[choice]]
words = [
    "one", # ] not the end
    "t]wo",
]
text = """
[[choice]]
key = "inside a text"
"""

[[choice]]
name = { vi = "hai", en = "two" }
  indented = true

[[choice.part]]
size = 3

[[choice.part]]
size = 4
[end]
here = 1
'''


def lines_of(tmp_path: Path, text: str) -> dict[Location, int]:
    (tmp_path / "file.toml").write_text(text, encoding="utf-8")
    document = read_toml(Report(tmp_path), "file.toml")
    assert document is not None
    return document.lines


def test_the_line_of_each_key_and_table_is_known(tmp_path: Path) -> None:
    lines = lines_of(tmp_path, TRICKY)

    assert lines == {
        ("title",): 2,
        ("box",): 4,
        ("box", "north"): 5,
        ("box", "north", "most"): 5,
        ("box", "quoted key"): 6,
        ("choice",): 18,
        ("choice", 0): 8,
        ("choice", 0, "words"): 9,
        ("choice", 0, "text"): 13,
        ("choice", 1): 18,
        ("choice", 1, "name"): 19,
        ("choice", 1, "indented"): 20,
        ("choice", 1, "part"): 25,
        ("choice", 1, "part", 0): 22,
        ("choice", 1, "part", 0, "size"): 23,
        ("choice", 1, "part", 1): 25,
        ("choice", 1, "part", 1, "size"): 26,
        ("end",): 27,
        ("end", "here"): 28,
    }


def test_the_line_of_something_inside_a_value_is_the_value_s(tmp_path: Path) -> None:
    (tmp_path / "file.toml").write_text(TRICKY, encoding="utf-8")
    document = read_toml(Report(tmp_path), "file.toml")

    assert document is not None
    assert document.line("choice", 1, "name", "en") == 19
    assert document.line("nothing", "like", "it") == 1


def test_every_key_of_the_real_packs_has_its_line(tmp_path: Path) -> None:
    for path in BAC_LIEU.rglob("*.toml"):
        text = path.read_text(encoding="utf-8")
        lines = lines_of(tmp_path, text)

        for table, entries in tomllib.loads(text).items():
            for index, entry in enumerate(entries if isinstance(entries, list) else []):
                if isinstance(entry, dict):
                    for key in entry:
                        line = text.splitlines()[lines[table, index, key] - 1]
                        starts = (key, f"[[{table}.{key}]]")
                        assert line.startswith(starts), (path.name, table, index, key)


def test_windows_line_ends_are_read(tmp_path: Path) -> None:
    (tmp_path / "file.toml").write_bytes(b"a = 1\r\nb = 2\r\n")
    report = Report(tmp_path)

    document = read_toml(report, "file.toml")

    assert report.problems == []
    assert document is not None
    assert document.lines == {("a",): 1, ("b",): 2}


def test_a_table_keeps_commas_and_lines_within_quotes(tmp_path: Path) -> None:
    (tmp_path / "file.csv").write_text('a,b\n"1, 2","x\ny"\n3,4\n', encoding="utf-8")
    report = Report(tmp_path)

    rows = read_csv(report, "file.csv", ("a", "b"))

    assert report.problems == []
    assert [(row["a"], row.line) for row in rows] == [("1, 2", 3), ("3", 4)]
