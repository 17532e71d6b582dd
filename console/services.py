"""What the console needs of the rest, given once by whoever puts the house together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from console.simulator import Simulate
from provinces.schema import Province


@dataclass(frozen=True)
class ConsoleServices:
    """`recording_url` gives the address of a recording's sound by its name.

    `simulate` holds a simulated call from its beginning and raises `BadAnswer` where it cannot
    begin. `before_writing` loads what the first write needs, so that no transaction waits for it.
    """

    engine: Engine
    clock: Callable[[], datetime]
    province: Province
    attachments: Path
    recording_url: Callable[[str], str]
    simulate: Simulate
    before_writing: Callable[[], None] = lambda: None

    @property
    def timezone(self) -> ZoneInfo:
        return self.province.timezone

    @property
    def hotline_number(self) -> str:
        return self.province.hotline_number

    @property
    def province_names(self) -> Mapping[str, str]:
        return self.province.names
