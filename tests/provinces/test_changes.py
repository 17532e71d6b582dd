"""What differs is told value by value, and what two people changed comes together."""

from provinces.changes import Difference, differences, find, merge
from provinces.toml_edit import values_of

BASE = """# Agencies
remind_at = 70

[[agency]]
code = "ioc"
name.vi = "Trung tâm"
level = "province"

[[agency]]
code = "so_xd"
name.vi = "Sở"
level = "province"
"""
FILE = "agencies.toml"


def test_entries_are_known_by_their_code_and_not_by_their_place() -> None:
    first, second = BASE.split("\n\n[[agency]]\n")[1:]
    turned = f"remind_at = 70\n\n[[agency]]\n{second}\n[[agency]]\n{first}\n"

    assert differences(FILE, BASE, turned) == ()
    assert find(values_of(turned), ("agency", "ioc", "name", "vi")) == ("agency", 1, "name", "vi")


def test_a_new_entry_is_one_difference_and_a_changed_value_another() -> None:
    after = BASE.replace("70", "60") + '\n[[agency]]\ncode = "x"\nlevel = "commune"\n'

    assert differences(FILE, BASE, after) == (
        Difference(FILE, ("remind_at",), 70, 60),
        Difference(FILE, ("agency", "x"), None, {"code": "x", "level": "commune"}, whole=True),
    )
    assert differences(FILE, after, BASE)[1].after is None


def test_what_two_changed_at_different_places_comes_together() -> None:
    mine = BASE.replace('"Sở"', '"Sở Xây dựng"').replace("70", "50")
    theirs = BASE.replace('"Trung tâm"', '"IOC"') + '\n[[agency]]\ncode = "x"\nlevel = "commune"\n'

    merged = merge(FILE, BASE, theirs, mine)

    assert merged.quarrels == ()
    assert merged.text == theirs.replace('"Sở"', '"Sở Xây dựng"').replace("70", "50")


def test_what_both_changed_is_told_and_mine_stands() -> None:
    mine, theirs = BASE.replace("70", "50"), BASE.replace("70", "60")

    merged = merge(FILE, BASE, theirs, mine)

    assert merged.text == mine
    assert merged.quarrels == (Difference(FILE, ("remind_at",), 60, 50),)
    assert merge(FILE, BASE, theirs, theirs).quarrels == ()


def test_an_entry_added_by_me_and_one_taken_out_by_them_both_hold() -> None:
    gone = BASE[: BASE.rindex("\n[[agency]]")]
    mine = BASE + '\n[[agency]]\ncode = "x"\nlevel = "commune"\n'

    merged = merge(FILE, BASE, gone, mine)

    codes = [each["code"] for each in values_of(merged.text)["agency"]]
    assert codes == ["ioc", "x"] and merged.quarrels == ()
