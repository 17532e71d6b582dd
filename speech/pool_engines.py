"""Which engine a worker loads, as a value that can be handed to another process."""

import importlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from speech.catalogue import find_model
from speech.errors import RecogniserUnavailable
from speech.streaming import StreamingRecogniser

SCRIPTED, WHISPER, VOSK = "scripted", "whisper", "vosk"
ENGINES = (WHISPER, VOSK, SCRIPTED)


@dataclass(frozen=True)
class EngineChoice:
    """`engine` is one of `ENGINES`, or `module:function` that takes this choice (for tests).

    `folder` is where the model lies, "" where none is needed; `threads` are those of one worker.
    """

    engine: str
    model: str = ""
    folder: str = ""
    threads: int = 1

    def as_text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def choice_of(text: str) -> EngineChoice:
    """What `as_text` told."""
    value: dict[str, Any] = json.loads(text)
    return EngineChoice(**value)


def load_engine(choice: EngineChoice) -> StreamingRecogniser:
    """The engine with its model loaded and compared with the catalogue: no caller waits for that.

    Raises:
        RecogniserUnavailable: library or model cannot be loaded, or there is no such engine.
        ModelError: the catalogue has no such model, or a file is not the one it names.
    """
    match choice.engine:
        case "whisper":
            from speech.whisper_phrases import WhisperPhrases

            expected = find_model(choice.model)
            whisper = WhisperPhrases(
                Path(choice.folder), choice.model, choice.threads, expected=expected
            )
            whisper.load()
            return whisper
        case "vosk":
            from speech.vosk import VoskRecogniser

            expected = find_model(choice.model)
            vosk = VoskRecogniser(Path(choice.folder), choice.model, expected=expected)
            vosk.load()
            return vosk
        case "scripted":
            from speech.scripted_stream import FirstPhraseRecogniser

            return FirstPhraseRecogniser()
        case other if ":" in other:
            module, _, name = other.partition(":")
            made: StreamingRecogniser = getattr(importlib.import_module(module), name)(choice)
            return made
        case other:
            known = ", ".join(ENGINES)
            raise RecogniserUnavailable(f"expected an engine of {known}, found {other!r}")
