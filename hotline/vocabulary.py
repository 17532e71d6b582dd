"""The vocabulary of this installation: its province's places and its staff's corrections."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine

from hotline.private_files import write_private
from hotline.settings import Settings
from provinces.schema import LOWEST_KINDS, Province
from reports.corrections import words_put_in
from speech.bias import NO_BIAS, Bias
from speech.errors import BadVocabulary
from speech.vocabulary import Vocabulary, read_vocabulary, vocabulary
from storage.database import reading

# Fewer callers' words may tell who they are; the file lies open in the data folder.
LEAST_RECORDINGS = 3


def gather(engine: Engine, province: Province) -> Vocabulary:
    """What the pack and the corrections give now; not measured, so not in use."""
    with reading(engine) as session:
        learnt = words_put_in(session, LEAST_RECORDINGS)
    return vocabulary(tuple(place_names(province)), learnt)


def place_names(province: Province) -> Iterator[str]:
    """Names as callers say them: today's communes first, then older units, landmarks, streets."""
    units = sorted(province.units.values(), key=lambda u: u.key.edition != province.current_edition)
    for unit in units:
        if unit.kind in LOWEST_KINDS:
            yield unit.name
    for unit in units:
        if unit.kind not in LOWEST_KINDS:
            yield unit.name
    for landmark in province.landmarks:
        yield landmark.name
    for street in province.streets:
        yield street.name


def kept(settings: Settings) -> Vocabulary | None:
    """The vocabulary as it was last made; None where it never was.

    Raises:
        BadVocabulary: the file is there and cannot be read.
    """
    path = vocabulary_file(settings)
    try:
        return read_vocabulary(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise BadVocabulary(f"{path} cannot be read: {error}") from error
    except BadVocabulary as error:
        raise BadVocabulary(f"{path}: {error}") from error


def keep(settings: Settings, made: Vocabulary) -> Path:
    """Where the vocabulary was written to."""
    write_private(vocabulary_file(settings), made.as_text())
    return vocabulary_file(settings)


def bias_in_use(settings: Settings) -> Bias:
    """What recognisers of recordings are told; nothing until it was measured to help.

    Raises:
        BadVocabulary: the file is there and cannot be read.
    """
    found = kept(settings)
    return found.bias_in_use if found is not None else NO_BIAS


def vocabulary_file(settings: Settings) -> Path:
    return settings.data / "vocabulary.json"
