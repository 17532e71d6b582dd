"""SMS are sent in order by one sender per provider; their receipts, and who wants none."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("number_hash", sa.String(length=64), nullable=True),
        sa.Column("lane", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("doubts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("body_hash", sa.String(length=64), nullable=True),
        sa.Column("parts", sa.Integer(), nullable=True),
        sa.Column("problem", sa.String(length=60), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("messages", column)
    op.create_index("ix_messages_due", "messages", ["status", "lane", "queued_at", "id"])
    op.create_index("ix_messages_of_number", "messages", ["number_hash", "status"])
    op.create_table(
        "message_parts",
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("provider_id", sa.String(length=80), nullable=False),
        sa.Column("message_id", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("provider", "provider_id", name=op.f("pk_message_parts")),
    )
    op.create_index(op.f("ix_message_parts_message_id"), "message_parts", ["message_id"])
    op.create_table(
        "message_senders",
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("provider", name=op.f("pk_message_senders")),
    )
    op.create_table(
        "sms_opt_outs",
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("number_hash", name=op.f("pk_sms_opt_outs")),
    )


def downgrade() -> None:
    op.drop_table("sms_opt_outs")
    op.drop_table("message_senders")
    op.drop_table("message_parts")
    # What was on its way is sent again by the release before: rather twice than never.
    op.execute("UPDATE messages SET status = 'queued' WHERE status = 'sending'")
    op.execute("UPDATE messages SET status = 'sent' WHERE status IN ('delivered', 'undelivered')")
    op.drop_index("ix_messages_of_number", table_name="messages")
    op.drop_index("ix_messages_due", table_name="messages")
    for name in (
        "delivered_at",
        "problem",
        "parts",
        "body_hash",
        "attempted_at",
        "next_at",
        "doubts",
        "attempts",
        "lane",
        "number_hash",
    ):
        op.drop_column("messages", name)
