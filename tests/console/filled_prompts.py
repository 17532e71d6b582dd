"""Prompts in every state that their pages show."""

import io
import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from ivr.prompt_editions import publish
from ivr.prompt_takes import Spot, keep_take
from ivr.take_sound import take_sound
from storage.database import transaction
from tests.builders import NOON
from tests.console.conftest import Browser, made_voices
from tests.ivr.studio import record
from tests.provinces.packs import bac_lieu

BY = "somebody-who-left"


def fill_prompts(visitor: Browser, folder: Path) -> None:
    """One recording in use, one for other words, two that wait: one of them was spoken too fast."""
    pieces = {
        piece.name: piece.text for piece in made_voices(bac_lieu(), folder)["vi", False].pieces
    }
    _made_by_voice(folder / "sounds" / "vi", pieces)
    path = folder / "spoken.wav"
    made: dict[str, str] = {}
    for place, (name, words, said_s) in enumerate(
        (
            ("greeting", pieces["greeting"], 6.0),
            ("english_offer", "Tiếng Anh, xin bấm phím sáu.", 2.0),
            ("no_recording_offer", pieces["no_recording_offer"], 2.0),
            ("busy", pieces["busy"], 0.8),
        )
    ):
        record(path, 400.0 + 40 * place, said_s=said_s)
        sound = take_sound(io.BytesIO(path.read_bytes()), words, "vi")
        spot, at = Spot("vi", False, name), NOON + timedelta(minutes=place)
        take = keep_take(visitor.engine, folder / "takes", spot, words, sound, BY, at)
        made[name] = take.id
    both = [made["greeting"], made["english_offer"]]
    with transaction(visitor.engine) as session:
        publish(session, "vi", both, 0, BY, lambda: NOON)


def _made_by_voice(folder: Path, pieces: Mapping[str, str]) -> None:
    """What the pages ask about the sounds of a voice, without the sounds."""
    folder.mkdir(parents=True)
    made = {
        name: {"source": "rendered", "made_of": "", "length_s": 0.5 + 0.3 * len(text.split())}
        for name, text in pieces.items()
    }
    (folder / "manifest.json").write_text(json.dumps(made))
