"""What a conversation may ask of a round. Plain data, without the database; `hotline.handlers`
wires the handler, and each docstring tells what it returns."""

from dataclasses import dataclass
from typing import Literal

# Keys of a figure: nobody counts ten million of anything in a commune, and nobody keys it in right.
LONGEST_FIGURE = 7

Outcome = Literal["answered", "none", "later", "left"]


@dataclass(frozen=True)
class KeepAnswer:
    """What an officer said when asked for a figure: {"again": we shall ring once more,
    "noted": the figure was kept}.

    `outgoing` names the question and the try. `answered`: `figure` was keyed in and agreed to;
    `none`: there is no such figure, or not from this person; `later`: not now, or nothing that
    could be used; `left`: they hung up, or wanted a person or help in the middle of it.
    """

    outgoing: str
    outcome: Outcome
    figure: int | None = None
