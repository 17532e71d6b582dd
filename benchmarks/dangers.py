"""How many dangers are heard for how many false alarms: `python -m benchmarks.dangers`.

Cross-validated over the pack's examples: each is judged by what was learnt without it, as it is
and with each kind of recognition error. A row for each likelihood from which on an alarm is raised.
"""

from collections.abc import Callable, Iterator, Sequence

import click

from hotline.learnt_dangers import danger_examples, learn_dangers
from provinces.loader import find_province, load_province
from tests.understanding.misheard import KINDS
from understanding.danger import QUIET, danger_likelihood, find_danger
from understanding.learning import Example

FOLDS = 5
ALARMS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
CONDITIONS: dict[str, Callable[[str, int], str]] = {"clean": lambda said, seed: said, **KINDS}


@click.command(help=__doc__)
@click.option("--province", default="bac_lieu", show_default=True, help="Key of a province pack.")
def main(province: str) -> None:
    examples = danger_examples(load_province(find_province(province)))
    told = [(at, one) for at, one in enumerate(examples) if one.weight == 1.0]
    judged: dict[str, list[tuple[bool, float]]] = {name: [] for name in CONDITIONS}
    named: list[bool] = []
    for known_examples, held in _folds(examples, told):
        known = learn_dangers(known_examples)
        for name, misheard in CONDITIONS.items():
            judged[name] += [
                (one.of != QUIET, danger_likelihood(misheard(one.said, at), known))
                for at, one in held
            ]
        found = ((one.of, find_danger(one.said, known)) for _, one in held if one.of != QUIET)
        named += [danger.danger == of for of, danger in found if danger is not None]
    dangers = sum(one.of != QUIET for _, one in told)
    click.echo(f"{dangers} dangers, {len(told) - dangers} not; found / false alarms")
    click.echo(f"{'alarm from':>10}" + "".join(f"{name:>30}" for name in CONDITIONS))
    for alarm in ALARMS:
        cells = (_cell(judged[name], alarm) for name in CONDITIONS)
        click.echo(f"{alarm:>10}" + "".join(f"{cell:>30}" for cell in cells))
    click.echo(f"of those found, the right danger: {sum(named) / max(1, len(named)):.1%}")


def _folds(
    examples: Sequence[Example], told: Sequence[tuple[int, Example]]
) -> Iterator[tuple[list[Example], list[tuple[int, Example]]]]:
    for fold in range(FOLDS):
        held = list(told[fold::FOLDS])
        left_out = {at for at, _ in held}
        yield [one for at, one in enumerate(examples) if at not in left_out], held


def _cell(judged: Sequence[tuple[bool, float]], alarm: float) -> str:
    shares = [
        sum(likely >= alarm for present, likely in judged if present is wanted)
        / sum(present is wanted for present, _ in judged)
        for wanted in (True, False)
    ]
    return f"{shares[0]:.1%} / {shares[1]:.1%}"


if __name__ == "__main__":
    main()
