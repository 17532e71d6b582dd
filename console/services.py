"""What the console needs of the rest, given once by whoever puts the house together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from console.simulator import Simulate


@dataclass(frozen=True)
class ConsoleServices:
    """`recording_url` gives the address of a recording's sound by its name.

    `category_names` maps a code to its names by language; empty for an unknown code. `simulate`
    holds a simulated call from its beginning and raises `BadAnswer` where it cannot begin.
    """

    engine: Engine
    clock: Callable[[], datetime]
    timezone: ZoneInfo
    province_names: Mapping[str, str]
    hotline_number: str
    category_names: Callable[[str], Mapping[str, str]]
    recording_url: Callable[[str], str]
    simulate: Simulate
