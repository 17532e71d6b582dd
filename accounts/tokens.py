"""Tokens: what programs show instead of a password."""

import hashlib
import secrets
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from accounts.errors import UnknownToken
from accounts.models import Token, User
from accounts.permissions import written_scopes

PREFIX = "hl_"  # lets a secret scanner, and a person, see what it is
MAX_NAME_LENGTH = 80
_USE_NOTED_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class IssuedToken:
    """`secret` is told here and never again: only its hash is kept."""

    secret: str
    expires_at: datetime
    id: str = ""
    scopes: str | None = None


def issue_token(
    session: Session,
    user: User,
    name: str,
    lifetime: timedelta,
    now: datetime,
    scopes: Iterable[str] | None = None,
) -> IssuedToken:
    """A new token of that user; the name is for whoever has to tell tokens apart.

    Without `scopes` it opens all that its user may do.

    Raises:
        UnknownScope: a scope is none that the user's role has.
    """
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token(
        id=uuid.uuid4().hex,
        user_id=user.id,
        name=name[:MAX_NAME_LENGTH],
        sha256=_hash(secret),
        created_at=now,
        expires_at=now + lifetime,
        scopes=None if scopes is None else written_scopes(user.role, scopes),
    )
    session.add(token)
    session.flush()
    return IssuedToken(secret, token.expires_at, token.id, token.scopes)


def find_token(session: Session, secret: str, now: datetime) -> Token | None:
    """The token with its user; None where unknown, expired, revoked or its user is disabled.

    The look-up goes by the hash of 32 random bytes, so its timing tells nothing of use.
    """
    token = session.scalar(
        select(Token).where(Token.sha256 == _hash(secret)).options(joinedload(Token.user))
    )
    if token is None or token.expires_at <= now or token.revoked_at is not None:
        return None
    disabled_at = token.user.disabled_at
    return token if disabled_at is None or now < disabled_at else None


def tokens_of(session: Session, user_id: str | None, now: datetime) -> Sequence[Token]:
    """The valid tokens of a user, or of everybody, newest first; with their users."""
    query = (
        select(Token)
        .where(Token.expires_at > now, Token.revoked_at.is_(None))
        .options(joinedload(Token.user))
        .order_by(Token.created_at.desc(), Token.id)
    )
    if user_id is not None:
        query = query.where(Token.user_id == user_id)
    return session.scalars(query).all()


def revoke_token(session: Session, token_id: str, user_id: str | None, now: datetime) -> Token:
    """The token, which opens nothing any more; of that user, or of anybody.

    Raises:
        UnknownToken: there is no such token, or none of that user.
    """
    token = session.get(Token, token_id, with_for_update=True)
    if token is None or (user_id is not None and token.user_id != user_id):
        raise UnknownToken("no such token")
    token.revoked_at = token.revoked_at or now
    session.flush()
    return token


def use_is_stale(token: Token, now: datetime) -> bool:
    """Whether `note_use` is due: a write at every request would cost more than it tells."""
    return token.last_used_at is None or now - token.last_used_at >= _USE_NOTED_EVERY


def note_use(session: Session, token_id: str, now: datetime) -> None:
    """Keep when a token was last used, so that forgotten ones can be told."""
    session.execute(update(Token).where(Token.id == token_id).values(last_used_at=now))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
