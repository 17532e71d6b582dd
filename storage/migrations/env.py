"""Alembic's entry point: runs the migrations on the connection that it is handed."""

from alembic import context
from sqlalchemy.engine import Connection

connection: Connection = context.config.attributes["connection"]

context.configure(
    connection=connection,
    target_metadata=context.config.attributes.get("metadata"),
    render_as_batch=True,  # SQLite changes a table by copying it
    include_name=lambda name, kind, parents: (
        kind != "table"
        or context.config.attributes.get("metadata") is None
        or name in context.config.attributes["metadata"].tables
    ),
)
with context.begin_transaction():
    context.run_migrations()
