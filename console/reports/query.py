"""What a list of reports is asked for, as its address has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from accounts.models import User
from accounts.permissions import Permission, permissions_of
from console.places import find_units, place_name, place_of
from console.reports.access import actor_of
from provinces.schema import Province
from reports.area import MOST_CORNERS, Area
from reports.models import ReportStatus
from reports.reference import parse_reference
from reports.search_filters import (
    ANSWERS,
    CLOSED,
    OPEN,
    Filters,
    categories_of,
    places_of,
    seen_by,
)
from reports.search_list import Place, Sort
from reports.search_words import read_query
from reports.spread import places_around, places_in

AT_ONCE = 50
# What only links of the figures ask for, and what the map does: the form keeps it.
FURTHER = ("source", "partial", "deadline", "score", "checked", "module")
HIDDEN = ("unit", "area", *FURTHER)
FIELDS = (
    "q",
    "status",
    "category",
    "place",
    "agency",
    "urgent",
    "overdue",
    "mine",
    "sort",
    "since",
    "until",
    *HIDDEN,
)
_LONGEST = 200
_LONGEST_AREA = 20 * MOST_CORNERS
_STANDS_FOR: Mapping[str, tuple[str, ...] | None] = {"open": OPEN, "ended": CLOSED, "any": None}


@dataclass(frozen=True)
class Asked:
    """A list as it is asked for. `typed` is what the form shows; `problems` are wording keys."""

    filters: Filters
    sort: Sort
    after: Place | None
    typed: Mapping[str, str]
    problems: Sequence[str] = field(default=())
    unit_name: str | None = None

    @property
    def further(self) -> Sequence[tuple[str, str, str]]:
        """What the figures asked for: name, wording key, and the address' filters without it."""
        return [
            (name, _further_key(name, self.typed[name]), self._written({**self.typed, name: ""}))
            for name in FURTHER
            if self.typed[name]
        ]

    @property
    def hidden(self) -> Sequence[tuple[str, str]]:
        """What the form keeps without a field to see."""
        return [(name, self.typed[name]) for name in HIDDEN if self.typed[name]]

    @property
    def query(self) -> str:
        """The address' filters, to be saved and to come back to; without the place in the list."""
        return self._written(self.typed)

    @property
    def anywhere(self) -> str:
        """The same, of no part of the map."""
        return self._written({**self.typed, "unit": "", "area": ""})

    def with_unit(self, place: str) -> str:
        """The same, of that unit."""
        return self._written({**self.typed, "unit": place})

    def _written(self, typed: Mapping[str, str]) -> str:
        return urlencode({name: value for name, value in typed.items() if value})


def read_asked(given: Mapping[str, str], province: Province, user: User) -> Asked:
    """What is asked for, of what the user may see. What cannot be read asks for nothing."""
    typed = {name: _plain(given.get(name, ""), _most(name)) for name in FIELDS}
    if typed["deadline"] not in ANSWERS:
        typed["deadline"] = ""
    problems = []
    reference = parse_reference(typed["q"]) if typed["q"] else None
    words = read_query(typed["q"]) if typed["q"] and reference is None else None
    if words is not None and Permission.WORDS_READ not in permissions_of(user.role):
        words, problems = None, ["problem_403"]
    since, until = _day(typed["since"]), _day(typed["until"])
    if (typed["since"] and not since) or (typed["until"] and not until):
        problems.append("unknown_day")
    area = read_area(typed["area"])
    if typed["area"] and area is None:
        problems.append("unknown_area")
    places = None
    if typed["place"]:
        units = find_units(province, typed["place"])
        if not units:
            problems.append("unknown_place")
        # Of several that are called so, all: a filter need not choose.
        places = places_of(province, [place_of(unit) for unit in units])
    if typed["unit"] and province.unit(typed["unit"]) is None:
        problems.append("unknown_place")
    elif typed["unit"]:
        within = places_in(province, typed["unit"])
        places = within if places is None else tuple(p for p in places if p in set(within))
    filters = Filters(
        statuses=_statuses(typed["status"], reference is not None),
        categories=_categories(province, typed["category"], typed["module"]),
        places=places,
        agencies=(typed["agency"],) if typed["agency"] else None,
        officer=user.id if typed["mine"] else None,
        urgent=True if typed["urgent"] else None,
        overdue=True if typed["overdue"] else None,
        sources=(typed["source"],) if typed["source"] else None,
        partial=True if typed["partial"] else None,
        deadline=typed["deadline"] or None,
        scores=_scores(typed["score"]),
        checked=True if typed["checked"] else None,
        reference=reference,
        received_from=_begin(since, province),
        received_to=_begin(until + timedelta(days=1), province) if until else None,
        words=words,
        near=area and replace(area, places=places_around(province, area)),
    )
    sort = Sort(typed["sort"]) if typed["sort"] in set(Sort) else Sort.NEWEST
    return Asked(
        seen_by(actor_of(user), filters),
        sort,
        read_place(given.get("after", "")),
        typed,
        problems,
        place_name(province, typed["unit"] or None),
    )


def write_place(place: Place) -> str:
    """Where the next page goes on, for its address."""
    return f"{place.moment.isoformat()}_{place.id}"


def read_place(text: str) -> Place | None:
    """Where a page goes on; None for the first one, and for what nobody wrote."""
    moment, _, report_id = text.partition("_")
    try:
        found = datetime.fromisoformat(moment.replace(" ", "+"))
    except ValueError:
        return None
    if found.tzinfo is None or not report_id.isalnum() or len(report_id) > 32:
        return None
    return Place(found, report_id)


def read_area(text: str) -> Area | None:
    """An area of the map, `9.1,105.3~9.4,105.8`: a box by two corners, else all corners in order;
    None for what is none."""
    try:
        corners = tuple(_point(each) for each in text.split("~")) if text else ()
    except ValueError:
        return None
    return Area(corners) if 2 <= len(corners) <= MOST_CORNERS else None


def _point(text: str) -> tuple[float, float]:
    latitude, longitude = (float(each) for each in text.split(","))
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise ValueError(text)
    return latitude, longitude


def _day(text: str) -> date | None:
    """A day as browsers send it, `2026-11-23`."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 <= day.year <= 9000 else None


def _begin(day: date | None, province: Province) -> datetime | None:
    """When that day begins in the province."""
    return datetime.combine(day, time(), province.timezone) if day else None


def _statuses(name: str, any_status: bool) -> tuple[str, ...] | None:
    if not name:
        return None if any_status else OPEN
    if name in _STANDS_FOR:
        return _STANDS_FOR[name]
    return (name,) if name in set(ReportStatus) else ()


def _categories(province: Province, code: str, module: str) -> tuple[str, ...] | None:
    modules = [module] if module else None
    if code in province.groups:
        return categories_of(province, None, [code], modules)
    return categories_of(province, [code] if code else None, None, modules)


def _most(name: str) -> int:
    return _LONGEST_AREA if name == "area" else _LONGEST


def _further_key(name: str, value: str) -> str:
    return f"stat_filter_{name}_{value}" if name == "deadline" else f"stat_filter_{name}"


def _scores(text: str) -> tuple[int, ...] | None:
    """Ratings, `1,2`."""
    return tuple(int(each) for each in text.split(",") if each in "12345" and each) or None


def _plain(text: str, most: int) -> str:
    return text.replace("\x00", "").strip()[:most]
