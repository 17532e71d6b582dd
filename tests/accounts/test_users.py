from datetime import timedelta

import pytest
from sqlalchemy import Engine

from accounts.errors import BadEmail, EmailTaken, UnknownUser
from accounts.roles import Role
from accounts.users import (
    active_user,
    create_user,
    find_user,
    first_administrator,
    sign_in,
)
from storage.database import reading, transaction
from tests.builders import NOON

PASSWORD = "a right password"


@pytest.fixture
def user_id(engine: Engine) -> str:
    with transaction(engine) as session:
        return create_user(session, "Chi@Example.vn", PASSWORD, Role.OPERATOR, NOON).id


def test_a_user_signs_in_whatever_the_case_of_the_address(engine: Engine, user_id: str) -> None:
    with reading(engine) as session:
        found = sign_in(session, " chi@EXAMPLE.vn ", PASSWORD, NOON)

    assert found is not None and found.id == user_id


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("chi@example.vn", "a wrong password"),
        ("anh@example.vn", PASSWORD),
        ("not an address", PASSWORD),
        ("chi@example.vn\x00", PASSWORD),
        ("chi@\ud83dexample.vn", PASSWORD),
        ("", ""),
        ("chi@example.vn", PASSWORD + "x" * 10_000),
    ],
)
def test_nobody_enters_with_another_address_or_password(
    engine: Engine, user_id: str, email: str, password: str
) -> None:
    with reading(engine) as session:
        assert sign_in(session, email, password, NOON) is None


def test_a_disabled_user_enters_no_more(engine: Engine, user_id: str) -> None:
    with transaction(engine) as session:
        find_user(session, "chi@example.vn", NOON).disabled_at = NOON

    with reading(engine) as session:
        before = NOON - timedelta(seconds=1)
        assert sign_in(session, "chi@example.vn", PASSWORD, before) is not None
        assert sign_in(session, "chi@example.vn", PASSWORD, NOON) is None
        assert active_user(session, user_id, NOON) is None
        with pytest.raises(UnknownUser):
            find_user(session, "chi@example.vn", NOON)


def test_an_address_is_taken_once_only(engine: Engine, user_id: str) -> None:
    with transaction(engine) as session, pytest.raises(EmailTaken):
        create_user(session, "CHI@example.vn", PASSWORD, Role.OPERATOR, NOON)


@pytest.mark.parametrize("email", ["", "chi", "chi@", "@example.vn", "a b@example.vn", "a@b\n@c"])
def test_what_is_no_address_gets_no_account(engine: Engine, email: str) -> None:
    with transaction(engine) as session, pytest.raises(BadEmail):
        create_user(session, email, PASSWORD, Role.OPERATOR, NOON)


def test_the_first_administrator_is_made_once_only(engine: Engine) -> None:
    with transaction(engine) as session:
        first = first_administrator(session, NOON)
    with transaction(engine) as session:
        second = first_administrator(session, NOON)

    assert first is not None and second is None
    with reading(engine) as session:
        user = sign_in(session, first.email, first.password, NOON)
    assert user is not None and user.role == Role.ADMINISTRATOR


def test_a_password_is_never_stored_as_it_is(engine: Engine, user_id: str) -> None:
    with reading(engine) as session:
        user = active_user(session, user_id, NOON)

    assert user is not None
    assert PASSWORD not in user.password_hash and user.password_hash.startswith("$argon2id$")
