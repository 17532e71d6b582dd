"""What a list of reports is asked for, as its address has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from accounts.models import User
from accounts.permissions import Permission, permissions_of
from console.places import find_units, place_of
from console.reports.access import actor_of
from provinces.schema import Province
from reports.models import ReportStatus
from reports.reference import parse_reference
from reports.search_filters import CLOSED, OPEN, Filters, categories_of, places_of, seen_by
from reports.search_list import Place, Sort
from reports.search_words import read_query

AT_ONCE = 50
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
)
_LONGEST = 200
_STANDS_FOR: Mapping[str, tuple[str, ...] | None] = {"open": OPEN, "ended": CLOSED, "any": None}


@dataclass(frozen=True)
class Asked:
    """A list as it is asked for. `typed` is what the form shows; `problems` are wording keys."""

    filters: Filters
    sort: Sort
    after: Place | None
    typed: Mapping[str, str]
    problems: Sequence[str] = field(default=())

    @property
    def query(self) -> str:
        """The address' filters, to be saved and to come back to; without the place in the list."""
        return urlencode({name: value for name, value in self.typed.items() if value})


def read_asked(given: Mapping[str, str], province: Province, user: User) -> Asked:
    """What is asked for, of what the user may see. What cannot be read asks for nothing."""
    typed = {name: _plain(given.get(name, "")) for name in FIELDS}
    problems = []
    reference = parse_reference(typed["q"]) if typed["q"] else None
    words = read_query(typed["q"]) if typed["q"] and reference is None else None
    if words is not None and Permission.WORDS_READ not in permissions_of(user.role):
        words, problems = None, ["problem_403"]
    places = None
    if typed["place"]:
        units = find_units(province, typed["place"])
        if not units:
            problems.append("unknown_place")
        # Of several that are called so, all: a filter need not choose.
        places = places_of(province, [place_of(unit) for unit in units])
    filters = Filters(
        statuses=_statuses(typed["status"], reference is not None),
        categories=_categories(province, typed["category"]),
        places=places,
        agencies=(typed["agency"],) if typed["agency"] else None,
        officer=user.id if typed["mine"] else None,
        urgent=True if typed["urgent"] else None,
        overdue=True if typed["overdue"] else None,
        reference=reference,
        words=words,
    )
    sort = Sort(typed["sort"]) if typed["sort"] in set(Sort) else Sort.NEWEST
    return Asked(
        seen_by(actor_of(user), filters), sort, read_place(given.get("after", "")), typed, problems
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


def _statuses(name: str, any_status: bool) -> tuple[str, ...] | None:
    if not name:
        return None if any_status else OPEN
    if name in _STANDS_FOR:
        return _STANDS_FOR[name]
    return (name,) if name in set(ReportStatus) else ()


def _categories(province: Province, code: str) -> tuple[str, ...] | None:
    if not code:
        return None
    if code in province.groups:
        return categories_of(province, None, [code], None)
    return (code,)


def _plain(text: str) -> str:
    return text.replace("\x00", "").strip()[:_LONGEST]
