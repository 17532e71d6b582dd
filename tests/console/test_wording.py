"""Guard: everything the console says is there in both languages, and nothing is said twice."""

import re
from pathlib import Path
from string import Formatter

import console
from accounts.roles import Role
from console.permissions import NAVIGATION
from console.sign_in import _MESSAGES
from console.wording import LANGUAGES, PARTS, WORDING
from reports.models import ReportStatus, UpdateKind
from reports.search_list import Sort

TEMPLATES = Path(console.__file__).parent / "templates"


def test_every_wording_is_there_in_each_language_with_the_same_placeholders() -> None:
    for key, texts in WORDING.items():
        assert tuple(texts) == LANGUAGES, key
        fields = {frozenset(f for _, f, _, _ in Formatter().parse(t) if f) for t in texts.values()}
        assert len(fields) == 1, key


def test_no_key_stands_in_two_files() -> None:
    keys = [key for part in PARTS.values() for key in part]

    assert sorted(set(keys)) == sorted(keys)


def test_every_wording_that_a_template_names_is_there() -> None:
    named = {
        key
        for template in TEMPLATES.rglob("*.html")
        for key in re.findall(r"""say\(["'](\w+)["'][,)]""", template.read_text())
    }

    assert named and named <= WORDING.keys()


def test_whatever_is_named_by_its_value_has_its_words() -> None:
    assert {f"status_{status}" for status in ReportStatus} <= WORDING.keys()
    assert {f"kind_{kind}" for kind in UpdateKind} <= WORDING.keys()
    assert {f"role_{role}" for role in Role} <= WORDING.keys()
    assert {f"sort_{sort}" for sort in Sort} <= WORDING.keys()
    assert set(NAVIGATION.values()) | set(_MESSAGES.values()) <= WORDING.keys()
