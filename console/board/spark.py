"""A trend as a small drawing, made here: it is there without scripts, and in print."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 120, 32
_MARGIN = 3


@dataclass(frozen=True)
class Spark:
    """`lines` are points of polylines, one for each stretch without a gap; `dots` (x, y) of what
    stands alone, and of the last figure. `target` is the height of the target's line."""

    lines: Sequence[str]
    dots: Sequence[tuple[float, float]]
    target: float | None
    lowest: float
    highest: float


def spark(values: Sequence[float | None], target: float | None = None) -> Spark | None:
    """The drawing of these figures, in order; None where there are fewer than two."""
    known = [each for each in values if each is not None]
    if len(known) < 2:
        return None
    reach = [*known, target] if target is not None else known
    low, high = min(reach), max(reach)
    span = (high - low) or 1.0
    step = (WIDTH - 2 * _MARGIN) / (len(values) - 1)

    def height(value: float) -> float:
        share = (value - low) / span if high > low else 0.5
        return round(HEIGHT - _MARGIN - share * (HEIGHT - 2 * _MARGIN), 1)

    stretches: list[list[tuple[float, float]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            stretches.append([])
        else:
            stretches[-1].append((round(_MARGIN + place * step, 1), height(value)))
    told = [each for each in stretches if each]
    return Spark(
        [" ".join(f"{x:g},{y:g}" for x, y in each) for each in told if len(each) > 1],
        [each[0] for each in told if len(each) == 1] + [told[-1][-1]],
        height(target) if target is not None else None,
        min(known),
        max(known),
    )
