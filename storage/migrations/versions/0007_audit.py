"""The audit log, which the database itself only lets grow; and reports without their person."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# What is older than the pack allows may go from the front, and only once an entry behind it says
# up to where: the cut is a part of the chain.
_ANNOUNCED = """
    SELECT 1 FROM audit_entries AS cut
    WHERE cut.object_type = 'audit' AND cut.action = 'audit.cut'
      AND CAST(cut.object_id AS INTEGER) >= OLD.number
      AND cut.number > CAST(cut.object_id AS INTEGER)
"""
_REFUSED = "audit entries are never changed or deleted"

_SQLITE = (
    f"""
    CREATE TRIGGER audit_entries_stay BEFORE UPDATE ON audit_entries
    BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END
    """,
    f"""
    CREATE TRIGGER audit_entries_remain BEFORE DELETE ON audit_entries
    WHEN NOT EXISTS ({_ANNOUNCED})
    BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END
    """,
)
_POSTGRESQL = (
    f"""
    CREATE FUNCTION audit_entries_stay() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND EXISTS ({_ANNOUNCED}) THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION '{_REFUSED}';
    END
    $$
    """,
    """
    CREATE TRIGGER audit_entries_stay BEFORE UPDATE OR DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION audit_entries_stay()
    """,
    """
    CREATE TRIGGER audit_entries_remain BEFORE TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_stay()
    """,
)


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("object_type", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.String(length=100), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entries")),
    )
    op.create_index(op.f("ix_audit_entries_at"), "audit_entries", ["at"])
    op.create_index(op.f("ix_audit_entries_actor"), "audit_entries", ["actor"])
    op.create_index("ix_audit_entries_object", "audit_entries", ["object_type", "object_id"])
    for statement in _POSTGRESQL if _is_postgresql() else _SQLITE:
        op.execute(statement)
    op.add_column("reports", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "recordings", sa.Column("sound_erased_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("recordings", "sound_erased_at")
    op.drop_column("reports", "erased_at")
    op.drop_table("audit_entries")
    if _is_postgresql():
        op.execute("DROP FUNCTION audit_entries_stay()")


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
