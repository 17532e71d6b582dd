"""Routes of tokens: made for a password, listed, revoked."""

from datetime import timedelta

from apiflask import APIBlueprint

from accounts.audit import record
from accounts.errors import UnknownScope, UnknownToken
from accounts.models import Token
from accounts.permissions import Permission
from accounts.tokens import issue_token, revoke_token, tokens_of
from accounts.users import sign_in
from api import token_schemas
from api.addresses import client_address
from api.auth import current_visitor
from api.errors import BadValue, NotFound, WrongPassword
from api.limits import Limits
from api.openapi import SECURED
from api.services import ApiServices
from storage.crypto import current_box
from storage.database import reading, transaction

# A working day: programs that run longer ask for more, or have one from `hotline user token`.
LIFETIME = timedelta(hours=24)


def add_token_routes(blueprint: APIBlueprint, services: ApiServices, limits: Limits) -> None:
    """Making a token is the only route of the API that asks for none."""

    @blueprint.post("/tokens")
    @blueprint.input(token_schemas.Credentials)
    @blueprint.output(token_schemas.NewToken, status_code=201)
    @blueprint.doc(
        operation_id="createToken",
        responses={401: "Address and password do not belong together"},
    )
    def create_token(
        json_data: token_schemas.Credentials,
    ) -> tuple[token_schemas.NewToken, int, dict[str, str]]:
        """A token for an e-mail address and its password."""
        now = services.clock()
        # Of one address, and for one account: many addresses trying one password, too.
        limits.count("signing_in", client_address(services.trusted_proxies))
        limits.count("signing_in", current_box().keyed_hash(json_data.email.strip().lower()))
        # Hashing takes its time by design: no writer shall wait for it.
        with reading(services.engine) as session:
            user = sign_in(session, json_data.email, json_data.password, now)
        if user is None:
            raise WrongPassword("address and password do not belong together")
        lifetime = LIFETIME if json_data.days is None else timedelta(days=json_data.days)
        with transaction(services.engine) as session:
            try:
                issued = issue_token(session, user, json_data.name, lifetime, now, json_data.scopes)
            except UnknownScope as error:
                raise BadValue(str(error), "scopes") from error
            record(session, user.id, "token.issued", "token", issued.id, now)
        body = token_schemas.NewToken(
            id=issued.id,
            token=issued.secret,
            scopes=_scopes(issued.scopes),
            expires_at=issued.expires_at,
        )
        return body, 201, {"Cache-Control": "no-store"}

    @blueprint.get("/tokens")
    @blueprint.output(token_schemas.TokenList)
    @blueprint.doc(operation_id="listTokens", security=SECURED)
    def list_tokens() -> token_schemas.TokenList:
        """Your valid tokens, newest first; everybody's for whoever manages tokens.

        A token with scopes of its own, tokens.manage not among them, is told of itself alone.
        """
        with reading(services.engine) as session:
            found = tokens_of(session, _whose(), services.clock())
        return token_schemas.TokenList(
            tokens=[_token(each) for each in found if _in_sight(each.id)]
        )

    @blueprint.delete("/tokens/<token_id>", endpoint="revoke_token")
    @blueprint.output({}, status_code=204)
    @blueprint.doc(
        operation_id="revokeToken",
        security=SECURED,
        responses={404: "No token of yours has this id"},
    )
    def revoke(token_id: str) -> tuple[str, int]:
        """Revoke a token, the one you show included; it opens nothing from now on."""
        now = services.clock()
        with transaction(services.engine) as session:
            try:
                if not _in_sight(token_id):
                    raise UnknownToken("not told of")
                revoked = revoke_token(session, _plain_id(token_id), _whose(), now)
            except UnknownToken as error:
                raise NotFound("no token of yours has this id") from error
            record(session, current_visitor().user, "token.revoked", "token", revoked.id, now)
        return "", 204

    @blueprint.get("/me")
    @blueprint.output(token_schemas.Visitor)
    @blueprint.doc(operation_id="whoAmI", security=SECURED)
    def who_am_i() -> token_schemas.Visitor:
        """Who you are, and what your token opens."""
        visitor = current_visitor()
        return token_schemas.Visitor(
            user=visitor.user,
            role=visitor.role,
            agency=visitor.agency,
            permissions=sorted(visitor.permissions),
        )


def _whose() -> str | None:
    """Whose tokens the visitor may see: their own, or anybody's."""
    visitor = current_visitor()
    return None if visitor.may(Permission.TOKENS_MANAGE) else visitor.user


def _in_sight(token_id: str) -> bool:
    """Whether the token shown is told of that one: what was given few rights ends no other."""
    visitor = current_visitor()
    if visitor.may(Permission.TOKENS_MANAGE) or not visitor.scoped:
        return True
    return token_id == visitor.token


def _plain_id(text: str) -> str:
    return text if len(text) <= 32 and text.isalnum() else ""


def _token(row: Token) -> token_schemas.Token:
    return token_schemas.Token(
        id=row.id,
        user=row.user_id,
        name=row.name,
        scopes=_scopes(row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
    )


def _scopes(kept: str | None) -> list[str] | None:
    return None if kept is None else kept.split()
