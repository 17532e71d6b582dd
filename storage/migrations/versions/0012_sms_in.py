"""SMS that people send us are stored before anything else happens."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incoming_messages",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("provider_id", sa.String(length=100), nullable=False),
        sa.Column("from_number", sa.LargeBinary(), nullable=True),
        sa.Column("person_hash", sa.String(length=64), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("rule", sa.String(length=30), nullable=True),
        sa.Column("report_id", sa.String(length=32), nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("forgotten", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_messages")),
        sa.UniqueConstraint("provider", "provider_id", name="uq_incoming_messages_provider"),
    )
    for name, columns in (
        ("ix_incoming_messages_status", ["status", "received_at"]),
        ("ix_incoming_messages_person", ["person_hash", "received_at"]),
        (op.f("ix_incoming_messages_report_id"), ["report_id"]),
    ):
        op.create_index(name, "incoming_messages", columns)


def downgrade() -> None:
    op.drop_table("incoming_messages")
