"""The migrations make the tables that the code expects, forth and back."""

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, Index, inspect
from sqlalchemy.sql.schema import SchemaItem

import storage.migrations
from storage.database import Base, open_engine
from storage.migrations import current, downgrade, head, upgrade

FOLDER = Path(storage.migrations.__file__).parent
for package in (
    "accounts",
    "api",
    "ivr",
    "monitoring",
    "notifications",
    "provinces.published",
    "reports",
):
    import_module(f"{package}.models")  # a table is known once its module was loaded
VERSIONS = sorted((FOLDER / "versions").glob("[0-9]*.py"))


def our_own(dialect: str) -> Callable[..., bool]:
    """The job queue's tables are its own business, and some indexes are of one database only."""

    def ours(item: SchemaItem, name: str | None, kind: str, *_: object) -> bool:
        if isinstance(item, Index) and item._ddl_if is not None:
            return item._ddl_if.dialect == dialect
        return kind != "table" or name in Base.metadata.tables

    return ours


def test_models_and_migrations_describe_the_same_tables(database: Engine) -> None:
    with database.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_object": our_own(connection.dialect.name), "compare_type": True},
        )

        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.slow
def test_tables_go_and_come_again(new_database_url: str) -> None:
    engine = open_engine(new_database_url)
    ours = set(Base.metadata.tables)
    assert current(engine) is None

    upgrade(engine)
    assert current(engine) == head()
    made = inspect(engine)
    columns = {table: made.get_columns(table) for table in ours}
    downgrade(engine, "base")
    assert current(engine) is None
    assert not ours & set(inspect(engine).get_table_names())
    upgrade(engine)
    upgrade(engine)

    again = inspect(engine)
    assert {table: str(again.get_columns(table)) for table in ours} == {
        table: str(columns[table]) for table in ours
    }
    engine.dispose()


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_a_migration_is_numbered_and_can_be_undone(path: Path) -> None:
    content = path.read_text()
    number = path.name[:4]

    assert re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", path.name)
    assert f'revision = "{number}"' in content
    assert "def downgrade" in content


def test_migrations_are_one_chain_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in VERSIONS]

    assert numbers == list(range(1, len(VERSIONS) + 1))
    for path in VERSIONS[1:]:
        before = f"{int(path.name[:4]) - 1:04d}"
        assert f'down_revision = "{before}"' in path.read_text()


def test_the_head_is_written_down_so_that_two_branches_clash() -> None:
    assert (FOLDER / "current_head.txt").read_text().strip() == head()
