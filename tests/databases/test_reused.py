"""A database that one test used is, for the next, as if it were new."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.databases.fixtures import TEMPLATE
from tests.databases.postgresql import Postgres
from tests.databases.reused import Reused

pytestmark = pytest.mark.postgres

MARK = "INSERT INTO report_day_marks (day) VALUES ('2026-11-23')"


@pytest.fixture
def databases(postgres: Postgres, postgres_url: str) -> Iterator[Reused]:
    made = Reused(postgres, TEMPLATE)
    yield made
    made.close()


def test_what_a_test_wrote_is_gone_and_the_name_too(databases: Reused) -> None:
    first = databases.borrow()
    with databases.server.connection(first) as connection:
        connection.execute(MARK)
        databases.give_back(first)
        second = databases.borrow()
        with pytest.raises(psycopg.OperationalError):
            connection.execute(MARK)

    assert second != first
    with databases.server.connection(second) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM report_day_marks), (SELECT count(*) FROM alembic_version)"
        ).fetchone()
    assert row == (0, 1)
    databases.server.drop(second)


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE another (id int)",
        "ALTER TABLE report_day_marks ADD COLUMN another int",
        "ALTER TABLE reports DISABLE TRIGGER ALL",
    ],
)
def test_one_of_another_shape_is_not_lent_again(databases: Reused, change: str) -> None:
    first = databases.borrow()
    with databases.server.connection(first) as connection:
        connection.execute(change.encode())
    databases.give_back(first)

    second = databases.borrow()
    with databases.server.connection("postgres") as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_database WHERE datname = %s", [first]
        ).fetchone()
    assert found == (0,)
    databases.give_back(second)
