"""Answers to POST and PATCH."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import Response, request
from sqlalchemy.orm import Session

from api.auth import current_visitor
from api.sensorthings.addresses import Step
from api.sensorthings.answers import as_json
from api.sensorthings.bodies import (
    Figure,
    read_arrays,
    read_correction,
    read_figure,
    read_json,
    read_series,
    read_time,
)
from api.sensorthings.declared import Declared
from api.sensorthings.errors import Refused, quoted
from api.sensorthings.kinds import Entity, Kind
from api.sensorthings.methods import refuse
from api.sensorthings.options import Options
from api.sensorthings.reading import Entities
from api.sensorthings.stored import Stored, read_observation_id
from api.sensorthings.writing import Writer, Written
from api.services import ApiServices
from monitoring.again import again
from monitoring.pieces import in_pieces
from storage.database import transaction

# Members of an observation that clients send along when they send the whole of it.
_TAKEN = {
    "result",
    "phenomenonTime",
    "parameters",
    "Datastream",
    "@iot.id",
    "@iot.selfLink",
    "resultTime",
    "resultQuality",
    "validTime",
    "FeatureOfInterest",
}


def create(services: ApiServices, steps: tuple[Step, ...], root: str) -> Response:
    """An observation, at the collection of all or of its series; or a series."""
    body = read_json(request.get_data())
    now = services.clock()
    match steps:
        case (Step(Kind.OBSERVATIONS, None),):
            figure = read_figure(body, now)
        case (Step(Kind.DATASTREAMS, int(stream)), Step(Kind.OBSERVATIONS, None)):
            figure = read_figure(body, now, stream)
        case (Step(Kind.DATASTREAMS, None),):
            return _make_series(services, body, root)
        case _:
            refuse(steps)

    def write() -> tuple[Written, dict[str, Any]]:
        with transaction(services.engine) as session:
            writer = Writer(services.province, session, now, current_visitor().user)
            written = writer.observe(figure)
            return written, _entities(services, session, root).told(written.entity, Options())

    written, told = again(write)
    status = HTTPStatus.CREATED if written.new else HTTPStatus.OK
    return as_json(told, status, told["@iot.selfLink"])


def create_many(services: ApiServices, root: str) -> Response:
    """Data arrays: the address of each observation, or `error` and why."""
    told = list[str | Figure | Refused](
        read_arrays(read_json(request.get_data()), services.clock())
    )
    places = [place for place, each in enumerate(told) if isinstance(each, Figure)]
    figures = [each for each in told if isinstance(each, Figure)]
    by = current_visitor().user

    def work(session: Session, some: Sequence[Figure]) -> Sequence[str | Refused]:
        return Writer(services.province, session, services.clock(), by).observe_some(some)

    for begin, results in in_pieces(services.engine, figures, work):
        for place, result in zip(places[begin:], results, strict=False):
            told[place] = result
    shown = [f"error: {each}" if isinstance(each, Refused) else f"{root}/{each}" for each in told]
    return as_json(shown, HTTPStatus.CREATED)


def patch(services: ApiServices, steps: tuple[Step, ...], root: str) -> Response:
    """Another result of an observation, by whoever knows better."""
    match steps:
        case (*_, Step(Kind.OBSERVATIONS, int() | str() as number)):
            pass
        case _:
            refuse(steps)
    changes = read_correction(read_json(request.get_data()), request.mimetype)
    now = services.clock()
    with transaction(services.engine) as session:
        entities = _entities(services, session, root)
        found = entities.at(steps)
        place = read_observation_id(number)
        assert isinstance(found, Entity) and place is not None  # it was found by its number
        stream, at = place
        writer = Writer(services.province, session, now, current_visitor().user)
        for name, value in changes.items():
            if name == "phenomenonTime" and writer.kept_at(stream, read_time(value)) != at:
                raise Refused("phenomenonTime: expected that of the observation: post another")
            if name not in _TAKEN:
                raise Refused(f"expected a change of result, found {quoted(name)}")
        if "result" not in changes:
            raise Refused('expected {"result": …}')
        figure = read_figure(
            {**changes, "Datastream": {"@iot.id": stream}, "phenomenonTime": at.isoformat()}, now
        )
        written = writer.observe(figure)
        told = entities.told(written.entity, Options())
    return as_json(told, HTTPStatus.OK)


def _make_series(services: ApiServices, body: Any, root: str) -> Response:
    series = read_series(body)
    with transaction(services.engine) as session:
        writer = Writer(services.province, session, services.clock(), current_visitor().user)
        id, made = writer.make_series(series)
        entities = _entities(services, session, root)
        told = entities.told(entities.find(Kind.DATASTREAMS, id), Options())
    status = HTTPStatus.CREATED if made else HTTPStatus.OK
    return as_json(told, status, told["@iot.selfLink"])


def _entities(services: ApiServices, session: Session, root: str) -> Entities:
    province = services.province
    return Entities(Declared(province), Stored(province), session, root)
