"""What citizens add in writing is taken once, by an id that their browser made."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # An index of its own: SQLite could only copy the whole table to add a constraint.
    op.add_column("updates", sa.Column("client_id", sa.String(length=36), nullable=True))
    op.create_index("uq_updates_client_id", "updates", ["client_id"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_updates_client_id", table_name="updates")
    op.drop_column("updates", "client_id")
