"""Makes the sound files of prompts: from recordings where there are any, else spoken.

Every sound leaves here alike: 8 kHz 16-bit mono, speech at one level, a tenth of a second of
silence at both ends, so that pieces from studio and synthesiser follow each other evenly.
`manifest.json` beside the sounds remembers what each was made of; only what changed is remade.

A sound is the first of: a studio's recording of it whole; recorded units put together, where every
unit of it is there; the words, spoken by a voice. Digits follow each other in one part, so they are
recorded all or not at all.
"""

import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import structlog

from ivr.errors import MissingPrompts
from ivr.prompts import BEEP, DIGITS, PAUSE, Piece, Prompts
from ivr.recorded_units import Part, RecordedUnits
from ivr.unit_recordings import UnitFolder, first_with
from speech.level import normalised, trimmed
from speech.piper_voice import fingerprint
from speech.sound import TELEPHONE_HZ, Sound, from_float, read_wav, resampled, write_wav
from speech.spare_voice import with_spare
from speech.synthesis import Synthesiser
from speech.voices import AnyVoice, PiperVoice, Voice, voice_label

log = structlog.get_logger()

Source = Literal["studio", "units", "rendered", "tone"]

RECIPE = 1  # counted up when the making below changes, so that every sound is made anew
UNITS_RECIPE = 1  # the same for what is put together of units
BEEP_HZ = 1000
BEEP_S = 0.3
BEEP_DBFS = -12.0
BEEP_EDGE_S = 0.02
PAUSE_S = 0.4


class Speaker(Protocol):
    """Whatever speaks a text in a voice, as telephone sound at its even level."""

    def speak(self, text: str, voice: Any) -> Sound: ...


OpenSpeaker = Callable[[], AbstractContextManager[Speaker]]


@dataclass(frozen=True)
class MadeSound:
    """A finished sound, as the manifest remembers it. `voice` says who speaks, where one does."""

    source: Source
    made_of: str  # a hash over wording and voice, or over the files it was recorded in
    length_s: float
    voice: str = ""


@dataclass(frozen=True)
class _Wanted:
    """Where a sound comes from, and the hash of what it is made of."""

    source: Source
    made_of: str
    make: Callable[[], Sound] | None  # None: a voice has to speak it

    def as_made(self, sound: Sound, voice: AnyVoice | None) -> MadeSound:
        spoken_by = voice_label(voice) if voice is not None and self.make is None else ""
        return MadeSound(self.source, self.made_of, round(sound.length_s, 3), spoken_by)


def render_missing(
    prompts: Prompts,
    studios: Sequence[Path],
    voice: AnyVoice | None,
    open_speaker: OpenSpeaker = Synthesiser,
    *,
    units: Sequence[Path] = (),
    spare: Voice | None = None,
    open_spare: OpenSpeaker = Synthesiser,
) -> tuple[str, ...]:
    """The names of the sounds that had to be made; none when all were up to date.

    `studios` are the folders of studio recordings, named as in `Prompts.names`; the first that
    has a sound is taken, and any may be absent; `units` are folders of recorded units, likewise.
    Without a `voice` everything has to be recorded. Where `voice` fails, `spare` speaks all that
    is not recorded, so that a caller hears one voice; the next rendering tries `voice` again.
    Sounds that are no longer worded are removed.

    Raises:
        MissingPrompts: there is no voice, and something was not recorded.
        SynthesisFailed: a text could not be spoken, by the spare voice neither.
        BrokenSound: a studio file holds no sound.
    """
    if voice is None and (lacking := unrecorded(prompts, studios, units)):
        raise MissingPrompts(
            f"no voice speaks {prompts.language!r}, and it was not recorded: {', '.join(lacking)}"
        )
    recorded = _of_recordings(prompts, studios, units)
    if voice is None:
        return _render(prompts, recorded, None, open_speaker)

    def work(speaking: AnyVoice) -> tuple[str, ...]:
        opening = open_speaker if speaking is voice else open_spare
        return _render(prompts, recorded, speaking, opening)

    return with_spare((voice, spare) if spare else (voice,), prompts.language, work)


def unrecorded(
    prompts: Prompts, studios: Sequence[Path], units: Sequence[Path] = ()
) -> tuple[str, ...]:
    """The names of the pieces that no folder of recordings has."""
    recorded = _of_recordings(prompts, studios, units)
    return tuple(piece.name for piece in prompts.pieces if piece.name not in recorded)


def follows_studio(prompts: Prompts, studios: Sequence[Path], names: Iterable[str]) -> bool:
    """Whether the sounds `names` were made of the studio recordings that are there now."""
    made = read_manifest(prompts.folder)
    for name in {piece.name for piece in prompts.pieces} & set(names):
        there = next((p for s in studios if (p := s / f"{name}.wav").is_file()), None)
        is_studio = name in made and made[name].source == "studio"
        if name not in made or is_studio != (there is not None):
            return False
        if there is not None and made[name].made_of != _of_studio(there).made_of:
            return False
    return True


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


def _render(
    prompts: Prompts,
    recorded: Mapping[str, _Wanted],
    voice: AnyVoice | None,
    open_speaker: OpenSpeaker,
) -> tuple[str, ...]:
    prompts.folder.mkdir(parents=True, exist_ok=True)
    known = read_manifest(prompts.folder)
    wanted = {**_TONES, **_rendered(prompts, recorded, voice), **recorded}
    stale = [name for name in prompts.names if not _is_fresh(prompts.folder, name, wanted, known)]
    made = {name: known[name] for name in wanted if name not in stale}
    if stale:
        # First forgotten, then made: whoever breaks off midway leaves nothing that looks right.
        _write_manifest(prompts.folder, made)
    texts = {piece.name: _sentence(piece) for piece in prompts.pieces}
    to_speak = [name for name in stale if wanted[name].make is None]
    if to_speak and voice is not None:
        with open_speaker() as speaker:
            for name in to_speak:
                spoken = speaker.speak(texts[name], voice)
                write_wav(prompts.folder / f"{name}.wav", spoken)
                made[name] = wanted[name].as_made(spoken, voice)
    for name in stale:
        if (make := wanted[name].make) is not None:
            sound = make()
            write_wav(prompts.folder / f"{name}.wav", sound)
            made[name] = wanted[name].as_made(sound, None)
    for name in known.keys() - wanted.keys():
        (prompts.folder / f"{name}.wav").unlink(missing_ok=True)
    if stale or known.keys() != wanted.keys():
        _write_manifest(prompts.folder, made)
    return tuple(stale)


def _of_recordings(
    prompts: Prompts, studios: Sequence[Path], units: Sequence[Path]
) -> dict[str, _Wanted]:
    """The sounds for which there are recordings: whole ones before units."""
    wording = {piece.key: piece.text for piece in prompts.pieces if piece.name == piece.key}
    parts = RecordedUnits(wording, prompts.language)
    digits = {name for name in DIGITS.values() if name in wording}
    folders = [UnitFolder(folder) for folder in units]
    found: dict[str, _Wanted] = {}
    for piece in prompts.pieces:
        part = parts.of_sound(piece.name)
        if part is not None and (folder := first_with(part, folders)) is not None:
            found[piece.name] = _of_units(part, folder)
    for folder in folders:
        if problems := [told for unit in parts.units if (told := folder.problem(unit.name))]:
            log.warning(
                "recorded units cannot be used",
                language=prompts.language,
                folder=str(folder.folder),
                units=len(problems),
                first=problems[0],
            )
    for studio in reversed(studios):
        # One look at the folder: there are hundreds of names and mostly no recording at all.
        there = {path.stem: path for path in studio.glob("*.wav")}
        whole = {name: _of_studio(there[name]) for name in prompts.names if name in there}
        if not digits <= whole.keys():
            whole = {name: recording for name, recording in whole.items() if name not in digits}
        found |= whole
    return found


def _of_studio(path: Path) -> _Wanted:
    return _Wanted("studio", _digest(path.read_bytes()), lambda: _evened(read_wav(path)))


def _of_units(part: Part, folder: UnitFolder) -> _Wanted:
    made_of = _digest(f"{UNITS_RECIPE} {folder.digest(part)}".encode())
    return _Wanted("units", made_of, lambda: folder.composed(part))


def _rendered(
    prompts: Prompts, recorded: Mapping[str, _Wanted], voice: AnyVoice | None
) -> dict[str, _Wanted]:
    """What a voice has to speak: its hash tells the words and the voice.

    Raises:
        BadVoice: the voice's files cannot be read, and something has to be spoken.
    """
    pieces = [piece for piece in prompts.pieces if piece.name not in recorded]
    identity = _identity(voice) if voice is not None and pieces else None
    return {
        piece.name: _Wanted(
            "rendered", _digest(json.dumps([_sentence(piece), identity]).encode()), None
        )
        for piece in pieces
    }


def _identity(voice: AnyVoice) -> dict[str, Any]:
    """What makes a voice another: of Piper's, the files themselves and not where they lie."""
    if isinstance(voice, PiperVoice):
        return {"piper": fingerprint(voice), "pace": voice.pace}
    return asdict(voice)


def _is_fresh(
    folder: Path, name: str, wanted: Mapping[str, _Wanted], known: Mapping[str, MadeSound]
) -> bool:
    want = wanted[name]
    if name not in known or (known[name].source, known[name].made_of) != (
        want.source,
        want.made_of,
    ):
        return False
    path = folder / f"{name}.wav"
    return path.is_file() and path.stat().st_size > 0


def _sentence(piece: Piece) -> str:
    """The words with a full stop: without one the voice breaks off as if going on."""
    text = piece.text.strip()
    return text if text[-1] in ".?!:," else f"{text}."


def _evened(sound: Sound) -> Sound:
    return trimmed(normalised(resampled(sound, TELEPHONE_HZ)))


def _write_manifest(folder: Path, made: Mapping[str, MadeSound]) -> None:
    content = json.dumps({name: asdict(made[name]) for name in sorted(made)}, indent=1)
    unfinished = folder / f".manifest.json.{os.getpid()}.{threading.get_native_id()}"
    unfinished.write_text(content + "\n")
    unfinished.replace(folder / "manifest.json")


def _digest(content: bytes) -> str:
    return hashlib.sha256(bytes([RECIPE]) + content).hexdigest()


_TONES: Mapping[str, _Wanted] = {
    name: _Wanted("tone", _digest(name.encode()), make)
    for name, make in {BEEP: beep, PAUSE: pause}.items()
}
