"""Statements of the hot path: compiled once for each kind of database, then only filled in."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult, Delete, Dialect, Insert, Update
from sqlalchemy.sql.compiler import SQLCompiler

_Fill = Callable[[Mapping[str, Any]], Any]


class Prepared:
    """One statement whose values are all `bindparam`s; its columns' types convert them.

    What it returns is as the database's driver gives it: not converted back.
    """

    def __init__(self, statement: Insert | Update | Delete) -> None:
        self._statement = statement
        self._made: dict[str, tuple[str, _Fill]] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> CursorResult[Any]:
        sql, fill = self._for(connection.dialect)
        return connection.exec_driver_sql(sql, fill(values))

    def run_each(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        sql, fill = self._for(connection.dialect)
        connection.exec_driver_sql(sql, [fill(row) for row in rows])

    def _for(self, dialect: Dialect) -> tuple[str, _Fill]:
        if (made := self._made.get(dialect.name)) is None:
            compiled = self._statement.compile(dialect=dialect)
            assert isinstance(compiled, SQLCompiler)
            made = self._made[dialect.name] = str(compiled), _filler(compiled, dialect)
        return made


def _filler(compiled: SQLCompiler, dialect: Dialect) -> _Fill:
    """Turns values by name into what the database's driver takes."""
    names = compiled.positiontup
    constants = {name: value for name, value in compiled.params.items() if value is not None}
    converters: dict[str, Callable[[Any], Any] | None] = {
        name: bind.type.dialect_impl(dialect).bind_processor(dialect)
        for bind, name in compiled.bind_names.items()
    }

    def converted(name: str, values: Mapping[str, Any]) -> Any:
        value = constants[name] if name in constants else values[name]
        convert = converters[name]
        return value if convert is None else convert(value)

    if names is None:
        return lambda values: {name: converted(name, values) for name in converters}
    return lambda values: tuple([converted(name, values) for name in names])
