"""What the API needs of the rest, given once by whoever puts the house together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

CategoryNames = Callable[[str], Mapping[str, str]]
"""Language tag → name of a category or group code; empty for an unknown code."""
UnitName = Callable[[str], str | None]
"""The name of a unit, `edition:code`; None for an unknown one."""


@dataclass(frozen=True)
class ApiServices:
    """`may_listen` tells whether the request comes from a signed-in console page.

    Players in pages cannot send a token, so recordings are open to the console's own
    session as well; nothing else is.
    """

    engine: Engine
    recordings: Path
    clock: Callable[[], datetime]
    category_names: CategoryNames
    unit_name: UnitName
    may_listen: Callable[[], bool] = lambda: False
