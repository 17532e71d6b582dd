"""Who may use the API: whoever shows a valid token."""

from flask import request

from accounts.tokens import find_token, note_use, use_is_stale
from api.errors import NotSignedIn
from api.services import ApiServices
from storage.database import reading, transaction

SECURITY_SCHEME = "BearerAuth"


def require_token(services: ApiServices) -> None:
    """Pass when the request shows a valid token.

    Raises:
        NotSignedIn: it shows none, or one that is unknown, expired or whose user is disabled.
    """
    shown = request.authorization
    if shown is None or shown.type != "bearer" or not shown.token:
        raise NotSignedIn("expected the header `Authorization: Bearer <token>`")
    now = services.clock()
    with reading(services.engine) as session:
        token = find_token(session, shown.token, now)
    if token is None:
        raise NotSignedIn("the token is unknown or has expired")
    if use_is_stale(token, now):
        with transaction(services.engine) as session:
            note_use(session, token.id, now)
