"""How well and how fast words become facts: `python -m benchmarks.understanding`.

Every held-out list, clean and with each kind of recognition error (the same seed, so the same
errors), the words of real recordings as negatives where they lie beside the project, texts per
second on one core, and memory. "silently wrong" is what sends a report astray; "asked" is safe.
"""

import resource
import time
from collections.abc import Callable, Iterable, Sequence

import click

from hotline.gazetteer import the_gazetteer
from hotline.understood import danger_of, understanding_of
from hotline.weights import categories_of
from provinces.loader import find_province, load_province
from provinces.schema import Province
from tests.understanding.listed import (
    ASKED,
    ASKED_IN_VAIN,
    AUDIO,
    MISSED,
    RIGHT,
    WRONG,
    Entry,
    Judge,
    Tally,
    entries,
    halves,
    judge_numbers,
    judge_times,
    place_judge,
    spoken_words,
    tally,
)
from tests.understanding.misheard import KINDS, heard_as
from understanding.categories import categories_in
from understanding.lexicon import said
from understanding.numbers import numbers_in
from understanding.places_verdict import place_verdict
from understanding.times import times_in

CLEAN = "clean"
SEED = 1
TEXTS = 5_000
FIRST, TOP_THREE = "first", "among three"
FOUND, QUIET, FALSE = "found", "quiet", "false alarm"
Readers = dict[str, Callable[[str], object]]
LISTS = ("places", "numbers", "times", "reports_unseen", "dangers_unseen")
COLUMNS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "places": (
        ("right", (RIGHT,)),
        ("right or asked", (RIGHT, ASKED, ASKED_IN_VAIN)),
        ("asked in vain", (ASKED_IN_VAIN,)),
        ("missed", (MISSED,)),
        ("silently wrong", (WRONG,)),
    ),
    "numbers": (("right", (RIGHT,)),),
    "times": (("right", (RIGHT,)),),
    "reports_unseen": (("first", (FIRST,)), ("among three", (FIRST, TOP_THREE))),
}


@click.command(help=__doc__)
@click.option("--province", default="bac_lieu", show_default=True, help="Key of a province pack.")
def main(province: str) -> None:
    before_kb = _memory_kb()
    began_s = time.process_time()
    pack = load_province(find_province(province))
    loaded_s = time.process_time()
    _readers(pack)
    ready_s = time.process_time()
    click.echo(
        f"the pack is loaded in {(loaded_s - began_s) * 1000:.0f} ms, "
        f"its readers made in {(ready_s - loaded_s) * 1000:.0f} ms"
    )
    judges = _judges(pack)
    for name, columns in COLUMNS.items():
        _table(name, judges[name], columns)
    _dangers(judges["dangers_unseen"])
    readers = _readers(pack)
    if AUDIO.exists():
        _negatives(readers)
    _speed(readers, _together(pack))
    click.echo(f"\nmemory: {(_memory_kb() - before_kb) / 1024:.0f} MB for the pack and all readers")


def _judges(pack: Province) -> dict[str, Judge]:
    known, categories = the_gazetteer(pack), categories_of(pack)
    find = danger_of(pack)

    def category(entry: Entry, said: str) -> str:
        wanted = {entry["category"], *entry.get("also", ())}
        codes = [found.category for found in categories_in(said, categories)[:3]]
        if codes and codes[0] in wanted:
            return FIRST
        return TOP_THREE if wanted & set(codes) else WRONG

    def danger(entry: Entry, said: str) -> str:
        found = find(said)
        if entry["danger"] is None:
            return QUIET if found is None else FALSE
        # The list's kinds are its author's own: only danger or none is judged.
        return MISSED if found is None else FOUND

    return {
        "places": place_judge(known),
        "numbers": judge_numbers,
        "times": judge_times,
        "reports_unseen": category,
        "dangers_unseen": danger,
    }


def _conditions() -> Iterable[tuple[str, Callable[[str], str]]]:
    yield CLEAN, lambda said: said
    for kind, mishearing in KINDS.items():
        yield kind, heard_as(mishearing, SEED)


def _table(name: str, judge: Judge, columns: Sequence[tuple[str, tuple[str, ...]]]) -> None:
    chosen = entries(name)
    click.echo(f"\n{name}: {len(chosen)} entries")
    click.echo(f"  {'':28}" + "".join(f"{title:>16}" for title, _ in columns))
    for condition, heard in _conditions():
        _row(condition, tally(chosen, judge, heard), columns)
    for half, part in zip(("odd lines", "even lines"), halves(chosen), strict=True):
        _row(f"{CLEAN}, {half}", tally(part, judge), columns)


def _row(condition: str, outcomes: Tally, columns: Sequence[tuple[str, tuple[str, ...]]]) -> None:
    shares = "".join(f"{outcomes.share(*counted):>16.1%}" for _, counted in columns)
    click.echo(f"  {condition:28}{shares}")


def _dangers(judge: Judge) -> None:
    """Present and absent dangers are told apart: a share of both would hide a missed one."""
    present = [entry for entry in entries("dangers_unseen") if entry["danger"] is not None]
    absent = [entry for entry in entries("dangers_unseen") if entry["danger"] is None]
    click.echo(f"\ndangers: {len(present)} present, {len(absent)} not")
    click.echo(f"  {'':28}{'found':>16}{'missed':>16}{'false alarms':>16}")
    for condition, heard in _conditions():
        told = tally(present, judge, heard)
        quiet = tally(absent, judge, heard)
        shares = (told.share(FOUND), told.share(MISSED), quiet.share(FALSE))
        click.echo(f"  {condition:28}" + "".join(f"{share:>16.1%}" for share in shares))


def _readers(pack: Province) -> Readers:
    known, categories = the_gazetteer(pack), categories_of(pack)
    find = danger_of(pack)
    return {
        "places": lambda text: place_verdict(text, known).places,
        "numbers": numbers_in,
        "times": lambda text: times_in(text).words,
        "reports": lambda text: categories_in(text, categories),
        "dangers": find,
    }


def _together(pack: Province) -> Callable[[str], object]:
    """All five readers of one text; categories and dangers share its words, as in the worker."""
    known, hear = the_gazetteer(pack), understanding_of(pack)
    return lambda text: (
        place_verdict(text, known),
        numbers_in(text),
        times_in(text),
        hear(said(text)),
    )


def _negatives(readers: Readers) -> None:
    texts = spoken_words()
    click.echo(f"\nwords of {len(texts)} recordings that tell of nothing: found")
    for name, read in readers.items():
        if name != "reports":  # a text that is about nothing may still be likest to something
            click.echo(f"  {name:28}{sum(bool(read(text)) for text in texts):>16}")


def _speed(readers: Readers, together: Callable[[str], object]) -> None:
    listed = [entry["said"] for name in LISTS for entry in entries(name)]
    texts = [listed[at % len(listed)] for at in range(TEXTS)]
    words = sum(len(text.split()) for text in texts) / TEXTS
    click.echo(f"\nspeed: {TEXTS} texts of {words:.0f} words, one core")
    for name, read in {**readers, "all five": together}.items():
        began_s = time.process_time()
        for text in texts:
            read(text)
        click.echo(f"  {name:28}{TEXTS / (time.process_time() - began_s):>14.0f}/s")


def _memory_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
