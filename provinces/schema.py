"""What a loaded province is: frozen values, safe to share between threads and calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from provinces.errors import UnknownCode
from provinces.handling import Handling
from provinces.hours import Holiday, Holidays, Hours, Opening, Operators
from provinces.limits import Limits
from provinces.modules import Indicator, Module
from provinces.open311 import Open311
from provinces.retention import Retention
from provinces.sms import Sms

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
    """One receiver of reports; a `district` or `commune` agency exists once in each unit.

    `number` and `addresses` are None and empty where no source tells them.
    """

    code: str
    names: Names
    level: Literal["province", "district", "commune", "company", "national"]
    from_on: date | None
    until_on: date | None
    number: str | None
    addresses: Names


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
class Category:
    """One kind of report; `deadline` is None for what is diverted, `module` in a pack without."""

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
    """One key of the phone's category menu, spoken by the wording `wording_key`.

    `sub` is the second level, empty where the first key is enough; a choice of that level has the
    key `within` which it stands.
    """

    key: str
    target: MenuTarget
    names: Names
    sub: tuple["MenuChoice", ...] = ()
    within: str | None = None

    @property
    def wording_key(self) -> str:
        above = "" if self.within is None else f"{self.within}_"
        return f"menu_choice_{above}{self.key}"


@dataclass(frozen=True)
class Area:
    """Units that are keyed in under one key, in spoken order; the wording is `area_<key>`."""

    key: str
    names: Names
    units: tuple[UnitKey, ...]

    @property
    def wording_key(self) -> str:
        return f"area_{self.key}"


@dataclass(frozen=True)
class Example:
    """What callers say of a category, and how much that counts (1: as one report)."""

    category: str
    said: str
    weight: float


@dataclass(frozen=True)
class Danger:
    """A danger to somebody, and the number that helps."""

    key: str
    code: Literal["police", "fire", "medical", "rescue", "child"]
    number: str
    names: Names


@dataclass(frozen=True)
class DangerExample:
    """What callers say of a danger (with None: what is none), and how much that counts, up to 1."""

    danger: str | None
    said: str
    weight: float


@dataclass(frozen=True)
class Topic:
    """What a caller may be told under one key, spoken by the wording `wording_key`."""

    key: str
    names: Names
    wording_key: str


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
    modules: tuple[Module, ...]
    groups: Mapping[str, Group]
    categories: Mapping[str, Category]
    agencies: Mapping[str, Agency]
    menu: tuple[MenuChoice, ...]
    areas: tuple[Area, ...]
    dangers: tuple[Danger, ...]
    unclear: str | None  # the category of what tells of none
    topics: tuple[Topic, ...]
    diverted: Mapping[str, str]  # code of a diverted category → wording that says where it belongs
    limits: Limits
    handling: Handling
    retention: Retention
    open311: Open311
    sms: Sms
    units: Mapping[UnitKey, Unit]
    successors: Mapping[UnitKey, tuple[UnitKey, ...]]
    streets: tuple[Street, ...]
    landmarks: tuple[Landmark, ...]
    elsewhere: tuple[str, ...]  # places of other provinces that people here speak of
    numbers: Mapping[str, ShortNumber]
    hours: Hours
    holidays: Holidays
    operators: Operators
    wording: Mapping[str, Mapping[str, str]] = field(repr=False)
    spoken: Mapping[str, Mapping[str, Mapping[str, str]]]  # language → question → phrase → key
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

    def module(self, code: str) -> Module:
        """The monitoring module of that code.

        Raises:
            UnknownCode: the province has no such module.
        """
        for module in self.modules:
            if module.code == code:
                return module
        raise UnknownCode(f"{self.key} has no module {code!r}")

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        """Every module's, by their codes, in the modules' order."""
        return MappingProxyType({i.code: i for module in self.modules for i in module.indicators})

    def indicator(self, code: str) -> Indicator:
        """The indicator of that code, such as `security.cases`.

        Raises:
            UnknownCode: the province has no such indicator.
        """
        try:
            return self.indicators[code]
        except KeyError:
            raise UnknownCode(f"{self.key} has no indicator {code!r}") from None

    def unit(self, place: str) -> Unit | None:
        """The unit that `place`, `edition:code`, names; None where there is none such."""
        edition, _, code = place.partition(":")
        return self.units.get(UnitKey(edition, code))

    def menu_choice(self, key: str) -> MenuChoice | None:
        """What that key chooses; None where the menu has no such key (a nomatch)."""
        return next((choice for choice in self.menu if choice.key == key), None)

    def openings_on(self, day: date) -> tuple[Opening, ...]:
        """Office hours of that local day, in order; empty on rest days and holidays."""
        if self.holidays.on(day, self.hours) is not None:
            return ()
        return self.hours.on(self.holidays.worked_as(day))

    def closed_why(self, now: datetime) -> Literal["closed_hours", "closed_holiday"] | None:
        """Why nobody of the call centre is on duty at that aware moment; None when somebody is."""
        local = now.astimezone(self.timezone)
        holiday = isinstance(self.holidays.on(local.date(), self.hours), Holiday)
        if holiday and not self.operators.on_holidays:
            return "closed_holiday"
        openings = self.operators.hours.on(local.date())
        on_duty = any(o.opens <= local.time() < o.closes for o in openings)
        return None if on_duty else "closed_hours"

    @property
    def current_edition(self) -> str:
        """The key of the edition of the administrative map that holds today."""
        return list(self.editions)[-1]
