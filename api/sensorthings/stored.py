"""Entities that lie in the database: series of figures, and the figures.

An observation's id is one number of its series and its moment: a correction keeps it. It is told
as text, because programs in browsers cannot hold so large a number; in addresses both will do.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, not_, select, true
from sqlalchemy.orm import Session

from api.sensorthings.errors import Refused
from api.sensorthings.filters import And, Compare, Condition, Not, Or, Path, Text, joined
from api.sensorthings.kinds import Entity, Id, Kind
from api.sensorthings.options import Mark, Options
from api.sensorthings.queries import Column, Rows, Special
from monitoring.models import Datastream, Observation
from monitoring.numbering import number_of, place_of
from monitoring.sources import source_name
from monitoring.subjects import unit_name
from provinces.errors import UnknownCode
from provinces.schema import Province
from storage.types import LARGEST_ID

_MOST_DIGITS = 19
MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"


class Stored:
    """Series and figures of a province as entities."""

    def __init__(self, province: Province) -> None:
        self._province = province
        unit = func.coalesce(Datastream.unit_key, province.key)
        self._stream_columns = {
            ("id",): Column(Datastream.id.expression, int),
            ("name",): Column(Datastream.indicator + "/" + unit + "/" + Datastream.source, str),
            ("Thing", "id"): Column(unit, str),
            ("Sensor", "id"): Column(Datastream.source.expression, str),
            ("ObservedProperty", "id"): Column(Datastream.indicator.expression, str),
        }
        self._streams = Rows(
            select(Datastream),
            self._stream_columns,
            (("id",),),
            {("Thing", "id"): self._of_unit},
        )

    def page(
        self, session: Session, kind: Kind, condition: Condition | None, options: Options
    ) -> tuple[Sequence[Entity], Mark | None]:
        """A page of them and the mark of the next.

        Raises:
            Refused: a name is none of theirs, or is compared with what it cannot be.
        """
        rows, mark = self._rows(kind, condition, options).page(session, condition, options)
        if kind is Kind.DATASTREAMS:
            return [self._stream(row[0]) for row in rows], mark
        return [_observation(row) for row in rows], mark

    def count(self, session: Session, kind: Kind, condition: Condition | None) -> int:
        """How many there are."""
        return self._rows(kind, condition, Options()).count(session, condition)

    def find(
        self, session: Session, kind: Kind, id: Id, condition: Condition | None = None
    ) -> Entity | None:
        """The one of that id, where the condition holds for it; None where there is none such."""
        if kind is Kind.DATASTREAMS and not (isinstance(id, int) and abs(id) <= LARGEST_ID):
            return None
        found, _ = self.page(
            session, kind, joined(Compare(("id",), "eq", id), condition), Options(top=1)
        )
        return next(iter(found), None)

    def _rows(self, kind: Kind, condition: Condition | None, options: Options) -> Rows:
        if kind is Kind.DATASTREAMS:
            return self._streams
        paths = [*_paths(condition), *(order.path for order in options.order)]
        joins = any(path[:1] == ("Datastream",) and path != ("Datastream", "id") for path in paths)
        return self._observations(joins)

    def _observations(self, joins: bool) -> Rows:
        """Figures; with their series only where those are asked about."""
        start: Select[*tuple[Any, ...]] = select(
            Observation.datastream, Observation.phenomenon_at, Observation.known_at,
            Observation.value,
        )  # fmt: skip
        special: Mapping[Path, Special] = {("id",): _of_number}
        columns: Mapping[Path, Column] = {
            ("phenomenonTime",): Column(Observation.phenomenon_at.expression, datetime),
            ("resultTime",): Column(Observation.known_at.expression, datetime),
            ("result",): Column(Observation.value.expression, float),
            ("Datastream", "id"): Column(Observation.datastream.expression, int),
        }
        if joins:
            start = start.join(Datastream, Datastream.id == Observation.datastream)
            further = {("Datastream", *path): each for path, each in self._stream_columns.items()}
            columns = {**further, **columns}
            special = {**special, ("Datastream", "Thing", "id"): self._of_unit}
        return Rows(start, columns, (("Datastream", "id"), ("phenomenonTime",)), special)

    def _of_unit(self, condition: Compare) -> ColumnElement[bool]:
        """By the column itself, so that its index serves: the whole province has no unit there."""
        if condition.operator not in ("eq", "ne") or not isinstance(condition.literal, str):
            name = "/".join(condition.path)
            raise Refused(f"$filter: expected eq or ne and a text in quotes beside {name}")
        unit = Datastream.unit_key
        whole = condition.literal == self._province.key
        same = unit.is_(None) if whole else unit.is_not(None) & (unit == condition.literal)
        return same if condition.operator == "eq" else not_(same)

    def _stream(self, row: Datastream) -> Entity:
        language = self._province.languages[0]
        unit = row.unit_key or self._province.key
        symbol, measure_name, code, name = "", "", "", row.indicator
        try:
            indicator = self._province.indicator(row.indicator)
            name = indicator.names[language]
            code, symbol = indicator.measure.code, indicator.measure.symbol
            measure_name = indicator.measure.names[language]
        except UnknownCode:
            pass  # the pack no longer has it; its figures stay
        told = (
            name,
            unit_name(self._province, row.unit_key, language),
            source_name(self._province, row.source, language),
        )
        members = {
            "name": f"{row.indicator}/{unit}/{row.source}",
            "description": " – ".join(told),
            "observationType": MEASUREMENT,
            "unitOfMeasurement": {
                "name": measure_name,
                "symbol": symbol,
                "definition": f"urn:x-hotline:measure:{code}",
            },
            "properties": {"indicator": row.indicator, "unit": row.unit_key, "source": row.source},
        }
        refs: dict[str, Id] = {
            "Thing": unit,
            "Sensor": row.source,
            "ObservedProperty": row.indicator,
        }
        return Entity(Kind.DATASTREAMS, row.id, members, refs)


def told_moment(at: datetime) -> str:
    """In UTC, with as many decimals as it has."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def observation_id(stream: int, at: datetime) -> str:
    """The id of what was observed of that series at that moment."""
    return str(number_of(stream, at))


def read_observation_id(id: object) -> tuple[int, datetime] | None:
    """Series and moment of an id; None for what is no such id."""
    digits = str(id)
    if not isinstance(id, str | int) or not digits.isascii() or not digits.isdecimal():
        return None
    return place_of(int(digits)) if len(digits) <= _MOST_DIGITS else None


def observation_entity(stream: int, at: datetime, known_at: datetime, value: float) -> Entity:
    """A figure as an entity."""
    members = {
        "phenomenonTime": told_moment(at),
        "resultTime": told_moment(known_at),
        "result": int(value) if value.is_integer() and abs(value) < 2**53 else value,
    }
    return Entity(Kind.OBSERVATIONS, observation_id(stream, at), members, {"Datastream": stream})


def _observation(row: Any) -> Entity:
    stream, at, known_at, value = row[:4]
    return observation_entity(stream, at, known_at, value)


def _of_number(condition: Compare) -> ColumnElement[bool]:
    """By series and moment, which the number is made of."""
    if condition.operator not in ("eq", "ne"):
        raise Refused("$filter: expected eq or ne beside id")
    place = read_observation_id(condition.literal)
    if place is None:
        return false() if condition.operator == "eq" else true()
    same = (Observation.datastream == place[0]) & (Observation.phenomenon_at == place[1])
    return same if condition.operator == "eq" else not_(same)


def _paths(condition: Condition | None) -> Sequence[tuple[str, ...]]:
    match condition:
        case And(parts) | Or(parts):
            return [path for part in parts for path in _paths(part)]
        case Not(part):
            return _paths(part)
        case Compare() | Text():
            return [condition.path]
    return []
