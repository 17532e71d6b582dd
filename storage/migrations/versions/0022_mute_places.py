"""The place that a mute made from an alert is of: the whole province, or the units of a scan."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alert_mutes", sa.Column("places", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("alert_mutes", "places")
