"""What words tell of categories: the pack's file fits its examples; staff's choices add to it."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from hotline.commands.province import province
from hotline.settings import Settings
from hotline.weights import (
    LEARNT,
    Effect,
    Rates,
    categories_of,
    chosen_examples,
    keep,
    measured,
    own_file,
    pack_examples,
    pack_learnt,
)
from provinces.loader import load_province
from reports.models import Update, UpdateKind
from storage.database import transaction
from tests.builders import NOON, a_report
from tests.provinces.packs import TINY, bac_lieu, copied, tiny
from understanding.categories import categories_in
from understanding.learning import Example, digest_of, learn
from understanding.learnt import NOTHING_LEARNT
from understanding.lexicon import said

MOST_BYTES = 1_500_000


def test_the_file_of_bac_lieu_was_learnt_from_its_examples() -> None:
    learnt = pack_learnt(bac_lieu())

    assert learnt.digest == digest_of(pack_examples(bac_lieu())), "run `hotline province learn`"
    assert learnt.classes == tuple(sorted(bac_lieu().categories))
    assert (bac_lieu().folder / LEARNT).stat().st_size < MOST_BYTES


@pytest.mark.slow
def test_learning_again_gives_the_same_answers() -> None:
    examples = pack_examples(bac_lieu())
    kept, again = pack_learnt(bac_lieu()), learn(examples)

    same = [
        int(kept.score(said(one.said))[0].argmax()) == int(again.score(said(one.said))[0].argmax())
        for one in examples[::10]
    ]
    assert sum(same) >= 0.99 * len(same)


def test_a_pack_learns_by_command_and_is_then_understood(tmp_path: Path) -> None:
    folder = copied(TINY, tmp_path / "pack")
    before = categories_of(load_province(folder))

    result = CliRunner().invoke(province, ["learn", str(folder)], catch_exceptions=False)

    assert result.exit_code == 0 and "6 examples" in result.output
    assert before.learnt is NOTHING_LEARNT
    found = categories_in("đò trễ hoài", categories_of(load_province(folder)))
    assert found[0].category == "DO01"


def test_an_unknown_pack_is_told_in_one_line() -> None:
    result = CliRunner().invoke(province, ["learn", "nowhere"])

    assert result.exit_code == 2
    assert "expected a province" in result.output


def test_own_weights_are_used_where_they_are(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    keep(settings, learn([Example("tàu chìm", "DO01"), Example("góp ý", "DO02")]))

    found = categories_in("tàu chìm", categories_of(tiny(), own_file(settings)))

    assert found[0].category == "DO01"
    assert own_file(settings).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "content", [b"damaged", learn([Example("a", "ZZ"), Example("b", "DO01")]).as_bytes()]
)
def test_own_weights_that_are_no_use_are_not_used(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "categories.npz"
    file.write_bytes(content)

    assert categories_of(tiny(), file).learnt is NOTHING_LEARNT


def test_the_effect_is_judged_by_what_was_learnt_without_each_report() -> None:
    pack = [
        Example(text, of)
        for text, of in (
            ("đò trễ", "DO01"),
            ("góp ý", "DO02"),
            ("đò lâu", "DO01"),
            ("khen", "DO02"),
        )
        for _ in range(2)
    ]
    chosen = [Example("phà chậm", "DO01"), Example("phà sao chậm", "DO01")] * 2

    effect = measured(pack, chosen)

    assert effect.chosen_after.first == 1.0
    assert effect.pack_after.first == effect.pack_before.first


@pytest.mark.parametrize(
    ("before", "after", "pack_before", "pack_after", "better"),
    [(0.5, 0.6, 0.7, 0.7, True), (0.5, 0.5, 0.7, 0.8, False), (0.5, 0.9, 0.7, 0.6, False)],
)
def test_what_is_better(
    before: float, after: float, pack_before: float, pack_after: float, better: bool
) -> None:
    rates = [Rates(share, 1.0) for share in (before, after, pack_before, pack_after)]

    assert Effect(*rates).is_better is better


def test_categories_that_the_pack_no_longer_has_teach_nothing(database: Engine) -> None:
    _with_choices(database, [("đò trễ", "DO01"), ("xe trễ", "GONE")])

    assert chosen_examples(database, tiny()) == [Example("đò trễ", "DO01")]


def _with_choices(engine: Engine, choices: Sequence[tuple[str, str]]) -> None:
    with transaction(engine) as session:
        for at, (words, category) in enumerate(choices):
            session.add(a_report(id=f"r{at}", category=category, description=words))
            session.flush()
            session.add(
                Update(
                    report_id=f"r{at}",
                    kind=UpdateKind.CHANGED,
                    at=NOON,
                    author="u1",
                    changes={"category": ["X", category]},
                )
            )
