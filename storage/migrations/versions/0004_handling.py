"""How reports are handled: agency, deadline's clock, duplicates, supporters, attachments."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _moment(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


_INDEXED = ("agency", "officer", "original_id", "remind_at")


def _report_columns() -> tuple[sa.Column, ...]:
    return (
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("agency", sa.String(length=40), nullable=True),
        sa.Column("officer", sa.String(length=32), nullable=True),
        sa.Column("original_id", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("client_id", sa.String(length=36), nullable=True),
        sa.Column("text_number", sa.LargeBinary(), nullable=True),
        sa.Column("reporter", sa.LargeBinary(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        _moment("clock_since"),
        _moment("paused_at"),
        sa.Column("paused_from", sa.String(length=20), nullable=True),
        _moment("remind_at"),
        _moment("reminded_at"),
        _moment("escalated_at"),
    )


def _update_columns() -> tuple[sa.Column, ...]:
    return (
        sa.Column("internal_text", sa.Text(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("changes", sa.LargeBinary(), nullable=True),
    )


def upgrade() -> None:
    # Tables that others point to are only added to: SQLite would copy and drop them else.
    for column in _report_columns():
        op.add_column("reports", column)
    for name in _INDEXED:
        op.create_index(op.f(f"ix_reports_{name}"), "reports", [name])
    # SQLite cannot add a unique constraint to a table that others point to; an index is the same.
    op.create_index("uq_reports_client_id", "reports", ["client_id"], unique=True)
    # The clock of what is open already runs since it was received.
    op.execute("UPDATE reports SET clock_since = requested_at WHERE expected_at IS NOT NULL")
    for column in _update_columns():
        op.add_column("updates", column)
    op.add_column("users", sa.Column("agency", sa.String(length=40), nullable=True))
    op.add_column("tokens", sa.Column("scopes", sa.String(length=200), nullable=True))
    _supporters()
    _attachments()


def _supporters() -> None:
    op.create_table(
        "supporters",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("person_hash", sa.String(length=64), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        _moment("at", nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_supporters_report_id_reports")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supporters")),
        sa.UniqueConstraint("report_id", "person_hash", name=op.f("uq_supporters_report_id")),
    )
    op.create_index(op.f("ix_supporters_report_id"), "supporters", ["report_id"])
    op.create_index(op.f("ix_supporters_person_hash"), "supporters", ["person_hash"])


def _attachments() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("update_id", sa.Integer(), nullable=True),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        _moment("at", nullable=False),
        _moment("erased_at"),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_attachments_report_id_reports")
        ),
        sa.ForeignKeyConstraint(
            ["update_id"], ["updates.id"], name=op.f("fk_attachments_update_id_updates")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index(op.f("ix_attachments_report_id"), "attachments", ["report_id"])
    op.create_index(op.f("ix_attachments_update_id"), "attachments", ["update_id"])


def downgrade() -> None:
    op.drop_table("attachments")
    op.drop_table("supporters")
    op.drop_column("tokens", "scopes")
    op.drop_column("users", "agency")
    for column in reversed(_update_columns()):
        op.drop_column("updates", column.name)
    op.drop_index("uq_reports_client_id", "reports")
    for name in _INDEXED:
        op.drop_index(op.f(f"ix_reports_{name}"), "reports")
    for column in reversed(_report_columns()):
        op.drop_column("reports", column.name)
