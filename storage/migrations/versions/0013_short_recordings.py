"""Answers in words that were recorded at the telephone provider are deleted there for sure."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "short_recordings",
        sa.Column("remote_id", sa.String(length=64), nullable=False),
        sa.Column("forgotten", sa.Boolean(), nullable=False),
        sa.Column("forget_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("remote_id", name=op.f("pk_short_recordings")),
    )
    op.create_index(op.f("ix_short_recordings_forget_at"), "short_recordings", ["forget_at"])


def downgrade() -> None:
    op.drop_table("short_recordings")
