"""What SensorThings may write: observations, corrections of them, series."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.sensorthings.bodies import Figure, Series
from api.sensorthings.errors import Refused, quoted
from api.sensorthings.kinds import Entity, Kind
from api.sensorthings.stored import Stored, observation_entity, observation_id
from monitoring.checking import period_begin
from monitoring.models import Datastream
from monitoring.observing import Reading, store
from monitoring.observing import Refused as RefusedReading
from monitoring.sources import may_send
from monitoring.streams import stream_of, streams_by_id
from provinces.errors import UnknownCode
from provinces.measures import measure_written
from provinces.modules import IndicatorLevel
from provinces.schema import LOWEST_KINDS, Province


@dataclass(frozen=True)
class Written:
    """`new`: it was not known before, or is known otherwise now."""

    entity: Entity
    new: bool


class Writer:
    """Writes in one transaction; `by` is the user whose token was shown."""

    def __init__(self, province: Province, session: Session, now: datetime, by: str) -> None:
        self._province = province
        self._session = session
        self._now = now
        self._by = by

    def observe(self, figure: Figure) -> Written:
        """Store one observation.

        Raises:
            Refused: its series is unknown or our own, or the value cannot be.
        """
        for unknown in self._unknown_streams([figure]).values():
            raise unknown
        stored = store(self._session, self._province, [_reading(figure)], self._now, self._by)
        for refused in stored.refused:
            raise Refused(_why(refused))
        (at,) = stored.moments
        assert at is not None
        entity = Stored(self._province).find(
            self._session, Kind.OBSERVATIONS, observation_id(figure.stream, at)
        )
        assert entity is not None  # it was stored a moment ago
        return Written(entity, not stored.repeated)

    def observe_some(self, figures: Sequence[Figure]) -> Sequence[str | Refused]:
        """Store those that can be true; of each its address below the root, or why not."""
        unknown = self._unknown_streams(figures)
        told: list[str | Refused] = [unknown.get(each.stream, "") for each in figures]
        places = [place for place, each in enumerate(told) if not isinstance(each, Refused)]
        good = [figures[place] for place in places]
        readings = [_reading(each) for each in good]
        stored = store(self._session, self._province, readings, self._now, self._by)
        for place, each, at in zip(places, good, stored.moments, strict=True):
            if at is not None:
                entity = observation_entity(each.stream, at, self._now, each.value)
                told[place] = entity.address
        for refused in stored.refused:
            told[places[refused.index]] = Refused(_why(refused))
        return told

    def kept_at(self, stream: int, at: datetime) -> datetime:
        """Under which moment of that series a value of `at` is kept."""
        known = streams_by_id(self._session, [stream])[stream]
        with suppress(UnknownCode):
            period = self._province.indicator(known.indicator).period
            return period_begin(period, at, self._province.timezone)
        return at

    def make_series(self, series: Series) -> tuple[int, bool]:
        """The id of a series, and whether it was made just now.

        Raises:
            Refused: it is of a thing, source or indicator that the province does not have.
        """
        province = self._province
        try:
            indicator = province.indicator(str(series.property))
        except UnknownCode as error:
            raise Refused(f"there is no ObservedProperties({quoted(series.property)})") from error
        source = str(series.sensor)
        if not may_send(province, source):
            raise Refused(
                f"Sensor: expected the code of an agency of the province, found {quoted(source)}"
            )
        unit = None
        if series.thing != province.key:
            found = province.unit(str(series.thing))
            if found is None or found.kind not in LOWEST_KINDS:
                raise Refused(f"there is no Things({quoted(series.thing)})")
            if indicator.level is IndicatorLevel.PROVINCE:
                raise Refused(f"Thing: {indicator.code} is told of {province.key!r} as a whole")
            unit = f"{found.key.edition}:{found.key.code}"
        if series.measure is not None and measure_written(series.measure) != indicator.measure:
            expected = indicator.measure.symbol or indicator.measure.code
            raise Refused(
                f"unitOfMeasurement: expected {expected!r}, found {quoted(series.measure)}; "
                "values in another measure say so in parameters.unit"
            )
        if indicator.from_system is not None:
            raise Refused(f"{indicator.code} is what this system counts itself", 403)
        before = self._session.scalar(select(func.max(Datastream.id))) or 0
        made = stream_of(self._session, indicator.code, unit, source, self._now)
        return made.id, made.id > before

    def _unknown_streams(self, figures: Sequence[Figure]) -> dict[int, Refused]:
        """Series into which nobody may write from outside, with the reason."""
        ids = {figure.stream for figure in figures}
        known = streams_by_id(self._session, ids)
        return {
            id: Refused(f"there is no Datastreams({id})", HTTPStatus.NOT_FOUND)
            if id not in known
            else Refused(f"Datastreams({id}) is what this system tells itself", 403)
            for id in ids
            if id not in known or not may_send(self._province, known[id].source)
        }


def _reading(figure: Figure) -> Reading:
    return Reading(figure.stream, figure.at, figure.value, figure.measure)


def _why(refused: RefusedReading) -> str:
    return f"{refused.reason}: expected {refused.expected}, found {refused.found}"
