"""Tokens: what programs show instead of a password."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from accounts.models import Token, User

PREFIX = "hl_"  # lets a secret scanner, and a person, see what it is
MAX_NAME_LENGTH = 80
_USE_NOTED_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class IssuedToken:
    """`secret` is told here and never again: only its hash is kept."""

    secret: str
    expires_at: datetime


def issue_token(
    session: Session, user: User, name: str, lifetime: timedelta, now: datetime
) -> IssuedToken:
    """A new token of that user; the name is for whoever has to tell tokens apart."""
    secret = PREFIX + secrets.token_urlsafe(32)
    expires_at = now + lifetime
    session.add(
        Token(
            id=uuid.uuid4().hex,
            user_id=user.id,
            name=name[:MAX_NAME_LENGTH],
            sha256=_hash(secret),
            created_at=now,
            expires_at=expires_at,
        )
    )
    session.flush()
    return IssuedToken(secret, expires_at)


def find_token(session: Session, secret: str, now: datetime) -> Token | None:
    """The token with its user; None where unknown, expired or its user is disabled.

    The look-up goes by the hash of 32 random bytes, so its timing tells nothing of use.
    """
    token = session.scalar(
        select(Token).where(Token.sha256 == _hash(secret)).options(joinedload(Token.user))
    )
    if token is None or token.expires_at <= now:
        return None
    disabled_at = token.user.disabled_at
    return token if disabled_at is None or now < disabled_at else None


def use_is_stale(token: Token, now: datetime) -> bool:
    """Whether `note_use` is due: a write at every request would cost more than it tells."""
    return token.last_used_at is None or now - token.last_used_at >= _USE_NOTED_EVERY


def note_use(session: Session, token_id: str, now: datetime) -> None:
    """Keep when a token was last used, so that forgotten ones can be told."""
    session.execute(update(Token).where(Token.id == token_id).values(last_used_at=now))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
