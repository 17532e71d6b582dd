"""Routes of single observations: what is known, in pages, and batches of new ones."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from apiflask import APIBlueprint
from flask import Response
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from api import observation_schemas as told
from api.auth import current_visitor
from api.cursor import Cursor, read_cursor, write_cursor
from api.documented import BAD_KEY
from api.errors import BadCursor
from api.fields import Instant
from api.idempotency import Answer, answered_before, once
from api.monitoring_codes import asked_indicator, asked_source, asked_unit
from api.monitoring_fields import WHOLE
from api.openapi import SECURED
from api.services import ApiServices
from monitoring.checking import Reason
from monitoring.observation_lists import Key, Observed, Wanted, observations
from monitoring.observing import Stored, Telling, store_told
from monitoring.pieces import in_pieces
from monitoring.sources import may_send
from monitoring.streams import Series
from provinces.errors import UnknownCode
from provinces.modules import Indicator, IndicatorLevel
from provinces.schema import LOWEST_KINDS, Province
from storage.database import reading
from storage.types import LARGEST_ID

MOST_BATCH_BYTES = 2_000_000
_MOMENT: TypeAdapter[datetime] = TypeAdapter(Instant)
_STORED = told.ObservationResult(status="stored", reason=None, expected=None, found=None)


def add_observation_routes(blueprint: APIBlueprint, services: ApiServices) -> None:
    """GET and POST /observations."""
    province = services.province

    @blueprint.get("/observations")
    @blueprint.input(told.ObservationQuery, location="query")
    @blueprint.output(told.ObservationList)
    @blueprint.doc(operation_id="listObservations", security=SECURED)
    def list_observations(query_data: told.ObservationQuery) -> told.ObservationList:
        """Single values, in pages by key: what comes in meanwhile moves nothing."""
        wanted = _wanted(province, query_data)
        after = None if query_data.before is None else _key(query_data.before)
        with reading(services.engine) as session:
            found = observations(session, wanted, query_data.limit + 1, after, query_data.known_at)
        page = found[: query_data.limit]
        last = page[-1].key if len(found) > len(page) else None
        return told.ObservationList(
            observations=[_observation(province, each) for each in page],
            next_before=write_cursor(Cursor(last.at, str(last.stream))) if last else None,
        )

    @blueprint.post("/observations")
    @blueprint.input(told.NewObservations)
    @blueprint.output(told.ObservationResults)
    @blueprint.doc(operation_id="addObservations", security=SECURED, responses=BAD_KEY)
    def add_observations(json_data: told.NewObservations) -> Response:
        """Store values of an agency; what cannot be true is refused, each by itself, with why."""

        before = answered_before(services)
        if before is not None:
            return before
        results = _store(services, json_data.observations, current_visitor().user)
        return once(services, lambda session, now: Answer(results))


def _wanted(province: Province, query: told.ObservationQuery) -> Wanted:
    known = [each.code for module in province.modules for each in module.indicators]
    if query.indicator is not None:
        known = [asked_indicator(province, query.indicator).code]
    return Wanted(
        indicators=known,
        unit_key=asked_unit(province, query.unit),
        whole=query.unit == WHOLE,
        source=asked_source(province, query.source),
        begin=query.begin,
        end=query.end,
    )


def _key(before: str) -> Key:
    cursor = read_cursor(before)
    if not cursor.id.isdecimal() or len(cursor.id) > 10 or int(cursor.id) > LARGEST_ID:
        raise BadCursor("expected `before` to be a next_before of an earlier page")
    return Key(int(cursor.id), cursor.moment)


def _observation(province: Province, found: Observed) -> told.Observation:
    return told.Observation(
        stream=found.stream,
        indicator=found.indicator,
        unit=found.unit_key,
        source=found.source,
        phenomenon_at=found.at,
        known_at=found.known_at,
        value=found.value,
        measure=province.indicator(found.indicator).measure.code,
    )


def _store(
    services: ApiServices, given: Sequence[told.NewObservation], by: str
) -> told.ObservationResults:
    """In pieces: a caller's answer waits for whoever writes."""
    province = services.province
    read = [_read(province, each) for each in given]
    results = [each if isinstance(each, told.ObservationResult) else _STORED for each in read]
    places = [place for place, each in enumerate(read) if isinstance(each, Telling)]
    tellings = [each for each in read if isinstance(each, Telling)]

    series: dict[Series, int] = {}

    def work(session: Session, some: Sequence[Telling]) -> tuple[Stored, Mapping[Series, int]]:
        return store_told(session, province, some, services.clock(), by, series)

    new = repeated = corrected = 0
    for begin, (stored, made) in in_pieces(services.engine, tellings, work):
        series.update(made)
        new += stored.new
        repeated += stored.repeated
        corrected += stored.corrected
        for one in stored.refused:
            refused = _refused(one.reason, one.expected, one.found)
            results[places[begin + one.index]] = refused
    return told.ObservationResults(
        new=new,
        repeated=repeated,
        corrected=corrected,
        refused=sum(each.status == "refused" for each in results),
        results=results,
    )


def _read(province: Province, given: told.NewObservation) -> Telling | told.ObservationResult:
    """What is told, or why it is not taken."""
    indicator: Indicator | None = None
    with suppress(UnknownCode):
        indicator = province.indicator(given.indicator)
    if indicator is None:
        return _refused(Reason.INDICATOR, "an indicator of the province", given.indicator)
    if not may_send(province, given.source):
        return _refused("unknown_source", "an agency of the province", given.source)
    unit_key, of_units = given.unit, indicator.level is IndicatorLevel.UNIT
    if unit_key is None and of_units:
        return _refused("no_unit", f"a commune such as 2025:31825, or {WHOLE}", "null")
    if unit_key in (WHOLE, province.key):
        unit_key = None
    if unit_key is not None:
        unit = province.unit(unit_key)
        if unit is None or unit.kind not in LOWEST_KINDS:
            return _refused("unknown_place", "a commune such as 2025:31825", unit_key)
        if not of_units:
            return _refused("whole_province", "no unit: it is of the whole province", unit_key)
    at, refused = _moment(given.phenomenon_at)
    if at is None:
        assert refused is not None
        return refused
    return Telling(indicator, unit_key, given.source, at, given.value, given.measure)


def _moment(text: str) -> tuple[datetime | None, told.ObservationResult | None]:
    try:
        return _MOMENT.validate_python(text), None
    except ValidationError as error:
        naive = error.errors()[0]["type"] == "timezone_aware"
        reason = Reason.ZONE if naive else "bad_time"
        return None, _refused(reason, "a moment such as 2026-11-20T00:00:00+07:00", text)


def _refused(reason: str, expected: str, found: str) -> told.ObservationResult:
    return told.ObservationResult(
        status="refused", reason=str(reason), expected=expected, found=found[:40]
    )
