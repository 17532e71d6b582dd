"""Recordings of units: brought to one form, refused by name, put together without clicks."""

from pathlib import Path

import numpy as np
import pytest

from ivr.recorded_units import CLOSE_S, GROUP_S, Part
from ivr.unit_recordings import KEEP_S, MOST_BYTES, UnitFolder, first_with, read_unit
from speech.errors import BrokenSound
from speech.level import level
from speech.sound import from_float, write_wav
from tests.ivr.studio import heights, record, record_all
from tests.speech.sounds import a_tone, joined, some_silence

PART = Part((("one", CLOSE_S), ("two", GROUP_S), ("one", CLOSE_S)), "một hai, một")


@pytest.mark.parametrize("rate_hz", [8000, 16000, 44100])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("dbfs", [-45.0, -6.0])
def test_any_rate_channels_and_level_become_one_form(
    tmp_path: Path, rate_hz: int, channels: int, dbfs: float
) -> None:
    record(tmp_path / "one.wav", rate_hz=rate_hz, channels=channels, dbfs=dbfs)

    unit = read_unit(tmp_path / "one.wav")

    assert unit.rate_hz == 8000
    assert unit.length_s == pytest.approx(0.5 + 2 * KEEP_S, abs=0.045)
    assert level(unit).active_dbfs == pytest.approx(-20, abs=0.7)


def test_a_room_that_hums_is_cut_off_all_the_same(tmp_path: Path) -> None:
    record(tmp_path / "one.wav", dbfs=-30, room_dbfs=-55)

    assert read_unit(tmp_path / "one.wav").length_s == pytest.approx(0.5 + 2 * KEEP_S, abs=0.045)


def test_a_recording_that_was_cut_already_is_left_whole(tmp_path: Path) -> None:
    record(tmp_path / "one.wav", around_s=0.0)

    assert read_unit(tmp_path / "one.wav").length_s == pytest.approx(0.5, abs=0.03)


def test_what_is_no_recording_of_a_unit_is_refused_by_name(tmp_path: Path) -> None:
    write_wav(tmp_path / "silent.wav", some_silence())
    write_wav(tmp_path / "long.wav", a_tone(9.0))
    write_wav(tmp_path / "click.wav", joined(some_silence(), a_tone(0.01), some_silence()))
    clipped = from_float(np.clip(a_tone(1.0, dbfs=6).as_float() * 2, -1, 1), 8000)
    write_wav(tmp_path / "clipped.wav", clipped)
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "text.wav").write_text("Xin chào")
    (tmp_path / "folder.wav").mkdir()
    with (tmp_path / "huge.wav").open("wb") as huge:
        huge.truncate(200_000_000)
    said = {}

    for path in sorted(tmp_path.iterdir()):
        with pytest.raises(BrokenSound) as caught:
            read_unit(path)
        said[path.stem] = str(caught.value)

    assert said["silent"] == "silent.wav: nothing is to be heard in it"
    assert said["long"] == "long.wav: expected 0.06 to 5 s of speech, found 9.00 s"
    assert "click.wav: expected 0.06 to 5 s of speech" in said["click"]
    assert "record it with less gain" in said["clipped"]
    assert "(0 bytes)" in said["empty"]
    assert "expected a WAV file" in said["text"]
    assert "expected a file" in said["folder"]
    assert said["huge"] == (
        f"huge.wav: expected at most {MOST_BYTES // 10**6} MB for a few words, found 200 MB"
    )
    with pytest.raises(BrokenSound, match="no such file"):
        read_unit(tmp_path / "absent.wav")


def test_a_part_is_its_units_in_order_with_the_silences_between(tmp_path: Path) -> None:
    high = record_all(tmp_path, ["one", "two"])

    sound = UnitFolder(tmp_path).composed(PART)

    assert heights(sound) == [high["one"], high["two"], high["one"]]
    assert sound.length_s == pytest.approx(0.2 + 3 * 0.5 + CLOSE_S + GROUP_S + 2 * KEEP_S, abs=0.1)
    quiet = level(sound).frames_dbfs < -45
    assert quiet[:4].all() and quiet[-4:].all()  # a tenth of a second at both ends
    assert np.abs(np.diff(sound.samples.astype(int))).max() < 6000  # no click at a join


def test_a_folder_has_a_part_only_with_every_unit_it_needs(tmp_path: Path) -> None:
    record_all(tmp_path, ["one", "two"])
    alone = Part((("one", 0.0),), "một", frozenset({"one", "two", "three"}))

    assert UnitFolder(tmp_path).has(PART)
    assert not UnitFolder(tmp_path).has(alone)


def test_a_unit_that_cannot_be_used_is_as_good_as_missing_and_told(tmp_path: Path) -> None:
    record_all(tmp_path, ["one", "two"])
    (tmp_path / "two.wav").write_text("no sound")
    folder = UnitFolder(tmp_path)

    assert not folder.has(PART)
    assert folder.problem("one") is None and folder.problem("absent") is None
    assert "two.wav: expected a WAV file" in str(folder.problem("two"))


def test_all_units_of_a_part_come_from_one_folder(tmp_path: Path) -> None:
    record_all(tmp_path / "a", ["one"])
    record_all(tmp_path / "b", ["one", "two"])
    folders = [UnitFolder(tmp_path / name) for name in ("absent", "a", "b")]

    found = first_with(PART, folders)

    assert found is not None and found.folder.name == "b"
    assert first_with(PART, folders[:2]) is None


def test_endings_of_file_names_may_be_capitals(tmp_path: Path) -> None:
    record(tmp_path / "one.WAV")

    assert list(UnitFolder(tmp_path).paths) == ["one"]
