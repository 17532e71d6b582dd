"""Writes that may be sent again: the same Idempotency-Key is carried out once, and answered alike.

The key is kept in the transaction of the write itself: both exist or neither does. Of two at the
same moment the second waits for the first and gets its answer. A request that was refused leaves
no key: mended, it may be sent under the same one.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask import Response, request
from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.auth import current_visitor
from api.errors import BadKey
from api.kept_answers import KEPT
from api.models import IdempotencyKey
from api.services import ApiServices
from storage.database import reading, transaction

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_BAD = f"expected {HEADER} of 1 to 255 printable ASCII characters without spaces"


@dataclass(frozen=True)
class Answer:
    """What a write is answered; a body of None: none."""

    body: BaseModel | None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Work = Callable[[Session, datetime], Answer]


class _SameMoment(Exception):
    """Another request with this key has just been carried out."""


def once(services: ApiServices, work: Work) -> Response:
    """Carry out `work` in one transaction; under a key that was used, answer as then.

    Raises:
        BadKey: the key is none, or was used for another request.
    """
    services.before_writing()
    key = request.headers.get(HEADER)
    if key is None:
        with transaction(services.engine) as session:
            return _response(work(session, services.clock()))
    if not _KEY.fullmatch(key):
        raise BadKey(_BAD)
    who, asked = current_visitor().user, _fingerprint()
    try:
        return _first(services, work, who, key, asked)
    except _SameMoment:
        with reading(services.engine) as session:
            return _again(session.get_one(IdempotencyKey, (who, key)), asked)


def answered_before(services: ApiServices) -> Response | None:
    """What this request was answered under its key; None: it is to be carried out. For work that
    is too long for one transaction, and of which a repetition changes nothing: do it, then keep
    its answer with `once`.

    Raises:
        BadKey: the key is none, or was used for another request.
    """
    services.before_writing()
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise BadKey(_BAD)
    with reading(services.engine) as session:
        known = session.get(IdempotencyKey, (current_visitor().user, key))
    if known is None or known.at < services.clock() - KEPT:
        return None
    return _again(known, _fingerprint())


def _first(services: ApiServices, work: Work, who: str, key: str, asked: str) -> Response:
    now = services.clock()
    with transaction(services.engine) as session:
        known = session.get(IdempotencyKey, (who, key))
        if known is not None and known.at >= now - KEPT:
            return _again(known, asked)
        if known is not None:
            session.delete(known)
            session.flush()
        row = IdempotencyKey(
            user_id=who, key=key, request_sha256=asked, status=0, headers={}, body="", at=now
        )
        session.add(row)
        try:
            session.flush()  # where another has the key in its hands, this waits for its end
        except IntegrityError as error:
            raise _SameMoment from error
        answer = work(session, now)
        row.status, row.headers, row.body = answer.status, dict(answer.headers), _written(answer)
        session.flush()
    return _response(answer)


def _again(known: IdempotencyKey, asked: str) -> Response:
    if known.request_sha256 != asked:
        raise BadKey(f"expected the request that this {HEADER} was first sent with")
    response = Response(known.body, known.status, content_type="application/json")
    response.headers.update(known.headers)
    response.headers[REPLAYED] = "true"
    return response


def _response(answer: Answer) -> Response:
    response = Response(_written(answer), answer.status, content_type="application/json")
    response.headers.update(answer.headers)
    return response


def _written(answer: Answer) -> str:
    return "" if answer.body is None else answer.body.model_dump_json(by_alias=True)


def _fingerprint() -> str:
    """The same for the same request, however its JSON is laid out and its parts are divided."""
    said: object
    if request.mimetype == "multipart/form-data":
        files = [
            (name, hashlib.sha256(file.stream.read()).hexdigest())
            for name, file in sorted(request.files.items(multi=True), key=lambda pair: pair[0])
        ]
        said = [sorted(request.form.items(multi=True)), files]
    else:
        said = request.get_json(force=True, silent=True)
    whole = json.dumps(
        [request.method, request.path, request.headers.get("If-Match"), said], sort_keys=True
    )
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()
