"""What words tell of dangers, learnt from the pack's examples."""

from collections.abc import Sequence
from pathlib import Path

from provinces.danger_examples import load_danger_examples
from provinces.examples import load_examples
from provinces.schema import Priority, Province
from understanding.danger import DANGER, QUIET, Dangers
from understanding.fold import fold
from understanding.learning import Example, learn
from understanding.learnt import NOTHING_LEARNT, Learnt, read_learnt

FILES = tuple(Path("learnt", f"{name}.npz") for name in ("dangers", "dangers_bare", "which_danger"))
ORDINARY = 0.2  # of an example; ordinary reports are many, and hardly like a danger


def dangers_of(province: Province) -> Dangers:
    """What tells of dangers in the pack; one without such files tells of none. Keep it.

    Raises:
        BadLearnt: a file cannot be read.
    """
    accented, bare, which = (_read(province.folder / file) for file in FILES)
    return Dangers(accented, bare, which)


def danger_examples(province: Province) -> list[Example]:
    """What is learnt from: the pack's dangers and false ones, and its ordinary reports.

    Raises:
        ProvinceBroken: its examples are wrong.
    """
    told = [
        Example(one.said, one.danger or QUIET, one.weight) for one in load_danger_examples(province)
    ]
    known = {one.said for one in told}
    ordinary = [
        Example(one.said, QUIET, ORDINARY)
        for one in load_examples(province)
        if one.weight == 1.0
        and province.categories[one.category].priority is Priority.NORMAL
        and one.said not in known
    ]
    return [*told, *ordinary] if told else []


def learn_dangers(examples: Sequence[Example]) -> Dangers:
    """What `examples` tell: with their accents, and without. Takes some seconds."""
    alarms = [
        Example(one.said, QUIET if one.of == QUIET else DANGER, one.weight) for one in examples
    ]
    bare = [Example(fold(one.said), one.of, one.weight) for one in alarms]
    which = [one for one in examples if one.of != QUIET]
    return Dangers(learn(alarms), learn(bare), learn(which))


def write_dangers(folder: Path, dangers: Dangers) -> int:
    """Keeps them in the pack at `folder`; how many bytes that takes."""
    size_bytes = 0
    for file, learnt in zip(FILES, (dangers.accented, dangers.bare, dangers.which), strict=True):
        (folder / file).parent.mkdir(exist_ok=True)
        size_bytes += (folder / file).write_bytes(learnt.as_bytes())
    return size_bytes


def _read(file: Path) -> Learnt:
    try:
        return read_learnt(file.read_bytes())
    except FileNotFoundError:
        return NOTHING_LEARNT
