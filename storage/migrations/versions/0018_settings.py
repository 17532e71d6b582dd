"""Settings from the console: versions of the province pack's files, and drafts of them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_REFUSED = "versions of the pack are not changed"
_SQLITE = tuple(
    f"""
    CREATE TRIGGER pack_versions_{name} BEFORE {event} ON pack_versions
    BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END
    """
    for name, event in (("stay", "UPDATE"), ("remain", "DELETE"))
)
_POSTGRESQL = (
    f"""
    CREATE FUNCTION pack_versions_stay() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{_REFUSED}';
    END
    $$
    """,
    """
    CREATE TRIGGER pack_versions_stay BEFORE UPDATE OR DELETE ON pack_versions
    FOR EACH ROW EXECUTE FUNCTION pack_versions_stay()
    """,
)


def upgrade() -> None:
    op.create_table(
        "pack_versions",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("basis", sa.JSON(), nullable=False),
        sa.Column("restored", sa.Integer(), nullable=True),
        sa.Column("checksum", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_pack_versions")),
    )
    op.create_table(
        "pack_drafts",
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("restores", sa.Integer(), nullable=True),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("basis", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_pack_drafts_user_id_users")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_pack_drafts")),
    )
    for statement in _POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("pack_drafts")
    op.drop_table("pack_versions")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION pack_versions_stay()")
