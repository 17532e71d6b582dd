"""Guard: the pages tell of what exists, all of it, and nothing of the machine they came from."""

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from hotline.cli import COMMANDS

ROOT = Path(__file__).parents[2]
DECISIONS = ROOT / "docs" / "decisions"
READMES = ("README.md", "README.vi.md")

# Every host that a tracked file may name. Package indexes and mirrors are the reader's own, so
# none of theirs belongs here.
PUBLIC_HOSTS = {
    "127.0.0.1",
    "api.twilio.com",
    "alphacephei.com",  # publishes the Vosk models
    "docs.ogc.org",  # publishes SensorThings
    "github.com",
    "huggingface.co",
    "publisher",  # a made-up one in tests
    "smartdatamodels.org",  # names the models of NGSI-LD, in its answers
    "support.avaya.com",
    "support.fortics.com.br",
    "uri.etsi.org",  # names the terms of NGSI-LD, in its answers
    "wiki.open311.org",  # names the specification, in its discovery
    "www.apache.org",
    "www.ivrsworld.com",
    "www.opengis.net",  # names the parts of SensorThings, in its answers
    "www.twilio.com",  # where its errors are explained
    "www.w3.org",  # names what an SVG is
}
_RESERVED = (".example", "example.vn", "example.org", "example.com")
_HOST = re.compile(r"https?://(?:[^\s/@\"'`]*@)?([A-Za-z0-9.-]+)")
_HOMES = re.compile(r"(?<![\w.~/-])/(?:root|home/\w+|work|tmp/\w+)(?=[/\s\"'`:,)]|$)", re.MULTILINE)


@cache
def files() -> tuple[str, ...]:
    """Every file that is, or is about to be, under version control."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no git, or not a checkout")
    return tuple(name for name in listed if (ROOT / name).is_file())


def texts() -> Iterator[tuple[str, str]]:
    """Name and content of each that is a text; lock files are checked by their hashes."""
    for name in files():
        if name.endswith((".wav", ".npz", ".png", ".lock")) or name == "LICENSE":
            continue
        yield name, (ROOT / name).read_text()


def pages() -> list[Path]:
    return [ROOT / name for name in files() if name.endswith(".md")]


def mapped_folders(readme: str) -> set[str]:
    """The folders that a README's map names: `name/` at the beginning of a line."""
    return set(re.findall(r"^([a-z_]+)/ {2,}\S", (ROOT / readme).read_text(), re.MULTILINE))


@pytest.mark.parametrize("readme", READMES)
def test_the_map_has_every_folder_and_no_other(readme: str) -> None:
    there = {name.partition("/")[0] for name in files() if "/" in name}

    assert mapped_folders(readme) == {name for name in there if not name.startswith(".")}


def test_every_command_is_in_the_pages() -> None:
    told = "\n".join(page.read_text() for page in pages())

    assert [name for name in COMMANDS if f"hotline {name}" not in told] == []


def test_the_pages_name_no_command_that_is_not_there() -> None:
    named = {
        (page.name, command)
        for page in pages()
        for command in re.findall(r"(?:`|bin/)hotline ([a-z][a-z-]+)", page.read_text())
    }

    assert {(page, command) for page, command in named if command not in COMMANDS} == set()


def test_the_pages_name_no_make_target_that_is_not_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        (page.name, target)
        for page in pages()
        for target in re.findall(r"(?:`|^)make ([a-z]+)", page.read_text(), re.MULTILINE)
    }

    assert {(page, target) for page, target in named if target not in targets} == set()


def test_links_between_pages_lead_somewhere() -> None:
    broken = [
        (page.name, target)
        for page in pages()
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text())
        if "://" not in target and not (page.parent / target).exists()
    ]

    assert broken == []


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted(DECISIONS.glob("[0-9]*.md"))]

    assert numbers == list(range(1, len(numbers) + 1))


def test_every_decision_is_in_the_index_and_has_its_three_parts() -> None:
    index = (DECISIONS / "README.md").read_text()

    for path in DECISIONS.glob("[0-9]*.md"):
        text = path.read_text()
        assert text.startswith(f"# {path.name[:4]} – "), path.name
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Choice", "Consequences"]
        assert f"]({path.name})" in index, path.name


def test_files_point_to_decisions_that_exist() -> None:
    numbers = {path.name[:4] for path in DECISIONS.glob("[0-9]*.md")}
    pointed = {
        (name, number)
        for name, text in texts()
        for number in re.findall(r"decisions/(\d{4})", text)
        if name != "CONTRIBUTING.md"
    }

    assert {(name, number) for name, number in pointed if number not in numbers} == set()


def test_no_file_names_a_host_that_is_not_public() -> None:
    named = {(name, host) for name, text in texts() for host in _HOST.findall(text)}

    assert {
        (name, host)
        for name, host in named
        if host not in PUBLIC_HOSTS and not host.endswith(_RESERVED)
    } == set()


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    assert [(name, found) for name, text in texts() for found in _HOMES.findall(text)] == []
