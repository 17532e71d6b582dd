"""From a query's parameters to what `reports.search_list` is asked for."""

from collections.abc import Iterable

from flask import request

from accounts.permissions import Permission
from api.auth import Visitor
from api.errors import BadValue, NotAllowed
from api.report_list_schemas import ENDED, OPEN, FilterQuery
from provinces.schema import Province
from reports import search_filters
from reports.reference import parse_reference
from reports.search_filters import Filters, Near, categories_of, places_of, seen_by
from reports.search_words import read_query

ME = "me"
_STANDS_FOR = {OPEN: search_filters.OPEN, ENDED: search_filters.CLOSED}


def filters_of(query: FilterQuery, province: Province, visitor: Visitor) -> Filters:
    """What the visitor asks for, of what they may see.

    Raises:
        BadValue: a parameter stands there twice.
        NotAllowed: looking for words takes the permission to read them.
    """
    _check_once()
    reference = parse_reference(query.q) if query.q else None
    words = read_query(query.q) if query.q is not None and reference is None else None
    if words is not None and not visitor.may(Permission.WORDS_READ):
        raise NotAllowed(f"looking for words takes the scope {Permission.WORDS_READ}")
    asked = Filters(
        statuses=_statuses(_several(query.status)),
        categories=categories_of(
            province, _several(query.category), _several(query.group), _several(query.module)
        ),
        places=places_of(province, _several(query.place)),
        agencies=_several(query.agency),
        officer=visitor.user if query.officer == ME else query.officer,
        sources=_several(query.source),
        urgent=query.urgent,
        overdue=query.overdue,
        partial=query.partial,
        reference=reference,
        received_from=query.received_from,
        received_to=query.received_to,
        updated_from=query.updated_from,
        updated_to=query.updated_to,
        words=words,
        near=_near(query),
    )
    return seen_by(visitor.actor, asked)


def _check_once() -> None:
    for name, values in request.args.lists():
        if len(values) > 1:
            raise BadValue("expected it once, with commas between values", name, "query")


def _several(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(dict.fromkeys(text.split(",")))


def _statuses(names: Iterable[str] | None) -> tuple[str, ...] | None:
    if names is None:
        return None
    return tuple(dict.fromkeys(each for name in names for each in _STANDS_FOR.get(name, (name,))))


def _near(query: FilterQuery) -> Near | None:
    if query.near is None:
        return None
    latitude, longitude = query.near.split(",")
    return Near(float(latitude), float(longitude), query.radius_m)
