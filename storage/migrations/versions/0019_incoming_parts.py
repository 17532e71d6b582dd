"""Parts of long SMS wait in the database for the rest: any process may get any of them."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incoming_parts",
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("provider_id", sa.String(length=100), nullable=False),
        sa.Column("sender_hash", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.LargeBinary(), nullable=False),
        sa.Column("reference", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("provider", "provider_id", name=op.f("pk_incoming_parts")),
    )
    op.create_index("ix_incoming_parts_waiting", "incoming_parts", ["joined", "received_at"])
    op.create_index(op.f("ix_incoming_parts_sender_hash"), "incoming_parts", ["sender_hash"])


def downgrade() -> None:
    op.drop_table("incoming_parts")
