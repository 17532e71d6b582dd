"""What words tell of categories, learnt: from the pack, and from what staff chose here."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog
from sqlalchemy import Engine

from hotline.private_files import write_private_bytes
from hotline.settings import Settings
from provinces.examples import load_examples
from provinces.schema import Province
from reports.chosen_categories import chosen_categories
from storage.database import reading
from understanding.categories import Categories, categories_in
from understanding.errors import BadLearnt
from understanding.learning import Example, learn
from understanding.learnt import NOTHING_LEARNT, Learnt, read_learnt

log = structlog.get_logger()

LEARNT = Path("learnt", "categories.npz")  # in a pack, and among our data
FOLDS = 4
LEAST_CHOSEN = 20  # fewer reports tell nothing of the effect
MOST_LOST = 0.005  # of the pack's reports that may be understood worse


@dataclass(frozen=True)
class Rates:
    """Shares of reports whose category comes first, and is among the first three."""

    first: float
    among_three: float


@dataclass(frozen=True)
class Effect:
    """Cross-validated: each report is judged by weights that were learnt without it."""

    chosen_before: Rates
    chosen_after: Rates
    pack_before: Rates
    pack_after: Rates

    @property
    def is_better(self) -> bool:
        """More of staff's choices are found, and the pack's reports as before."""
        lost = self.pack_before.first - self.pack_after.first
        return self.chosen_after.first > self.chosen_before.first and lost <= MOST_LOST


def categories_of(province: Province, own: Path | None = None) -> Categories:
    """What tells of the province's categories: of `own` if such a file is there, else the pack's.

    A pack without any tells of nothing. Made once: keep it.

    Raises:
        BadLearnt: the pack's file cannot be read.
    """
    learnt = _own(province, own) if own is not None else None
    return Categories(learnt or pack_learnt(province), province.unclear)


def pack_learnt(province: Province) -> Learnt:
    """What is learnt in the pack.

    Raises:
        BadLearnt: its file cannot be read.
    """
    try:
        return read_learnt((province.folder / LEARNT).read_bytes())
    except FileNotFoundError:
        return NOTHING_LEARNT


def own_file(settings: Settings) -> Path:
    """Where weights lie that were learnt here too."""
    return settings.data / LEARNT


def _own(province: Province, file: Path) -> Learnt | None:
    """None where they are not there, or no use: a draft is proposed all the same."""
    try:
        learnt = read_learnt(file.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, BadLearnt) as error:
        log.warning("own weights are not used", reason=str(error))
        return None
    if not set(learnt.classes) <= set(province.categories):
        log.warning("own weights are not used", reason="categories that the pack no longer has")
        return None
    return learnt


def pack_examples(province: Province) -> list[Example]:
    """What the pack's weights are learnt from.

    Raises:
        ProvinceBroken: its examples are wrong.
    """
    return [
        Example(one.said.replace("...", " "), one.category, one.weight)
        for one in load_examples(province)
    ]


def chosen_examples(engine: Engine, province: Province) -> list[Example]:
    """Reports whose category staff changed, with what they chose."""
    with reading(engine) as session:
        return [
            Example(words, category)
            for words, category in chosen_categories(session)
            if category in province.categories
        ]


def measured(pack: Sequence[Example], chosen: Sequence[Example]) -> Effect:
    """What learning from `chosen` too would change; takes a minute."""
    whole = [one for one in pack if one.weight == 1]
    phrases = [one for one in pack if one.weight != 1]
    found: dict[str, list[int]] = {}
    for fold in range(FOLDS):
        known = phrases + _without(whole, fold)
        before = Categories(learn(known))
        after = Categories(learn(known + _without(chosen, fold)))
        for name, weights in (("before", before), ("after", after)):
            found.setdefault(f"chosen_{name}", []).extend(_ranks(weights, chosen[fold::FOLDS]))
            found.setdefault(f"pack_{name}", []).extend(_ranks(weights, whole[fold::FOLDS]))
    return Effect(**{name: _rates(ranks) for name, ranks in found.items()})


def keep(settings: Settings, learnt: Learnt) -> Path:
    """Where they were written: private, as single callers' words are among them."""
    write_private_bytes(own_file(settings), learnt.as_bytes())
    return own_file(settings)


def _without(examples: Sequence[Example], fold: int) -> list[Example]:
    return [one for at, one in enumerate(examples) if at % FOLDS != fold]


def _ranks(weights: Categories, examples: Sequence[Example]) -> list[int]:
    """At which place the right category comes; after all where it does not."""
    ranks = []
    for one in examples:
        found = [category.category for category in categories_in(one.said, weights)]
        ranks.append(found.index(one.of) if one.of in found else len(weights.learnt.classes))
    return ranks


def _rates(ranks: Sequence[int]) -> Rates:
    count = max(1, len(ranks))
    return Rates(sum(rank < 1 for rank in ranks) / count, sum(rank < 3 for rank in ranks) / count)
