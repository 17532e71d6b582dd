"""Which languages the hotline speaks, and what their sounds are made of."""

import shutil
from pathlib import Path

import pytest

from hotline.settings import Settings, read_settings
from hotline.voices import spoken_languages, the_voices, voice_sounds
from provinces.loader import load_province
from provinces.schema import Province
from speech.sound import write_wav
from speech.voices import Voice, default_voice
from tests.provinces.packs import TINY, bac_lieu, tiny
from tests.speech.sounds import a_tone


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("HOTLINE_DATA", str(tmp_path / "data"))
    return read_settings()


def with_khmer(folder: Path) -> Province:
    """The made-up province with a few words of Khmer, and no recording yet."""
    shutil.copytree(TINY, folder)
    text = (TINY / "wording" / "vi.toml").read_text(encoding="utf-8")
    (folder / "wording" / "km.toml").write_text(text, encoding="utf-8")
    return load_province(folder)


def test_the_provinces_first_language_comes_first() -> None:
    assert spoken_languages(bac_lieu()) == ("vi", "en")


def test_a_language_without_a_voice_is_spoken_once_it_is_recorded_whole(tmp_path: Path) -> None:
    province = with_khmer(tmp_path / "pack")
    assert spoken_languages(province) == ("vi", "en")

    studio = province.folder / "sounds" / "km"
    studio.mkdir(parents=True)
    keys = [*(key for key in province.wording["km"] if key != "filed"), "filed.1"]
    for key in keys:
        write_wav(studio / f"{key}.wav", a_tone())

    assert spoken_languages(province) == ("vi", "en", "km")


def test_slow_sounds_are_spoken_slower_or_recorded_at_any_pace(settings: Settings) -> None:
    ordinary, slow = voice_sounds(settings, tiny())[:2]

    assert (ordinary.slow, slow.slow) == (False, True)
    assert ordinary.voice == default_voice("vi")
    assert isinstance(slow.voice, Voice)
    assert slow.voice.speed_wpm == 105
    assert [studio.name for studio in ordinary.studios] == ["vi", "vi"]
    assert [s.name for s in slow.studios] == ["vi-slow", "vi-slow", "vi", "vi"]
    assert slow.prompts.folder == settings.sounds / "vi-slow"


def test_calls_are_spoken_at_two_paces_in_each_language(settings: Settings) -> None:
    voices = the_voices(settings, tiny())

    assert list(voices) == [("vi", False), ("vi", True), ("en", False), ("en", True)]
