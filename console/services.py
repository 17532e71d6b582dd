"""What the console needs of the rest, given once by whoever puts the house together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from console.live.facts import LiveServices
from console.map.tiles import Tiles
from console.phone.phones import Phones
from console.places import FindPlaces
from console.prompts.desk import PromptDesk
from console.simulator import Simulate
from monitoring.telling import Duty
from provinces.published.live import Published
from provinces.published.versions import CheckPack
from provinces.schema import Province
from reports.proposals import Propose
from reports.web_filing import Alert


@dataclass(frozen=True)
class ConsoleServices:
    """`recording_url` gives the address of a recording's sound by its name; `propose` and
    `find_places` understand what is written.

    `simulate` holds a simulated call from its beginning and raises `BadAnswer` where it cannot
    begin. `before_writing` loads what the first write needs, so that no transaction waits for it.
    `duty` is who is told of an alert that somebody escalates. `uploads` is the folder of files
    that wait for somebody's word.
    `boundaries` is the folder of what was imported of them. `published` is what `province` follows;
    `check_pack` finds what is wrong with a pack that is to be published, and may take a while.
    """

    engine: Engine
    clock: Callable[[], datetime]
    province: Province
    attachments: Path
    recording_url: Callable[[str], str]
    simulate: Simulate
    alert: Alert
    propose: Propose
    find_places: FindPlaces
    recordings: Path
    before_writing: Callable[[], None] = lambda: None
    live: LiveServices = field(default_factory=LiveServices)
    boundaries: Path | None = None
    tiles: Tiles | None = None
    phones: Phones | None = None
    prompts: PromptDesk | None = None
    uploads: Path | None = None
    published: Published | None = None
    check_pack: CheckPack = lambda before, after, texts: ()
    duty: Duty = field(default_factory=Duty)

    @property
    def timezone(self) -> ZoneInfo:
        return self.province.timezone

    @property
    def hotline_number(self) -> str:
        return self.province.hotline_number

    @property
    def province_names(self) -> Mapping[str, str]:
        return self.province.names
