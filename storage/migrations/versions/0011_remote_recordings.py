"""Recordings that lie at a telephone provider until they are fetched, and calls to ask it about."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("remote_id", sa.String(length=64), nullable=True),
        sa.Column("remote_kept", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("fetch_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetch_attempts", sa.Integer(), nullable=False, server_default="0"),
    ):
        op.add_column("recordings", column)
    op.create_index("uq_recordings_remote_id", "recordings", ["remote_id"], unique=True)
    op.create_index("ix_recordings_remote_due", "recordings", ["remote_kept", "fetch_at"])
    op.add_column("calls", sa.Column("settle_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_calls_settle_at"), "calls", ["settle_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_calls_settle_at"), table_name="calls")
    op.drop_column("calls", "settle_at")
    op.drop_index("ix_recordings_remote_due", table_name="recordings")
    op.drop_index("uq_recordings_remote_id", table_name="recordings")
    for name in ("fetch_attempts", "fetch_at", "remote_kept", "remote_id"):
        op.drop_column("recordings", name)
