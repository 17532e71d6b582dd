"""Who asks: whoever shows a valid token, with what its scopes and its user's role allow."""

from dataclasses import dataclass

from flask import g, request

from accounts.models import Token, User
from accounts.permissions import Permission, permissions_of
from accounts.roles import Role
from accounts.tokens import find_token, note_use, use_is_stale
from api.errors import NotAllowed, NotSignedIn
from api.permissions import Open, needed, opens
from api.services import ApiServices
from reports.actors import Actor, Party
from storage.database import reading, transaction

NOBODYS_AGENCY = "-"  # no report has it: an officer whose agency is not set sees none


@dataclass(frozen=True)
class Visitor:
    """Who asks. `token` is the id of what they showed; None for the console's own session."""

    user: str
    role: Role
    agency: str | None
    permissions: frozenset[Permission]
    token: str | None
    scoped: bool = False  # the token names what it opens, and is not simply its user's

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    @property
    def actor(self) -> Actor:
        """The part that they play in the life of a report."""
        if self.role is Role.AGENCY:
            return Actor(self.user, Party.AGENCY, self.agency or NOBODYS_AGENCY)
        return Actor(self.user, Party.STAFF)


def current_visitor() -> Visitor:
    """Who asks; for routes that are not public."""
    visitor: Visitor = g.visitor
    return visitor


def current_actor() -> Actor:
    """Who asks, as reports know them."""
    return current_visitor().actor


def admit(services: ApiServices, endpoint: str) -> None:
    """Pass where the request may do what the route does, and keep who asks for the route.

    Raises:
        NotSignedIn: it shows no token, or one that is unknown, expired or whose user is disabled.
        NotAllowed: the token's scopes, or its user's role, do not have the route's permission.
    """
    wanted = needed(endpoint)
    if wanted is Open.PUBLIC:
        return
    visitor = None
    if wanted is Permission.RECORDINGS_LISTEN and "Authorization" not in request.headers:
        visitor = _in_console(services)
    g.visitor = visitor or visitor_by_token(services)
    if not opens(g.visitor.permissions, endpoint):
        raise NotAllowed(f"this takes the scope {wanted}, which this token does not have")


def visitor_by_token(services: ApiServices) -> Visitor:
    """Whose token the request shows.

    Raises:
        NotSignedIn: it shows none, or one that is unknown, expired or whose user is disabled.
    """
    shown = request.authorization
    if shown is None or shown.type != "bearer" or not shown.token:
        raise NotSignedIn("expected the header `Authorization: Bearer <token>`")
    return visitor_by_secret(services, shown.token)


def visitor_by_secret(services: ApiServices, secret: str) -> Visitor:
    """Whose token that is, however it was shown.

    Raises:
        NotSignedIn: it is unknown, expired or its user is disabled.
    """
    now = services.clock()
    with reading(services.engine) as session:
        token = find_token(session, secret, now)
    if token is None:
        raise NotSignedIn("the token is unknown or has expired")
    if use_is_stale(token, now):
        with transaction(services.engine) as session:
            note_use(session, token.id, now)
    return _visitor(token.user, token)


def _in_console(services: ApiServices) -> Visitor | None:
    user = services.console_user()
    return _visitor(user, None) if user is not None else None


def _visitor(user: User, token: Token | None) -> Visitor:
    return Visitor(
        user=user.id,
        role=Role(user.role),
        agency=user.agency,
        permissions=permissions_of(user.role, token.scopes if token else None),
        token=token.id if token else None,
        scoped=token is not None and token.scopes is not None,
    )
