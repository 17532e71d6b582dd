"""Whether the process lives (/healthz) and whether it can do its work (/readyz)."""

import shutil
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import structlog
from apiflask import APIFlask
from flask import Response, jsonify
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from storage.database import reading

log = structlog.get_logger()

Check = Callable[[], str | None]
"""None when ready; otherwise one line for the operator: what is wrong and what mends it."""

Report = Callable[[], tuple[str, str]]
"""How a part is that calls go on without: `ready`, `off` or `away`, and a line about it."""

MIN_FREE_BYTES = 500_000_000
_PORT_TIMEOUT_S = 0.5
_NOTHING: Mapping[str, Report] = MappingProxyType({})


def register_health(
    app: APIFlask, checks: Mapping[str, Check], optional: Mapping[str, Report] = _NOTHING
) -> None:
    """Serve /healthz and /readyz; the latter asks every check and report each time.

    Readiness does not hang on what is `optional`.
    """

    @app.get("/healthz")
    @app.doc(hide=True)
    def healthz() -> Response:
        return jsonify(alive=True)

    @app.get("/readyz")
    @app.doc(hide=True)
    def readyz() -> Response:
        answers = {name: _ask(name, check) for name, check in checks.items()}
        ready = all(why is None for why in answers.values())
        told = {name: _told(name, report) for name, report in optional.items()}
        response = jsonify(
            ready=ready,
            checks={name: {"ready": why is None, "why": why} for name, why in answers.items()},
            optional={
                name: {"state": state, "found": found} for name, (state, found) in told.items()
            },
        )
        response.status_code = 200 if ready else 503
        response.headers["Cache-Control"] = "no-store"
        return response


def database_check(engine: Engine, head: Callable[[], str | None]) -> Check:
    """Ready when the database answers and has the newest migration, `head`."""

    def check() -> str | None:
        try:
            with reading(engine) as session:
                found = session.scalar(text("SELECT version_num FROM alembic_version"))
        except SQLAlchemyError as error:
            why = type(getattr(error, "orig", None) or error).__name__
            return f"the database does not answer or is not set up ({why}): hotline migrate"
        expected = head()
        if found != expected:
            return f"expected migration {expected}, found {found}: hotline migrate"
        return None

    return check


def disk_check(folder: Path, min_free_bytes: int = MIN_FREE_BYTES) -> Check:
    """Ready while the folder's disk has room for recordings."""

    def check() -> str | None:
        try:
            free = shutil.disk_usage(folder).free
        except OSError as error:
            return f"the data folder cannot be looked at: {error.strerror}"
        if free < min_free_bytes:
            return f"expected {min_free_bytes // 10**6} MB free, found {free // 10**6} MB"
        return None

    return check


def port_check(address: str) -> Check:
    """Ready when something accepts connections at `HOST:PORT`."""
    host, _, port = address.rpartition(":")

    def check() -> str | None:
        try:
            socket.create_connection((host, int(port)), _PORT_TIMEOUT_S).close()
        except OSError as error:
            return f"nothing answers at {address}: {error.strerror or type(error).__name__}"
        return None

    return check


def _ask(name: str, check: Check) -> str | None:
    try:
        return check()
    except Exception as error:  # a check that breaks is an answer: this part is not ready
        return _broke(name, error)


def _told(name: str, report: Report) -> tuple[str, str]:
    try:
        return report()
    except Exception as error:
        return "away", _broke(name, error)


def _broke(name: str, error: Exception) -> str:
    log.error("check broke", check=name, error=type(error).__name__)
    return f"the check itself failed ({type(error).__name__})"
