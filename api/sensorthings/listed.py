"""Choosing among entities that are held in memory: those that the province's pack declares."""

from collections.abc import Iterable, Sequence
from typing import Any

from api.sensorthings.errors import Refused
from api.sensorthings.filters import And, Compare, Condition, Not, Or, Path, Text
from api.sensorthings.kinds import MEMBERS, Entity
from api.sensorthings.options import Mark, Options


def chosen(
    entities: Iterable[Entity], condition: Condition | None, options: Options
) -> tuple[Sequence[Entity], int, Mark | None]:
    """A page of those for which `condition` holds, how many there are in all, and the mark of the
    next page.

    Raises:
        Refused: a name is none of theirs, or is compared with what it cannot be.
    """
    found = [each for each in entities if condition is None or _holds(each, condition)]
    found.sort(key=lambda each: str(each.id))
    for order in reversed(options.order):
        found.sort(key=lambda each: _key(each, order.path), reverse=order.descending)
    begin = _begin(options)
    page = found[begin : begin + options.top]
    end = begin + len(page)
    return page, len(found), (end,) if page and end < len(found) else None


def _begin(options: Options) -> int:
    # What is declared does not change while somebody turns pages: a place in the list will do.
    if options.after is None:
        return options.skip
    match options.after:
        case (int(place),) if place >= 0:
            return place
    raise Refused("$skiptoken: expected the one of an @iot.nextLink")


def _key(entity: Entity, path: Path) -> tuple[bool, str]:
    value = _value(entity, path)
    return value is None, str(value)


def _holds(entity: Entity, condition: Condition) -> bool:
    match condition:
        case And(parts):
            return all([_holds(entity, part) for part in parts])
        case Or(parts):
            return any([_holds(entity, part) for part in parts])
        case Not(part):
            return not _holds(entity, part)
        case Text(path, function, literal):
            found = str(_value(entity, path) or "")
            match function:
                case "startswith":
                    return found.startswith(literal)
                case "endswith":
                    return found.endswith(literal)
            return literal in found
    return _compared(condition, _value(entity, condition.path))


def _compared(condition: Compare, value: Any) -> bool:
    literal: Any = condition.literal
    if literal is None or value is None:
        same = value is literal
        return not same if condition.operator == "ne" else condition.operator == "eq" and same
    alike = isinstance(value, str) == isinstance(literal, str)
    if not alike or not isinstance(literal, str | int | float):
        kind = "a text in quotes" if isinstance(value, str) else "a number"
        raise Refused(f"$filter: expected {kind} beside {'/'.join(condition.path)}")
    match condition.operator:
        case "eq":
            return bool(value == literal)
        case "ne":
            return bool(value != literal)
        case "gt":
            return bool(value > literal)
        case "ge":
            return bool(value >= literal)
        case "lt":
            return bool(value < literal)
    return bool(value <= literal)


def _value(entity: Entity, path: Path) -> Any:
    """A plain value; None where a property of that name is not there.

    Raises:
        Refused: entities of the kind have no such member.
    """
    if path == ("id",):
        return entity.id
    first, *rest = path
    if first not in MEMBERS[entity.kind]:
        known = ", ".join(("id", *MEMBERS[entity.kind]))
        raise Refused(f"expected one of {known} of {entity.kind}, found {'/'.join(path)!r}")
    value = entity.members.get(first)
    for part in rest:
        value = value.get(part) if isinstance(value, dict) else None
    if isinstance(value, dict | list):
        raise Refused(f"expected the name of a plain value, found {'/'.join(path)!r}")
    return value
