"""Which methods an address knows."""

from http import HTTPStatus
from typing import NoReturn

from flask import request

from api.sensorthings.addresses import Step
from api.sensorthings.errors import Refused
from api.sensorthings.kinds import Kind

ARRAYS = "CreateObservations"
_WRITTEN = (Kind.OBSERVATIONS, Kind.DATASTREAMS)


def allowed(steps: tuple[Step, ...]) -> str:
    """What may be done there, as a header tells it."""
    if steps == (Step(ARRAYS),):
        return "OPTIONS, POST"
    last = steps[-1] if steps else Step("")
    if last.name in _WRITTEN and last.id is None:
        return "GET, HEAD, OPTIONS, POST"
    if last.name == Kind.OBSERVATIONS:
        return "GET, HEAD, OPTIONS, PATCH, PUT"
    return "GET, HEAD, OPTIONS"


def refuse(steps: tuple[Step, ...]) -> NoReturn:
    """Raise that the address does not know the request's method."""
    known = allowed(steps)
    why = ""
    if request.method == "DELETE":
        why = ": nothing is deleted here, a wrong value is corrected"
    elif steps and steps[-1].name not in (ARRAYS, *_WRITTEN):
        why = ": the province's pack declares these"
    raise Refused(
        f"expected one of {known}, found {request.method}{why}",
        HTTPStatus.METHOD_NOT_ALLOWED,
        {"Allow": known},
    )
