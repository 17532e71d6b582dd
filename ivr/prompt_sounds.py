"""Makes the sound files of prompts: from studio recordings where there are any, else spoken.

Every sound leaves here alike: 8 kHz 16-bit mono, speech at one level, a tenth of a second of
silence at both ends, so that pieces from studio and synthesiser follow each other evenly.
`manifest.json` beside the sounds remembers what each was made of; only what changed is remade.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np

from ivr.errors import MissingPrompts
from ivr.prompts import BEEP, PAUSE, Piece, Prompts
from speech.level import normalised, trimmed
from speech.sound import TELEPHONE_HZ, Sound, from_float, read_wav, resampled, write_wav
from speech.synthesis import Synthesiser
from speech.voices import Voice

Source = Literal["studio", "rendered", "tone"]

RECIPE = 1  # counted up when the making below changes, so that every sound is made anew
BEEP_HZ = 1000
BEEP_S = 0.3
BEEP_DBFS = -12.0
BEEP_EDGE_S = 0.02
PAUSE_S = 0.4


class Speaker(Protocol):
    """Whatever speaks a text in a voice, as telephone sound at its even level."""

    def speak(self, text: str, voice: Voice) -> Sound: ...


OpenSpeaker = Callable[[], AbstractContextManager[Speaker]]


@dataclass(frozen=True)
class MadeSound:
    """A finished sound, as the manifest remembers it."""

    source: Source
    made_of: str  # a hash over wording and voice, or over the studio file
    length_s: float


def render_missing(
    prompts: Prompts,
    studios: Sequence[Path],
    voice: Voice | None,
    open_speaker: OpenSpeaker = Synthesiser,
) -> tuple[str, ...]:
    """The names of the sounds that had to be made; none when all were up to date.

    `studios` are the folders of studio recordings, named as in `Prompts.names`; the first that
    has a sound is taken, and any may be absent. Without a `voice` everything has to be recorded.
    Sounds that are no longer worded are removed.

    Raises:
        MissingPrompts: there is no voice, and something was not recorded.
        SynthesisFailed: a text could not be spoken.
        BrokenSound: a studio file holds no sound.
    """
    if voice is None and (lacking := unrecorded(prompts, studios)):
        raise MissingPrompts(
            f"no voice speaks {prompts.language!r}, and it was not recorded: {', '.join(lacking)}"
        )
    prompts.folder.mkdir(parents=True, exist_ok=True)
    known = read_manifest(prompts.folder)
    recorded = _recorded(prompts, studios)
    wanted = _wanted(prompts, recorded, voice)
    stale = [name for name in wanted if not _is_fresh(prompts.folder, name, wanted, known)]
    made = {name: known[name] for name in wanted if name not in stale}
    pieces = {piece.name: piece for piece in prompts.pieces}
    to_speak = [name for name in stale if wanted[name][0] == "rendered"]
    if to_speak and voice is not None:
        with open_speaker() as speaker:
            for name in to_speak:
                spoken = speaker.speak(_sentence(pieces[name]), voice)
                made[name] = _write(prompts.folder, name, spoken, wanted[name])
    for name in stale:
        match wanted[name][0]:
            case "studio":
                sound = _evened(read_wav(recorded[name]))
                made[name] = _write(prompts.folder, name, sound, wanted[name])
            case "tone":
                made[name] = _write(prompts.folder, name, _TONES[name](), wanted[name])
    for name in known.keys() - wanted.keys():
        (prompts.folder / f"{name}.wav").unlink(missing_ok=True)
    if stale or known.keys() != wanted.keys():
        _write_manifest(prompts.folder, made)
    return tuple(stale)


def unrecorded(prompts: Prompts, studios: Sequence[Path]) -> tuple[str, ...]:
    """The names of the pieces that no studio folder has."""
    recorded = _recorded(prompts, studios)
    return tuple(piece.name for piece in prompts.pieces if piece.name not in recorded)


def read_manifest(folder: Path) -> Mapping[str, MadeSound]:
    """What lies in a folder of prompts, by name; nothing when there is no usable manifest."""
    try:
        content: dict[str, dict[str, Any]] = json.loads((folder / "manifest.json").read_text())
        return {name: MadeSound(**entry) for name, entry in content.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}  # everything is then made anew, which is the mend


def beep() -> Sound:
    """The tone before a recording; its edges rise and fall softly, or they would click."""
    at = np.arange(round(BEEP_S * TELEPHONE_HZ)) / TELEPHONE_HZ
    from_edge = np.minimum(at, BEEP_S - at)
    edge = 0.5 - 0.5 * np.cos(np.pi * np.minimum(from_edge / BEEP_EDGE_S, 1))
    tone = np.sin(2 * np.pi * BEEP_HZ * at) * edge * 10 ** (BEEP_DBFS / 20)
    return from_float(tone, TELEPHONE_HZ)


def pause() -> Sound:
    """The silence between two groups of digits."""
    return Sound(np.zeros(round(PAUSE_S * TELEPHONE_HZ), np.int16), TELEPHONE_HZ)


_TONES: Mapping[str, Callable[[], Sound]] = {BEEP: beep, PAUSE: pause}


def _recorded(prompts: Prompts, studios: Sequence[Path]) -> Mapping[str, Path]:
    """The recording of each sound that has one."""
    found: dict[str, Path] = {}
    for studio in reversed(studios):
        # One look at the folder: there are hundreds of names and mostly no recording at all.
        there = {path.stem: path for path in studio.glob("*.wav")}
        found |= {name: there[name] for name in prompts.names if name in there}
    return found


def _wanted(
    prompts: Prompts, recorded: Mapping[str, Path], voice: Voice | None
) -> dict[str, tuple[Source, str]]:
    """For each sound where it comes from and the hash of what it is made of."""
    pieces: dict[str, Piece] = {piece.name: piece for piece in prompts.pieces}
    wanted: dict[str, tuple[Source, str]] = {}
    for name in prompts.names:
        if name in recorded:
            wanted[name] = ("studio", _digest(recorded[name].read_bytes()))
        elif name in _TONES:
            wanted[name] = ("tone", _digest(name.encode()))
        else:
            made_of = [_sentence(pieces[name]), voice and asdict(voice)]
            wanted[name] = ("rendered", _digest(json.dumps(made_of).encode()))
    return wanted


def _is_fresh(
    folder: Path,
    name: str,
    wanted: Mapping[str, tuple[Source, str]],
    known: Mapping[str, MadeSound],
) -> bool:
    if name not in known or (known[name].source, known[name].made_of) != wanted[name]:
        return False
    path = folder / f"{name}.wav"
    return path.is_file() and path.stat().st_size > 0


def _sentence(piece: Piece) -> str:
    """The words with a full stop: without one the voice breaks off as if going on."""
    text = piece.text.strip()
    return text if text[-1] in ".?!:," else f"{text}."


def _evened(sound: Sound) -> Sound:
    return trimmed(normalised(resampled(sound, TELEPHONE_HZ)))


def _write(folder: Path, name: str, sound: Sound, made: tuple[Source, str]) -> MadeSound:
    write_wav(folder / f"{name}.wav", sound)
    return MadeSound(source=made[0], made_of=made[1], length_s=round(sound.length_s, 3))


def _write_manifest(folder: Path, made: Mapping[str, MadeSound]) -> None:
    content = json.dumps({name: asdict(made[name]) for name in sorted(made)}, indent=1)
    unfinished = folder / ".manifest.json.new"
    unfinished.write_text(content + "\n")
    unfinished.replace(folder / "manifest.json")


def _digest(content: bytes) -> str:
    return hashlib.sha256(bytes([RECIPE]) + content).hexdigest()
