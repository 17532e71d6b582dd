"""What was published in the console, put together for calls and for what Asterisk plays alone."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from hotline.clock import utc_now
from hotline.published import lay_published, published_prompts
from hotline.settings import Settings, read_settings
from hotline.voices import live_voices, the_voices, voice_sounds
from ivr.prompt_editions import LEAD, publish
from ivr.prompt_sounds import follows_studio
from ivr.prompt_takes import Spot, keep_take
from ivr.published_prompts import PLAYED_ALONE
from ivr.take_sound import take_sound
from provinces.published.live import Published
from provinces.schema import Province
from speech.errors import SpeechError
from storage.database import transaction
from tests.ivr.studio import record
from tests.provinces.packs import TINY, tiny


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("HOTLINE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("HOTLINE_PROVINCE", str(TINY))
    return read_settings()


def recorded(settings: Settings, engine: Engine, province: Province, name: str, seen: int) -> str:
    """A recording of the words of today, published; its id."""
    pieces = the_voices(settings, province)["vi", False].pieces
    words = next(piece.text for piece in pieces if piece.name == name)
    path = settings.data / "spoken.wav"
    path.parent.mkdir(parents=True, exist_ok=True)
    record(path, said_s=1.0)
    sound = take_sound(io.BytesIO(path.read_bytes()), words, "vi")
    spot = Spot("vi", False, name)
    take = keep_take(engine, settings.prompt_takes, spot, words, sound, "u1", utc_now())
    with transaction(engine) as session:
        publish(session, "vi", [take.id], seen, "u1", utc_now)
    return take.id


def test_words_that_change_while_calls_come_in_are_heard_as_they_are_recorded(
    settings: Settings, engine: Engine
) -> None:
    live = Published(engine, tiny())
    voices = live_voices(settings, live.province)
    published = published_prompts(settings, engine)
    sounds = voices.values()
    assert voices.now is voices.now

    words = {**tiny().wording["vi"], "please_wait": "Bà con chờ cho một lát.", "new": "Lời mới."}
    live.now = replace(tiny(), wording={**tiny().wording, "vi": words})
    take = recorded(settings, engine, live.province, "please_wait", 0)

    heard = published.voices(voices.now, utc_now() + LEAD)["vi", False]
    assert heard.sound("please_wait").endswith(take)
    assert any("new" in prompts.names for prompts in sounds)


SMALL = replace(tiny(), wording={"vi": {"please_wait": "Xin chờ.", "greeting": "Xin chào."}})


def test_what_asterisk_plays_is_made_again_after_a_making_that_failed(
    settings: Settings, engine: Engine
) -> None:
    vi = voice_sounds(settings, SMALL)[0]
    vi.prompts.folder.mkdir(parents=True)
    recorded(settings, engine, SMALL, "please_wait", 0)
    in_the_way = vi.prompts.folder / "please_wait.wav"
    in_the_way.mkdir()
    with pytest.raises(SpeechError):
        lay_published(settings, engine, SMALL)
    in_the_way.rmdir()
    assert not follows_studio(vi.prompts, vi.studios, PLAYED_ALONE)

    assert lay_published(settings, engine, SMALL) == 1

    assert follows_studio(vi.prompts, vi.studios, PLAYED_ALONE)
    assert lay_published(settings, engine, SMALL) == 0
