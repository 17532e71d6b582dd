"""What is sent: observations, one or many, a series, a correction. As plain values, checked."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from api.sensorthings.errors import Refused, quoted
from api.sensorthings.filters import read_moment
from api.sensorthings.kinds import Id
from storage.types import LARGEST_ID

MOST_FIGURES = 100_000  # of one request
PATCH = "application/json-patch+json"
_ID = "@iot.id"


@dataclass(frozen=True)
class Figure:
    """`measure` is what the value is told in, as it was written; None: as the series has it."""

    stream: int
    at: datetime
    value: float
    measure: str | None = None


@dataclass(frozen=True)
class Series:
    """What a new series is of; `measure` is what its values shall be told in, if that was said."""

    thing: Id
    sensor: Id
    property: Id
    measure: str | None


def read_json(body: bytes) -> Any:
    """The body as JSON.

    Raises:
        Refused: it is none.
    """
    try:
        return json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Refused("expected a body of JSON in UTF-8") from error


def read_figure(given: Any, now: datetime, stream: int | None = None) -> Figure:
    """One observation; of `stream` where the address says it.

    Without a time it was observed now, as the standard says.

    Raises:
        Refused: it is none, or of no series.
    """
    told = _members(given, "an observation")
    named = told.get("Datastream")
    if named is not None:
        found = _stream_id(named)
        if stream is not None and found != stream:
            raise Refused(f"Datastream: expected {stream} as in the address, found {found}")
        stream = found
    if stream is None:
        raise Refused('expected "Datastream": {"@iot.id": …}')
    at = told.get("phenomenonTime")
    return Figure(
        stream,
        now if at is None else _moment(at),
        read_result(told.get("result")),
        _measure_of(told.get("parameters")),
    )


def read_result(result: Any) -> float:
    """The number that was observed.

    Raises:
        Refused: it is none.
    """
    if isinstance(result, bool) or not isinstance(result, int | float):
        raise Refused(f"result: expected a number, found {quoted(result)}")
    try:
        return float(result)
    except OverflowError as error:
        raise Refused(f"result: expected a number, found {quoted(result)}") from error


def read_arrays(given: Any, now: datetime) -> Iterator[Figure | Refused]:
    """The observations of data arrays; in place of one that is none, what is wrong with it.

    Raises:
        Refused: the body has not the form of data arrays, or holds too many.
    """
    if not isinstance(given, list):
        raise Refused("expected a list of {Datastream, components, dataArray}")
    arrays = [_members(each, "{Datastream, components, dataArray}") for each in given]
    count = 0
    for each in arrays:
        names, rows = each.get("components"), each.get("dataArray")
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise Refused("components: expected a list of names")
        if "result" not in names or len(set(names)) != len(names):
            raise Refused('components: expected each name once, "result" among them')
        if not isinstance(rows, list):
            raise Refused("dataArray: expected a list of lists")
        count += len(rows)
        if count > MOST_FIGURES:
            raise Refused(f"dataArray: expected at most {MOST_FIGURES} observations in one request")
        stream = _stream_id(each.get("Datastream"))
        for row in rows:
            yield _of_row(names, row, stream, now)


def _of_row(names: Sequence[str], row: Any, stream: int, now: datetime) -> Figure | Refused:
    if not isinstance(row, list) or len(row) != len(names):
        return Refused(f"dataArray: expected lists of {len(names)} values")
    try:
        return read_figure(dict(zip(names, row, strict=True)), now, stream)
    except Refused as refused:
        return refused


def read_series(given: Any) -> Series:
    """A new series, of what exists.

    Raises:
        Refused: it does not say of what.
    """
    told = _members(given, "a Datastream")
    measure = told.get("unitOfMeasurement")
    return Series(
        _reference(told, "Thing"),
        _reference(told, "Sensor"),
        _reference(told, "ObservedProperty"),
        _symbol(measure) if isinstance(measure, Mapping) else None,
    )


def read_correction(given: Any, mimetype: str) -> Mapping[str, Any]:
    """The members that shall change, from a part of an entity or from a JSON patch.

    Raises:
        Refused: it is neither.
    """
    if mimetype != PATCH:
        return _members(given, "an observation")
    if not isinstance(given, list):
        raise Refused("expected a list of operations")
    changes: dict[str, Any] = {}
    for each in given:
        step = _members(each, "an operation")
        path = step.get("path")
        if (
            step.get("op") not in ("replace", "add")
            or not isinstance(path, str)
            or "value" not in step
        ):
            raise Refused(
                'expected operations such as {"op": "replace", "path": "/result", "value": 5}'
            )
        changes[path.removeprefix("/")] = step["value"]
    return changes


def read_time(given: Any) -> datetime:
    """The moment of a `phenomenonTime`; of a span its beginning.

    Raises:
        Refused: it is none.
    """
    return _moment(given)


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _members(given: Any, expected: str) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise Refused(f"expected {expected} as a JSON object, found {quoted(given)}")
    return given


def _moment(given: Any) -> datetime:
    if not isinstance(given, str):
        raise Refused(f"phenomenonTime: expected a text, found {quoted(given)}")
    try:
        # Of a span its beginning: the period of the indicator tells how long it is.
        return read_moment(given.partition("/")[0])
    except Refused as error:
        raise Refused(f"phenomenonTime: {error}") from error


def _reference(told: Mapping[str, Any], name: str) -> Id:
    given = told.get(name)
    found = given.get(_ID) if isinstance(given, Mapping) else None
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise Refused(f'expected "{name}": {{"@iot.id": …}} of one that exists')
    return found


def _stream_id(given: Any) -> int:
    found = _reference({"Datastream": given}, "Datastream")
    if not isinstance(found, int) or not 0 < found <= LARGEST_ID:
        raise Refused(f"Datastream: expected a whole number, found {quoted(found)}")
    return found


def _measure_of(parameters: Any) -> str | None:
    if not isinstance(parameters, Mapping) or "unit" not in parameters:
        return None
    unit = parameters["unit"]
    if not isinstance(unit, str):
        raise Refused(f"parameters.unit: expected a text, found {quoted(unit)}")
    return unit


def _symbol(measure: Mapping[str, Any]) -> str | None:
    for name in ("symbol", "name"):
        found = measure.get(name)
        if isinstance(found, str) and found.strip():
            return found
    return None
