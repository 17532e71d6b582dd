"""A folder of recorded speech with its words: WAV files and a manifest.

`manifest.jsonl` has a line of JSON for each file: `file` and `text`; where they are known
`region`; for an answer to a menu `phrases` and `answer`. `phrases` is the step's list, or an object
that gives the key which each phrase stands for; `answer` is the phrase or key that is right, "" for
none of them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from speech.errors import BadManifest
from speech.sound import Sound, read_wav

MANIFEST = "manifest.jsonl"


@dataclass(frozen=True)
class Spoken:
    """One recording and what is said in it. `answer` is None where no list was asked for.

    `phrases` has what each phrase stands for, which is itself where the manifest has a list.
    """

    path: Path
    said: str
    region: str
    phrases: Mapping[str, str]
    answer: str | None

    def sound(self) -> Sound:
        """Read anew each time: a folder may hold more hours than memory does.

        Raises:
            BrokenSound: the file holds no sound.
        """
        return read_wav(self.path)


def read_folder(folder: Path, limit: int | None = None) -> tuple[Spoken, ...]:
    """The folder's recordings in the order of its manifest, the first `limit` of them.

    Raises:
        BadManifest: there is none, or a line of it is not what is expected.
    """
    try:
        lines = (folder / MANIFEST).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadManifest(
            f"expected {MANIFEST} in {folder}, found none that can be read"
        ) from error
    numbered = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    if not numbered:
        raise BadManifest(f"{MANIFEST} in {folder} is empty")
    return tuple(_read(folder, number, line) for number, line in numbered[:limit])


def _read(folder: Path, number: int, line: str) -> Spoken:
    where = f"{MANIFEST}, line {number}"
    try:
        entry: Any = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadManifest(f"{where}: expected one JSON object, found no JSON") from error
    if not isinstance(entry, dict):
        raise BadManifest(f"{where}: expected one JSON object, found {type(entry).__name__}")
    for name in ("file", "text"):
        if not isinstance(entry.get(name), str):
            raise BadManifest(f"{where}: expected {name!r} as text, found {entry.get(name)!r}")
    phrases, answer = _phrases(entry.get("phrases", []), where), entry.get("answer")
    if answer is not None and answer not in ("", *phrases.values()):
        raise BadManifest(f"{where}: expected 'answer' to be one of 'phrases', found {answer!r}")
    path = folder / entry["file"]
    if not path.resolve().is_relative_to(folder.resolve()):
        raise BadManifest(f"{where}: {entry['file']!r} lies outside the folder")
    return Spoken(
        path=path,
        said=entry["text"],
        region=str(entry.get("region") or "unknown"),
        phrases=phrases,
        answer=answer,
    )


def _phrases(value: Any, where: str) -> dict[str, str]:
    pairs = value
    if isinstance(value, list) and all(isinstance(phrase, str) for phrase in value):
        pairs = {phrase: phrase for phrase in value}
    if not isinstance(pairs, dict) or not all(isinstance(text, str) for text in pairs.values()):
        raise BadManifest(f"{where}: expected 'phrases' as a list of texts, or texts and keys")
    return pairs
