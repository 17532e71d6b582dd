"""Single values of a pack's files are changed, and everything else stays as it was written."""

import tomllib
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from provinces.errors import UneditableText
from provinces.loader import find_province
from provinces.toml_edit import add_table, set_value
from provinces.toml_scan import Location

HOURS = """# When offices work.
make_up = true  # by law

[[weekly]]
days = ["mon"]
open = ["07:00-11:00"]

[operators]
on_holidays = false

[[operators.weekly]]
days = ["mon", "tue"]
open = ["06:00-22:00"]

# Labour Code 2019, art. 112.
[[holiday]]
code = "tet"
name.vi = "Tết"  # of the lunar year
days = 4

[[holiday]]
code = "labour_day"
name = { vi = "Quốc tế Lao động", en = "Labour Day" }
"""


@pytest.mark.parametrize(
    ("path", "value", "before", "after"),
    [
        (("make_up",), False, "make_up = true  # by law", "make_up = false  # by law"),
        (("holiday", 0, "days"), 5, "days = 4", "days = 5"),
        (("holiday", 0, "name", "vi"), 'Tết "Cả"', '"Tết"  # of', '"Tết \\"Cả\\""  # of'),
        (("holiday", 1, "name", "en"), "May", 'en = "Labour Day" }', 'en = "May" }'),
        (("holiday", 0, "since"), 2026, "days = 4\n", "days = 4\nsince = 2026\n"),
        (("holiday", 0, "days"), None, "days = 4\n", ""),
        (("operators", "on_holidays"), True, "on_holidays = false", "on_holidays = true"),
        (("weekly", 0, "open"), ["08:00-12:00"], '["07:00-11:00"]', '["08:00-12:00"]'),
        (("quiet",), time(21), "# by law\n", "# by law\nquiet = 21:00:00\n"),
    ],
)
def test_one_value_changes_and_every_other_sign_stays(
    path: Location, value: Any, before: str, after: str
) -> None:
    assert set_value(HOURS, path, value) == HOURS.replace(before, after, 1)


def test_a_table_is_added_behind_the_others_and_taken_out_again() -> None:
    exchange = {"code": "x", "name": {"vi": "Nghỉ", "en": "Off"}, "on": "solar 3/5"}

    more = add_table(HOURS, ("holiday",), exchange)

    assert more.endswith(
        '\n\n[[holiday]]\ncode = "x"\nname.vi = "Nghỉ"\nname.en = "Off"\non = "solar 3/5"\n'
    )
    assert set_value(more, ("holiday", 2), None).rstrip() == HOURS.rstrip()
    assert tomllib.loads(add_table(HOURS, ("exchange",), {"off": date(2026, 1, 2)}))["exchange"]


def test_the_comment_above_a_table_outlives_it() -> None:
    fewer = set_value(HOURS, ("holiday", 0), None)

    assert "# Labour Code 2019" in fewer and [
        each["code"] for each in tomllib.loads(fewer)["holiday"]
    ] == ["labour_day"]


def test_all_tables_of_a_name_are_replaced_where_they_stood() -> None:
    week = [{"days": ["mon"], "open": ["08:00-12:00"]}, {"days": ["sat"], "open": ["08:00-10:00"]}]

    changed = set_value(HOURS, ("operators", "weekly"), week)

    assert tomllib.loads(changed)["operators"] == {"on_holidays": False, "weekly": week}
    assert changed.index("08:00-10:00") < changed.index("# Labour Code")


def test_what_is_no_toml_is_refused() -> None:
    with pytest.raises(UneditableText, match="expected TOML"):
        set_value("make_up = = true", ("make_up",), True)
    with pytest.raises(UneditableText, match="expected an entry"):
        set_value(HOURS, ("holiday", 7, "days"), 1)


@pytest.mark.slow
def test_values_of_every_file_of_the_pack_can_be_changed() -> None:
    for file in sorted(Path(find_province("bac_lieu")).glob("*.toml")):
        text = file.read_text(encoding="utf-8")
        for path, value in _leaves(tomllib.loads(text)):
            other = f"{value}?" if isinstance(value, str) else "another"
            assert set_value(set_value(text, path, other), path, value).count("\n") >= 1, path


def _leaves(values: Any, path: Location = ()) -> list[tuple[Location, Any]]:
    if isinstance(values, dict):
        return [leaf for key, each in values.items() for leaf in _leaves(each, (*path, key))]
    if isinstance(values, list) and values and isinstance(values[0], dict):
        return [leaf for n, each in enumerate(values) for leaf in _leaves(each, (*path, n))][-9:]
    return [(path, values)]
