from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from accounts.models import Token
from accounts.roles import Role
from accounts.tokens import IssuedToken, find_token, issue_token, note_use, use_is_stale
from accounts.users import create_user, find_user
from storage.database import reading, transaction
from tests.builders import NOON

DAY = timedelta(days=1)


@pytest.fixture
def issued(engine: Engine) -> IssuedToken:
    with transaction(engine) as session:
        user = create_user(session, "chi@example.vn", "a right password", Role.OPERATOR, NOON)
        return issue_token(session, user, "for the test", DAY, NOON)


def test_a_token_leads_to_its_user_until_it_expires(engine: Engine, issued: IssuedToken) -> None:
    with reading(engine) as session:
        found = find_token(session, issued.secret, NOON + DAY - timedelta(seconds=1))
        late = find_token(session, issued.secret, NOON + DAY)

    assert found is not None and found.user.email == "chi@example.vn"
    assert late is None


@pytest.mark.parametrize("secret", ["", "hl_", "hl_wrong", "\ud83d", "x" * 10_000])
def test_an_unknown_token_leads_nowhere(engine: Engine, issued: IssuedToken, secret: str) -> None:
    with reading(engine) as session:
        assert find_token(session, secret, NOON) is None


def test_a_disabled_users_token_leads_nowhere(engine: Engine, issued: IssuedToken) -> None:
    with transaction(engine) as session:
        find_user(session, "chi@example.vn", NOON).disabled_at = NOON

    with reading(engine) as session:
        assert find_token(session, issued.secret, NOON) is None


def test_the_database_does_not_have_the_secret(engine: Engine, issued: IssuedToken) -> None:
    with reading(engine) as session:
        token = session.scalars(select(Token)).one()

    assert issued.secret.startswith("hl_")
    assert issued.secret not in (token.sha256, token.name, token.id)


def test_a_use_is_noted_once_an_hour(engine: Engine, issued: IssuedToken) -> None:
    with transaction(engine) as session:
        token = session.scalars(select(Token)).one()
        assert use_is_stale(token, NOON)
        note_use(session, token.id, NOON)
    with reading(engine) as session:
        token = session.scalars(select(Token)).one()

    assert token.last_used_at == NOON
    assert not use_is_stale(token, NOON + timedelta(minutes=59))
    assert use_is_stale(token, NOON + timedelta(hours=1))
