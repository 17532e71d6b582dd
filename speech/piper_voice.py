"""Piper's voice files: whether they are what they should be, before anything is spoken with them.

A voice is two files, `NAME.onnx` and `NAME.onnx.json`. What lies there instead is mostly a page
that said "not found", a Git LFS pointer, or half a download.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from speech.errors import BadVoice
from speech.sound import HIGHEST_HZ, LOWEST_HZ
from speech.voices import PiperVoice

LEAST_BYTES, MOST_BYTES = 100_000, 2_000_000_000
MOST_CONFIG_BYTES = 1_000_000
# An ONNX file begins with its version of the format: field 1, a number.
_FIRST_BYTE, _NEWEST_FORMAT = 0x08, 64


@dataclass(frozen=True)
class VoiceFile:
    """What a voice says of itself. `length_scale` is its own pace: 1.2 takes a fifth longer."""

    rate_hz: int
    length_scale: float
    language: str
    speakers: int


def read_voice(voice: PiperVoice) -> VoiceFile:
    """The voice's own description.

    Raises:
        BadVoice: a file is missing or is not a voice's, or the voice speaks another language.
    """
    _check_model(voice.model)
    config = config_path(voice.model)
    found = _config(config)
    try:
        file = VoiceFile(
            rate_hz=int(found["audio"]["sample_rate"]),
            length_scale=float(found.get("inference", {}).get("length_scale", 1.0)),
            language=_language(found),
            speakers=int(found.get("num_speakers", 1)),
        )
        if not isinstance(found["phoneme_id_map"], dict):
            raise TypeError
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        expected = "sample_rate of audio, phoneme_id_map and language"
        raise BadVoice(f"{config.name}: expected {expected}, as Piper's voices have") from error
    if not LOWEST_HZ <= file.rate_hz <= HIGHEST_HZ or not 0.1 <= file.length_scale <= 10:
        raise BadVoice(f"{config.name}: a rate of {file.rate_hz} Hz or its pace is impossible")
    wanted = voice.language.split("-")[0].lower()
    if file.language and file.language != wanted:
        raise BadVoice(
            f"{voice.model.name}: expected a voice of {wanted!r}, it speaks {file.language!r}"
        )
    return file


def fingerprint(voice: PiperVoice) -> str:
    """A hash over both files: another voice under the same name is another voice.

    Raises:
        BadVoice: a file cannot be read.
    """
    digest = hashlib.sha256()
    for path in (voice.model, config_path(voice.model)):
        try:
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        except OSError as error:
            raise BadVoice(f"{path.name}: {_why(error)}") from error
    return digest.hexdigest()


def config_path(model: Path) -> Path:
    """The description beside a voice's model."""
    return model.with_name(f"{model.name}.json")


def _check_model(model: Path) -> None:
    if model.suffix != ".onnx":
        raise BadVoice(f"{model.name}: expected Piper's voice, a file NAME.onnx")
    try:
        with model.open("rb") as file:
            head = file.read(2)
        size_bytes = model.stat().st_size
    except OSError as error:
        raise BadVoice(f"{model.name}: {_why(error)}") from error
    if len(head) < 2 or head[0] != _FIRST_BYTE or not 0 < head[1] <= _NEWEST_FORMAT:
        raise BadVoice(f"{model.name}: expected an ONNX model, found something else: fetch it anew")
    if not LEAST_BYTES <= size_bytes <= MOST_BYTES:
        raise BadVoice(f"{model.name}: expected 0.1 to 2000 MB, found {size_bytes / 1e6:.1f} MB")


def _config(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_CONFIG_BYTES + 1)
    except OSError as error:
        raise BadVoice(f"{path.name}: {_why(error)}; it belongs beside the voice") from error
    if len(content) > MOST_CONFIG_BYTES:
        raise BadVoice(f"{path.name}: expected at most 1 MB")
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadVoice(f"{path.name}: expected JSON, found something else") from error
    if not isinstance(found, dict):
        raise BadVoice(f"{path.name}: expected a JSON object, found {type(found).__name__}")
    return found


def _language(config: dict[str, Any]) -> str:
    """`vi`: told since Piper 1.0 as language, before only as espeak-ng's name of it."""
    told = config.get("language", {}).get("family") or config.get("espeak", {}).get("voice") or ""
    return str(told).replace("_", "-").split("-")[0].lower()


def _why(error: OSError) -> str:
    return (error.strerror or "cannot be read").lower()
