"""Choosing among rows of the database: conditions and orders as SQL, pages by key.

The same SQL on SQLite and PostgreSQL. A page goes on after the values of the last row's order,
so nothing is told twice or left out while observations come in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, not_, or_, select, tuple_
from sqlalchemy.orm import Session

from api.sensorthings.errors import Refused, quoted
from api.sensorthings.filters import (
    And,
    Compare,
    Condition,
    Not,
    Or,
    Path,
    Text,
    Value,
    read_moment,
)
from api.sensorthings.options import Mark, Options
from storage.types import LARGEST_ID

Special = Callable[[Compare], ColumnElement[bool]]


@dataclass(frozen=True)
class Column:
    """What stands for a path; `type` is what it is compared with."""

    sql: ColumnElement[Any]
    type: type[str] | type[int] | type[float] | type[datetime]


@dataclass(frozen=True)
class Rows:
    """A table as entities see it. `keys` tell its rows apart, in the order of its index.

    `special` are paths that no column stands for; each makes a condition of a comparison.
    """

    start: Select[*tuple[Any, ...]]
    columns: Mapping[Path, Column]
    keys: tuple[Path, ...]
    special: Mapping[Path, Special] = field(default_factory=dict)

    def page(
        self, session: Session, condition: Condition | None, options: Options
    ) -> tuple[Sequence[Any], Mark | None]:
        """The rows of a page, and the mark of the next one.

        Raises:
            Refused: a name is none of theirs, or is compared with what it cannot be.
        """
        order = self._order(condition, options)
        query = self.start
        if condition is not None:
            query = query.where(self.where(condition))
        if options.after is not None:
            query = query.where(_after(order, options.after))
        query = query.order_by(*(c.sql.desc() if down else c.sql.asc() for c, down in order))
        # The columns of the order come last in each row, for the mark.
        query = query.add_columns(*(column.sql for column, _ in order))
        rows = session.execute(query.limit(options.top + 1).offset(options.skip or None)).all()
        page = rows[: options.top]
        if len(rows) <= options.top or not page:
            return page, None
        return page, tuple(page[-1][-len(order) :])

    def count(self, session: Session, condition: Condition | None) -> int:
        """How many rows there are for which it holds."""
        query = self.start
        if condition is not None:
            query = query.where(self.where(condition))
        inner = query.subquery()
        return session.execute(select(func.count()).select_from(inner)).scalar_one()

    def where(self, condition: Condition) -> ColumnElement[bool]:
        """The condition as SQL."""
        match condition:
            case And(parts):
                return and_(*(self.where(part) for part in parts))
            case Or(parts):
                return or_(*(self.where(part) for part in parts))
            case Not(part):
                return not_(self.where(part))
            case Text(path, function, text):
                column = self._column(path)
                if column.type is not str:
                    raise Refused(f"$filter: expected the name of a text, found {'/'.join(path)!r}")
                match function:
                    case "startswith":
                        return column.sql.startswith(text, autoescape=True)
                    case "endswith":
                        return column.sql.endswith(text, autoescape=True)
                return column.sql.contains(text, autoescape=True)
        if condition.path in self.special:
            return self.special[condition.path](condition)
        column = self._column(condition.path)
        return compared(column.sql, condition, fitting(condition, column.type))

    def _column(self, path: Path) -> Column:
        found = self.columns.get(path)
        if found is None:
            known = ", ".join("/".join(each) for each in (*self.special, *self.columns))
            raise Refused(f"expected one of {known}, found {quoted('/'.join(path))}")
        return found

    def _order(
        self, condition: Condition | None, options: Options
    ) -> Sequence[tuple[Column, bool]]:
        order = {each.path: each.descending for each in options.order}
        down = options.order[-1].descending if options.order else False
        fixed = fixed_paths(condition)
        for path in self.keys:
            # The same for all rows: without it the index alone gives the order.
            if path not in fixed:
                order.setdefault(path, down)
        found = [(self._column(path), down) for path, down in order.items() if path not in fixed]
        return found or [(self._column(self.keys[0]), False)]


def fitting(condition: Compare, wanted: type[Any]) -> Value:
    """The literal as what it is compared with.

    Raises:
        Refused: it cannot be that.
    """
    given = condition.literal
    if given is None:
        return None
    if wanted is datetime and isinstance(given, str):
        return read_moment(given)
    if isinstance(given, bool):
        pass  # which would be a whole number, too
    elif wanted is float and isinstance(given, int):
        return float(given)
    elif wanted is int:
        if isinstance(given, int) and abs(given) <= LARGEST_ID:
            return given
    elif isinstance(given, wanted):
        found: Value = given
        return found
    kinds = {str: "a text in quotes", datetime: "a moment with its zone"}
    expected = kinds.get(wanted, "a whole number" if wanted is int else "a number")
    raise Refused(f"$filter: expected {expected} beside {'/'.join(condition.path)}")


def compared(sql: ColumnElement[Any], condition: Compare, given: Value) -> ColumnElement[bool]:
    """The comparison as SQL."""
    match condition.operator:
        case "eq":
            return sql.is_(None) if given is None else sql == given
        case "ne":
            return sql.is_not(None) if given is None else sql != given
    if given is None:
        raise Refused("$filter: expected eq or ne beside null")
    match condition.operator:
        case "gt":
            return sql > given
        case "ge":
            return sql >= given
        case "lt":
            return sql < given
    return sql <= given


def fixed_paths(condition: Condition | None) -> frozenset[Path]:
    """Paths that have the same value wherever the condition holds."""
    match condition:
        case Compare(path, "eq", given) if given is not None:
            return frozenset({path})
        case And(parts):
            return frozenset().union(*(fixed_paths(part) for part in parts))
    return frozenset()


def _after(order: Sequence[tuple[Column, bool]], mark: Mark) -> ColumnElement[bool]:
    if len(mark) != len(order):
        raise Refused("$skiptoken: expected the one of an @iot.nextLink, with the same $orderby")
    for (column, _), value in zip(order, mark, strict=True):
        whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_ID
        number = column.type is float and isinstance(value, float)
        if not (number or (whole and column.type in (int, float))):
            other = isinstance(value, column.type) and column.type in (str, datetime)
            if not other or "\0" in str(value):
                raise Refused("$skiptoken: expected the one of an @iot.nextLink")
    columns = [column.sql for column, _ in order]
    directions = {down for _, down in order}
    if len(directions) == 1:
        typed = [literal(value, sql.type) for sql, value in zip(columns, mark, strict=True)]
        left, right = tuple_(*columns), tuple_(*typed)
        return left < right if directions == {True} else left > right
    ways = []
    for place, (column, down) in enumerate(order):
        same = [sql == value for sql, value in zip(columns[:place], mark, strict=False)]
        further = column.sql < mark[place] if down else column.sql > mark[place]
        ways.append(and_(*same, further))
    return or_(*ways)
