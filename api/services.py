"""What the API needs of the rest, given once by whoever puts the house together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from accounts.models import User
from api.limits import Allowance
from monitoring.telling import Duty
from notifications.destinations import Destinations, Network
from provinces.schema import Province
from reports.web_filing import Alert

CategoryNames = Callable[[str], Mapping[str, str]]
"""Language tag → name of a category or group code; empty for an unknown code."""
UnitName = Callable[[str], str | None]
"""The name of a unit, `edition:code`; None for an unknown one."""


@dataclass(frozen=True)
class ApiServices:
    """`console_user` is who is signed in on the console's pages, if anybody.

    Players in pages cannot send a token, so recordings are open to the console's own
    session as well; nothing else is. `before_writing` loads what the first write needs, so that
    no transaction waits for it. `trusted_proxies` are believed whom they were asked by.
    `boundaries` is the folder of what was imported of units. `duty` is who is told of an alert that
    somebody escalates.
    """

    engine: Engine
    recordings: Path
    clock: Callable[[], datetime]
    category_names: CategoryNames
    unit_name: UnitName
    province: Province
    attachments: Path
    alert: Alert
    console_user: Callable[[], User | None] = lambda: None
    before_writing: Callable[[], None] = lambda: None
    allowance: Allowance = field(default_factory=Allowance)
    destinations: Destinations = field(default_factory=Destinations)
    trusted_proxies: tuple[Network, ...] = ()
    boundaries: Path | None = None
    duty: Duty = field(default_factory=Duty)
