"""A ballast holds its room in earnest, and gives it back."""

from pathlib import Path

import pytest

from storage.disk import Ballast


def test_a_ballast_takes_its_room_and_gives_it_back(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path / "ballast", 3_000_000)

    ballast.make()

    assert ballast.is_there
    assert ballast.path.stat().st_blocks * 512 >= 3_000_000
    ballast.give_back()
    ballast.give_back()
    assert list(tmp_path.iterdir()) == []


def test_a_ballast_for_which_there_is_no_room_leaves_nothing(tmp_path: Path) -> None:
    # More than any file system holds: to fill this one would take long and harm its neighbours.
    with pytest.raises(OSError):
        Ballast(tmp_path / "ballast", 2**60).make()

    assert list(tmp_path.iterdir()) == []
