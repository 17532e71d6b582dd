"""What a loaded province is: frozen values, safe to share between threads and calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from provinces.errors import UnknownCode
from provinces.hours import Holidays, Hours, Opening

Names = Mapping[str, str]  # language tag → text


class Priority(StrEnum):
    """How fast a category must move; `DIVERTED` is not handled as a report at all."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    NORMAL = "normal"
    COMPLEX = "complex"
    DIVERTED = "diverted"


class UnitKind(StrEnum):
    """What an administrative unit is called by law."""

    PROVINCE = "province"  # tỉnh
    CITY = "city"  # thành phố thuộc tỉnh
    TOWN = "town"  # thị xã
    DISTRICT = "district"  # huyện
    WARD = "ward"  # phường
    COMMUNE = "commune"  # xã
    TOWNSHIP = "township"  # thị trấn


DISTRICT_KINDS = frozenset({UnitKind.CITY, UnitKind.TOWN, UnitKind.DISTRICT})
LOWEST_KINDS = frozenset({UnitKind.WARD, UnitKind.COMMUNE, UnitKind.TOWNSHIP})


class UnitKey(NamedTuple):
    """Codes were reused with another meaning, so a code alone names nothing."""

    edition: str
    code: str


@dataclass(frozen=True)
class Edition:
    """One state of the administrative map, from its first to its last day (both included)."""

    key: str
    province_code: str
    from_on: date | None
    until_on: date | None


@dataclass(frozen=True)
class Unit:
    """A province, district or commune of one edition; degrees are WGS 84 and approximate."""

    key: UnitKey
    name: str
    full_name: str
    kind: UnitKind
    parent: UnitKey | None
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Street:
    """A street by the name people say; `district` is of the edition the source knew."""

    name: str
    district: UnitKey
    source: str


@dataclass(frozen=True)
class Landmark:
    """A place people name instead of an address; `unit` is None when it spans several."""

    name: str
    aliases: tuple[str, ...]
    where: str
    unit: UnitKey | None
    source: str


@dataclass(frozen=True)
class Agency:
    """One receiver of reports; a `district` or `commune` agency exists once in each unit."""

    code: str
    names: Names
    level: Literal["province", "district", "commune", "company", "national"]
    from_on: date | None
    until_on: date | None


@dataclass(frozen=True)
class AgencyPeriod:
    """Who handles a category from a day on; the first receives, the others take part."""

    from_on: date | None
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Deadline:
    """Working hours or working days until an answer is due; amount 0 means at once."""

    amount: int
    unit: Literal["hours", "days"]

    @property
    def at_once(self) -> bool:
        return self.amount == 0


@dataclass(frozen=True)
class Group:
    """Categories that belong together on the phone and in the console."""

    code: str
    names: Names


@dataclass(frozen=True)
class Module:
    """One of the operations centre's monitoring modules."""

    code: str
    names: Names


@dataclass(frozen=True)
class Category:
    """One kind of report; `deadline` is None for what is diverted."""

    code: str
    group: str
    module: str | None
    names: Names
    keywords: tuple[str, ...]
    agencies: tuple[AgencyPeriod, ...]
    numbers: tuple[str, ...]
    priority: Priority
    deadline: Deadline | None
    basis: str

    def agencies_on(self, day: date) -> tuple[str, ...]:
        """Codes of the agencies that handle this category on `day`, the receiver first."""
        current: tuple[str, ...] = ()
        for period in self.agencies:
            if period.from_on is None or period.from_on <= day:
                current = period.codes
        return current


@dataclass(frozen=True)
class MenuTarget:
    """Where a key of the menu leads."""

    kind: Literal["group", "category"]
    code: str


@dataclass(frozen=True)
class MenuChoice:
    """One key of the phone's category menu, spoken by the wording `menu_choice_<key>`."""

    key: str
    target: MenuTarget
    names: Names

    @property
    def wording_key(self) -> str:
        return f"menu_choice_{self.key}"


@dataclass(frozen=True)
class ShortNumber:
    """A number that a caller may be told to ring; `free` means no charge to the caller."""

    number: str
    names: Names
    free: bool


@dataclass(frozen=True)
class Province:
    """Everything that differs from one province to the next."""

    key: str
    names: Names
    hotline_number: str
    caller_pays: bool
    timezone: ZoneInfo
    area_codes: tuple[str, ...]
    jurisdiction: str
    languages: tuple[str, ...]
    editions: Mapping[str, Edition]
    modules: Mapping[str, Module]
    groups: Mapping[str, Group]
    categories: Mapping[str, Category]
    agencies: Mapping[str, Agency]
    menu: tuple[MenuChoice, ...]
    units: Mapping[UnitKey, Unit]
    successors: Mapping[UnitKey, tuple[UnitKey, ...]]
    streets: tuple[Street, ...]
    landmarks: tuple[Landmark, ...]
    numbers: Mapping[str, ShortNumber]
    hours: Hours
    holidays: Holidays
    wording: Mapping[str, Mapping[str, str]] = field(repr=False)
    folder: Path

    def category(self, code: str) -> Category:
        """The category of that code.

        Raises:
            UnknownCode: the province has no such category.
        """
        try:
            return self.categories[code]
        except KeyError:
            raise UnknownCode(f"{self.key} has no category {code!r}") from None

    def menu_choice(self, key: str) -> MenuChoice | None:
        """What that key chooses; None where the menu has no such key (a nomatch)."""
        return next((choice for choice in self.menu if choice.key == key), None)

    def openings_on(self, day: date) -> tuple[Opening, ...]:
        """Office hours of that local day, in order; empty on rest days and holidays."""
        if self.holidays.on(day, self.hours) is not None:
            return ()
        return self.hours.on(self.holidays.worked_as(day))
